import Foundation
import Testing

@Suite struct CoordinationCommandTests {
  private static let files = [
    "angles.csv", "coordination.csv", "figures/angles.svg", "figures/coordination.svg",
    "histogram.csv", "manifest.json", "polyhedra.csv", "summary.json",
  ]

  private func rows(_ key: String, _ json: [String: Any]) throws -> [[String: Any]] {
    try #require(json[key] as? [[String: Any]], "\(key)")
  }

  @Test("rocksalt by all three ways of finding neighbours")
  func crystal() throws {
    try Program.inFolder { cellgen in
      try cellgen.write(RDFCommandTests.magnesia(4.2), to: "m.extxyz")
      for (name, options) in [
        ("minimum", []), ("cutoff", ["--cutoff", "O-Mg=2.6"]),
        ("voronoi", ["--method", "voronoi"]),
      ] {
        let result = try cellgen.run(
          ["coordination", "m.extxyz", "--out", name, "--json"] + options)
        #expect(result.status == 0, "\(result.errors)")
        let json = try result.json
        let shells = try rows("coordination", json)
        #expect(shells.map { $0["centre"] as? String } == ["Mg", "O"])
        for shell in shells {
          #expect(shell["mean"] as? Double == 6 && shell["mean_error"] == nil, "\(name)")
          #expect(shell["histogram"] as? [Double] == [0, 0, 0, 0, 0, 0, 1])
          #expect(abs((shell["mean_distance_A"] as? Double ?? 0) - 2.1) < 1e-6)
        }
        #expect(
          shells[0]["cutoff_A"] as? Double == (name == "cutoff" ? 2.6 : nil) || name == "minimum")
        let links = try rows("polyhedra", json)
        // Four octahedra: 12 neighbours across edges, 6 across corners, each pair once.
        #expect(links[0]["edges"] as? Double == 24 && links[0]["corners"] as? Double == 12)
        #expect(
          cellgen.files.filter { $0.hasPrefix("\(name)/") }
            == CoordinationCommandTests.files.map { "\(name)/\($0)" })
      }
    }
  }

  @Test("a trajectory has errors, rings have their table")
  func trajectory() throws {
    try Program.inFolder { cellgen in
      let frames = [1, 1.01, 1.03].map { RDFCommandTests.magnesia(4.2, scale: $0) }
      try cellgen.write(frames.joined(), to: "t.extxyz")
      let result = try cellgen(
        "coordination", "t.extxyz", "--cutoff", "Mg-O=2.15", "--rings", "Mg-O", "--largest-ring",
        "4")
      #expect(result.status == 0, "\(result.errors)")
      // 2.1 and 2.121 Å are within the cutoff, 2.163 Å is not.
      #expect(result.output.contains("4.000 ± 2.000"))
      #expect(result.output.contains("Shortest-path rings (King) of Mg-O"))
      #expect(try cellgen.read("coordination/rings.csv").contains("Mg-O,2,"))
    }
  }

  @Test("what cannot be meant is refused before anything is written")
  func refusals() throws {
    try Program.inFolder { cellgen in
      try cellgen.write(RDFCommandTests.magnesia(4.2), to: "m.extxyz")
      try cellgen.write(
        "1\nLattice=\"30 0 0 0 30 0 0 0 30\" Properties=species:S:1:pos:R:3\nFe 0 0 0\n",
        to: "one.extxyz")
      for (arguments, status, text) in [
        (["m.extxyz", "--cutoff", "Zn-O=2"], 1, "there is no Zn among the atoms"),
        (["m.extxyz", "--cutoff", "Zn-O=2"], 1, "there are Mg, O"),
        (["m.extxyz", "--cutoff", "Mg-O"], 64, "\"Mg-O\" is no cutoff"),
        (["m.extxyz", "--cutoff", "Mg-O=0"], 64, "expected more than 0 and at most 20"),
        (["m.extxyz", "--cutoff", "Mg-O=nan"], 64, "is no cutoff"),
        (["m.extxyz", "--cutoff", "Mg-O=2,O-Mg=3"], 64, "given more than once"),
        (["m.extxyz", "--cutoff", "Mg-O=2", "--method", "voronoi"], 64, "does not go with"),
        (["m.extxyz", "--solid-angle", "0"], 64, "--solid-angle"),
        (["m.extxyz", "--rings", "Mg-S"], 1, "there is no S"),
        (["m.extxyz", "--rings", "Mg-Mg"], 1, "Mg and Mg are no neighbours"),
        (["m.extxyz", "--rings", "MgO"], 64, "is no network"),
        (["m.extxyz", "--largest-ring", "1"], 64, "--largest-ring"),
        (["one.extxyz"], 1, "no pair of elements has a first shell"),
        ([], 64, "a trajectory is missing"),
      ] {
        try cellgen.expectRefusal(["coordination"] + arguments, status: Int32(status), saying: text)
      }
      let alone = try cellgen("coordination", "one.extxyz", "--cutoff", "Fe-Fe=3", "--json")
      #expect(alone.status == 0, "\(alone.errors)")
      #expect(try rows("coordination", alone.json)[0]["mean"] as? Double == 0)
    }
  }
}
