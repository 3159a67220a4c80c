import Arrangement
import CellgenTestSupport
import Crystal
import Testing

/// Structures that are no disordered crystals.
@Suite struct DisorderErrorTests {
  @Test("a position that is more than full is refused with all that is on it")
  func overfull() {
    var structure = disordered([
      Atom("Li1", "Li+", 0, 0, 0, 0.75), Atom("Mg1", "Mg2+", 0, 0, 0, 0.5),
    ])
    #expect(
      refusal(structure) == [
        "Li1 and Mg1 share one position, but their occupancies Li+ 0.75 + Mg2+ 0.5 add up to 1.25, "
          + "expected at most 1\n"
          + "hint: scale the occupancies so that they add up to at most 1; what is missing is vacant"
      ])
    structure.set(Column(Column.Name.fileLine, .integer([12, 13])))
    #expect(
      refusal(structure, source: "x.cif").first?.hasPrefix(
        "x.cif:12: Li1 (line 12) and Mg1 (line 13) share one position") == true)
    // Lines of a CIF are not those of another file that carries them.
    #expect(
      refusal(structure, source: "x.xyz").first?.hasPrefix("x.xyz: Li1 and Mg1 share") == true)
  }

  @Test("two full atoms on one position are refused by name and line")
  func duplicates() {
    var structure = disordered([
      Atom("Li1", "Li+", 0.5, 0, 0, 1), Atom("Li2", "Li+", -0.5, 1, 0.001, 1),
    ])
    structure.set(Column(Column.Name.fileLine, .integer([12, 17])))
    #expect(
      refusal(structure) == [
        "line 12: Li1 (line 12) and Li2 (line 17) share one position, but their occupancies "
          + "Li+ 1 + Li+ 1 add up to 2, expected at most 1\n"
          + "hint: remove one of the rows, or give occupancies that add up to 1; are atoms listed "
          + "that symmetry generates as well?"
      ])
  }

  @Test("occupancies outside 0 to 1 are refused, each row once")
  func range() {
    #expect(
      refusal(
        disordered([
          Atom("Li1", "Li+", 0, 0, 0, 83.6), Atom("Li1", "Li+", 0.5, 0, 0, 83.6),
          Atom("Mg1", "Mg", 0, 0.5, 0, -0.1), Atom("Zn1", "Zn", 0, 0, 0.5, .nan),
        ])) == [
          "occupancy of Li1 is 83.6, expected 0 to 1\nhint: write 83.6 % as 0.836",
          "occupancy of Mg1 is -0.1, expected 0 to 1", "occupancy of Zn1 is nan, expected 0 to 1",
        ])
    var words = disordered([Atom("Li1", "Li+", 0, 0, 0, 1)])
    words.set(Column(Column.Name.occupancy, .text(["half"])))
    #expect(refusal(words) == ["column occupancy is not one number per atom"])
  }

  @Test("split positions are refused with their distance, or warned of")
  func split() throws {
    // 0.1 × 6.1 Å along a.
    let structure = disordered([
      Atom("Li1", "Li+", 0.25, 0, 0, 0.5), Atom("Li2", "Li+", 0.35, 0, 0, 0.25),
      Atom("O1", "O2-", 0.8, 0.5, 0.5, 1),
    ])
    #expect(
      refusal(structure) == [
        "Li1 and Li2 are 0.61 Å apart, too near to be occupied at once, and single sites do not "
          + "exclude each other\nhint: put the atoms on one position, remove one of the rows, or "
          + "accept that arrangements may fill both"
      ])
    let crystal = try DisorderedCrystal(structure, splitSites: .warn)
    #expect(crystal.groups.count == 3 && crystal.warnings.count == 1)
    // Farther apart they are noted only.
    let farther = try DisorderedCrystal(
      disordered([Atom("Li1", "Li+", 0.2, 0, 0, 0.5), Atom("Li1", "Li+", 0.5, 0, 0, 0.5)]))
    #expect(
      farther.warnings == [
        "images of Li1 are 1.83 Å apart and partly vacant; arrangements may fill both, and the "
          + "energy must keep them apart"
      ])
    // A full site has neighbours, but not that near.
    let full = disordered([Atom("Li1", "Li+", 0.25, 0, 0, 0.5), Atom("O1", "O2-", 0.35, 0, 0, 1)])
    #expect(refusal(full).count == 1)
  }

  @Test("images of one row that come too near to each other are told from two rows")
  func nearImages() {
    let near = disordered([
      Atom("Li1", "Li+", 0.005, 0, 0, 1), Atom("Li1", "Li+", -0.005, 0, 0, 1),
    ])
    #expect(
      refusal(near) == [
        "images of Li1 are within 0.1 Å of each other, and their occupancies Li+ 1 + Li+ 1 add up to "
          + "2, expected at most 1\nhint: put the site onto the special position that it is near to"
      ])
    // Half each are one full site. A chain of 0.012 × 6.1 Å each is neither one site nor four.
    var half = near
    half.set(Column(Column.Name.occupancy, .real([0.5, 0.5])))
    #expect(refusal(half).isEmpty)
    let chain = (0..<4).map { Atom("Li\($0)", "Li+", 0.012 * Double($0), 0, 0, 0.25) }
    #expect(refusal(disordered(chain)).first?.contains("are spread over 0.22 Å") == true)
  }

  @Test("a site that is known to be empty is nobody's neighbour")
  func emptyNeighbour() {
    let structure = disordered([Atom("Li1", "Li+", 0, 0, 0, 0.5), Atom("X", "Va", 0.05, 0, 0, 1)])
    #expect(refusal(structure).isEmpty)
  }

  private let alternatives = [
    Atom("Na1", "Na+", 0, 0, 0, 1), Atom("O1A", "O2-", 0.3, 0.2, 0.1, 0.6, group: "1"),
    Atom("O2A", "O2-", 0.6, 0.2, 0.1, 0.6, group: "1"),
    Atom("O1B", "O2-", 0.3, 0.7, 0.1, 0.4, group: "2"),
  ]

  @Test("alternatives on different positions need a choice")
  func disorderGroups() throws {
    #expect(
      refusal(disordered(alternatives)) == [
        "disorder groups 1 (O1A, O2A) and 2 (O1B) are alternatives on different positions, which "
          + "sites that are filled one by one cannot hold\nhint: choose the group that is kept "
          + "(disorder group 1 or 2), or remove the rows of all groups but one"
      ])
    let first = try DisorderedCrystal(disordered(alternatives), disorderGroup: 1)
    #expect(first.groups.map(\.label) == ["Na1", "O1A", "O2A"])
    #expect(first.isOrdered)
    #expect(
      first.notes == [
        "disorder group 1 is kept, its occupancies divided by 0.6 to be there always; left out: O1B"
      ])
    let second = try DisorderedCrystal(disordered(alternatives), disorderGroup: 2)
    #expect(second.groups.map(\.label) == ["Na1", "O1B"])
    #expect(
      refusal(disordered(alternatives), disorderGroup: 3) == [
        "there is no disorder group 3\nhint: groups are 1, 2"
      ])
    #expect(
      refusal(disordered([Atom("Na1", "Na+", 0, 0, 0, 1)]), disorderGroup: 1) == [
        "disorder group 1 is chosen, but the structure has no disorder groups"
      ])
  }

  @Test("alternatives on one position are a mixed site; assemblies do not exclude each other")
  func groupsOnOnePosition() throws {
    var structure = disordered([
      Atom("Fe1", "Fe3+", 0, 0, 0, 0.6, group: "1"), Atom("Co1", "Co3+", 0, 0, 0, 0.4, group: "2"),
      Atom("O1", "O2-", 0.5, 0.5, 0.5, 1),
    ])
    let crystal = try DisorderedCrystal(structure)
    #expect(crystal.groups.map(\.label) == ["Fe1/Co1", "O1"])
    #expect(crystal.warnings.isEmpty)
    // Full alternatives on one position, of which one is chosen.
    structure.set(Column(Column.Name.occupancy, .real([1, 1, 1])))
    #expect(refusal(structure).count == 1)
    let chosen = try DisorderedCrystal(structure, disorderGroup: 2)
    #expect(chosen.groups.map(\.label) == ["Co1", "O1"])
    // Groups of different assemblies are independent.
    var independent = disordered(alternatives)
    independent.set(Column(Column.Name.disorderAssembly, .text([".", "A", "A", "B"])))
    #expect(refusal(independent).isEmpty)
  }

  @Test("a negative group is warned of")
  func negativeGroup() throws {
    let crystal = try DisorderedCrystal(
      disordered([Atom("O1", "O2-", 0, 0, 0, 0.5, group: "-1")]))
    #expect(crystal.warnings.count == 1)
    #expect(crystal.warnings[0].hasPrefix("disorder group -1 (O1) excludes its own images"))
  }
}
