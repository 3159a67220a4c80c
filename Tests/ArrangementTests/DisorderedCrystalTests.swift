import Arrangement
import CellgenTestSupport
import Crystal
import Testing

@Suite struct DisorderedCrystalTests {
  private let oxide = Atom("O1", "O2-", 0.7, 0.8, 0.6, 1)

  @Test("atoms on one position are one site, and what is missing is vacant")
  func mixedSite() throws {
    let crystal = try DisorderedCrystal(
      disordered([
        Atom("Mg1", "Mg2+", 0.1, 0.2, 0.3, 0.25), Atom("Li1", "Li+", 1.1, -0.8, 0.3, 0.5), oxide,
      ]))
    #expect(crystal.groups.map(\.label) == ["Li1/Mg1", "O1"])
    #expect(crystal.groups[0].occupants.map(\.element.symbol) == ["Li", "Mg", "Va"])
    #expect(crystal.groups[0].occupants.map(\.occupancy) == [0.5, 0.25, 0.25])
    #expect(crystal.groups[0].fileLabels == ["Li1", "Mg1"])
    #expect(!crystal.groups[1].isMixed && !crystal.isOrdered)
    #expect(crystal.parent.species.map(\.description) == ["Li+", "O2-"])
    #expect(crystal.amounts == [element("Li"): 0.5, element("Mg"): 0.25, element("O"): 1])
    #expect(crystal.notes == ["Li1/Mg1: Li 0.5 + Mg 0.25; the rest, 0.25, is vacant"])
    try expectLaws(crystal)
  }

  @Test("the position of a site is the mean of its atoms by occupancy, across the cell boundary")
  func meanPosition() throws {
    let crystal = try DisorderedCrystal(
      disordered([
        Atom("Mg1", "Mg2+", 0.999, 0.5, 0.5, 0.25), Atom("Li1", "Li+", 0.003, 0.5, 0.5, 0.75),
      ]))
    // 0.999 + 3/4 × 0.004, whichever image.
    #expect(crystal.parent.count == 1)
    let found = crystal.parent.positions[0]
    #expect(skewedLattice.distance(found, Fractional(0.002, 0.5, 0.5)) < 1e-9)
  }

  @Test("atoms of one element on one position are added, whatever their states")
  func sameElement() throws {
    let crystal = try DisorderedCrystal(
      disordered([
        Atom("Mn1", "Mn3+", 0.5, 0.5, 0.5, 0.5), Atom("Mn2", "Mn4+", 0.5, 0.5, 0.5, 0.5), oxide,
      ]))
    #expect(crystal.isOrdered)
    #expect(crystal.groups[0].elements == [element("Mn")])
    #expect(crystal.oxidationNumbers[element("Mn")]?.map(\.state) == [3, 4])
    #expect(crystal.oxidationNumbers[element("Mn")]?.map(\.amount) == [0.5, 0.5])
  }

