import Foundation
import Testing

/// The scripts in `Examples` do what their READMEs say.
struct ExampleTests {
  @Test func aPartialOccupancyFileGoesToRankedStructures() throws {
    try Program.inFolder { program in
      let result = try program.example("partial-occupancy")
      #expect(result.status == 0, "\(result.errors)")
      #expect(result.output.contains("proved: these are the 10 lowest of 22 distinct arrangements"))
      #expect(
        result.output.contains("22 distinct arrangements that stand for 1820, as the exact count"))
      #expect(
        result.output.contains(
          "proved: these are the 3 lowest of 1908315040970 distinct arrangements"))
      let readme = try String(
        contentsOf: Program.examples.appending(path: "partial-occupancy/README.md"), encoding: .utf8
      )
      // The table in the README is what the program prints.
      for line in readme.split(separator: "\n") where line.hasSuffix("proved") {
        #expect(result.output.contains(line.drop { $0 == " " }), "\(line)")
      }
      for name in ["001.cif", "001.extxyz", "001.vasp"] {
        #expect(program.exists("out/rank/structures/\(name)"))
      }
      #expect(program.exists("out/first/003.cif"))
    }
  }
}

extension Program {
  static var examples: URL {
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Examples")
  }

  /// Runs the script of an example, with its results in `out`.
  func example(_ name: String) throws -> Result {
    try runScript(Program.examples.appending(path: "\(name)/run.sh"))
  }

  func exists(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: folder.appending(path: name).path())
  }
}
