import Arrangement
import CellgenTestSupport
import Crystal
import Testing

@Suite struct DisorderChargeTests {
  @Test("a charge left by rounding is refused with neutral numbers nearby")
  func charge() throws {
    // 0.55 × 6 = 3.3 → 3 Li and 3 Al balance 6 O2−; before rounding 0.55 + 1.35 − 2 = −0.1 a site.
    let crystal = try row([("Li+", 0.55), ("Al3+", 0.45)], sites: 6)
    #expect(try crystal.specification(rounding: .nearest).oxidation.count == 3)
    let larger = #expect(throws: InputErrors.self) {
      _ = try crystal.specification(supercell: try supercell("1x2x1"), rounding: .nearest)
    }
    // 6.6 → 7 Li and 5.4 → 5 Al: 7 + 15 − 24 = −2; 12 × (−0.1) = −1.2 before.
    #expect(
      larger?.problems.map(\.description) == [
        "oxidation: the charges add up to -2.000 e, expected 0; the occupancies before rounding "
          + "carry -1.200 e\nhint: nearby counts that are neutral: Li1/Al1: {Li 6, Al 6}; accept a "
          + "compensating background with --allow-charge"
      ])
    let background = try crystal.specification(
      supercell: try supercell("1x2x1"), rounding: .nearest, chargePolicy: .background)
    #expect(background.notes.contains { $0.hasPrefix("the charges add up to -2.000 e") })
    #expect(crystal.supercellProposals(tolerance: 0.05).fitting[0].netCharge == 0)
    let problem = try ArrangementProblem(crystal.specification(rounding: .nearest))
    #expect(problem.ledger.rows.allSatisfy { $0.origin == .given })
  }

  @Test("states that disagree balance the charge as whole states where they can")
  func mixedValence() throws {
    // Mn3+ and Mn4+ on every site, Li+ on half of four: 8 O2− carry 16, Li 2, so 4 Mn carry 14.
    var atoms: [Atom] = []
    for site in 0..<4 {
      let x = Double(site) / 4
      atoms.append(Atom("Li1", "Li+", x, 0, 0, 0.5))
      atoms.append(Atom("Mn1", "Mn3+", x, 0.5, 0, 0.5))
      atoms.append(Atom("Mn2", "Mn4+", x, 0.5, 0, 0.5))
      atoms.append(Atom("O1", "O2-", x, 0, 0.5, 1))
      atoms.append(Atom("O2", "O2-", x, 0.5, 0.5, 1))
    }
    let lattice = try Lattice(a: SIMD3(16, 0, 0), b: SIMD3(0, 5, 0), c: SIMD3(0, 0, 6))
    let crystal = try DisorderedCrystal(disordered(atoms, lattice: lattice))
    let specification = try crystal.specification()
    #expect(specification.oxidation[element("Mn")] == .integer)
    #expect(specification.oxidation[element("Li")] == .fixed(1))
    let problem = try ArrangementProblem(specification)
    #expect(totals(problem) == ["Li+": 2, "Mn3+": 2, "Mn4+": 2, "O2-": 8])
    #expect(problem.ledger.notes.contains { $0.hasPrefix("Mn has several oxidation numbers") })
    expectConsistent(problem)
    // A rule of the user comes before.
    let own = try crystal.specification(oxidation: [element("Mn"): .auto])
    #expect(own.oxidation[element("Mn")] == .auto)
  }

  @Test("states that are no neighbours give an average, which is said")
  func distantStates() throws {
    // Sb3+ and Sb5+ in equal numbers are 4 on average, and no Sb4+ is in the structure.
    let crystal = try row([("Sb3+", 0.5), ("Sb5+", 0.5)], sites: 2, anion: "O2-")
    let error = #expect(throws: InputErrors.self) { _ = try crystal.specification() }
    // Two O2− for two Sb would need Sb2+, which is not between them.
    #expect(error?.description.contains("the charges add up to 4.000 e") == true)
    let lattice = try Lattice(a: SIMD3(16, 0, 0), b: SIMD3(0, 9, 0), c: SIMD3(0, 0, 6))
    var atoms: [Atom] = []
    for n in 0..<2 {
      atoms.append(Atom("Sb1", "Sb3+", Double(n) / 2, 0, 0, 0.5))
      atoms.append(Atom("Sb2", "Sb5+", Double(n) / 2, 0, 0, 0.5))
    }
    for n in 0..<4 { atoms.append(Atom("O1", "O2-", Double(n) / 4, 0.4, 0.5, 1)) }
    let balanced = try DisorderedCrystal(disordered(atoms, lattice: lattice)).specification()
    #expect(balanced.oxidation[element("Sb")] == .auto)
    #expect(balanced.notes.count == 1 && balanced.notes[0].contains("4.0000 on average"))
  }

  @Test("states that cannot balance are averaged, and the charge is refused")
  func impossibleValence() throws {
    // Sb3+ and Sb5+ with F−: one Sb per F cannot be neutral.
    let crystal = try row([("Sb3+", 0.5), ("Sb5+", 0.5)], sites: 2, anion: "F-")
    let error = #expect(throws: InputErrors.self) { _ = try crystal.specification() }
    #expect(error?.description.contains("the charges add up to 6.000 e") == true)
    let zero = try row([("Li0+", 0.5)], sites: 2, anion: "O0+")
    #expect(zero.oxidationNumbers.isEmpty)
    #expect(zero.warnings.contains { $0.contains("all oxidation numbers") })
  }

  @Test("two exchanges are tried where one is not enough, nearest occupancies first")
  func twoExchanges() throws {
    // 4 Li+ of 4 sites, Al3+ and Mg2+ on 2: 9 e, and 6 F−. Of −3 e, an exchange of Li for a vacancy
    // makes −1 or −2 and one of Al for Mg −1. Off by 2 × 0.65 + 2 × 0.1, and 2 × 0.4 + 2 × 0.6.
    var atoms: [Atom] = []
    for n in 0..<4 { atoms.append(Atom("Li1", "Li+", Double(n) / 4, 0, 0, 0.9)) }
    for n in 0..<2 {
      atoms.append(Atom("Mg1", "Mg2+", Double(n) / 2, 0.5, 0, 0.4))
      atoms.append(Atom("Al1", "Al3+", Double(n) / 2, 0.5, 0, 0.6))
    }
    for n in 0..<6 { atoms.append(Atom("F1", "F-", Double(n) / 6, 0.3, 0.5, 1)) }
    let lattice = try Lattice(a: SIMD3(24, 0, 0), b: SIMD3(0, 9, 0), c: SIMD3(0, 0, 6))
    let crystal = try DisorderedCrystal(disordered(atoms, lattice: lattice))
    let error = #expect(throws: InputErrors.self) {
      _ = try crystal.specification(rounding: .nearest)
    }
    #expect(
      error?.description.contains(
        "the charges add up to 3.000 e, expected 0; the occupancies before rounding carry 2.800 e")
        == true)
    #expect(
      error?.description.contains(
        "nearby counts that are neutral: Li1: {Li 1, Va 3}; or Li1: {Li 2, Va 2}, Mg1/Al1: "
          + "{Mg 2, Al 0}") == true)
    // They are accepted as counts, and neutral.
    let problem = try ArrangementProblem(
      crystal.specification(
        rounding: .nearest,
        counts: [
          .init(label: "Li1", counts: [element("Li"): 2]),
          .init(label: "Mg1/Al1", counts: [element("Mg"): 2]),
        ]))
    #expect(problem.ledger.totalCharge == 0)
  }

  @Test("of two elements with several states the commoner balances, the other takes its mean")
  func twoMixedValences() throws {
    // Fe 2+/3+ on 2 sites, mean 2.5; Mn 3+/4+ on 4 sites; 10 O2− carry 20, Fe 5, so Mn 15/4 = 3.75.
    var atoms: [Atom] = []
    for n in 0..<2 {
      atoms.append(Atom("Fe1", "Fe2+", Double(n) / 2, 0, 0, 0.5))
      atoms.append(Atom("Fe2", "Fe3+", Double(n) / 2, 0, 0, 0.5))
    }
    for n in 0..<4 {
      atoms.append(Atom("Mn1", "Mn3+", Double(n) / 4, 0.5, 0, 0.25))
      atoms.append(Atom("Mn2", "Mn4+", Double(n) / 4, 0.5, 0, 0.75))
    }
    for n in 0..<10 { atoms.append(Atom("O1", "O2-", Double(n) / 10, 0.3, 0.5, 1)) }
    let lattice = try Lattice(a: SIMD3(30, 0, 0), b: SIMD3(0, 9, 0), c: SIMD3(0, 0, 6))
    let crystal = try DisorderedCrystal(disordered(atoms, lattice: lattice))
    let specification = try crystal.specification()
    #expect(specification.oxidation[element("Fe")] == .fixed(2.5))
    #expect(specification.oxidation[element("Mn")] == .integer)
    #expect(specification.notes.count == 2)
    let problem = try ArrangementProblem(specification)
    #expect(totals(problem) == ["Fe2.5+": 2, "Mn3+": 1, "Mn4+": 3, "O2-": 10])
  }
}
