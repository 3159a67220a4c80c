import Foundation
import Testing

@Suite struct SitesCommandTests {
  private func occupancy(_ json: [String: Any], _ label: String, _ species: String) throws -> Double
  {
    let labels = try #require(json["occupancy"] as? [String: [String: Double]])
    return labels[label]?[species] ?? 0
  }

  @Test("a spinel from its labels and from its parent, with its degree of inversion")
  func spinel() throws {
    try Program.inFolder { cellgen in
      for inversion in ["0", "0.25", "1"] {
        let built = try cellgen(
          "spinel", "--A", "Mg", "--B", "Al", "--a", "8.08", "--inversion", inversion, "--out",
          "s\(inversion)", "--quiet")
        #expect(built.status == 0, "\(built.errors)")
      }
      #expect(
        try cellgen(
          "rattle", "s0.25/host.cif", "--deviation", "0.05", "--seed", "1", "--out", "moved.vasp"
        ).status == 0)
      for (arguments, expected) in [
        (["s0/host.extxyz"], 0.0), (["s0.25/host.extxyz"], 0.25), (["s1/host.extxyz"], 1),
        (["moved.vasp", "--parent", "s0/host.extxyz"], 0.25),
      ] {
        let result = try cellgen.run(["sites", "--json"] + arguments)
        #expect(result.status == 0, "\(result.errors)")
        let json = try result.json
        #expect(
          abs((json["degree_of_inversion"] as? Double ?? -1) - expected) < 1e-9, "\(arguments)")
        #expect(abs(try occupancy(json, "8a", "Al") - expected) < 1e-9)
        #expect(abs(try occupancy(json, "16d", "Mg") - expected / 2) < 1e-9)
        #expect(try occupancy(json, "16c", "Va") == 1)
      }
      let many = try cellgen("sites", "s0/host.extxyz", "s0.25/host.extxyz", "s1/host.extxyz")
      #expect(many.status == 0 && many.output.contains("Degree of inversion"))
      #expect(many.output.contains("0.4167 ± 0.3005"))
      #expect(
        cellgen.files.filter { $0.hasPrefix("sites/") } == [
          "sites/figures/occupancy.svg", "sites/inversion.csv", "sites/manifest.json",
          "sites/occupancy.csv", "sites/short_range_order.csv", "sites/summary.json",
        ])
      let inverted = try cellgen("sites", "s0.25/host.extxyz", "--inverted", "Mg", "--json").json
      #expect(inverted["degree_of_inversion"] as? Double == 0.75)
    }
  }

  @Test("short-range order of an ordered arrangement beside that of a random one")
  func order() throws {
    try Program.inFolder { cellgen in
      // Rocksalt whose cations alternate along z: (001) layers of Mg and Zn.
      let text = RDFCommandTests.magnesia(4.2).replacingOccurrences(
        of: "pos:R:3", with: "pos:R:3:label:S:1")
      let lines = text.split(separator: "\n", omittingEmptySubsequences: true).enumerated().map {
        index, line -> String in
        guard index > 1 else { return String(line) }
        let isTop = line.hasSuffix("2.1") && line.hasPrefix("Mg")
        let name = line.hasPrefix("Mg") ? "4a" : "4b"
        return (isTop ? line.replacingOccurrences(of: "Mg", with: "Zn") : String(line)) + " \(name)"
      }
      try cellgen.write(lines.joined(separator: "\n") + "\n", to: "l.extxyz")
      let result = try cellgen("sites", "l.extxyz", "--shells", "2", "--json")
      #expect(result.status == 0, "\(result.errors)")
      #expect(result.errors.contains("has no empty sites"))
      let rows = try #require(try result.json["short_range_order"] as? [[String: Any]])
      #expect(rows.count == 6)
      let mixed = rows.filter { $0["pair"] as? String == "Mg-Zn" }
      // Of 12 neighbours 8 lie in the other layers; the second ones are images of the site.
      #expect(abs((mixed[0]["alpha"] as? Double ?? 0) - (1 - 8.0 / 12 / 0.5)) < 1e-9)
      #expect(abs((mixed[0]["alpha_random"] as? Double ?? 0) + 1.0 / 3) < 1e-9)
      #expect(mixed[1]["alpha"] as? Double == 1 && mixed[1]["alpha_random"] as? Double == 1)
    }
  }

  @Test("what cannot be meant is refused before anything is written")
  func refusals() throws {
    try Program.inFolder { cellgen in
      try cellgen.write(RDFCommandTests.magnesia(4.2), to: "m.extxyz")
      #expect(try cellgen("spinel", "--A", "Mg", "--B", "Al", "--quiet").status == 0)
      for (arguments, status, text) in [
        (["m.extxyz"], 1, "m.extxyz: the atoms have no labels"),
        (["spinel/host.extxyz", "--on", "48f"], 1, "there are no sites 48f"),
        (["spinel/host.extxyz", "--shells", "-1"], 64, "--shells"),
        (["spinel/host.extxyz", "--inverted", "Xx"], 64, "\"Xx\" is no element"),
        (["m.extxyz", "--parent", "spinel/host.extxyz"], 1, "m.extxyz"),
        (["none.extxyz"], 1, "none.extxyz"),
      ] {
        try cellgen.expectRefusal(["sites"] + arguments, status: Int32(status), saying: text)
      }
    }
  }
}
