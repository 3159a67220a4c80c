import CellgenTestSupport
import Crystal
import Foundation
import StructureIO
import Testing

@Suite struct StreamingTests {
  /// Runs `work` in a new folder, which is removed afterwards.
  private func inFolder(_ work: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try work(folder)
  }

  @Test("frames one after another are the frames read at once, also over the ends of blocks")
  func frames() throws {
    try inFolder { folder in
      // More than the 1 MiB that is read at a time.
      let structures = try (0..<3000 as Range<UInt64>).map { try randomStructure(seed: $0 % 7) }
      let path = folder.appending(path: "x.extxyz").path
      let text = try ExtendedXYZ.write(structures)
      #expect(text.utf8.count > 3 << 20)
      try "\u{FEFF}\n\(text)\n \n".write(toFile: path, atomically: true, encoding: .utf8)
      var frames = try StructureFrames(path)
      for (n, structure) in structures.enumerated() {
        if n.isMultiple(of: 3) {
          #expect(try frames.skip())
        } else {
          let reading = try frames.next()
          #expect(reading?.structure == structure)
        }
      }
      #expect(try frames.next() == nil)
      #expect(try !frames.skip())
    }
  }

  @Test("a mistake in a later frame has its line in the file")
  func laterMistake() throws {
    try inFolder { folder in
      let path = folder.appending(path: "x.xyz").path
      let frame = "1\nLattice=\"3 0 0 0 3 0 0 0 3\"\nMg 0 0 0\n"
      for (last, message) in [
        ("1\nLattice=\"3 0 0 0 3 0 0 0 3\"\nMg 0 x 0\n", ":9: pos of atom 1 is \"x\""),
        ("2\nLattice=\"3 0 0 0 3 0 0 0 3\"\nMg 0 0 0\n", ":9: the file ends after 1 of 2 atoms"),
        ("many\n", ":7: found \"many\", expected the number of atoms"),
        ("900\n", ":7: 900 atoms are announced"), ("-1\n", ":7: -1 atoms"),
      ] {
        try "\(frame)\(frame)\(last)".write(toFile: path, atomically: true, encoding: .utf8)
        var frames = try StructureFrames(path)
        #expect(try frames.next() != nil)
        #expect(try frames.next() != nil)
        let error = #expect(throws: InputError.self) { _ = try frames.next() }
        #expect(error?.description.contains(path + message) == true, "\(error?.description ?? "")")
      }
    }
  }

  @Test(
    "other formats give their structures one after another, and files that are none are refused")
  func others() throws {
    let folder = dataFolder().appending(path: "GoodInput")
    var frames = try StructureFrames(folder.appending(path: "variable.axsf").path)
    #expect(try frames.next()?.structure.lattice.a.x == 4)
    #expect(try frames.skip())
    #expect(try frames.next() == nil)
    #expect(throws: InputError.self) { try StructureFrames(folder.path + "/missing.xyz") }
    try inFolder { folder in
      let path = folder.appending(path: "x.xyz").path
      for bytes in [[0x1F, 0x8B, 0x08], [], [0x31, 0x0A, 0xFC, 0x0A]] as [[UInt8]] {
        try Data(bytes).write(to: URL(filePath: path))
        #expect(throws: InputError.self) {
          var frames = try StructureFrames(path)
          _ = try frames.next()
        }
      }
    }
  }

  @Test("a file that is not finished does not appear")
  func growing() throws {
    try inFolder { folder in
      let path = folder.appending(path: "new/x.txt").path
      do {
        let file = try GrowingFile(path)
        try file.write("lost")
      }
      let names = { try FileManager.default.contentsOfDirectory(atPath: folder.path + "/new") }
      #expect(try names().isEmpty)
      let file = try GrowingFile(path)
      try file.write("one ")
      try file.write("two")
      #expect(!FileManager.default.fileExists(atPath: path))
      try file.finish()
      #expect(try names() == ["x.txt"])
      #expect(try String(contentsOfFile: path, encoding: .utf8) == "one two")
      #expect(throws: InputError.self) { try GrowingFile(path) }
      let second = try GrowingFile(path, existing: .replace)
      try second.write("three")
      try second.finish()
      #expect(try String(contentsOfFile: path, encoding: .utf8) == "three")
    }
  }

  @Test("an asymmetric unit reads back as the whole crystal, with labels, charges and its group")
  func asymmetricUnit() throws {
    // Rutile, P 4_2/m n m: 2a and 4f.
    var atoms = Structure(
      lattice: try Lattice(a: SIMD3(4.59, 0, 0), b: SIMD3(0, 4.59, 0), c: SIMD3(0, 0, 2.96)),
      species: [species("Ti4+"), species("O2-")],
      positions: [Fractional(0, 0, 0), Fractional(0.305, 0.305, 0)], title: "rutile")
    atoms.labels = ["2a", "4f"]
    atoms.charges = [2.2, -1.1]
    let unit = AsymmetricUnit(
      structure: atoms,
      operations: [
        "x,y,z", "-x,-y,z", "-y+1/2,x+1/2,z+1/2", "y+1/2,-x+1/2,z+1/2", "-x+1/2,y+1/2,-z+1/2",
        "x+1/2,-y+1/2,-z+1/2", "y,x,-z", "-y,-x,-z", "-x,-y,-z", "x,y,-z", "y+1/2,-x+1/2,-z+1/2",
        "-y+1/2,x+1/2,-z+1/2", "x+1/2,-y+1/2,z+1/2", "-x+1/2,y+1/2,z+1/2", "-y,-x,z", "y,x,z",
      ], multiplicities: [2, 4], wyckoffLetters: ["a", "f"])
    #expect(unit.spaceGroup?.number == 136)
    let text = try CIF.write(unit)
    #expect(text.contains("_space_group_name_H-M_alt 'P 42/m n m'"))
    let reading = try CIF.read(text)
    #expect(reading.warnings.isEmpty)
    #expect(reading.structure.composition.description == "Ti2O4")
    #expect(reading.structure.labels == ["2a", "2a", "4f", "4f", "4f", "4f"])
    #expect(reading.structure.charges == [2.2, 2.2, -1.1, -1.1, -1.1, -1.1])
    #expect(reading.structure.lattice == atoms.lattice)
  }
}
