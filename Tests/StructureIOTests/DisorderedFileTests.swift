import Arrangement
import CellgenTestSupport
import Crystal
import Foundation
import StructureIO
import Testing

/// From files with partial occupancies to arrangement problems.
@Suite struct DisorderedFileTests {
  private func reading(_ name: String) throws -> StructureReading {
    try StructureFile.read(dataFolder().appending(path: "GoodInput/\(name)").path)
  }

  private func crystal(_ name: String) throws -> DisorderedCrystal {
    try DisorderedCrystal(reading(name).structure, source: name)
  }

  private func sizes(_ crystal: DisorderedCrystal) -> [String: Int] {
    Dictionary(uniqueKeysWithValues: crystal.groups.map { ($0.label, $0.sites.count) })
  }

  private func amount(_ problem: ArrangementProblem, _ symbol: String) -> Int {
    problem.ledger.rows.filter { $0.species.element.symbol == symbol }.reduce(0) { $0 + $1.count }
  }

  @Test("spinel with mixed tetrahedra and octahedra and two states of Mn")
  func spinel() throws {
    let crystal = try crystal("spinel_mixed.cif")
    #expect(sizes(crystal) == ["8a": 8, "16d": 16, "32e": 32])
    #expect(crystal.warnings.isEmpty)
    #expect(crystal.groups[1].fileLabels == ["Li2", "Mn1", "Mn2"])
    #expect(crystal.supercellProposals().fitting[0].supercell == .identity)
    let specification = try crystal.specification()
    #expect(specification.counts[0].counts == [element("Li"): 6, element("Mg"): 2])
    #expect(specification.counts[1].counts == [element("Li"): 2, element("Mn"): 14])
    // 64 of O less 8 Li and 4 of Mg leaves 52 for 14 Mn: 4 Mn3+ and 10 Mn4+, as in the file.
    #expect(specification.oxidation[element("Mn")] == .integer)
    let problem = try ArrangementProblem(specification)
    let states = problem.ledger.rows.filter { $0.species.element == element("Mn") }
    #expect(states.map(\.species.description) == ["Mn3+", "Mn4+"])
    #expect(states.map(\.count) == [4, 10])
    #expect(problem.ledger.totalCharge.magnitude < 1e-9)
  }