  @Test(
    "sums within rounding or uncertainty of 1 are full, others leave vacancies",
    arguments: [
      ([0.33, 0.33, 0.33], 0, true), ([0.333, 0.333, 0.333], 0, true), ([0.5, 0.4], 0, false),
      ([0.49, 0.49], 0, false), ([0.836, 0.164], 0.004, true), ([0.97], 0.04, true),
      ([0.97], 0.01, false), ([0.996], 0, true), ([0.99], 0, false), ([0.6, 0.36], 0.03, true),
    ])
  func fullness(occupancies: [Double], uncertainty: Double, isFull: Bool) throws {
    let names = ["Li", "Mg", "Zn"]
    let crystal = try DisorderedCrystal(
      disordered(
        occupancies.enumerated().map { n, x in
          Atom("\(names[n])1", names[n], 0.1, 0.2, 0.3, x, uncertainty: uncertainty)
        }))
    #expect(crystal.groups[0].elements.contains(.vacancy) == !isFull)
    let sum = occupancies.reduce(0, +)
    #expect(
      crystal.notes.contains { $0.contains("taken as 1") }
        == (isFull && (sum - 1).magnitude > 1e-6))
    try expectLaws(crystal)
  }

  @Test("explicit vacancies and dummies beside atoms are vacancies")
  func explicitVacancy() throws {
    for symbol in ["Va", "dummy"] {
      let crystal = try DisorderedCrystal(
        disordered([
          Atom("Li1", "Li+", 0, 0, 0, 0.75), Atom("X1", symbol, 0, 0, 0, 0.25), oxide,
        ]))
      #expect(crystal.groups[0].occupants.map(\.element) == [element("Li"), .vacancy])
      #expect(crystal.groups[0].occupants.map(\.occupancy) == [0.75, 0.25])
    }
  }

  @Test("rows with occupancy 0 are left out, and that is said")
  func zero() throws {
    let crystal = try DisorderedCrystal(
      disordered([Atom("Li1", "Li+", 0, 0, 0, 0), Atom("Li2", "Li+", 0.5, 0.5, 0.5, 1), oxide]))
    #expect(crystal.parent.count == 2)
    #expect(crystal.notes == ["Li1: occupancy 0, left out"])
    #expect(
      refusal(disordered([Atom("Li1", "Li+", 0, 0, 0, 0)]))
        == ["no atom has an occupancy above 0"])
  }

  @Test("a structure without the column is ordered")
  func ordered() throws {
    let crystal = try DisorderedCrystal(
      Structure(
        lattice: skewedLattice, species: [Species(.oxygen)], positions: [Fractional(0, 0, 0)]))
    #expect(crystal.isOrdered && crystal.groups[0].label == "O")
    #expect(crystal.supercellProposals().fitting.map(\.index) == [1, 2, 3, 4, 5])
  }

  // Two atoms per cell related by inversion, given as rows of their own.
  private func inverted(_ names: [String?]) -> Structure {
    let atoms = [
      Atom(names[0] ?? "a", "Li+", 0.1, 0.2, 0.3, 0.5),
      Atom(names[1] ?? "a", "Li+", -0.1, -0.2, -0.3, 0.5),
      Atom(names[2] ?? "a", "Li+", 0.5, 0.5, 0.5, 0.5), Atom("O1", "O2-", 0, 0, 0, 1),
    ]
    var structure = disordered(atoms)
    if names.contains(nil) { structure.removeColumn(Column.Name.fileLabel) }
    return structure
  }

  @Test("sites listed one by one are put together by symmetry, rows of several sites stay rows")
  func grouping() throws {
    func sizes(_ names: [String?]) throws -> [[String]: Int] {
      let crystal = try DisorderedCrystal(inverted(names))
      try expectLaws(crystal)
      return Dictionary(
        crystal.groups.map { ([$0.label], $0.sites.count) }, uniquingKeysWith: +)
    }
    #expect(try sizes(["Li0", "Li1", "Li2"]) == [["Li"]: 2, ["Li2"]: 1, ["O1"]: 1])
    #expect(try sizes(["Li1", "Li1", "Li2"]) == [["Li1"]: 2, ["Li2"]: 1, ["O1"]: 1])
    #expect(try sizes(["Li1", "Li2", "Li2"]) == [["Li1"]: 1, ["Li2"]: 2, ["O1"]: 1])
    #expect(try sizes([nil, nil, nil]) == [["Li_1"]: 2, ["Li_2"]: 1, ["O"]: 1])
  }

  @Test("rows of one line each are put together by their label, if it is more than an element")
  func repeatedLabels() throws {
    // Four positions without symmetry, listed one by one.
    func crystal(_ name: String) throws -> DisorderedCrystal {
      var structure = disordered([
        Atom("\(name)1", "Li+", 0.1, 0.2, 0.3, 0.5), Atom("\(name)1", "Li+", 0.5, 0.1, 0.9, 0.5),
        Atom("\(name)2", "Li+", 0.8, 0.5, 0.1, 0.5), Atom("\(name)2", "Li+", 0.4, 0.6, 0.6, 0.5),
        Atom("O1", "O2-", 0.8, 0.8, 0.8, 1),
      ])
      structure.set(Column(Column.Name.fileLine, .integer([10, 11, 12, 13, 14])))
      return try DisorderedCrystal(structure)
    }
    #expect(try crystal("Li").groups.map(\.label) == ["Li1", "Li2", "O1"])
    #expect(try crystal("Li").groups.map(\.sites.count) == [2, 2, 1])
  }

  @Test("labels are unique: Wyckoff labels where they tell, with the rows behind them where not")
  func labels() throws {
    var structure = disordered([
      Atom("Li1", "Li+", 0.1, 0.2, 0.3, 0.5), Atom("Li2", "Li+", 0.4, 0.6, 0.1, 0.25),
      Atom("Mg2", "Mg2+", 0.4, 0.6, 0.1, 0.5), Atom("Li3", "Li+", 0.8, 0.8, 0.8, 0.5),
      Atom("Li4", "Li+", 0.6, 0.1, 0.5, 0.5),
    ])
    structure.labels = ["2i", "2i", "2i", "1a", "?"]
    let crystal = try DisorderedCrystal(structure)
    #expect(crystal.groups.map(\.label) == ["2i_Li1", "2i_Li2/Mg2", "1a", "Li4"])
  }

  @Test("the order of rows and the origin do not matter", arguments: 0..<20 as Range<UInt64>)
  func invariance(seed: UInt64) throws {
    var stream = RandomStream(seed: seed, purpose: "DisorderedCrystalTests.invariance")
    let names = ["Li", "Mg", "Zn", "Al"]
    var atoms: [Atom] = []
    for site in 0..<6 {
      let position = Fractional(
        Double(site % 2) * 0.5 + 0.1 * stream.uniform(),
        Double(site / 2) * 0.33 + 0.05 * stream.uniform(), 0.2 * stream.uniform())
      var left = 1.0
      for name in names.prefix(1 + stream.integer(below: 4)) {
        let share = (left * stream.uniform() * 1000).rounded(.down) / 1000
        left -= share
        let x = position.components
        atoms.append(Atom("\(name)\(site)", name, x.x, x.y, x.z, share))
      }
    }
    func summary(_ atoms: [Atom]) throws -> (Set<String>, [String]) {
      let crystal = try DisorderedCrystal(disordered(atoms), splitSites: .warn)
      try expectLaws(crystal, cells: 1 + Int(seed % 7))
      let groups = crystal.groups.map { group in
        "\(group.label) \(group.sites.count) "
          + group.occupants.map { "\($0.element) \(fixed($0.occupancy, 9))" }.joined(separator: ",")
      }
      let proposals = crystal.supercellProposals(maximumIndex: 12, tolerance: 0.02)
      let found = (proposals.fitting + [proposals.closest]).map {
        "\($0.supercell) \(fixed($0.largestDeviation, 9)) "
          + $0.counts.map { entry in
            entry.label
              + entry.counts.sorted { $0.key < $1.key }.map { "\($0.key)\($0.value)" }.joined()
          }.sorted().joined(separator: " ")
      }
      return (Set(groups), found)
    }
    let original = try summary(atoms)
    var shuffled = atoms
    stream.shuffle(&shuffled)
    let shift = SIMD3(stream.uniform(), stream.uniform(), stream.uniform() - 3)
    for n in shuffled.indices {
      shuffled[n].position = Fractional(shuffled[n].position.components + shift)
    }
    let moved = try summary(shuffled)
    #expect(original.0 == moved.0)
    #expect(original.1 == moved.1)
  }
}
