import CellgenTestSupport
import Foundation
import Testing

/// `prototype`, `rocksalt` and `layered`.
@Suite struct HostCommandTests {
  private static let files = [
    "host.cif", "host.extxyz", "host.vasp", "manifest.json", "problem.yaml",
  ]

  @Test func aPrototypeInASupercell() throws {
    try Program.inFolder { cellgen in
      let result = try cellgen("prototype", "rutile", "--supercell", "2x2x2")
      #expect(result.status == 0)
      #expect(result.output.contains("Rutile, TiO2, P4_2/mnm (136)"))
      #expect(result.output.contains("Ti16O32, 48 atoms on 48 sites"))
      #expect(result.output.contains("COD 9009083"))
      #expect(cellgen.files == HostCommandTests.files.map { "prototype/\($0)" })
      #expect(try cellgen.read("prototype/host.extxyz").hasPrefix("48\n"))
      // The files go on into other verbs.
      #expect(try cellgen("energy", "prototype/host.extxyz", "--json").status == 0)
      try cellgen.expectRefusal(["prototype", "rutile"], status: 1, saying: "--force")
    }
  }

  @Test func theListOfPrototypes() throws {
    try Program.inFolder { cellgen in
      let result = try cellgen("prototype", "--list")
      #expect(result.status == 0 && cellgen.files.isEmpty)
      for name in ["rutile", "layered-o3", "spinel-tetragonal", "chevrel", "gacl3"] {
        #expect(result.output.contains("\n\(name) "))
      }
      let json = try cellgen("prototype", "--list", "--json").json
      let list = try #require(json["prototypes"] as? [[String: Any]])
      #expect(list.count == 45)
      let rutile = try #require(list.first { $0["name"] as? String == "rutile" })
      #expect(rutile["labels"] as? [String] == ["2a", "4f"])
      #expect(rutile["parameters"] as? [String] == ["u"])
    }
  }

  @Test func json() throws {
    try Program.inFolder { cellgen in
      let result = try cellgen(
        "prototype", "spinel-tetragonal", "--set", "jahn_teller=1.14", "--occupy", "4a=Zn",
        "--json")
      #expect(result.status == 0 && cellgen.files.isEmpty)
      let json = try result.json
      #expect(json["cellgen"] as? String == "0.1.0")
      #expect(json["space_group_number"] as? Int == 141 && json["origin"] as? Int == 2)
      #expect(json["verified"] as? Bool == true)
      #expect(json["charge_e"] as? Double == 0)
      #expect((json["rounding"] as? [Any])?.isEmpty ?? false)
      let lattice = try #require(json["lattice"] as? [String: Double])
      #expect(abs((lattice["c_A"] ?? 0) - 1.14 * 2.0.squareRoot() * 5.765) < 1e-9)
      let sites = try #require(json["sites"] as? [[String: Any]])
      #expect(sites.map { $0["label"] as? String } == ["4a", "8c", "8d", "16h"])
      #expect(sites.map { $0["multiplicity"] as? Int } == [4, 8, 8, 16])
      #expect(sites.map { $0["site_symmetry"] as? String } == ["-4m2", "2/m", "2/m", "m"])
      #expect(sites[0]["occupants"] as? [String: Int] == ["Zn2+": 4])
    }
  }

  @Test("a shipped file is printed, and is read back as a file of the user")
  func show() throws {
    try Program.inFolder { cellgen in
      let text = try cellgen("prototype", "LiCoO2", "--show").output
      #expect(text.hasPrefix("name: layered-o3\n"))
      try cellgen.write(
        text.replacingOccurrences(of: "name: layered-o3", with: "name: lco2"), to: "lib/lco2.yaml")
      let json = try cellgen("prototype", "lco2", "--library", "lib", "--json").json
      #expect(json["formula"] as? String == "Li3Co3O6")
    }
  }

