import CellgenTestSupport
import Foundation
import Testing

@Suite struct HullCommandTests {
  private static let files = [
    "figures/hull.svg", "figures/voltage.svg", "hull.csv", "manifest.json", "report.html",
    "summary.json", "voltages.csv",
  ]

  private static let host = """
    id,formula,atoms,energy_eV,volume_A3
    empty,ZnMnO3,5,-34.10,60
    half,MgZn2Mn2O6,11,-72.0,125
    full,MgZnMnO3,6,-38.40,66
    mg,Mg,1,-1.60,23

    """

  @Test("energies.csv in an empty folder is the example, and says so")
  func example() throws {
    try Program.inFolder { cellgen in
      let result = try cellgen("hull", "energies.csv")
      #expect(result.status == 0)
      let first = try #require(result.errors.split(separator: "\n").first)
      #expect(first.contains("example that comes with cellgen"))
      #expect(result.output.contains("mg5   Mg5Zn10Mn11O32    5"))
      #expect(
        result.output.contains("stable: mg0 (x = 0), mg3 (x = 3), mg8 (x = 8), mg11 (x = 11)"))
      for voltage in ["3.130", "1.827", "1.669"] { #expect(result.output.contains(voltage)) }
      #expect(cellgen.files == ["energies.csv"] + HullCommandTests.files.map { "hull/\($0)" })
      // The second time the file is there.
      let again = try cellgen("hull", "energies.csv", "--force")
      #expect(again.output == result.output)
      #expect(!again.errors.contains("example"))
    }
  }

  @Test func otherTablesPreventTheExample() throws {
    try Program.inFolder { cellgen in
      try cellgen.write("x\n", to: "mine.csv")
      try cellgen.expectRefusal(["hull", "energies.csv"], status: 1, saying: "mine.csv")
    }
  }

  @Test func aMissingFileIsLookedForOneFolderBelow() throws {
    try Program.inFolder { cellgen in
      try cellgen.write(HullCommandTests.host, to: "ga/energies.csv")
      try cellgen.expectRefusal(["hull", "energy.csv"], status: 1, saying: "ga/energies.csv")
    }
  }

  @Test("--json prints one object, and writes a folder only if one is named")
  func json() throws {
    try Program.inFolder { cellgen in
      try cellgen.write(HullCommandTests.host, to: "t.csv")
      let result = try cellgen("hull", "t.csv", "--json")
      #expect(result.status == 0)
      #expect(cellgen.files == ["t.csv"])
      let json = try result.json
      #expect(json["cellgen"] as? String == "0.1.0")
      #expect(json["example"] as? Bool == false)
      #expect(json["host"] as? String == "ZnMnO3")
      #expect(json["stable"] as? [String] == ["empty", "full"])
      let entries = try #require(json["entries"] as? [[String: Any]])
      let half = try #require(entries.first { $0["id"] as? String == "half" })
      // E_form = -36 + (34.1 + 38.4) / 2 eV per formula unit of 5.5 atoms.
      let formation = try #require(half["formation_energy_eV_atom"] as? Double)
      #expect(abs(formation - 0.25 / 5.5) < 1e-12)
      #expect(half["e_hull_eV_atom"] as? Double == formation)
      let decomposition = try #require(half["decomposition"] as? [[String: Any]])
      #expect(decomposition.map { $0["id"] as? String } == ["empty", "full"])
      #expect(decomposition.allSatisfy { abs(($0["fraction"] as? Double ?? 0) - 0.5) < 1e-12 })
      let voltages = try #require(json["voltages"] as? [[String: Any]])
      #expect(voltages.count == 1)
      // (38.4 - 34.1 - 1.6) / 2
      #expect(abs((voltages[0]["voltage_V"] as? Double ?? 0) - 1.35) < 1e-12)
      #expect(voltages[0]["x_from"] as? Double == 0)
      #expect(voltages[0]["x_to"] as? Double == 1)
      // 2 x 26801.48 mAh/mol over 192.61 g/mol
      #expect(abs((json["capacity_mAh_g"] as? Double ?? 0) - 278.3) < 0.1)
      #expect(abs((json["capacity_mAh_cm3"] as? Double ?? 0) - 1348.7) < 0.5)

      let named = try cellgen("hull", "t.csv", "--json", "--out", "r")
      #expect(named.output == result.output)
      #expect(cellgen.files == HullCommandTests.files.map { "r/\($0)" } + ["t.csv"])
      #expect(try cellgen.read("r/summary.json") == result.output)
    }
  }

