import Arrangement
import CellgenTestSupport
import Crystal
import Testing

@Suite struct CountTests {
  @Test(
    "compositions of Mg in ZnMnO3 on the 3x3x3 spinel",
    arguments: [0, 48, 72, 96, 144, 196, 244, 288])
  func insertion(count: Int) throws {
    let amount = try Rational(count, 288)
    let formula = count == 0 ? "ZnMnO3" : "Mg\(amount)ZnMnO3"
    let problem = try ArrangementProblem(
      spinel(supercell: "3x3x3") { $0.composition = try composition(formula) })
    #expect(problem.formulaUnits == 288)
    let elements = problem.composition
    #expect(elements[element("Mg")] == Rational(count))
    #expect(elements[element("Zn")] == Rational(288))
    #expect(elements[element("Mn")] == Rational(288))
    #expect(elements[.oxygen] == Rational(864))
    #expect(problem.atomCount == 1440 + count)
    #expect(problem.activeSites.count == 27 * 40)
    // Charge balance: from Mn4+ without Mg to Mn2+ with one Mg each.
    let manganese = try #require(problem.species.first { $0.element == element("Mn") })
    let state = try #require(manganese.oxidationState)
    #expect((state - (4 - 2 * amount.doubleValue)).magnitude < 1e-12)
    #expect(problem.ledger.totalCharge.magnitude < 1e-9)
    let row = try #require(problem.ledger.rows.first { $0.species == manganese })
    #expect(row.count == 288 && row.origin == .balance)
    #expect(problem.ledger.warnings.isEmpty)
    expectConsistent(problem)
  }

