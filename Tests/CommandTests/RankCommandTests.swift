import Foundation
import Testing

@Suite struct RankCommandTests {
  // -1931.742605 eV, the lowest of all 70 by an independent Ewald sum: zinc blende, 2 arrangements.
  @Test("the JSON contract and the folder")
  func json() throws {
    try Program.inFolder { cellgen in
      try cellgen.write(tetrahedra(), to: "p.yaml")
      let result = try cellgen("rank", "p.yaml", "--top", "3", "--json")
      #expect(result.status == 0)
      let json = try result.json
      #expect(json["proved"] as? Bool == true && json["gap_eV"] as? Double == 0)
      #expect(json["total"] as? String == "70" && json["distinct"] as? String == "4")
      let structures = try #require(json["structures"] as? [[String: Any]])
      #expect(structures.count == 3)
      let energy = try #require(structures[0]["energy_eV"] as? Double)
      #expect(abs(energy + 1931.742605) < 1e-6)
      #expect(structures[0]["degeneracy"] as? Int == 2)
      #expect(structures[0]["space_group"] as? String == "F-43m (216)")
      let occupancy = try #require(structures[0]["occupancy"] as? [String: [String: Double]])
      #expect(occupancy == ["8a": ["Mg": 0.5, "Va": 0.5]])
      #expect(structures.allSatisfy { $0["proved"] as? Bool == true })
      let energies = structures.compactMap { $0["energy_eV"] as? Double }
      #expect(energies == energies.sorted())
      for name in [
        "manifest.json", "summary.json", "energies.csv", "ranking.csv", "report.html",
        "structures/001.extxyz", "structures/003.cif", "figures/levels.svg",
      ] {
        #expect(cellgen.files.contains("rank/\(name)"), "\(name)")
      }
      #expect(!cellgen.files.contains("rank/state.json"))
      // The structure has the energy that is said.
      let check = try cellgen(
        "energy", "rank/structures/001.extxyz", "--model", "ewald", "--json")
      #expect(abs(try #require(check.json["energy_eV"] as? Double) - energy) < 1e-6)
    }
  }