  @Test("occupancies with uncertainties: 0.836(4) of 8 sites is 20 of 24")
  func uncertainties() throws {
    let structure = try reading("icsd_spinel.cif").structure
    guard case .real(let su)? = structure[column: Column.Name.occupancyUncertainty]?.values else {
      Issue.record("no uncertainties")
      return
    }
    #expect(su[0] == 0.004 && su[8] == 0.004 && su[16] == 0)
    let crystal = try DisorderedCrystal(structure)
    #expect(crystal.groups.map(\.label) == ["8a", "16d", "32e"])
    let proposal = try #require(crystal.supercellProposals().fitting.first)
    #expect(proposal.index == 3)
    #expect(proposal.counts[0].counts == [element("Mg"): 20, element("Mn"): 4])
    let error = #expect(throws: InputErrors.self) { _ = try crystal.specification() }
    #expect(error?.description.contains("8a Mg: 0.836 × 8 = 6.688 is not whole") == true)
    let rounded = try crystal.specification(
      rounding: .nearest, oxidation: [element("Mn"): .auto])
    #expect(
      rounded.notes == [
        "8a Mg: 0.836 × 8 = 6.688 → 7, a shift of 0.0390 per site (4.67 %)",
        "8a Mn: 0.164 × 8 = 1.312 → 1, a shift of 0.0390 per site (23.78 %)",
      ])
    let problem = try ArrangementProblem(rounded)
    #expect(amount(problem, "Mg") == 7 && amount(problem, "Mn") == 17)
  }

  @Test("argyrodite: anions mixed on two positions, half of the Li positions, pairs warned of")
  func argyrodite() throws {
    let crystal = try crystal("argyrodite.cif")
    #expect(sizes(crystal) == ["48h": 48, "4b": 4, "16e": 16, "4a": 4, "4c": 4])
    let sites = try #require(crystal.groups.first { $0.label == "48h" }).sites
    let positions = crystal.parent.positions
    let nearest = sites.dropFirst().map {
      crystal.parent.lattice.distance(positions[sites[0]], positions[$0])
    }.min()
    let distance = try #require(nearest)
    #expect(distance > 1.5 && distance < 2)
    #expect(crystal.warnings.count == 1)
    #expect(crystal.warnings[0].hasPrefix("images of Li1 (line 19) are \(fixed(distance, 2)) Å"))
    // 0.615 of 4 sites is 5/8 within 0.01, and no fourth is.
    let proposal = try #require(crystal.supercellProposals().fitting.first)
    #expect(proposal.index == 2)
    #expect(proposal.netCharge == 0)
    let specification = try crystal.specification(supercell: proposal.supercell)
    let problem = try ArrangementProblem(specification)
    // 6 Li, P, 5 S, Cl for each of the 8 formula units.
    #expect(
      ["Li", "P", "S", "Cl"].map { amount(problem, $0) } == [48, 8, 40, 8])
  }

  @Test("garnet: two Li positions, 56 Li in the cell after rounding")
  func garnet() throws {
    let crystal = try crystal("garnet.cif")
    #expect(sizes(crystal) == ["Li1": 24, "Li2": 96, "La1": 24, "Zr1": 16, "O1": 96])
    #expect(
      crystal.warnings.contains {
        $0.hasPrefix("images of Li2 (line 18) are 0.79 Å apart and partly vacant")
      })
    // 13.536 → 14 is 0.019 per site, more than 0.008; 42.432 → 42 is 0.0045, more than 0.003.
    let error = #expect(throws: InputErrors.self) { _ = try crystal.specification() }
    #expect(error?.problems.count == 2)
    let rounded = try crystal.specification(rounding: .nearest)
    let problem = try ArrangementProblem(rounded)
    #expect(amount(problem, "Li") == 56)
    #expect(problem.ledger.totalCharge.magnitude < 1e-9)
    // 24 Z × 0.564 and 96 Z × 0.442 whole within 0.008 and 0.003 per site.
    let expected = (1...64).first { z in
      [(24, 0.564, 0.008), (96, 0.442, 0.003)].allSatisfy { sites, x, su in
        let n = (x * Double(sites * z)).rounded()
        return (n / Double(sites * z) - x).magnitude <= su
      }
    }
    #expect(crystal.supercellProposals().fitting.first?.index == expected)
  }

  @Test("rutile with two cations: one of each in the cell")
  func rutile() throws {
    let crystal = try crystal("rutile_mixed.cif")
    #expect(sizes(crystal) == ["Fe1/Sb1": 2, "O1": 4])
    let problem = try ArrangementProblem(crystal.specification())
    #expect(problem.composition.description == "FeSbO4")
    #expect(problem.ledger.totalCharge == 0)
    #expect(problem.ledger.notes.isEmpty)
  }

  @Test("maghemite: 0.33 is a third of four sites in three cells, and only that is neutral")
  func maghemite() throws {
    let crystal = try crystal("maghemite.cif")
    #expect(sizes(crystal) == ["Fe1": 8, "Fe2": 12, "Fe3": 4, "O1": 8, "O2": 24])
    let proposal = try #require(crystal.supercellProposals().fitting.first)
    #expect(proposal.index == 3 && proposal.netCharge == 0)
    #expect(proposal.counts[0].counts == [element("Fe"): 4, .vacancy: 8])
    // One of four: 21 Fe3+ and 32 O2−.
    let error = #expect(throws: InputErrors.self) {
      _ = try crystal.specification(rounding: .nearest)
    }
    // 4/3 within 4 × 3 × 0.005 of neutral; 4 of 12 in three cells is exactly so.
    #expect(
      error?.description
        == "oxidation: the charges add up to -1.000 e, expected 0; the occupancies "
        + "before rounding are neutral within their uncertainty\nhint: the supercell 3x1x1 (3 cells) "
        + "fits and is neutral; let Fe balance the charge (Fe: auto, or --oxidation Fe=auto); accept a "
        + "compensating background "
        + "with --allow-charge")
    let problem = try ArrangementProblem(crystal.specification(supercell: proposal.supercell))
    #expect(problem.composition.description == "Fe64O96")
  }

  @Test(
    "extxyz with the same columns is the same crystal",
    arguments: [
      "spinel_mixed.cif", "argyrodite.cif", "garnet.cif", "maghemite.cif",
    ])
  func extendedXYZ(name: String) throws {
    let structure = try reading(name).structure
    let again = try ExtendedXYZ.read(ExtendedXYZ.write(structure)).structure
    let (first, second) = (
      try DisorderedCrystal(structure), try DisorderedCrystal(again)
    )
    #expect(first.groups == second.groups)
    #expect(first.notes == second.notes && first.warnings == second.warnings)
    // And the CIF of cellgen, in P 1 with every atom, keeps the rows.
    let cif = try CIF.read(CIF.write(structure)).structure
    #expect(try DisorderedCrystal(cif).groups == first.groups)
  }

  @Test("extxyz of other programs: occupancies alone, sites grouped by symmetry")
  func plainExtendedXYZ() throws {
    // Rock salt: four cation sites, half Li.
    let text = """
      12
      Lattice="4.2 0 0 0 4.2 0 0 0 4.2" Properties=species:S:1:pos:R:3:occupancy:R:1
      Li 0 0 0 0.5
      Mn 0 0 0 0.5
      Li 0 2.1 2.1 0.5
      Mn 0 2.1 2.1 0.5
      Li 2.1 0 2.1 0.5
      Mn 2.1 0 2.1 0.5
      Li 2.1 2.1 0 0.5
      Mn 2.1 2.1 0 0.5
      O 2.1 0 0 1
      O 0 2.1 0 1
      O 0 0 2.1 1
      O 2.1 2.1 2.1 1

      """
    let crystal = try DisorderedCrystal(ExtendedXYZ.read(text).structure)
    #expect(sizes(crystal) == ["Li/Mn": 4, "O": 4])
    let problem = try ArrangementProblem(crystal.specification())
    #expect(problem.composition.description == "Li2Mn2O4")
  }

  @Test("all oxidation numbers of an element as they are listed by type")
  func oxidationNumbers() throws {
    let crystal = try crystal("spinel_mixed.cif")
    let numbers = crystal.oxidationNumbers
    #expect(numbers[element("Li")]?.map(\.state) == [1])
    #expect(numbers[element("Mn")]?.map(\.state) == [3, 4])
    // 16 × 0.25 and 16 × 0.625.
    #expect(numbers[element("Mn")]?.map(\.amount) == [4, 10])
  }
}
