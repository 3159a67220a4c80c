import Arrangement
import CellgenTestSupport
import Crystal
import Testing

@Suite struct ChargeTests {
  private let manganese = element("Mn")

  /// Zn on 8a, Mn on 16d, Mg on 16c: Mg x Zn Mn2 O4.
  private func inserted(
    _ x: String, _ rule: ProblemSpecification.OxidationRule?
  ) throws -> ProblemSpecification {
    try spinel(["8a": "Zn", "16c": "Mg Va", "16d": "Mn"]) {
      $0.composition = try composition("Mg\(x)ZnMn2O4")
      if let rule { $0.oxidation = [manganese: rule] }
    }
  }

  @Test("the one redox element balances the charge, told or not")
  func auto() throws {
    for rule in [nil, ProblemSpecification.OxidationRule.auto] {
      let problem = try ArrangementProblem(inserted("0.25", rule))
      let row = try #require(problem.ledger.rows.first { $0.species.element == manganese })
      #expect(row.species.oxidationState == 2.75)
      #expect(row.count == 16 && row.origin == .balance)
      #expect(problem.ledger.totalCharge.magnitude < 1e-9)
      expectConsistent(problem)
    }
  }

  @Test("a whole state is taken as whole")
  func wholeState() throws {
    let problem = try ArrangementProblem(inserted("0.5", .integer))
    #expect(totals(problem)["Mn2.5+"] == nil)
    #expect(totals(problem)["Mn2+"] == 8 && totals(problem)["Mn3+"] == 8)
    let full = try ArrangementProblem(inserted("1", .integer))
    #expect(totals(full)["Mn2+"] == 16)
    #expect(full.ledger.notes.isEmpty)
    expectConsistent(full)
  }

