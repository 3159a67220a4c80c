import Crystal
import Foundation
import Testing

@testable import Workflow

@Suite struct OutputFolderTests {
  private let base = FileManager.default.temporaryDirectory.appending(path: "cellgen-\(UUID())")
    .path()

  @Test("a folder with files is refused, replaced only if cellgen made it, resumed only if begun")
  func existing() throws {
    defer { try? FileManager.default.removeItem(atPath: base) }
    let folder = try OutputFolder(base)
    try folder.write("a", to: "deep/inside/file.txt")
    #expect(try folder.read("deep/inside/file.txt") == "a")
    #expect(throws: InputError.self) { try OutputFolder(base) }
    #expect(throws: InputError.self) { try OutputFolder(base, existing: .replace) }
    #expect(throws: InputError.self) { try OutputFolder(base, existing: .resume) }
    #expect(folder.has("deep/inside/file.txt"))
    try folder.write("{}", to: OutputFolder.manifestName)
    _ = try OutputFolder(base, existing: .resume)
    _ = try OutputFolder(base, existing: .replace)
    #expect(!folder.has("deep"))
  }

  @Test("a file in the way, or a folder that cannot be made, is an error with the path")
  func unusable() throws {
    defer { try? FileManager.default.removeItem(atPath: base) }
    try "x".write(toFile: base, atomically: true, encoding: .utf8)
    let inTheWay = #expect(throws: InputError.self) { try OutputFolder(base) }
    #expect(inTheWay?.location == base)
    let below = #expect(throws: InputError.self) { try OutputFolder("\(base)/below") }
    #expect("\(below as Any)".contains("cannot create"))
  }

  @Test func hashOfKnownText() {
    // FIPS 180-2, appendix B.1.
    #expect(
      sha256("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
  }
}
