import Foundation
import Testing

@Suite struct CountCommandTests {
  @Test("the JSON contract")
  func json() throws {
    try Program.inFolder { cellgen in
      try cellgen.write(tetrahedra(), to: "p.yaml")
      let result = try cellgen("count", "p.yaml", "--json")
      #expect(result.status == 0 && result.errors.isEmpty)
      let json = try result.json
      #expect(json["total"] as? String == "70" && json["distinct"] as? String == "4")
      #expect(json["operations"] as? Int == 192 && json["sites"] as? Int == 8)
      let rows = try #require(json["by_composition"] as? [[String: Any]])
      #expect(rows.count == 1)
      #expect(rows[0]["composition"] as? String == "Mg4Mn16O32")
      #expect(rows[0]["total"] as? String == "70" && rows[0]["distinct"] as? String == "4")
      #expect(rows[0]["counts"] as? [String: [String: Int]] == ["8a": ["Mg": 4, "Va": 4]])
      #expect(abs(try #require(rows[0]["charge_e"] as? Double)) < 1e-9)
      let forecast = try #require(json["forecast"] as? [String: Any])
      #expect(forecast["rank_method"] as? String == "exhaustive")
      #expect(try #require(forecast["rate_per_s"] as? Double) > 0)
      let listing = try #require(forecast["enumerate"] as? [String: Any])
      #expect(
        Set(listing.keys) == ["time_s", "memory_bytes", "disk_bytes", "disk_csv_bytes"])
      #expect(cellgen.files == ["p.yaml"])
    }
  }

  // 2⁸ arrangements in all; 16 distinct ones by the counts of each composition.
  @Test("open numbers and ranges")
  func ranges() throws {
    try Program.inFolder { cellgen in
      for (counts, total, distinct, rows) in [
        ("all", "256", "16", 9), ("{8a: all}", "256", "16", 9),
        ("{8a: {Mg: 0..8}}", "256", "16", 9),
        ("{8a: {Mg: 3..5}}", "182", "8", 3), ("{8a: {Mg: 4..4}}", "70", "4", 1),
        ("{8a: {Mg: 7..20}}", "9", "2", 2),
      ] {
        try cellgen.write(tetrahedra(counts), to: "p.yaml")
        let json = try cellgen("count", "p.yaml", "--json").json
        #expect(json["total"] as? String == total, "\(counts)")
        #expect(json["distinct"] as? String == distinct, "\(counts)")
        #expect((json["by_composition"] as? [Any])?.count == rows, "\(counts)")
      }
      let text = try cellgen("count", "p.yaml").output
      #expect(text.contains("all") && text.contains("Forecast"))
    }
  }

  // 1080! / (144! 288! 288! 360!), 624 digits: all ways to put Mg, Zn and Mn on the cation sites.
  @Test("numbers beyond all types are exact")
  func builtIn() throws {
    try Program.inFolder { cellgen in
      let result = try cellgen("count", "--json")
      #expect(result.status == 0 && result.errors.contains("built-in problem"))
      let json = try result.json
      let total = try #require(json["total"] as? String)
      #expect(total.count == 624 && total.hasPrefix("82533688359818349452"))
      // 27 × 192 operations; hardly any arrangement has a symmetry.
      #expect(json["operations"] as? Int == 5184)
      let distinct = try #require(json["distinct"] as? String)
      #expect(distinct.count == 621 && distinct.hasPrefix("1592085037"))
      #expect((json["forecast"] as? [String: Any])?["rank_method"] as? String == "genetic search")
    }
  }

  // Hart and Forcade, Phys. Rev. B 77, 224115 (2008), with colours told apart.
  @Test("derivative structures of a face-centred lattice")
  func upTo() throws {
    try Program.inFolder { cellgen in
      try cellgen.write(
        """
        lattice: [[0, 2, 2], [2, 0, 2], [2, 2, 0]]
        sites:
          - {label: M, frac: [0, 0, 0], allowed: [Cu, Au]}
        counts: all

        """, to: "fcc.yaml")
      let result = try cellgen("count", "fcc.yaml", "--up-to", "4", "--json")
      let rows = try #require(try result.json["by_index"] as? [[String: Any]])
      #expect(rows.map { $0["supercells"] as? Int } == [1, 7, 13, 35])
      #expect(rows.map { $0["distinct_supercells"] as? Int } == [1, 2, 3, 7])
      #expect(rows.map { $0["distinct"] as? String } == ["2", "6", "12", "41"])
      #expect(rows.map { $0["primitive"] as? String } == ["2", "2", "6", "19"])
    }
  }

  @Test("a charge does not matter to numbers, but is mentioned")
  func charged() throws {
    try Program.inFolder { cellgen in
      try cellgen.write(tetrahedra("{8a: {Mg: 3}}", manganese: "4"), to: "p.yaml")
      let result = try cellgen("count", "p.yaml", "--json")
      #expect(result.status == 0 && result.errors.contains("net charge"))
      #expect(try result.json["distinct"] as? String == "2")
    }
  }

  @Test("bad problems are refused", arguments: badProblems.indices)
  func badProblem(index: Int) throws {
    try Program.inFolder { cellgen in
      try cellgen.write(badProblems[index].problem, to: "p.yaml")
      try cellgen.expectRefusal(
        ["count", "p.yaml"], status: 1, saying: badProblems[index].message)
    }
  }

  @Test func impossibleRangesAreRefused() throws {
    try Program.inFolder { cellgen in
      try cellgen.write(tetrahedra("{8a: {Mg: 9..12}}"), to: "p.yaml")
      try cellgen.expectRefusal(
        ["count", "p.yaml"], status: 1, saying: "no numbers within the limits add up to the 8 sites"
      )
      try cellgen.write(tetrahedra("{8a: {Zn: 0..2}}"), to: "p.yaml")
      try cellgen.expectRefusal(["count", "p.yaml"], status: 1, saying: "Zn is not allowed on 8a")
      try cellgen.write(tetrahedra("{8b: all}"), to: "p.yaml")
      try cellgen.expectRefusal(["count", "p.yaml"], status: 1, saying: "did you mean 8a?")
      try cellgen.write(tetrahedra("all", allowed: "Mg"), to: "p.yaml")
      try cellgen.expectRefusal(["count", "p.yaml"], status: 1, saying: "nothing to arrange")
    }
  }

  @Test(
    "wrong usage",
    arguments: [
      (["--up-to", "0"], "expected 1 to 64"), (["--up-to", "65"], "expected 1 to 64"),
      (["--threads", "0"], "expected 1 to 1024"), (["--model", "ewalt"], "ewalt"),
      (["--top", "3"], "--top"),
    ])
  func usage(options: [String], message: String) throws {
    try Program.inFolder { cellgen in
      try cellgen.write(tetrahedra(), to: "p.yaml")
      try cellgen.expectRefusal(["count", "p.yaml"] + options, status: 64, saying: message)
    }
  }
}
