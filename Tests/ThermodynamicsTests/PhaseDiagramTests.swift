import CellgenTestSupport
import Crystal
import Foundation
import Testing

@testable import Thermodynamics

@Suite struct PhaseDiagramTests {
  // Exact rational arithmetic over all simplices; see the source in the file.
  @Test(arguments: ["binary", "ternary", "oxides"])
  func exactHullsAreReproduced(name: String) throws {
    let all = try HullCases.read()
    let item = ["binary": all.binary, "ternary": all.ternary, "oxides": all.oxides][name]
    let hull = try #require(item)
    // Letters stand for any element.
    let stands = ["A": "Mg", "B": "Zn", "C": "Mn"]
    let entries = try hull.entries.enumerated().map { index, entry in
      let formula = entry.composition.sorted { $0.key < $1.key }
        .map { "\(stands[$0.key] ?? $0.key)\($0.value)" }.joined()
      return EnergyEntry(
        id: "\(index)", formula: try Composition(parsing: formula), energy: entry.energyTotal)
    }
    let diagram = try PhaseDiagram(entries)
    for (phase, expected) in zip(diagram.phases, hull.entries) {
      #expect(abs(phase.formationEnergyPerAtom - expected.formationEnergy) < 1e-9)
      #expect(abs(phase.energyAboveHullPerAtom - expected.energyAboveHull) < 1e-9)
      let products = phase.decomposition.sorted { $0.phase < $1.phase }
      #expect(products.map(\.phase) == expected.decomposition.map(\.index), "\(phase.entry.id)")
      for (product, share) in zip(products, expected.decomposition) {
        #expect(abs(product.fraction - share.fraction) < 1e-9)
      }
    }
    #expect(diagram.stable == hull.stable)
    #expect(diagram.outside.isEmpty)
  }

  @Test("energies above the hull equal those of all simplices", arguments: 0..<12 as Range<UInt64>)
  func bruteForceTwin(seed: UInt64) throws {
    var random = RandomStream(seed: seed, purpose: "hull twin")
    let components = 2 + Int(seed % 3)
    let entries = try randomEntries(14, components: components, random: &random)
    let diagram = try PhaseDiagram(entries)
    for phase in diagram.phases {
      let expected = bruteForceHull(diagram.phases, at: phase.shares)
      #expect(abs(phase.formationEnergyPerAtom - expected - phase.energyAboveHullPerAtom) < 1e-9)
    }
  }