  @Test("a mixed valence on fixed sites is split and arranged")
  func integerOnFixedSites() throws {
    let problem = try ArrangementProblem(inserted("0.25", .integer))
    #expect(totals(problem) == ["Mg2+": 2, "Zn2+": 8, "Mn2+": 4, "Mn3+": 12, "O2-": 32])
    #expect(Set(problem.activeLabels) == ["16c", "16d"])
    #expect(problem.pools.count == 2)
    #expect(
      problem.ledger.notes == ["Mn with average 2.7500 split into 4 Mn2+ and 12 Mn3+"])
    #expect(problem.species.map(\.description) == ["Mg2+", "Mn2+", "Mn3+", "Va"])
    expectConsistent(problem)
    // Mn sites exchange states, and nothing else sits on them.
    let pool = problem.pools[1]
    #expect(pool.counts == [0, 4, 12, 0])
    #expect(pool.sites.allSatisfy { problem.allowed[$0] == 0b0110 })
  }

  @Test("a mixed valence on variable sites is split over them")
  func integerOnVariableSites() throws {
    let problem = try ArrangementProblem(
      spinel(["8a": "Mg Mn", "16d": "Mg Mn"]) {
        $0.composition = try composition("Mg0.75Mn2.25O4")
        $0.oxidation = [manganese: .integer]
      })
    // 18 Mn carry 64 - 12 = 52: 2 Mn2+ and 16 Mn3+.
    #expect(totals(problem) == ["Mg2+": 6, "Mn2+": 2, "Mn3+": 16, "O2-": 32])
    #expect(problem.pools.count == 1)
    expectConsistent(problem)
  }

  @Test("split states in several sets of sites are shared out exactly, and that is said")
  func integerInSeveralPools() throws {
    let problem = try ArrangementProblem(
      spinel(["8a": "Mg Mn", "16c": "Va Mn", "16d": "Mn"]) {
        $0.count("8a", ["Mn": 3])
        $0.count("16c", ["Mn": 1])
        $0.oxidation = [manganese: .integer]
      })
    // 20 Mn carry 64 - 10 = 54: 6 Mn2+ and 14 Mn3+.
    #expect(totals(problem) == ["Mg2+": 5, "Mn2+": 6, "Mn3+": 14, "O2-": 32])
    #expect(problem.pools.count == 3)
    #expect(problem.ledger.notes.contains { $0.contains("shared out in proportion over 3 sets") })
    expectConsistent(problem)
  }

  @Test("a split that is not whole is an error")
  func integerDoesNotSplit() throws {
    let specification = try spinel(["8a": "Mg Va", "16d": "Mn"]) {
      $0.composition = try composition("Mg0.5Mn2O4")
      $0.oxidation = [manganese: .integer, element("Mg"): .fixed(1.55)]
    }
    #expect(
      problems(specification) == [
        "oxidation: Mn: 16 Mn with average state 3.6125 do not split into whole numbers of Mn3+ and "
          + "Mn4+\nhint: use auto, which gives all of them the average"
      ])
  }

  @Test("given states are taken as they are")
  func fixedStates() throws {
    let problem = try ArrangementProblem(inserted("0.25", .fixed(2.75)))
    let row = try #require(problem.ledger.rows.first { $0.species.element == manganese })
    #expect(row.origin == .given && row.species.oxidationState == 2.75)
    let zinc = try #require(problem.ledger.rows.first { $0.species.element == element("Zn") })
    #expect(zinc.origin == .usual && zinc.species.oxidationState == 2)
    expectConsistent(problem)
  }

  @Test("a net charge is an error, unless a background is accepted")
  func unbalanced() throws {
    var specification = try inserted("0.25", .fixed(3))
    #expect(
      problems(specification) == [
        "oxidation: the charges add up to 4.000 e, expected 0\n"
          + "hint: let Mn balance it: Mn: auto; or accept a compensating background with "
          + "--allow-charge"
      ])
    specification.chargePolicy = .background
    let problem = try ArrangementProblem(specification)
    #expect((problem.ledger.totalCharge - 4).magnitude < 1e-9)
    #expect(
      problem.ledger.warnings == [
        "the cell has a net charge of 4.000 e, compensated by a uniform background"
      ])
    expectConsistent(problem)
    // Nothing to balance with.
    let plain = try spinel(["8a": "Mg", "16d": "Al Va"]) {
      $0.composition = try composition("MgAl1.5O4")
    }
    #expect(
      problems(plain) == [
        "oxidation: the charges add up to -12.000 e, expected 0\n"
          + "hint: change the composition, or accept a compensating background with --allow-charge"
      ])
  }

  @Test("two redox elements: one has to be given")
  func twoRedoxElements() throws {
    var specification = try spinel(["8a": "Zn", "16d": "Mn Fe"]) {
      $0.composition = try composition("ZnMnFeO4")
    }
    #expect(
      problems(specification) == [
        "oxidation: Mn, Fe have several oxidation states each\n"
          + "hint: give all but one of them, and leave that one auto"
      ])
    specification.oxidation = [manganese: .auto, element("Fe"): .integer]
    #expect(
      problems(specification) == [
        "oxidation: Mn and Fe are both to balance the charge\n"
          + "hint: give a number for all but one"
      ])
    specification.oxidation = [element("Fe"): .fixed(3)]
    let problem = try ArrangementProblem(specification)
    #expect(totals(problem)["Mn3+"] == 8 && totals(problem)["Fe3+"] == 8)
    expectConsistent(problem)
  }

  @Test("auto for an element with several states does not leave another without")
  func missingState() throws {
    let specification = try spinel(["8a": "Zn", "16d": "Mn Fe"]) {
      $0.composition = try composition("ZnMnFeO4")
      $0.oxidation = [manganese: .auto]
    }
    #expect(problems(specification).count == 1)
    #expect(
      problems(specification)[0].hasPrefix("oxidation: no oxidation state for Fe\nhint: add Fe"))
  }

  @Test("an element that may occur but does not has no part in the balance")
  func absentElement() throws {
    let problem = try ArrangementProblem(
      spinel(["8a": "Zn Mn", "16d": "Al Mn"]) {
        $0.count("8a", ["Mn": 0])
        $0.count("16d", ["Mn": 0])
        $0.oxidation = [manganese: .auto]
      })
    #expect(totals(problem) == ["Zn2+": 8, "Al3+": 16, "O2-": 32])
    #expect(problem.ledger.rows.allSatisfy { $0.species.element != manganese })
    expectConsistent(problem)
    // Balanced by the other one, although auto stands with the absent element.
    let other = try ArrangementProblem(
      spinel(["8a": "Zn Mn", "16d": "Fe"]) {
        $0.count("8a", ["Mn": 0])
        $0.oxidation = [manganese: .auto]
      })
    #expect(totals(other)["Fe3+"] == 16)
  }

  @Test("states outside the usual ones are a warning, absurd ones an error")
  func unusualStates() throws {
    let problem = try ArrangementProblem(
      spinel(["8a": "Va", "16d": "Mn Va"]) { $0.composition = try composition("Mn1O4") })
    #expect(totals(problem)["Mn8+"] == 8)
    #expect(
      problem.ledger.warnings == [
        "Mn takes the oxidation state 8.000 to balance the charge, outside its usual 2 to 7"
      ])
    let absurd = try spinel(["8a": "Va", "16d": "Mn Va"]) {
      $0.composition = try composition("Mn0.5O4")
    }
    #expect(
      problems(absurd) == [
        "oxidation: Mn: Mn would need the oxidation state 16.000 to balance the charge\n"
          + "hint: check the composition and the other oxidation states"
      ])
  }

  @Test("oxidation states of what is not there, of vacancies, and absurd ones")
  func oxidationKeys() throws {
    let specification = try spinel(["8a": "Mg Va", "16d": "Mn"]) {
      $0.composition = try composition("MgMn2O4")
      $0.oxidation = [
        element("Co"): .auto, .vacancy: .fixed(1), element("Mg"): .fixed(.infinity),
        manganese: .fixed(.nan),
      ]
    }
    #expect(
      problems(specification) == [
        "oxidation: Va: a vacancy has no charge\nhint: remove the entry",
        "oxidation: Mg: oxidation state inf of Mg, expected a number from -9 to 9",
        "oxidation: Mn: oxidation state nan of Mn, expected a number from -9 to 9",
        "oxidation: Co: Co does not occur in the problem\nhint: its elements are O, Mg, Mn",
      ])
  }
}

