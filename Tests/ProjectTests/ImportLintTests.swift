import Foundation
import Testing

/// Compares the `import` lines of every target with the dependencies that Package.swift declares: an
/// undeclared one compiles as long as another target happens to bring it.
@Suite struct ImportLintTests {
  private let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// What each target may import besides the standard library, in the order of the layers.
  private let allowed: [(target: String, imports: Set<String>)] = [
    ("Crystal", []),
    ("Symmetry", ["Crystal", "CSpglib"]),
    ("StructureIO", ["Crystal", "CGemmi"]),
    ("Building", ["Crystal", "Symmetry"]),
    ("Arrangement", ["Crystal", "Symmetry", "BigInt"]),
    ("Energetics", ["Crystal", "CFFTW"]),
    ("Dynamics", ["Crystal", "Energetics"]),
    ("Engines", ["Crystal", "StructureIO", "Energetics", "Dynamics"]),
    ("Search", ["Crystal", "Arrangement", "Energetics", "CGSL"]),
    ("Thermodynamics", ["Crystal", "CQhull", "CGSL"]),
    ("Analysis", ["Crystal", "Symmetry", "CVoro", "CGSL", "CFFTW"]),
    ("Handoff", ["Crystal", "StructureIO", "Engines", "Stencil"]),
    ("Report", ["Crystal"]),
    (
      "Workflow",
      [
        "Crystal", "Symmetry", "StructureIO", "Building", "Arrangement", "Energetics", "Dynamics",
        "Engines", "Search", "Thermodynamics", "Analysis", "Handoff", "Report", "Yams", "BigInt",
        "GRDB", "COpenSSL", "CryptoKit",
      ]
    ),
    (
      "cellgen",
      [
        "ArgumentParser", "BigInt", "Crystal", "Symmetry", "StructureIO", "Building", "Arrangement",
        "Dynamics", "Analysis", "Handoff", "Report", "Engines", "Search", "Thermodynamics",
        "Workflow",
      ]
    ),
  ]

  /// Modules that come with the toolchain, and the targets in which they are welcome.
  private func isWelcome(_ module: String, in target: String) -> Bool {
    switch module {
    case "Glibc", "Darwin", "Synchronization": true
    case "Foundation", "Dispatch":
      ["StructureIO", "Engines", "Handoff", "Workflow", "cellgen"].contains(target)
        || (module == "Dispatch" && ["Energetics", "Analysis"].contains(target))
    default: false
    }
  }

  private func imports(of target: String) throws -> [(file: String, module: String)] {
    let folder = root.appending(path: "Sources/\(target)")
    let names = try FileManager.default.subpathsOfDirectory(atPath: folder.path())
    var found: [(file: String, module: String)] = []
    for name in names.sorted() where name.hasSuffix(".swift") {
      let text = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
      for line in text.split(separator: "\n") {
        let words = line.split(separator: " ")
        guard let position = words.firstIndex(of: "import"), position + 1 < words.count,
          words[..<position].allSatisfy({
            ["public", "internal", "package", "private"].contains($0) || $0.hasPrefix("@")
          })
        else { continue }
        found.append((name, String(words[position + 1])))
      }
    }
    return found
  }

  @Test("no target imports what its layer may not use")
  func layers() throws {
    var seen = 0
    for (target, modules) in allowed {
      for (file, module) in try imports(of: target) {
        seen += 1
        #expect(
          modules.contains(module) || isWelcome(module, in: target),
          "Sources/\(target)/\(file) imports \(module)")
      }
    }
    #expect(seen > 50, "the imports were not found")
  }

  @Test("a target only uses targets that stand above it")
  func arrowsPointUp() {
    var above: Set<String> = []
    for (target, modules) in allowed {
      let own = modules.intersection(allowed.map(\.target))
      #expect(own.isSubset(of: above), "\(target)")
      above.insert(target)
    }
  }

  @Test("only the program prints or exits")
  func nothingElsePrints() throws {
    for (target, _) in allowed where target != "cellgen" {
      let folder = root.appending(path: "Sources/\(target)")
      for name in try FileManager.default.subpathsOfDirectory(atPath: folder.path())
      where name.hasSuffix(".swift") {
        let text = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
        for line in text.split(separator: "\n") {
          let code = line.drop { $0 == " " }
          #expect(
            !code.hasPrefix("print(") && !code.hasPrefix("exit(") && !code.hasPrefix("fatalError("),
            "Sources/\(target)/\(name): \(code)")
        }
      }
    }
  }
}