  @Test(
    "a term linear in composition, another order and other cells change nothing",
    arguments: 0..<8 as Range<UInt64>)
  func invariance(seed: UInt64) throws {
    var random = RandomStream(seed: seed, purpose: "hull laws")
    let entries = try randomEntries(60, components: 2 + Int(seed % 4), random: &random)
    let diagram = try PhaseDiagram(entries)
    let aboveHull = Dictionary(
      uniqueKeysWithValues: diagram.phases.map { ($0.entry.id, $0.energyAboveHullPerAtom) })
    let stable = Set(diagram.stable.map { diagram.phases[$0].entry.id })

    var changed = try entries.map { entry in
      let shift = entry.formula.amounts.reduce(0.0) {
        $0 + Double($1.element.atomicNumber % 7 - 3) * $1.amount.doubleValue
      }
      let factor = 1 + random.integer(below: 4)
      return EnergyEntry(
        id: entry.id, formula: try entry.formula.multiplied(by: Rational(factor)),
        energy: Double(factor) * (entry.energy + shift))
    }
    random.shuffle(&changed)
    let other = try PhaseDiagram(changed)
    for phase in other.phases {
      #expect(abs(phase.energyAboveHullPerAtom - (aboveHull[phase.entry.id] ?? .nan)) < 1e-9)
      let mixed = phase.decomposition.reduce(0.0) {
        $0 + $1.fraction * other.phases[$1.phase].entry.energyPerAtom
      }
      #expect(
        abs(phase.entry.energyPerAtom - mixed - phase.energyAboveHullPerAtom) < 1e-8,
        "products have the energy of the hull")
      #expect(abs(phase.decomposition.reduce(0.0) { $0 + $1.fraction } - 1) < 1e-8)
    }
    #expect(Set(other.stable.map { other.phases[$0].entry.id }) == stable)
  }

  @Test(
    "hundreds of entries on the same facets are all stable",
    arguments: [2, 3, 4, 5], [0, 1e-13, 1e-11])
  func flatFacets(components: Int, noise: Double) throws {
    // Minus the smallest amounts: convex, and linear in a few large regions.
    var random = RandomStream(seed: UInt64(components), purpose: "flat facets")
    let elements = ["Li", "Mg", "Mn", "Zn", "O"].prefix(components)
    let total = [0, 0, 60, 18, 10, 7][components]
    var entries: [EnergyEntry] = []
    func fill(_ amounts: [Int], _ rest: Int) throws {
      if amounts.count == components - 1 {
        let all = amounts + [rest]
        let formula = zip(elements, all).filter { $0.1 > 0 }.map { "\($0.0)\($0.1)" }.joined()
        let isPure = all.contains(total)
        let energy =
          -0.7 * Double(all.min() ?? 0) - 0.2 * Double(all.sorted().prefix(2).reduce(0, +))
        entries.append(
          try entry(formula, energy + (isPure ? 0 : noise * (random.uniform() - 0.5))))
        return
      }
      for amount in 0...rest { try fill(amounts + [amount], rest - amount) }
    }
    try fill([], total)
    let diagram = try PhaseDiagram(entries)
    #expect(diagram.stable.count == entries.count, "of \(entries.count)")
  }

  @Test func oneCompositionHasTheLowestEntryAsHull() throws {
    let diagram = try PhaseDiagram([
      entry("MgO", -12, id: "rocksalt"), entry("Mg2O2", -23.5, id: "wurtzite"),
    ])
    #expect(diagram.stable == [0])
    #expect(abs(diagram.phases[1].energyAboveHullPerAtom - 0.125) < 1e-12)
    #expect(diagram.phases[1].decomposition.map(\.phase) == [0])
    #expect(diagram.references == .corners([try Composition(parsing: "MgO")]))
  }

  @Test func nothingBelowTheReferencesLeavesTheReferencesStable() throws {
    let diagram = try PhaseDiagram([
      entry("Mg", -1), entry("Zn", -1), entry("MgZn", -1.5), entry("MgZn2", -3),
    ])
    #expect(diagram.stable == [0, 1, 3])
    #expect(abs(diagram.phases[2].energyAboveHullPerAtom - 0.25) < 1e-12)
    #expect(diagram.phases[2].decomposition.map(\.fraction) == [0.5, 0.5])
  }

  @Test func pseudoTernaryCornersServeAsReferences() throws {
    let diagram = try PhaseDiagram([
      entry("MgO", -12), entry("Al2O3", -38), entry("SiO2", -24), entry("MgAl2O4", -50.5),
      entry("MgSiO3", -36.4), entry("Mg2SiO4", -48.5), entry("Al2SiO5", -61.9),
    ])
    guard case .corners(let corners) = diagram.references else {
      Issue.record("expected corners, found \(diagram.references)")
      return
    }
    #expect(Set(corners.map(\.description)) == ["MgO", "Al2O3", "SiO2"])
    #expect(diagram.stable == [0, 1, 2, 3, 4, 5])
    #expect(abs(diagram.phases[6].energyAboveHullPerAtom - 0.1 / 8) < 1e-12)
    #expect(abs(diagram.phases[5].formationEnergyPerAtom + 0.5 / 7) < 1e-12)
  }

  @Test func missingReferencesAreNamed() throws {
    let entries = try [
      entry("MgO", -12), entry("Mg", -1), entry("MnO2", -20), entry("Mn2O3", -30),
      entry("MgMn2O4", -50),
    ]
    let error = #expect(throws: InputError.self) { try PhaseDiagram(entries) }
    #expect(error?.message.contains("no reference energy for O and Mn") == true)
    #expect(error?.hint?.contains("add a row") == true)
  }

  @Test func endMembersLeaveOtherRowsOut() throws {
    let table = try EnergyTable(parsing: readData("mg_zn10mn11o32_chgnet.csv"), file: "a.csv")
    let ends = try ["Zn10Mn11O32", "Mg11Zn10Mn11O32"].map { try Composition(parsing: $0) }
    let diagram = try PhaseDiagram(table.entries, endMembers: ends)
    #expect(diagram.outside.map(\.id) == ["mg-hcp"])
    #expect(diagram.stable.map { diagram.phases[$0].entry.id } == ["mg0", "mg3", "mg8", "mg11"])
    let mg5 = try #require(diagram.phases.first { $0.entry.id == "mg5" })
    #expect(abs(mg5.energyAboveHullPerAtom - 0.0349) < 5e-5)

    let unknown = try Composition(parsing: "Mg4Zn10Mn11O32")
    #expect(throws: InputError.self) {
      try PhaseDiagram(table.entries, endMembers: [ends[0], unknown])
    }
    let between = try Composition(parsing: "Mg5Zn10Mn11O32")
    #expect(throws: InputError.self) {
      try PhaseDiagram(table.entries, endMembers: [ends[0], ends[1], between])
    }
  }

  @Test func noEntriesAreAnError() {
    #expect(throws: InputError.self) { try PhaseDiagram([]) }
  }

  @Test func tenThousandEntriesOfFiveElementsTakeSeconds() throws {
    var random = RandomStream(seed: 1, purpose: "hull speed")
    let entries = try randomEntries(10_000, components: 5, random: &random)
    let clock = ContinuousClock()
    let start = clock.now
    let diagram = try PhaseDiagram(entries)
    let seconds = (clock.now - start) / .seconds(1)
    print("10000 entries, 5 elements: \(fixed(seconds, 3)) s, \(diagram.stable.count) stable")
    #expect(diagram.phases.allSatisfy { $0.energyAboveHullPerAtom >= 0 })
    #expect(seconds < 20)
  }

  /// Pure elements and random compounds, some above and some below the pure elements.
  private func randomEntries(
    _ count: Int, components: Int, random: inout RandomStream
  ) throws -> [EnergyEntry] {
    let elements = ["Li", "Mg", "Mn", "Zn", "O"].prefix(components)
    let pure = elements.map { ($0, -3 * random.uniform()) }
    let energyOf = Dictionary(uniqueKeysWithValues: pure)
    var entries = try pure.map { try entry($0.0, $0.1) }
    while entries.count < count {
      let amounts = elements.map { ($0, random.integer(below: 7)) }.filter { $0.1 > 0 }
      guard amounts.count > 1 else { continue }
      let atoms = amounts.reduce(0) { $0 + $1.1 }
      let mixed = amounts.reduce(0.0) { $0 + Double($1.1) * (energyOf[$1.0] ?? 0) }
      entries.append(
        try entry(
          amounts.map { "\($0.0)\($0.1)" }.joined(),
          mixed + Double(atoms) * (0.4 - random.uniform()), id: "\(entries.count)"))
    }
    return entries
  }

  /// The lowest mixture of any phases, by trying all simplices.
  private func bruteForceHull(_ phases: [PhaseDiagram.Phase], at shares: [Double]) -> Double {
    var best = Double.infinity
    func extend(_ chosen: [Int], from next: Int) {
      if chosen.count == shares.count {
        var system = LinearSystem(rows: shares.count, columns: shares.count)
        for (column, phase) in chosen.enumerated() {
          for row in shares.indices {
            system.coefficients[row * shares.count + column] = phases[phase].shares[row]
          }
        }
        system.right = shares
        guard let solution = system.solve(), solution.residual < 1e-9,
          solution.unknowns.allSatisfy({ $0 > -1e-10 })
        else { return }
        best = min(
          best,
          zip(chosen, solution.unknowns).reduce(0) {
            $0 + $1.1 * phases[$1.0].formationEnergyPerAtom
          })
        return
      }
      for phase in stride(from: next, to: phases.count, by: 1) {
        extend(chosen + [phase], from: phase + 1)
      }
    }
    extend([], from: 0)
    return best
  }
}
