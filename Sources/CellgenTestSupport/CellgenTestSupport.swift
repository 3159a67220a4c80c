public import Crystal
public import Foundation
public import Testing

/// A triclinic lattice without symmetry, Å: hides neither transposes nor signs.
public let skewedLattice: Lattice = {
  do {
    return try Lattice(a: SIMD3(6.1, 0, 0), b: SIMD3(1.3, 5.7, 0), c: SIMD3(-0.9, 1.1, 6.4))
  } catch {
    preconditionFailure("\(error)")
  }
}()

/// The folder `Data` beside the test file that calls this.
public func dataFolder(_ file: String = #filePath) -> URL {
  URL(filePath: file).deletingLastPathComponent().appending(path: "Data")
}

/// Compares `text` with the stored file, or rewrites the file when `CELLGEN_RECORD` is set.
///
/// A missing file is recorded and the test fails, so a new golden file is never trusted unread.
public func expectGolden(
  _ text: String, _ name: String, in directory: URL,
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let url = directory.appending(path: name)
  let stored = try? String(contentsOf: url, encoding: .utf8)
  if ProcessInfo.processInfo.environment["CELLGEN_RECORD"] != nil || stored == nil {
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    try text.write(to: url, atomically: true, encoding: .utf8)
    Issue.record("recorded \(name); read it, then run again", sourceLocation: sourceLocation)
  } else {
    #expect(text == stored, "\(name)", sourceLocation: sourceLocation)
  }
}
