import Building
import Crystal
import Foundation
import Testing

@testable import Workflow

@Suite struct PackmolTests {
  private func specification() -> PackingSpecification {
    var specification = PackingSpecification(formula: "MgCl2")
    specification.formulaUnits = 2
    specification.box = [12]
    specification.seed = 7
    return specification
  }

  /// Runs `work` with a folder that has a script named packmol.
  private func withScript(_ lines: String, _ work: (String) throws -> Void) async throws {
    try await withTemporaryFolder { folder in
      let path = "\(folder)/packmol"
      try Data("#!/bin/sh\n\(lines)\n".utf8).write(to: URL(filePath: path))
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
      try work(folder)
    }
  }

  /// A packmol that writes given atoms and keeps its input beside itself.
  private func script(
    _ atoms: String, version: String = "20.14.0", says: String = "Success!"
  ) -> String {
    """
    echo "   Version \(version)"
    input="$(dirname "$0")/input"
    cat > "$input"
    if [ ! -s "$input" ]; then exit 171; fi
    printf '\(atoms)' > packed.xyz
    echo "\(says)"
    """
  }

  private let atoms =
    "6\\n\\nMg 1 1 1\\nMg 6 6 6\\nCl 1 6 1\\nCl 6 1 1\\nCl 1 1 6\\nCl 6 1 6\\n"

  @Test("atoms and charges are those of the built-in packing")
  func result() async throws {
    try await withScript(script(atoms)) { folder in
      let packmol = try Packmol(searchPath: "/nowhere:\(folder)")
      #expect(packmol.version == "20.14.0")
      let packing = try packmol(specification())
      let builtIn = try Packing(specification())
      #expect(packing.structure.species == builtIn.structure.species)
      #expect(packing.structure.charges == builtIn.structure.charges)
      #expect(packing.structure.lattice == builtIn.structure.lattice)
      #expect(packing.tightness >= 1 && packing.density == builtIn.density)
      #expect((packing.structure.cartesianPositions[1].components.x - 6).magnitude < 1e-12)
      let input = try String(contentsOfFile: "\(folder)/input", encoding: .utf8)
      #expect(input.contains("seed 7\n") && input.contains("number 4\n"))
      #expect(input.contains("inside box") && !input.contains("pbc"))
    }
  }

  @Test("a version that knows periodic boxes gets one")
  func periodic() async throws {
    try await withScript(script(atoms, version: "21.0.4")) { folder in
      _ = try Packmol(searchPath: folder)(specification())
      let input = try String(contentsOfFile: "\(folder)/input", encoding: .utf8)
      #expect(input.contains("pbc 12.0 12.0 12.0\n") && !input.contains("inside box"))
    }
  }

  @Test("radii keep the least distance of every pair")
  func radii() throws {
    let elements = try ["Mg", "Cl"].map { try #require(Element(symbol: $0)) }
    let plain = try MinimumDistances(elements)
    #expect(zip(Packmol.radii(plain), [0.72, 1.81]).allSatisfy { ($0 - $1).magnitude < 1e-12 })
    let given = try MinimumDistances(elements, pairs: ["Mg-Cl": 3, "Mg-Mg": 2])
    let radii = Packmol.radii(given)
    for i in 0..<2 {
      for j in 0..<2 { #expect(radii[i] + radii[j] >= given(i, j) - 1e-12) }
    }
  }

  @Test("what goes wrong is said")
  func failures() async throws {
    let none = #expect(throws: InputError.self) { _ = try Packmol(searchPath: "/nowhere") }
    #expect(try #require(none).hint?.contains("apt-get install packmol") == true)
    let ended = "ENDED WITHOUT PERFECT PACKING:"
    let violation = "Maximum violation of target distance: 0.4"
    let cases = [
      ("echo hello", "does not tell its version"),
      (script(atoms, says: "\(violation)\n\(ended)"), "did not converge: \(ended) \(violation)"),
      (script(atoms, says: "ERROR: Keyword not recognized"), "stopped: ERROR: Keyword"),
      (script("5\\n\\nMg 1 1 1\\n"), "wrote 1 atoms, expected 6"),
      (
        script(atoms.replacingOccurrences(of: "Mg 6", with: "Zn 6")),
        "\"Zn 6 6 6\", expected Mg"
      ),
      (script(atoms.replacingOccurrences(of: "Cl 6 1 6", with: "Cl 2 1 1")), "least distance"),
      (script(atoms.replacingOccurrences(of: "Cl 6 1 6", with: "Cl 6 1 inf")), "\"Cl 6 1 inf\""),
    ]
    for (lines, text) in cases {
      try await withScript(lines) { folder in
        let error = #expect(throws: InputError.self) {
          _ = try Packmol(searchPath: folder)(specification())
        }
        let message = "\(try #require(error))"
        #expect(message.contains(text))
      }
    }
  }

  @Test(
    "the real program keeps the least distances, and the seed decides",
    .enabled("packmol is not installed") { (try? Packmol()) != nil })
  func real() throws {
    let packmol = try Packmol()
    var specification = PackingSpecification(formula: "(MgCl2)(GaF3)")
    specification.atoms = 280
    specification.density = 1.6
    specification.factor = 0.9
    let packing = try packmol(specification)
    #expect(packing.tightness >= 1 && packing.structure.count == 280)
    #expect((packing.structure.charges ?? [1]).reduce(0, +).magnitude < 1e-9)
    #expect(try packmol(specification).structure == packing.structure)
    specification.seed = 2
    #expect(try packmol(specification).structure != packing.structure)
  }
}