  @Test("a ranking whose engine had too little time goes on with more")
  func limits() throws {
    try Program.inFolder { cellgen in
      try cellgen.write(tetrahedra(), to: "p.yaml")
      // Every atom has the energy -1 eV and no force.
      try cellgen.write(
        #"""
        sleep 1
        awk 'NR == 1 { n = $1 } END { printf "{\"energy_eV\": %d, \"forces_eV_A\": [", -n
          for (i = 1; i <= n; i++) printf "%s[0, 0, 0]", (i > 1 ? ", " : "")
          print "]}" }' "$1" > "$2"

        """#, to: "engine.sh")
      let result = try cellgen(
        "rank", "p.yaml", "--top", "2", "--engine", "command:sh engine.sh {in} {out}", "--clients",
        "2", "--engine-attempts", "1", "--engine-time-limit", "0.2")
      #expect(result.status == 0 && result.output.contains("2 FAILED"), "\(result.errors)")
      let again = try cellgen(
        "rank", "--resume", "rank", "--engine-time-limit", "60", "--clients", "1")
      #expect(again.status == 0 && !again.output.contains("FAILED"), "\(again.errors)")
      #expect(again.output.contains("2 distinct arrangements evaluated"))
      try cellgen.expectRefusal(
        ["rank", "--resume", "rank"], status: 1, saying: "there is nothing to resume")
      #expect(try cellgen("ga", "p.yaml", "--out", "plain", "--generations", "0").status == 0)
      try cellgen.expectRefusal(
        ["ga", "--resume", "plain", "--clients", "2"], status: 1, saying: "this run has none")
      try cellgen.expectRefusal(
        ["rank", "p.yaml", "--clients", "2"], status: 64, saying: "need --engine")
    }
  }

  @Test("more than there are, and ties at the end of the list")
  func extent() throws {
    try Program.inFolder { cellgen in
      try cellgen.write(tetrahedra(), to: "p.yaml")
      let all = try cellgen("rank", "p.yaml", "--top", "100", "--out", "all")
      #expect(all.status == 0 && all.errors.contains("only 4 distinct arrangements"))
      #expect(all.output.contains("proved: these are the 4 lowest of 4"))
      // Point charges do not tell Mg2+ from Zn2+.
      try cellgen.write(
        tetrahedra("{8a: {Mg: 2, Zn: 3}}", allowed: "Mg, Zn, Va"), to: "ties.yaml")
      let whole = try cellgen("rank", "ties.yaml", "--top", "1000", "--out", "whole", "--json").json
      let energies = try #require(whole["structures"] as? [[String: Any]])
        .compactMap { $0["energy_eV"] as? Double }
      let cut = try #require(
        energies.indices.dropFirst().first { abs(energies[$0] - energies[$0 - 1]) < 1e-6 })
      let ties = energies[cut...].count { abs($0 - energies[cut]) < 1e-6 }
      let result = try cellgen("rank", "ties.yaml", "--top", "\(cut)", "--out", "some", "--json")
      let json = try result.json
      #expect(json["ties"] as? Int == ties && json["ties_complete"] as? Bool == true)
      let text = try cellgen("rank", "ties.yaml", "--top", "\(cut)", "--out", "text").output
      #expect(text.contains("\(ties) more arrangements have the energy of the last one"))
    }
  }

  @Test("a cell that is not neutral needs a flag")
  func charged() throws {
    try Program.inFolder { cellgen in
      try cellgen.write(tetrahedra("{8a: {Mg: 3}}", manganese: "4"), to: "p.yaml")
      try cellgen.expectRefusal(
        ["rank", "p.yaml"], status: 1, saying: "the charges add up to 6.000 e, expected 0")
      try cellgen.expectRefusal(["rank", "p.yaml"], status: 1, saying: "--allow-charge")
      let result = try cellgen("rank", "p.yaml", "--allow-charge", "--json")
      #expect(result.status == 0 && result.errors.contains("net charge"))
      #expect(try result.json["total_charge_e"] as? Double == 6)
    }
  }

  @Test("bad problems are refused", arguments: badProblems.indices)
  func badProblem(index: Int) throws {
    try Program.inFolder { cellgen in
      try cellgen.write(badProblems[index].problem, to: "p.yaml")
      try cellgen.expectRefusal(["rank", "p.yaml"], status: 1, saying: badProblems[index].message)
    }
  }

  @Test func rangesAreRefused() throws {
    try Program.inFolder { cellgen in
      for counts in ["all", "{8a: {Mg: 0..8}}"] {
        try cellgen.write(tetrahedra(counts), to: "p.yaml")
        try cellgen.expectRefusal(
          ["rank", "p.yaml"], status: 1, saying: "energies of different compositions do not compare"
        )
      }
      try cellgen.write(tetrahedra(allowed: "Mg"), to: "p.yaml")
      try cellgen.expectRefusal(["rank", "p.yaml"], status: 1, saying: "all sites of 8a are fixed")
    }
  }

  @Test(
    "wrong usage",
    arguments: [
      (["--top", "0"], "--top is 0, expected 1 to 10000"), (["--top", "10001"], "--top is 10001"),
      (["--top", "three"], "three"), (["--window", "nan"], "--window"),
      (["--window", "inf"], "--window"), (["--window=-1"], "--window"),
      (["--nodes=-1"], "--nodes"), (["--threads", "0"], "--threads is 0"),
      (["--top", "3", "--window", "1"], "exclude each other"), (["--model", "x"], "ewald"),
    ])
  func usage(options: [String], message: String) throws {
    try Program.inFolder { cellgen in
      try cellgen.write(tetrahedra(), to: "p.yaml")
      try cellgen.expectRefusal(["rank", "p.yaml"] + options, status: 64, saying: message)
    }
  }

  @Test("folders that are there, and nothing to resume")
  func folders() throws {
    try Program.inFolder { cellgen in
      try cellgen.write(tetrahedra(), to: "p.yaml")
      try cellgen.expectRefusal(
        ["rank", "--resume", "no"], status: 1, saying: "there is no such folder to resume")
      #expect(try cellgen("rank", "p.yaml").status == 0)
      try cellgen.expectRefusal(["rank", "p.yaml"], status: 1, saying: "replace it with --force")
      try cellgen.expectRefusal(
        ["rank", "--resume", "rank"], status: 1, saying: "the ranking is complete")
      for options in [["--top", "3"], ["--seed", "4"], ["--stability"], ["--window", "1"]] {
        try cellgen.expectRefusal(
          ["rank", "--resume", "rank"] + options, status: 64, saying: "takes all settings")
      }
      #expect(try cellgen("rank", "p.yaml", "--force", "--top", "2").status == 0)
      #expect(!cellgen.files.contains("rank/structures/003.cif"))
      try cellgen.expectRefusal(
        ["ga", "--resume", "rank"], status: 1, saying: "does not describe a run of cellgen ga")
    }
  }
}