  @Test func theRocksaltOfAThousandAtoms() throws {
    try Program.inFolder { cellgen in
      let arguments = ["rocksalt", "--composition", "Li2Ti1/3Mo2/3O3", "--supercell", "5x5x5"]
      let result = try cellgen.run(arguments + ["--quiet"])
      #expect(result.status == 0)
      #expect(result.output.contains("Li333Ti56Mo111O500, 1000 atoms on 1000 sites"))
      // The rounding and the charge are never kept quiet.
      #expect(result.errors.contains("warning: rounded on 4a, 500 sites: 333.3333 Li+ became 333"))
      #expect(result.errors.contains("warning: the charges add up to +1.000 e in 1000 atoms"))
      #expect(cellgen.files == HostCommandTests.files.map { "rocksalt/\($0)" })
      #expect(try cellgen.read("rocksalt/host.vasp").contains("\n 56 333 111 500\n"))
      let json = try cellgen.run(arguments + ["--json"]).json
      #expect(json["atoms"] as? Int == 1000 && json["charge_e"] as? Double == 1)
      let rounding = try #require(json["rounding"] as? [[String: Any]])
      #expect(rounding.map { $0["count"] as? Int } == [333, 56, 111])
      #expect(rounding.map { $0["species"] as? String } == ["Li+", "Ti4+", "Mo4+"])
      // The same line gives the same bytes.
      #expect(try cellgen.run(arguments + ["--out", "b", "--quiet"]).status == 0)
      for name in HostCommandTests.files where name != "manifest.json" {
        #expect(try cellgen.read("b/\(name)") == cellgen.read("rocksalt/\(name)"), "\(name)")
      }
    }
  }