  @Test("numbers for each label")
  func perLabel() throws {
    let problem = try ArrangementProblem(
      spinel(["8a": "Mg Zn", "16d": "Mn Mg Va"]) {
        $0.count("8a", ["Zn": 3])
        $0.count("16d", ["Mn": 12, "Mg": 3])
        $0.oxidation = [element("Mn"): .auto]
        $0.chargePolicy = .background
      })
    #expect(problem.formulaUnits == nil)
    #expect(problem.pools.count == 2)
    #expect(problem.composition[element("Mg")] == Rational(8))
    #expect(problem.composition[element("Zn")] == Rational(3))
    let vacancies = problem.pools[1].counts[try #require(problem.species.firstIndex(of: .vacancy))]
    #expect(vacancies == 1)
    expectConsistent(problem)
  }

  @Test("what is neither fixed nor counted follows from the composition")
  func mixture() throws {
    // 32 O: eight formula units Mg2Mn2O4 hold 16 Mg, of which 8a takes 6.
    let problem = try ArrangementProblem(
      spinel(["8a": "Mg Va", "16c": "Mg Va", "16d": "Mn"]) {
        $0.composition = try composition("Mg2Mn2O4")
        $0.count("8a", ["Mg": 6])
      })
    #expect(problem.formulaUnits == 8)
    let magnesium = try #require(problem.species.firstIndex { $0.element == element("Mg") })
    #expect(problem.pools.map { $0.counts[magnesium] } == [6, 10])
    expectConsistent(problem)
  }

  @Test("all labels counted, and a composition that agrees")
  func countedAndComposition() throws {
    let specification = try spinel(["8a": "Mg Zn", "16d": "Mn"]) {
      $0.composition = try composition("Mg0.5Zn0.5Mn2O4")
      $0.count("8a", ["Mg": 4])
    }
    expectConsistent(try ArrangementProblem(specification))
    var other = specification
    other.composition = try composition("Mg0.25Zn0.75Mn2O4")
    #expect(
      problems(other) == [
        "composition: Mg0.25Zn0.75Mn2O4 has 2 Mg in this cell, but 4 are already on fixed or "
          + "counted sites"
      ])
    other.composition = try composition("MgZnMn2O4")
    #expect(
      problems(other) == [
        "composition: no site is left for 4 Mg of MgZnMn2O4\n"
          + "hint: allow Mg on some label, or change the composition"
      ])
    // Counts must not bring in what the composition lacks.
    other.composition = try composition("ZnMn2O4")
    #expect(
      problems(other) == [
        "composition: the cell has 4 Mg on fixed or counted sites, which ZnMn2O4 lacks"
      ])
  }

  @Test("sites may stay empty only where vacancies are allowed")
  func vacancies() throws {
    let open = try spinel(["8a": "Mg Va", "16d": "Mn"]) {
      $0.composition = try composition("Mg0.5Mn2O4")
    }
    let problem = try ArrangementProblem(open)
    #expect(problem.species == [Species(element("Mg"), oxidationState: 2), .vacancy])
    #expect(problem.pools[0].counts == [4, 4])
    #expect(problem.atomCount == 52)
    expectConsistent(problem)
    let closed = try spinel(["8a": "Mg Zn", "16d": "Mn"]) {
      $0.composition = try composition("Mg0.5Mn2O4")
    }
    #expect(
      problems(closed) == [
        "composition: Mg0.5Mn2O4 fills 4 of 8 sites, and none may be empty\n"
          + "hint: add Va to the allowed species of a label"
      ])
  }

  @Test("an amount that does not fit names the nearest ones that do")
  func refuse() throws {
    let specification = try spinel { $0.composition = try composition("Mg0.3Zn1.5Mn1.5O4") }
    #expect(
      problems(specification) == [
        "composition: Mg0.3Zn1.5Mn1.5O4 does not fit 8 formula units: 2.40 Mg; nearest are "
          + "2 (Mg1/4 = 0.2500) and 3 (Mg3/8 = 0.3750)\n"
          + "hint: write the amount as a fraction of 8, or accept the nearest with --round"
      ])
    let two = try spinel { $0.composition = try composition("Mg0.3Zn1.4Mn1.5O4") }
    #expect(problems(two).count == 1)
    #expect(problems(two)[0].contains("2.40 Mg; nearest are 2"))
    #expect(problems(two)[0].contains("11.20 Zn; nearest are 11 (Zn11/8 = 1.3750) and 12"))
  }

  @Test("rounding takes the nearest and says so")
  func nearest() throws {
    let problem = try ArrangementProblem(
      spinel {
        $0.composition = try composition("Mg0.3Zn1.4Mn1.5O4")
        $0.rounding = .nearest
      })
    #expect(problem.composition[element("Mg")] == Rational(2))
    #expect(problem.composition[element("Zn")] == Rational(11))
    #expect(
      problem.ledger.notes == [
        "Mg: 2.400 rounded to 2, a shift of -0.05000 per formula unit",
        "Zn: 11.200 rounded to 11, a shift of -0.02500 per formula unit",
      ])
    expectConsistent(problem)
    // Nothing is rounded, and nothing said, where everything fits.
    let exact = try ArrangementProblem(
      spinel {
        $0.composition = try composition("Mg0.25Zn1.5Mn1.5O4")
        $0.rounding = .nearest
      })
    #expect(exact.ledger.notes.isEmpty)
  }

  @Test("formula units must be whole and the same for all fixed elements")
  func formulaUnits() throws {
    let fraction = try spinel { $0.composition = try composition("Mg0.5ZnMnO3") }
    #expect(
      problems(fraction) == [
        "composition: the 32 O of the cell are 32/3 formula units of Mg0.5ZnMnO3, expected a "
          + "whole number"
      ])
    let contradiction = try spinel(["8a": "Mg Va", "16d": "Mn"]) {
      $0.composition = try composition("MgMnO4")
    }
    #expect(
      problems(contradiction) == [
        "composition: MgMnO4 does not fit the fixed sites: 8 formula units by O, 16 by Mn"
      ])
    let foreign = try spinel(["8a": "Mg Va", "16d": "Mn"]) {
      $0.composition = try composition("MgO4")
    }
    #expect(problems(foreign) == ["composition: the cell has 16 Mn, which MgO4 lacks"])
    let given = try spinel { specification in
      specification.composition = try composition("Mg0.25Zn1.5Mn1.5O4")
      specification.formulaUnits = 8
    }
    expectConsistent(try ArrangementProblem(given))
    var wrong = given
    wrong.formulaUnits = 7
    #expect(
      problems(wrong) == [
        "composition: Mg0.25Zn1.5Mn1.5O4 has 28 O in this cell, but 32 are already on fixed or "
          + "counted sites"
      ])
    for units in [0, -8, Int.min] {
      wrong.formulaUnits = units
      #expect(problems(wrong) == ["formula_units: \(units) formula units, expected at least 1"])
    }
  }

  @Test("where every site is variable, formula units have to be given")
  func everythingVariable() throws {
    var specification = try spinel(
      ["8a": "Mg Va", "16c": "Mg Va", "16d": "Mn Va", "32e": "O Va"]
    ) { $0.composition = try composition("MgMn2O4") }
    #expect(
      problems(specification) == [
        "composition: no fixed element says how many formula units MgMn2O4 the cell holds\n"
          + "hint: add formula_units, or give counts for each label"
      ])
    specification.formulaUnits = 7
    let problem = try ArrangementProblem(specification)
    #expect(problem.composition[.oxygen] == Rational(28))
    #expect(problem.pools.count == 1)
    expectConsistent(problem)
  }

  @Test("counts that no sublattice can hold")
  func infeasibleCounts() throws {
    func problem(_ counts: [String: Int]) throws -> [String] {
      problems(try spinel(["8a": "Mg Zn Va", "16d": "Mn"]) { $0.count("8a", counts) })
    }
    #expect(try problem(["Mg": 9]) == ["counts: 8a: 9 Mg do not fit on 8 sites"])
    #expect(
      try problem(["Mg": 5, "Zn": 4])
        == ["counts: 8a: the numbers add up to 9, but there are only 8 sites"])
    #expect(
      try problem(["Mg": -1])
        == ["counts: 8a: -1 Mg, expected a number that is not negative"])
    #expect(
      try problem(["Mg": 3])
        == [
          "counts: 8a: 5 of 8 sites are left for Zn or Va\n"
            + "hint: give numbers for all but one of the allowed species"
        ])
    #expect(
      try problem(["Mg": 3, "Zn": 3, "Va": 1])
        == [
          "counts: 8a: the numbers add up to 7, but there are 8 sites"
        ])
    #expect(
      try problem(["Fe": 3])
        == ["counts: 8a: Fe is counted but not allowed there\nhint: allowed are Mg, Zn, Va"])
    #expect(try problem(["Mg": .max, "Zn": .max]).count == 1)
    // Exactly full: what is not listed does not occur.
    expectConsistent(
      try ArrangementProblem(
        spinel(["8a": "Mg Zn Va", "16d": "Mn"]) { $0.count("8a", ["Mg": 8]) }))
  }

  @Test("too much for the cell")
  func tooMuch() throws {
    let crowded = try spinel(["8a": "Mg Zn", "16d": "Mn"]) {
      $0.composition = try composition("Mg0.5ZnMn2O4")
    }
    #expect(
      problems(crowded) == [
        "composition: Mg0.5ZnMn2O4 puts 12 atoms on 8 sites\n"
          + "hint: allow more sites, or less of the species"
      ])
    let absurd = try spinel(["8a": "Mg Zn", "16d": "Mn"]) {
      $0.composition = try composition("Mg1000000000000000000Zn1000000000000000000Mn2O4")
    }
    #expect(problems(absurd).count == 1)
    let overlong = try spinel(["8a": "Mg Zn", "16d": "Mn"]) {
      $0.composition = try composition("Mg9000000000000000000Mn2O4")
    }
    #expect(
      problems(overlong) == [
        "composition: the amount of Mg in Mg9000000000000000000Mn2O4 has too many digits"
      ])
  }

  @Test("labels that do not exist, are fixed, or are given twice")
  func labels() throws {
    let specification = try spinel(["8a": "Mg Va", "16d": "Mn"]) {
      $0.count("8A", ["Mg": 4])
      $0.count("16d", ["Mn": 16])
      $0.count("tetrahedral", ["Mg": 4])
      $0.count("8a", ["Mg": 4])
      $0.count("8a", ["Mg": 3])
    }
    #expect(
      problems(specification) == [
        "counts: 8A: there are no sites with the label 8A\nhint: did you mean 8a?",
        "counts: 16d: all sites of 16d are fixed: nothing to count\n"
          + "hint: allow more than one species on them",
        "counts: tetrahedral: there are no sites with the label tetrahedral\n"
          + "hint: labels are 8a, 16c, 16d, 32e",
        "counts: 8a: there are two entries for 8a\n"
          + "hint: write all species of a label into one",
      ])
  }

  @Test("a sublattice without species is reported once")
  func emptySublattice() throws {
    let specification = try spinel(["8a": "", "16d": "Mn"]) {
      $0.composition = try composition("Mn2O4")
    }
    #expect(
      problems(specification).filter { $0.contains("nothing may occupy") } == [
        "sites: 8a: nothing may occupy 8a\n"
          + "hint: list species in allowed, with Va for a site that may be empty"
      ])
  }

  @Test("neither composition nor counts")
  func nothingGiven() throws {
    #expect(
      problems(try spinel { _ in }) == [
        "composition: nothing says how many of each species sit on 8a, 16c, 16d\n"
          + "hint: give a composition such as Mg0.5ZnMnO3, or counts for each label"
      ])
  }

  @Test("everything that is wrong is reported at once")
  func allProblems() throws {
    let specification = try spinel(["8a": "Mg Va", "16c": "", "16d": "Mn Zn"]) {
      $0.count("8a", ["Mg": 9])
      $0.count("16e", ["Mn": 4])
      $0.composition = try composition("MgFeO4")
      $0.oxidation = [element("Co"): .fixed(3), element("Mg"): .fixed(20)]
    }
    let found = problems(specification)
    for place in ["sites: 16c", "counts: 8a", "counts: 16e", "composition", "oxidation: Co"] {
      #expect(found.contains { $0.hasPrefix(place) }, "\(place)")
    }
    #expect(
      found.contains("oxidation: Mg: oxidation state 20.0 of Mg, expected a number from -9 to 9"))
  }

  @Test("species named twice for a site are one species")
  func repeatedSpecies() throws {
    let problem = try ArrangementProblem(
      spinel(["8a": "Mg Mg", "16d": "Mn Mn"]) { _ in })
    #expect(problem.activeSites.isEmpty)
    expectConsistent(problem)
  }

  @Test("sites without labels")
  func noLabels() throws {
    var specification = try spinel(["8a": "Mg Va", "16d": "Mn"]) {
      $0.composition = try composition("Mg0.5Mn2O4")
    }
    specification.parent.labels = nil
    let problem = try ArrangementProblem(specification)
    #expect(Set(problem.activeLabels) == ["site"])
    expectConsistent(problem)
  }
}

