import Arrangement
import CellgenTestSupport
import Crystal
import Testing

@Suite struct DisorderCountTests {
  private func indices(_ crystal: DisorderedCrystal, _ tolerance: Double? = nil) -> [Int] {
    crystal.supercellProposals(maximumIndex: 64, tolerance: tolerance).fitting.map(\.index)
  }

  @Test("the note of a rounded number gives product, count, shift and per cent")
  func note() throws {
    // 0.917 × 24 = 22.008; 22/24 = 0.916667, 0.000333 less, 0.036 % of 0.917.
    let crystal = try row([("Li+", 0.917)], sites: 24, uncertainty: 0.001)
    let specification = try crystal.specification(chargePolicy: .background)
    #expect(
      specification.notes.contains(
        "Li1: 0.917 × 24 = 22.008 → 22, a shift of 0.0003 per site (0.04 %)"))
    #expect(specification.counts.map(\.counts) == [[element("Li"): 22, .vacancy: 2]])
    let problem = try ArrangementProblem(specification)
    #expect(Array(problem.ledger.notes.prefix(specification.notes.count)) == specification.notes)
    expectConsistent(problem)
  }

  @Test(
    "the smallest supercell is the smallest with a whole number within the tolerance",
    arguments: [
      // 1/3 from two digits: 4/12; 0.25 of 3 sites: 3/12; 0.5 of 1 site.
      (0.33, 0.0, 4, 3), (0.3333, 0, 4, 3), (0.67, 0, 1, 3), (0.25, 0, 3, 4), (0.5, 0, 1, 2),
      // 0.125 of 6 sites: 3/24. 0.836(4) of 8 sites: 20/24 = 0.8333.
      (0.125, 0, 6, 4), (0.836, 0.004, 8, 3),
      // 5/6 of a site, to four digits.
      (0.8333, 0, 1, 6),
    ])
  func smallest(occupancy: Double, uncertainty: Double, sites: Int, index: Int) throws {
    let crystal = try row([("Li+", occupancy)], sites: sites, uncertainty: uncertainty)
    let found = crystal.supercellProposals()
    #expect(found.fitting.first?.index == index)
    #expect(found.fitting.allSatisfy { $0.fits })
    // What is proposed is accepted.
    for proposal in found.fitting {
      let specification = try crystal.specification(
        supercell: proposal.supercell, chargePolicy: .background)
      #expect(specification.counts == proposal.counts)
    }
    let proposal = try #require(found.fitting.first)
    #expect(proposal.supercell.matrix.determinant == index)
    let count = try #require(proposal.counts[0].counts[element("Li")])
    #expect(
      (proposal.largestDeviation - (Double(count) / Double(sites * index) - occupancy).magnitude)
        .magnitude < 1e-12)
  }

  @Test("of three occupancies that fill a site the last takes up what the others were rounded by")
  func complement() throws {
    let crystal = try row([("Li+", 0.33), ("Mg2+", 0.33), ("Al3+", 0.34)], sites: 1)
    #expect(indices(crystal).first == 3)
    // With a vacancy nothing takes it up.
    let open = try row([("Li+", 0.25), ("Mg2+", 0.25), ("Al3+", 0.26)], sites: 2)
    #expect(indices(open).first ?? 0 > 2)
  }

  @Test("proposals agree with trying every number", arguments: 0..<30 as Range<UInt64>)
  func againstTrial(seed: UInt64) throws {
    var stream = RandomStream(seed: seed, purpose: "DisorderCountTests")
    let sites = 1 + stream.integer(below: 8)
    let occupancy = 0.05 + (stream.uniform() * 900).rounded(.down) / 1000
    let tolerance = 0.001 + 0.01 * stream.uniform()
    let crystal = try row([("Li+", occupancy)], sites: sites)
    let expected = (1...64).filter { index in
      (0...(sites * index)).contains { n in
        (Double(n) / Double(sites * index) - occupancy).magnitude <= tolerance
      }
    }
    #expect(indices(crystal, tolerance) == Array(expected.prefix(5)))
    try expectLaws(crystal, cells: 1 + Int(seed % 5))
  }

  @Test("where nothing fits the closest is told")
  func closest() throws {
    let crystal = try row([("Li+", 0.123456)], sites: 1)
    let found = crystal.supercellProposals(maximumIndex: 20)
    #expect(found.fitting.isEmpty && !found.closest.fits)
    // Of all n/Z with Z up to 20, 2/16 = 1/8 is off by 0.001544, and 1/8 comes first.
    #expect(found.closest.index == 8)
    #expect((found.closest.largestDeviation - (0.125 - 0.123456)).magnitude < 1e-12)
  }

  @Test("numbers that do not fit are refused with the nearest and a supercell that fits")
  func refuse() throws {
    let crystal = try row([("Li+", 0.33)], sites: 4)
    let error = #expect(throws: InputErrors.self) {
      _ = try crystal.specification(chargePolicy: .background)
    }
    // 0.33 × 4 = 1.32; 1/4 and 2/4. Three cells along b make 16 Å × 15 Å × 6 Å.
    #expect(
      error?.problems.map(\.description) == [
        "occupancy: Li1: 0.33 × 4 = 1.320 is not whole within 0.005 per site; nearest are 1 (0.2500) "
          + "and 2 (0.5000)\nhint: the smallest supercell that fits is 1x3x1 (3 cells), or accept "
          + "the nearest numbers with --round"
      ])
    let rounded = try crystal.specification(rounding: .nearest, chargePolicy: .background)
    #expect(rounded.counts[0].counts == [element("Li"): 1, .vacancy: 3])
    let far = try row([("Li+", 0.123456)], sites: 1)
    let none = #expect(throws: InputErrors.self) {
      _ = try far.specification(chargePolicy: .background)
    }
    #expect(none?.description.contains("no supercell up to 64 cells fits") == true)
  }

  @Test("numbers of the user come first")
  func chosen() throws {
    let crystal = try row([("Li+", 0.33), ("Mg2+", 0.2)], sites: 4)
    let own = try crystal.specification(
      counts: [.init(label: "Li1/Mg1", counts: [element("Li"): 2, element("Mg"): 1])],
      chargePolicy: .background)
    #expect(own.counts[0].counts == [element("Li"): 2, element("Mg"): 1, .vacancy: 1])
    func message(_ label: String, _ counts: [Element: Int]) -> String? {
      do {
        _ = try crystal.specification(
          rounding: .nearest, counts: [.init(label: label, counts: counts)],
          chargePolicy: .background)
        return nil
      } catch {
        return error.description
      }
    }
    #expect(
      message("Li1", [:]) == "counts: Li1: there are no sites with the label Li1\n"
        + "hint: labels are Li1/Mg1")
    #expect(message("O1", [:])?.contains("filled by one element") == true)
    #expect(message("Li1/Mg1", [element("Zn"): 1])?.contains("Zn is counted but") == true)
    #expect(message("Li1/Mg1", [element("Li"): 1])?.contains("2 elements are not listed") == true)
    #expect(message("Li1/Mg1", [element("Li"): 5])?.contains("expected 0 to 4") == true)
  }

  @Test(
    "supercells are diagonal where that is compact",
    arguments: [
      (1, "1x1x1"), (2, "2x1x1"), (4, "2x2x1"), (8, "2x2x2"), (27, "3x3x3"), (12, "3x2x2"),
    ])
  func shapes(index: Int, expected: String) throws {
    let crystal = try DisorderedCrystal(
      disordered(
        [Atom("Li1", "Li+", 0, 0, 0, 1 / Double(index))], lattice: try Lattice.cubic(6)))
    let proposal = try #require(
      crystal.supercellProposals(limit: 64).fitting.first { $0.index == index })
    #expect(proposal.supercell.description == expected)
  }

  @Test("a prime index takes a compact cell that is not diagonal", arguments: [5, 7, 11, 13])
  func primes(index: Int) throws {
    let lattice = try Lattice.cubic(6)
    let crystal = try DisorderedCrystal(
      disordered([Atom("Li1", "Li+", 0, 0, 0, 1 / Double(index))], lattice: lattice))
    let proposal = try #require(crystal.supercellProposals().fitting.first)
    #expect(proposal.index == index && proposal.supercell.matrix.determinant == index)
    let cell = try proposal.supercell.lattice(of: lattice)
    let (lengths, spacings) = (cell.lengths, cell.planeSpacings)
    let elongation =
      max(lengths.x, lengths.y, lengths.z) / min(spacings.x, spacings.y, spacings.z)
    #expect(elongation < 2.2)
  }
}
