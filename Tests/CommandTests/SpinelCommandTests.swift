import CellgenTestSupport
import Foundation
import Testing

@Suite struct SpinelCommandTests {
  private static let files = [
    "host.cif", "host.extxyz", "host.vasp", "manifest.json", "problem.yaml",
  ]

  @Test func theSupercellOf27CellsHolds864Oxygens() throws {
    try Program.inFolder { cellgen in
      let result = try cellgen("spinel", "--supercell", "3x3x3")
      #expect(result.status == 0)
      #expect(result.output.contains("Zn216Mn432O864, 1512 atoms on 1944 sites"))
      #expect(result.output.contains("verified"))
      #expect(result.errors.contains("next: cellgen ga spinel/problem.yaml"))
      #expect(cellgen.files == SpinelCommandTests.files.map { "spinel/\($0)" })
      #expect(try cellgen.read("spinel/host.extxyz").hasPrefix("1944\n"))
      #expect(try cellgen.read("spinel/problem.yaml").contains("composition: Mg0.5ZnMnO3\n"))
      let again = try cellgen("spinel", "--supercell", "3x3x3", "--out", "b", "--quiet")
      #expect(again.errors.isEmpty)
      for name in SpinelCommandTests.files where name != "manifest.json" {
        #expect(try cellgen.read("b/\(name)") == cellgen.read("spinel/\(name)"), "\(name)")
      }
    }
  }

  @Test func json() throws {
    try Program.inFolder { cellgen in
      let result = try cellgen("spinel", "--supercell", "1 1 0 -1 1 0 0 0 3", "--json")
      #expect(result.status == 0 && cellgen.files.isEmpty)
      let json = try result.json
      #expect(json["cellgen"] as? String == "0.1.0")
      #expect(json["verified"] as? Bool == true)
      #expect(json["supercell"] as? [[Int]] == [[1, 1, 0], [-1, 1, 0], [0, 0, 3]])
      #expect(json["atoms"] as? Int == 336)
      #expect(json["files"] as? [String] == [])
      let sites = try #require(json["sites"] as? [[String: Any]])
      #expect(sites.map { $0["label"] as? String } == ["8a", "16c", "16d", "32e"])
      #expect(sites.map { $0["multiplicity"] as? Int } == [8, 16, 16, 32])
      #expect(sites.map { $0["count"] as? Int } == [48, 96, 96, 192])
      #expect(sites.map { $0["site_symmetry"] as? String } == ["-43m", "-3m", "-3m", "3m"])
      #expect(sites.prefix(3).map { $0["coordination_number"] as? Int } == [4, 6, 6])
      let named = try cellgen("spinel", "--json", "--out", "r")
      #expect(cellgen.files == SpinelCommandTests.files.map { "r/\($0)" })
      #expect(Set(try named.json["files"] as? [String] ?? []) == Set(SpinelCommandTests.files))
    }
  }

  @Test(
    "wrong options exit with 64 and write nothing",
    arguments: [
      (["--supercell", "3x3"], "supercell"), (["--supercell", "0x1x1"], "positive"),
      (["--supercell", "-1x1x1"], "positive"),
      (["--supercell", "1 0 0 0 1 0 0 0 -1"], "determinant"),
      (["--supercell", "90x90x90"], "expected at most"), (["--origin", "3"], "expected 1 or 2"),
      (["--origin", "-1"], "expected 1 or 2"), (["--a", "-8.5"], "expected 5 to 20"),
      (["--a", "nan"], "expected 5 to 20"), (["--a", "850"], "pm"), (["--a", "x"], "x"),
      (["--u", "0.3875"], "origin choice 1"), (["--u", "nan"], "oxygen parameter"),
      (["--u", "-1"], "oxygen parameter"), (["--A", "Mg"], "species B is missing"),
      (["--A", "Mgg", "--B", "Al"], "Mgg"), (["--X", "Zn"], "cation and as anion"),
      (["--X", "Va"], "no species"), (["--inversion", "0.5"], "needs the species A and B"),
      (["--A", "Mg", "--B", "Al", "--inversion", "1.5"], "expected 0 to 1"),
      (["--A", "Mg", "--B", "Al", "--inversion", "nan"], "expected 0 to 1"),
      (["--A", "Mg", "--B", "Al", "--inversion", "0.3"], "nearest possible"),
      (["--composition", "Mg0.5ZnMnO3"], "multiple of 3 cells"),
      (["--composition", "LiMn2O4"], "Li of LiMn2O4 has no site"),
      (["--composition", "Mg0.5Zq"], "no element"),
      (["--extra-sites", "4a"], "expected 8b or 48f"),
      (["--extra-sites", "8b,8b"], "there already"), (["--seed", "-1"], "-1"),
      (["--seed", "1.5"], "1.5"), (["extra"], "extra"),
    ])
  func usage(options: [String], message: String) throws {
    try Program.inFolder { cellgen in
      try cellgen.expectRefusal(["spinel"] + options, status: 64, saying: message)
    }
  }

  @Test func anExistingFolderIsRefused() throws {
    try Program.inFolder { cellgen in
      #expect(try cellgen("spinel").status == 0)
      try cellgen.expectRefusal(["spinel"], status: 1, saying: "--force")
      #expect(try cellgen("spinel", "--force").status == 0)
      try cellgen.expectRefusal(
        ["spinel", "--out", "/dev/null/x"], status: 1, saying: "cannot create")
    }
  }

  @Test func helpShowsExamplesThatWork() throws {
    try Program.inFolder { cellgen in
      let result = try cellgen("spinel", "--help")
      #expect(result.status == 0 && result.errors.isEmpty)
      try expectGolden(result.output, "spinel-help.txt", in: dataFolder())
      #expect(
        try cellgen(
          "spinel", "--A", "Mg", "--B", "Al", "--a", "8.08", "--inversion", "0.25", "--out",
          "mgal2o4"
        ).status == 0)
      #expect(
        try cellgen(
          "spinel", "--supercell", "1 1 0 -1 1 0 0 0 3", "--composition", "Mg0.25ZnMnO3", "--out",
          "small"
        ).status == 0)
    }
  }
}