  @Test func aLayeredHost() throws {
    try Program.inFolder { cellgen in
      let json = try cellgen(
        "layered", "--stacking", "o3", "--host", "CoO2", "--ion", "Li", "--content", "0.5",
        "--supercell", "2x2x1", "--json"
      ).json
      #expect(json["formula"] as? String == "Li6Co12O24")
      #expect(json["space_group"] as? String == "R-3m")
      let problem = try #require(json["problem"] as? [String: Any])
      #expect(problem["active_sites"] as? Int == 12)
      #expect(
        (problem["text"] as? String)?.contains("oxidation: {Li: 1, Co: auto, O: -2}") ?? false)
    }
  }

  @Test("a prototype of the user")
  func ownLibrary() throws {
    try Program.inFolder { cellgen in
      let text = """
        name: mine
        spacegroup: Fm-3m
        lattice: {a: 4.26}
        sites:
          - {label: 4a, frac: [0, 0, 0], species: Co2+, coordination: 6}
          - {label: 4b, frac: [1/2, 1/2, 1/2], species: O2-}
        source: CoO
        """
      try cellgen.write(text, to: "lib/mine.yaml")
      let json = try cellgen("prototype", "mine", "--library", "lib", "--json").json
      #expect(json["formula"] as? String == "Co4O4")
      #expect(try cellgen("prototype", "rutile", "--library", "lib", "--json").status == 0)
      #expect(
        try cellgen("prototype", "--list", "--library", "lib").output.contains("46 structure"))
      #expect(try cellgen("prototype", "mine", "--library", "lib", "--out", "o").status == 0)
      #expect(try cellgen.read("o/manifest.json").contains("lib/mine.yaml"))
      try cellgen.write(text.replacingOccurrences(of: "4b,", with: "8c,"), to: "lib/mine.yaml")
      try cellgen.expectRefusal(
        ["prototype", "mine", "--library", "lib"], status: 1,
        saying: "lib/mine.yaml:6: sites: 8c: site 8c has 4 points per cell, expected 8")
      try cellgen.write("name: [", to: "lib/mine.yaml")
      try cellgen.expectRefusal(
        ["prototype", "rutile", "--library", "lib"], status: 1, saying: "this is not YAML")
      try cellgen.expectRefusal(
        ["prototype", "--list", "--library", "nowhere"], status: 1, saying: "cannot read")
    }
  }

  @Test(
    "what is wrong with a prototype of the user is said with its line and what to do",
    arguments: [
      (
        "[u, u, u]", "[u, u, 0]", "lib/bad.yaml:8: sites: 32e: site 32e has 96 points per cell",
        "another Wyckoff position"
      ),
      ("{u: 0.26}", "{v: 0.26}", "the parameter u of a coordinate has no value", "bad.yaml:5"),
      (
        "origin: 2", "origin: 1", "lib/bad.yaml:3: origin: the coordinates fit origin choice 2",
        "write origin: 2"
      ),
      (
        "{u: 0.26}", "{u: 0.14}", "lib/bad.yaml:6: sites: 8a: sites 8a and 32e are 0.210 Å apart",
        "check the lattice parameters"
      ),
      ("source: test", "sauce: test", "unknown key \"sauce\"", "did you mean source?"),
    ])
  func badLibrary(old: String, new: String, message: String, advice: String) throws {
    try Program.inFolder { cellgen in
      let text = """
        name: bad
        spacegroup: Fd-3m
        origin: 2
        lattice: {a: 8.08}
        parameters: {u: 0.26}
        sites: [{label: 8a, frac: [1/8, 1/8, 1/8], species: Mg2+},
          {label: 16d, frac: [1/2, 1/2, 1/2], species: Al3+},
          {label: 32e, frac: [u, u, u], species: O2-}]
        source: test
        """
      try cellgen.write(text, to: "lib/bad.yaml")
      #expect(try cellgen("prototype", "bad", "--library", "lib", "--json").status == 0)
      try cellgen.write(text.replacingOccurrences(of: old, with: new), to: "lib/bad.yaml")
      for saying in [message, advice] {
        try cellgen.expectRefusal(
          ["prototype", "bad", "--library", "lib"], status: 1, saying: saying)
      }
    }
  }

  @Test(
    "wrong options exit with 64 and write nothing",
    arguments: [
      (["prototype"], "--list"), (["prototype", "rutile", "--list"], "--list"),
      (["prototype", "--list", "--show"], "--show"), (["prototype", "rutil", "--show"], "rutile"),
      (["prototype", "rutil"], "did you mean rutile?"),
      (["prototype", "rutile", "--b", "4"], "b is fixed in the tetragonal lattice"),
      (["prototype", "rutile", "--a", "-4"], "expected an edge"),
      (["prototype", "rutile", "--a", "nan"], "expected an edge"),
      (["prototype", "rutile", "--set", "v=0.3"], "no free coordinate v"),
      (["prototype", "rutile", "--set", "u"], "expected name=value"),
      (["prototype", "rutile", "--set", "u=x"], "not a finite number"),
      (["prototype", "rutile", "--set", "u=0.3,u=0.31"], "given twice"),
      (["prototype", "rutile", "--set", "u=-5e300"], "expected a fraction"),
      (["prototype", "rutile", "--set", "u=0.5"], "2 points per cell, expected 4"),
      (["prototype", "rutile", "--occupy", "2b=Mn"], "no site 2b"),
      (["prototype", "rutile", "--occupy", "2a=Mnn"], "occupy: 2a"),
      (["prototype", "rutile", "--occupy", "2a=Ti0.3V0.7"], "no whole numbers"),
      (["prototype", "rutile", "--oxidation", "Mn=4"], "there is no Mn in the structure"),
      (["prototype", "rutile", "--supercell", "2x2"], "supercell"),
      (["prototype", "rutile", "--supercell", "900x900x900"], "expected at most"),
      (["prototype", "rutile", "--seed", "-1"], "-1"),
      (["rocksalt", "--composition", "Mg2O"], "more than a rocksalt has sites"),
      (["rocksalt", "--composition", "Li2TiO3", "--exact"], "multiple of 3 cells"),
      (["rocksalt", "--a", "-4"], "expected an edge"), (["rocksalt", "--a", "x"], "x"),
      (["rocksalt", "--composition", "MgTe"], "give --a"),
      (["layered", "--stacking", "O5"], "known are O3, O2, P2, P3, O1, T1"),
      (["layered", "--stacking", "AB BC C"], "expected two for each slab"),
      (["layered", "--stacking", "AB CC"], "slab 2 is CC"),
      (["layered", "--stacking", "O3+O4"], "no gap \"O4\""),
      (["layered", "--host", "LiCoO2"], "give the slabs alone"),
      (["layered", "--content", "1.5"], "expected 0 to 1"),
      (["layered", "--content", "-1"], "expected 0 to 1"),
      (["layered", "--content", "0.4"], "multiple of 5 cells"),
      (["layered", "--spacing", "1"], "slabs 1.0 Å apart"),
      (["layered", "--bond", "1"], "would be flat"),
      (["layered", "--a", "0"], "expected 1.5 to 10"),
    ])
  func usage(options: [String], message: String) throws {
    try Program.inFolder { cellgen in
      try cellgen.expectRefusal(options, status: 64, saying: message)
    }
  }

  @Test("the help is the stored one", arguments: ["prototype", "rocksalt", "layered"])
  func help(verb: String) throws {
    try Program.inFolder { cellgen in
      let result = try cellgen(verb, "--help")
      #expect(result.status == 0 && result.errors.isEmpty)
      try expectGolden(result.output, "\(verb)-help.txt", in: dataFolder())
    }
  }
}