  @Test func theChargedBasisDividesByTheEmptyHost() throws {
    try Program.inFolder { cellgen in
      try cellgen.write(HullCommandTests.host, to: "t.csv")
      let json = try cellgen("hull", "t.csv", "--json", "--capacity-basis", "charged").json
      #expect(abs((json["capacity_mAh_g"] as? Double ?? 0) - 318.6) < 0.2)
    }
  }

  @Test func aNegativeReferenceReplacesTheRowOfTheMetal() throws {
    try Program.inFolder { cellgen in
      let rows = HullCommandTests.host.split(separator: "\n").dropLast().joined(separator: "\n")
      try cellgen.write(rows + "\n", to: "t.csv")
      let without = try cellgen("hull", "t.csv", "--json")
      #expect((try without.json["voltages"] as? [Any])?.isEmpty == true)
      #expect("\(try without.json["notes"] ?? "")".contains("--reference"))
      let with = try cellgen("hull", "t.csv", "--json", "--reference", "-1.5")
      let voltages = try #require(try with.json["voltages"] as? [[String: Any]])
      #expect(abs((voltages[0]["voltage_V"] as? Double ?? 0) - 1.4) < 1e-12)
    }
  }

  @Test("ternaries have no hull picture, and no voltages")
  func ternary() throws {
    try Program.inFolder { cellgen in
      try cellgen.write(
        """
        id,formula,energy_per_atom_eV
        Mg,Mg,-1.5
        Mn,Mn,-9.0
        O,O2,-4.9
        MgO,MgO,-6.0
        MnO,MnO,-8.5
        spinel,MgMn2O4,-7.6

        """, to: "t.csv")
      let result = try cellgen("hull", "t.csv")
      #expect(result.status == 0)
      #expect(result.output.hasPrefix("phase diagram of O, Mg, Mn: the rows are not one host"))
      #expect(result.errors.contains("no figure"))
      #expect(
        cellgen.files == [
          "hull/hull.csv", "hull/manifest.json", "hull/report.html", "hull/summary.json", "t.csv",
        ])
    }
  }

  @Test("a binary system is a phase diagram with a picture, unless an ion is named")
  func binary() throws {
    try Program.inFolder { cellgen in
      try cellgen.write(
        "id,formula,energy_per_atom_eV\nMg,Mg,-1.5\nO,O2,-4.9\nMgO,MgO,-6.0\n", to: "t.csv")
      let json = try cellgen("hull", "t.csv", "--json", "--out", "a").json
      #expect(json["mode"] as? String == "general")
      #expect(cellgen.files.contains("a/figures/hull.svg"))
      let ion = try cellgen("hull", "t.csv", "--json", "--ion", "Mg").json
      #expect(ion["mode"] as? String == "insertion")
    }
  }

  @Test("energies of the lattice model are no basis for voltages")
  func latticeModel() throws {
    try Program.inFolder { cellgen in
      let rows = HullCommandTests.host.split(separator: "\n").enumerated().map {
        $0.element + ($0.offset == 0 ? ",source" : ",cellgen lattice")
      }
      try cellgen.write(rows.joined(separator: "\n") + "\n", to: "t.csv")
      let result = try cellgen("hull", "t.csv", "--quiet")
      #expect(result.status == 0)
      #expect(result.errors.contains("lattice model"))
    }
  }

  @Test func negativeVoltagesAreFlagged() throws {
    try Program.inFolder { cellgen in
      try cellgen.write(HullCommandTests.host, to: "t.csv")
      let result = try cellgen("hull", "t.csv", "--reference", "-9")
      #expect(result.status == 0)
      #expect(result.errors.contains("negative"))
      #expect(result.output.contains("negative"))
    }
  }

  @Test(
    "wrong options exit with 64 before anything is read or written",
    arguments: [
      (["--ion", "Mgg"], "there is no element \"Mgg\""), (["--ion", ""], "there is no element"),
      (["--valence", "0"], "expected 1 to 8"), (["--valence", "-2"], "expected 1 to 8"),
      (["--valence", "two"], "two"), (["--reference", "nan"], "finite"),
      (["--reference", "-inf"], "finite"), (["--reference", "1e99"], "no energy of a metal"),
      (["--reference", "x"], "x"), (["--end-members", "MgO"], "one end member"),
      (["--end-members", "MgO,Qq"], "there is no element"),
      (["--end-members", "MgO,MnO", "--ion", "Mg"], "general phase diagram"),
      (["--capacity-basis", "half"], "half"), (["--colour"], "--colour"),
    ])
  func usage(options: [String], message: String) throws {
    try Program.inFolder { cellgen in
      try cellgen.expectRefusal(["hull", "energies.csv"] + options, status: 64, saying: message)
    }
  }

  @Test(
    "bad tables exit with 1, naming the line",
    arguments: [
      ("", "t.csv"), ("id,formula\na,MgO\n", "no column with energies"),
      ("id,formula,energy_eV\na,MgO,nan\nb,MgO2,-3\n", "t.csv:2"),
      ("id,formula,energy_eV\na,MgQ,-1\nb,MgO2,-3\n", "t.csv:2"),
      ("id,formula,energy_eV\na,MgO,-1\na,MgO2,-3\n", "t.csv:3"),
      ("id,formula,energy\na,MgO,-1\nb,MgO2,-3\n", "does not say its unit"),
      ("id,formula,energy_eV\na,MgO,-1\nb,MgO,-3\n", "all rows have the composition"),
    ])
  func badTable(text: String, message: String) throws {
    try Program.inFolder { cellgen in
      try cellgen.write(text, to: "t.csv")
      try cellgen.expectRefusal(["hull", "t.csv"], status: 1, saying: message)
    }
  }

  @Test func anIonThatIsNotThereIsAnError() throws {
    try Program.inFolder { cellgen in
      try cellgen.write(HullCommandTests.host, to: "t.csv")
      try cellgen.expectRefusal(
        ["hull", "t.csv", "--ion", "Li"], status: 1, saying: "no row contains Li")
    }
  }

  @Test("results are replaced with --force only, other people's files never")
  func existingFolder() throws {
    try Program.inFolder { cellgen in
      try cellgen.write(HullCommandTests.host, to: "t.csv")
      #expect(try cellgen("hull", "t.csv").status == 0)
      try cellgen.expectRefusal(["hull", "t.csv"], status: 1, saying: "--force")
      #expect(try cellgen("hull", "t.csv", "--force").status == 0)
      try cellgen.write("mine", to: "other/notes.txt")
      try cellgen.expectRefusal(
        ["hull", "t.csv", "--out", "other", "--force"], status: 1, saying: "not made by cellgen")
      try cellgen.expectRefusal(
        ["hull", "t.csv", "--out", "t.csv"], status: 1, saying: "expected a folder")
      try cellgen.expectRefusal(
        ["hull", "t.csv", "--out", "/dev/null/x"], status: 1, saying: "cannot create")
    }
  }

  @Test("the same table gives the same files but for the manifest")
  func deterministic() throws {
    try Program.inFolder { cellgen in
      try cellgen.write(HullCommandTests.host, to: "t.csv")
      #expect(try cellgen("hull", "t.csv", "--out", "a").status == 0)
      #expect(try cellgen("hull", "t.csv", "--out", "b").status == 0)
      for name in HullCommandTests.files where name != "manifest.json" {
        #expect(try cellgen.read("a/\(name)") == cellgen.read("b/\(name)"), "\(name)")
      }
    }
  }

  @Test func helpShowsAnExample() throws {
    try Program.inFolder { cellgen in
      let result = try cellgen("hull", "--help")
      #expect(result.status == 0 && result.errors.isEmpty)
      try expectGolden(result.output, "hull-help.txt", in: dataFolder())
    }
  }
}
