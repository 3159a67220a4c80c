import CellgenTestSupport
import Foundation
import Testing

@Suite struct EnginesCommandTests {
  @Test("every program has a use, and a version or a way to get it")
  func list() throws {
    try Program.inFolder { cellgen in
      let result = try cellgen("engines", "--json")
      #expect(result.status == 0 && result.errors.isEmpty)
      let entries = try #require(try result.json["engines"] as? [[String: Any]])
      let names = entries.compactMap { $0["name"] as? String }
      #expect(names.prefix(4) == ["LAMMPS", "CP2K", "Quantum ESPRESSO", "ABINIT"])
      #expect(names.contains("ase in Python of make engines"))
      for entry in entries {
        #expect((entry["installed"] as? Bool) == (entry["path"] is String), "\(entry)")
        #expect(!(entry["installation"] as? [String] ?? []).isEmpty && entry["use"] is String)
      }
      let text = try cellgen("engines").output
      #expect(names.allSatisfy(text.contains))
      #expect(cellgen.files.isEmpty)
    }
  }

  @Test func help() throws {
    try Program.inFolder { cellgen in
      try expectGolden(
        try cellgen("engines", "--help").output, "engines-help.txt", in: dataFolder())
    }
  }
}
