import Building
import Crystal
import Foundation
import Testing
import Workflow

/// Files of users: what a good one gives, and what is said about bad ones.
@Suite struct PrototypeFileTests {
  private static let good = """
    name: test-spinel
    title: Spinel
    spacegroup: Fd-3m
    origin: 2
    lattice: {a: 8.08}
    parameters: {u: 0.2624}
    sites:
      - {label: 8a, frac: [1/8, 1/8, 1/8], symmetry: -43m, species: Mg2+, coordination: 4}
      - {label: 16d, frac: [1/2, 1/2, 1/2], species: {Al3+: 3/4, Mg2+: 1/4}, allowed: [Va]}
      - {label: 32e, frac: [u, u, u], symmetry: .3m, species: O2-}
    source: test
    """

  private static func file(_ old: String = "", _ new: String = "") throws -> PrototypeFile {
    let text = old.isEmpty ? good : good.replacingOccurrences(of: old, with: new)
    #expect(old.isEmpty || text != good, "\(old) does not occur")
    return try PrototypeFile(parsing: text, file: "t.yaml")
  }

  @Test func aGoodFile() throws {
    let file = try PrototypeFileTests.file()
    let crystal = try file.verifiedCrystal()
    #expect(crystal.spaceGroupNumber == 227 && crystal.unitCell.count == 56)
    #expect(file.definition.status == .default)
    #expect(crystal.siteTable.map(\.coordinationNumber) == [4, 6, 4])
    let octahedra = crystal.prototype.sites[1]
    #expect(octahedra.shares.map(\.fraction.doubleValue) == [0.75, 0.25])
    #expect(octahedra.occupant.description == "Al3+" && octahedra.allowed.count == 3)
    #expect(crystal.prototype.sites.map(\.role) == [.cation, .cation, .anion])
    // 16 sites hold 12 and 4.
    #expect(try crystal.counts(cells: 1).map(\.count) == [8, 12, 4, 32])
  }

