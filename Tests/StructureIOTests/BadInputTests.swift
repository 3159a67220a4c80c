import CellgenTestSupport
import Crystal
import Foundation
import StructureIO
import Testing

@Suite struct BadInputTests {
  // NAME.expected holds the message for the file NAME.
  @Test("every mistake is refused with its message", arguments: dataFiles("BadInput"))
  func message(name: String) throws {
    let text = try dataText("BadInput/\(name)")
    let error = #expect(throws: InputError.self) { _ = try read(text, as: name) }
    guard let error else { return }
    #expect(error.location?.hasPrefix(name) == true)
    try expectGolden(
      error.description + "\n", "\(name).expected", in: dataFolder().appending(path: "BadInput"))
  }

  @Test("files that are no text files are refused")
  func files() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(
      at: folder.appending(path: "folder.cif"), withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    func message(_ name: String, _ bytes: [UInt8]? = nil) throws -> String? {
      let url = folder.appending(path: name)
      if let bytes { try Data(bytes).write(to: url) }
      let error = #expect(throws: InputError.self) { _ = try StructureFile.read(url.path) }
      #expect(error?.location == url.path)
      return error?.message
    }
    #expect(try message("folder.cif") == "is a folder, expected a file")
    #expect(try message("missing.cif") == "no such file")
    #expect(try message("latin.vasp", [0x4D, 0xFC, 0x0A]) == "is not UTF-8 text")
    #expect(try message("x.xyz", [0x1F, 0x8B, 0x08]) == "is compressed")
    #expect(try message("notes.txt", [0x41]) == "the name tells no structure format")
    #expect(try message("empty.POSCAR", []) == "the file is empty, expected a POSCAR")
  }
}