@Suite struct RandomSpecificationTests {
  @Test("random spinels are counted exactly", arguments: 0..<40 as Range<UInt64>)
  func randomSpinels(seed: UInt64) throws {
    var stream = RandomStream(seed: seed, purpose: "RandomSpecificationTests")
    let size = ["1x1x1", "1x1x2", "1 1 0  -1 1 0  0 0 1"][stream.integer(below: 3)]
    let rule: ProblemSpecification.OxidationRule = stream.integer(below: 2) == 0 ? .auto : .integer
    let specification = try spinel(supercell: size) { specification in
      let cells = specification.supercell.cellCount
      let units = 8 * cells
      // Enough Mn for states between 2 and 7.
      let manganese = units + stream.integer(below: units)
      let zinc = stream.integer(below: units)
      let magnesium = stream.integer(below: max(1, 4 * units - zinc - manganese - units))
      specification.composition = Composition(counts: [
        element("Mg"): magnesium, element("Zn"): zinc, element("Mn"): manganese,
        .oxygen: 4 * units,
      ])
      specification.formulaUnits = 1
      specification.oxidation = [element("Mn"): rule]
    }
    let problem = try ArrangementProblem(specification)
    expectConsistent(problem, seed: seed)
    #expect(problem.composition.amounts.count == specification.composition?.amounts.count)
    for entry in problem.composition.amounts {
      #expect(specification.composition?[entry.element] == entry.amount)
    }
    if rule == .integer {
      #expect(
        problem.ledger.rows.allSatisfy { row in
          row.species.oxidationState.map { $0 == $0.rounded(.toNearestOrEven) } ?? false
        })
    }
  }
}