  @Test("what fractions leave is empty")
  func vacancies() throws {
    let file = try PrototypeFileTests.file("{Al3+: 3/4, Mg2+: 1/4}", "{Al3+: 5/6}")
    let shares = file.definition.sites[1].shares
    #expect(shares.map(\.species.description) == ["Al3+", "Va"])
    #expect(try shares[1].fraction == Rational(1, 6))
    let crystal = try file.verifiedCrystal()
    #expect {
      try crystal.counts(cells: 1)
    } throws: {
      // 16 × 5/6 = 13.3333; three cells hold 40 of 48.
      "\($0)".contains("13.3333 Al3+, 2.6667 Va") && "\($0)".contains("multiple of 3 cells")
    }
    #expect(try crystal.counts(cells: 3).map(\.count) == [24, 40, 8, 96])
    #expect(try crystal.counts(cells: 1, rounding: .nearest).map(\.count) == [8, 13, 3, 32])
  }

  @Test(
    "a file that cannot be read says where and why",
    arguments: [
      ("name: test-spinel", "", "no name"), ("spacegroup: Fd-3m\n", "", "no spacegroup"),
      ("source: test", "", "no source"),
      ("origin: 2", "orgin: 2", "t.yaml:4: unknown key \"orgin\"\nhint: did you mean origin?"),
      ("origin: 2", "origin: two", "t.yaml:4: origin: \"two\" is not an integer"),
      ("{a: 8.08}", "{a: x}", "t.yaml:5: lattice: a: \"x\" is not a finite number"),
      ("{a: 8.08}", "{d: 8}", "unknown key \"d\""),
      ("label: 8a", "label: A", "t.yaml:8: sites[1]: label: label \"A\" does not begin with"),
      ("label: 8a", "labell: 8a", "unknown key \"labell\""),
      ("label: 8a", "label: 32e", "two sites have the label 32e"),
      ("[1/8, 1/8, 1/8]", "[1/8, 1/8]", "2 coordinates, expected three"),
      ("[1/8, 1/8, 1/8]", "[1/8, 1/8, y$]", "\"y$\" is not a coordinate"),
      (
        "[u, u, u]", "[u, u, v]",
        "t.yaml:6: parameters: the parameter v of a coordinate has no value"
      ),
      ("{u: 0.2624}", "{u: 0.2624, w: 1}", "no coordinate uses the parameter w"),
      ("{u: 0.2624}", "{2u: 0.2624}", "\"2u\" cannot name a parameter"),
      ("species: Mg2+", "species: Mgg", "there is no species \"Mgg\"\nhint: did you mean Mg?"),
      ("Mg2+: 1/4", "Mg2+: 1/2", "the fractions add up to 1.250000, expected at most 1"),
      ("Mg2+: 1/4", "Mg2+: -1/4", "the fraction of Mg2+ is not between 0 and 1"),
      ("coordination: 4", "coordination: four", "\"four\" is not an integer"),
      ("source: test", "source: test\nstatus: sure", "unknown status \"sure\""),
      ("sites:", "sites: [", "this is not YAML"),
      (
        "source: test", "source: test\nratios: {r: {numerator: d, denominator: a}}",
        "none of the edges"
      ),
    ])
  func unreadable(old: String, new: String, message: String) {
    #expect {
      try PrototypeFileTests.file(old, new)
    } throws: {
      let isSaid = "\($0)".contains(message)
      if !isSaid { print($0) }
      return isSaid
    }
  }

  @Test(
    "a file whose numbers do not fit each other says where and why",
    arguments: [
      // Coordinates of choice 2 with the origin of choice 1: the trap that gives another crystal.
      (
        "origin: 2", "origin: 1",
        "t.yaml:4: origin: the coordinates fit origin choice 2 of Fd-3m, not 1: site 8a has"
      ),
      (
        "origin: 2\n", "",
        "t.yaml:3: spacegroup: space group Fd-3m (number 227) has two origin choices"
      ),
      ("origin: 2\n", "", "hint: the coordinates fit origin choice 2: write origin: 2"),
      ("origin: 2", "origin: 3", "origin choice 3, expected 1 or 2"),
      ("Fd-3m", "Fd-4m", "t.yaml:3: spacegroup: there is no space group \"Fd-4m\""),
      (
        "[u, u, u]", "[u, u, 0]",
        "t.yaml:10: sites: 32e: site 32e has 96 points per cell, expected 32"
      ),
      ("[1/8, 1/8, 1/8]", "[0, 0, 0]", "t.yaml:8: sites: 8a: site 8a has 16 points"),
      ("-43m", "-42m", "site 8a has site symmetry -43m, expected -42m"),
      ("{u: 0.2624}", "{u: 0.14}", "sites: 8a: sites 8a and 32e are 0.210 Å apart"),
      ("{a: 8.08}", "{c: 8.08}", "t.yaml:5: lattice: c: c is fixed in a cubic lattice"),
      ("{a: 8.08}", "{a: -8}", "a = -8.0, expected an edge from 0.1 to 100000 Å"),
      ("{a: 8.08}", "{}", "no lattice parameter a"),
      (
        "coordination: 4", "coordination: 6", "t.yaml:8: sites: 8a: site 8a has 4 neighbours (4 32e"
      ),
    ])
  func contradiction(old: String, new: String, message: String) throws {
    let file = try PrototypeFileTests.file(old, new)
    #expect {
      try file.verifiedCrystal()
    } throws: {
      let isSaid = "\($0)".contains(message)
      if !isSaid { print($0) }
      return isSaid
    }
  }

  @Test("coordinates of choice 1 that are called choice 2")
  func oppositeTrap() throws {
    let text = PrototypeFileTests.good
      .replacingOccurrences(of: "[1/8, 1/8, 1/8]", with: "[0, 0, 0]")
      .replacingOccurrences(of: "[1/2, 1/2, 1/2]", with: "[5/8, 5/8, 5/8]")
      .replacingOccurrences(of: "u: 0.2624", with: "u: 0.3874")
    let file = try PrototypeFile(parsing: text, file: "t.yaml")
    #expect {
      try file.verifiedCrystal()
    } throws: {
      "\($0)".contains("the coordinates fit origin choice 1 of Fd-3m, not 2")
        && "\($0)".contains("hint: write origin: 1")
    }
    let right = text.replacingOccurrences(of: "origin: 2", with: "origin: 1")
    let crystal = try PrototypeFile(parsing: right, file: "t.yaml").verifiedCrystal()
    // a √3 (u − 1/8) with u of choice 2.
    let distance = crystal.row(of: "8a")?.shell(of: "32e")?.distance ?? 0
    #expect(abs(distance - 8.08 * 3.0.squareRoot() * (0.2624 - 0.125)) < 1e-9)
  }

  @Test(
    "a coordinate is a sum of numbers and parameters",
    arguments: [
      ("1/4", 0.25), ("-u", -0.26), ("2u", 0.52), ("1/2-u", 0.24), ("u+1/4", 0.51), (" .5 ", 0.5),
      ("-1/2+2u", 0.02), ("0.125", 0.125),
    ])
  func expressions(text: String, value: Double) throws {
    var definition = PrototypeDefinition(name: "t", title: "t", spaceGroup: "P1")
    definition.lattice = ["a": 5, "b": 6, "c": 7, "alpha": 80, "beta": 95, "gamma": 105]
    definition.parameters = [PrototypeDefinition.Parameter("u", 0.26)]
    let expressions = try ["0", "0", text].map { try CoordinateExpression(parsing: $0) }
    definition.sites = [
      PrototypeDefinition.Site(
        label: "1a", multiplicity: 1, position: expressions,
        shares: [SiteShare(Species.vacancy, .one)])
    ]
    let point = try definition.prototype().sites[0].representative.components
    #expect(abs(point.z - value) < 1e-15)
  }
}
