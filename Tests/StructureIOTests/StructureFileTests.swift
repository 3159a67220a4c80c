import Crystal
import Foundation
import StructureIO
import Testing

@Suite struct StructureFileTests {
  @Test(
    "file names tell the format",
    arguments: [
      ("POSCAR", .poscar), ("a.b/CONTCAR", .poscar), ("POSCAR_FePO4", .poscar),
      ("run/001.vasp", .poscar), ("x.poscar", .poscar), ("mg_POSCAR", .poscar),
      ("POSCAR.cif", .cif), ("x.CIF", .cif), ("x.xyz", .extxyz), ("POSCAR.extxyz", .extxyz),
      ("cif", nil), ("x.txt", nil), ("", nil), ("/", nil), ("x.cif/y", nil),
    ] as [(String, StructureFormat?)])
  func formats(name: String, format: StructureFormat?) {
    #expect(StructureFormat(fileName: name) == format)
  }

  @Test("a written file reads back, and is replaced only on request")
  func writing() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for name in ["x.extxyz", "x.cif", "x.vasp"] {
      let path = folder.appending(path: name).path
      let (one, two) = (try randomStructure(seed: 1), try randomStructure(seed: 2))
      try StructureFile.write(one, to: path)
      #expect(throws: InputError.self) { try StructureFile.write(two, to: path) }
      #expect(try StructureFile.read(path).structure == one)
      try StructureFile.write(two, to: path, existing: .replace)
      #expect(try StructureFile.readFrames(path).map(\.structure) == [two])
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 3)
    let missing = folder.appending(path: "no/such/x.cif").path
    #expect(throws: InputError.self) {
      try StructureFile.write(try randomStructure(seed: 1), to: missing)
    }
  }
}