@Suite struct RestrictedSiteTests {
  @Test(
    "species go where they are allowed, if need be by moving others",
    arguments: 0..<10 as Range<UInt64>)
  func chains(seed: UInt64) throws {
    // Zn fits on 8a alone and Mn on 16d alone; Mg takes what is left: 8a is full of Zn.
    let problem = try ArrangementProblem(
      spinel(["8a": "Mg Zn", "16c": "Mg Va", "16d": "Mg Mn"]) {
        $0.composition = try composition("Mg1ZnMn2O4")
        $0.oxidation = [element("Mn"): .fixed(2)]
      })
    expectConsistent(problem, seed: seed)
    // A chain over three kinds of sites: Va only on 16c, which Zn must leave for 8a.
    let chain = try ArrangementProblem(
      spinel(["8a": "Mg Zn", "16c": "Zn Va", "16d": "Mg Mn"]) {
        $0.composition = try composition("Mg1ZnMn2O4")
        $0.oxidation = [element("Mn"): .fixed(2)]
      })
    expectConsistent(chain, seed: seed)
  }

  @Test("a species on a site that does not allow it is not valid, although the numbers are right")
  func notAllowed() throws {
    let problem = try ArrangementProblem(
      spinel(["8a": "Zn Va", "16c": "Mg Va", "16d": "Mn"]) {
        $0.composition = try composition("Mg0.5Zn0.5Mn2O4")
      })
    var stream = RandomStream(seed: 1, purpose: "RestrictedSiteTests.notAllowed")
    var arrangement = problem.randomArrangement(using: &stream)
    let site = { (name: String) in
      arrangement.firstIndex { problem.species[Int($0)].element == element(name) }
    }
    let (zinc, magnesium) = (try #require(site("Zn")), try #require(site("Mg")))
    #expect(problem.isValid(arrangement))
    arrangement.swapAt(zinc, magnesium)
    #expect(!problem.isValid(arrangement))
    // Nor is a species that does not exist.
    arrangement.swapAt(zinc, magnesium)
    arrangement[zinc] = UInt8(problem.species.count)
    #expect(!problem.isValid(arrangement))
  }

  @Test("numbers that fit the cell but not the sites that allow them")
  func infeasible() throws {
    let specification = try spinel(["8a": "Mg Zn", "16c": "Mg Va", "16d": "Mg Mn"]) {
      $0.composition = try composition("Zn1.5Mn1.5O4")
      $0.oxidation = [element("Mn"): .auto]
    }
    #expect(
      problems(specification) == [
        "12 Zn2+, but only the 8 sites of 8a allow it\n"
          + "hint: allow Zn on more sites, or change the numbers"
      ])
    // Each has sites enough, but not both together.
    let both = try spinel(["8a": "Mg Zn Va", "16c": "Al Va", "16d": "Mn"]) {
      $0.composition = try composition("Mg0.75Zn0.75Mn2O4")
    }
    #expect(
      problems(both) == [
        "6 Mg2+, 6 Zn2+, 12 Va cannot be placed on the sites of 8a, 16c that allow them\n"
          + "hint: allow more species on some label, or change the numbers"
      ])
  }

  @Test(
    "random numbers that were taken from an arrangement always find a place again",
    arguments: 0..<60 as Range<UInt64>)
  func feasibleByConstruction(seed: UInt64) throws {
    var stream = RandomStream(seed: seed, purpose: "RestrictedSiteTests")
    let names = ["Mg", "Zn", "Al", "Li", "Va"]
    let count = 4 + stream.integer(below: 8)
    let positions = (0..<count).map { _ in
      Fractional(stream.uniform(), 3 * stream.uniform(), stream.uniform() - 2)
    }
    let allowed = (0..<count).map { _ in
      let mask = 1 + stream.integer(below: 31)
      return names.indices.filter { mask >> $0 & 1 == 1 }.map { element(names[$0]) }
    }
    // One arrangement decides the numbers, so that they can be placed, but perhaps in few ways.
    let cells = 1 + stream.integer(below: 3)
    var composition: [Element: Int] = [.oxygen: cells]
    for list in allowed {
      for _ in 0..<cells {
        composition[list[stream.integer(below: list.count)], default: 0] += 1
      }
    }
    let specification = ProblemSpecification(
      parent: Structure(
        lattice: skewedLattice, species: Array(repeating: .vacancy, count: count + 1),
        positions: positions + [Fractional(0.5, 0.5, 0.5)]),
      allowed: allowed + [[.oxygen]], supercell: try supercell("1x1x\(cells)"),
      composition: Composition(counts: composition), formulaUnits: 1, chargePolicy: .background)
    let problem = try ArrangementProblem(specification)
    for seed: UInt64 in 0..<3 { expectConsistent(problem, seed: seed) }
  }
}
