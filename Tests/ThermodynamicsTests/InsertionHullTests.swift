import CellgenTestSupport
import Crystal
import Foundation
import Testing

@testable import Thermodynamics

@Suite struct InsertionHullTests {
  /// The pseudo-binary set of `hull_cases.json`, on the cell of 288 host formula units.
  private func pseudoBinary() throws -> (HullCases.PseudoBinary, InsertionHull) {
    let expected = try HullCases.read().pseudoBinary
    let entries = try expected.data.map { point in
      try entry("Mg\(point.x)ZnMnO3".replacing("Mg0Z", with: "Z"), point.energy, id: point.x)
    }
    let reference = try #require(NumberReader.rational(expected.reference)).doubleValue
    return (expected, try InsertionHull(entries, reference: reference))
  }

  @Test func exactPseudoBinaryHullIsReproduced() throws {
    let (expected, hull) = try pseudoBinary()
    #expect(hull.ion.element.symbol == "Mg")
    #expect(hull.ion.valence == expected.valence)
    #expect(hull.host.description == "ZnMnO3")
    for (phase, point) in zip(hull.phases, expected.data) {
      #expect(phase.x == NumberReader.rational(point.x))
      #expect(abs(phase.formationEnergy - point.formation) < 1e-9)
      #expect(abs(phase.formationEnergyPerAtom - point.formationPerAtom) < 1e-9)
      #expect(abs(phase.energyAboveHull - point.aboveHull) < 1e-9)
      #expect(abs(phase.energyAboveHullPerAtom - point.aboveHullPerAtom) < 1e-9)
    }
    #expect(hull.corners.map { hull.phases[$0].x.doubleValue } == expected.hull)
    #expect(hull.stable == hull.corners)
    let voltages = try #require(hull.voltages)
    #expect(voltages.steps.count == expected.steps.count)
    for (step, values) in zip(voltages.steps, expected.steps) {
      #expect(step.xFrom.doubleValue == values[0])
      #expect(step.xTo.doubleValue == values[1])
      #expect(abs(step.voltage - values[2]) < 1e-9)
    }
    #expect(abs(voltages.mean - expected.mean) < 1e-9)
    #expect(voltages.risingSteps().isEmpty)
    #expect(hull.notes.isEmpty)
  }

  @Test func overpotentialsUseTheEnergyPerHostFormulaUnit() throws {
    let (expected, hull) = try pseudoBinary()
    let losses = hull.overpotentials
    #expect(losses.count == expected.overpotentials.count)
    for (loss, values) in zip(losses, expected.overpotentials) {
      #expect(hull.phases[loss.phase].x.doubleValue == values.x)
      #expect(abs((loss.fromBelow ?? .nan) - values.below) < 1e-9)
      #expect(abs((loss.fromAbove ?? .nan) - values.above) < 1e-9)
    }
  }

  @Test func aPathOffTheHullRises() throws {
    let (expected, hull) = try pseudoBinary()
    let profile = try #require(try hull.voltages(along: Array(hull.phases.indices)))
    for (step, values) in zip(profile.steps, expected.adjacent) {
      #expect(abs(step.voltage - values[2]) < 1e-9)
    }
    #expect(profile.risingSteps().map(\.xFrom.description) == ["1/3", "1/2", "49/72"])
    #expect(abs(profile.mean - expected.mean) < 1e-9)
    #expect(throws: InputError.self) { try hull.voltages(along: [2, 2]) }
    #expect(throws: InputError.self) { try hull.voltages(along: [1]) }
  }

  // Relaxed with CHGNet 0.3.0; see Examples/hull/README.md.
  @Test func spinelCellWithChargeNetworkEnergies() throws {
    let table = try EnergyTable(parsing: readData("mg_zn10mn11o32_chgnet.csv"), file: "a.csv")
    let hull = try InsertionHull(table.entries)
    #expect(hull.host.description == "Zn10Mn11O32")
    #expect(hull.phases.map(\.x) == [0, 2, 3, 5, 8, 11].map { Rational($0) })
    #expect(hull.corners.map { hull.phases[$0].entry.id } == ["mg0", "mg3", "mg8", "mg11"])
    let voltages = try #require(hull.voltages).steps.map(\.voltage)
    for (voltage, expected) in zip(voltages, [3.130, 1.827, 1.669]) {
      #expect(abs(voltage - expected) < 5e-4)
    }
    let formation = hull.phases.map(\.formationEnergy)
    for (energy, expected) in zip(formation, [0, -3.242, -5.943, -2.670, -2.821, 0]) {
      #expect(abs(energy - expected) < 6e-4)
    }
    #expect(abs(hull.phases[1].energyAboveHull - 0.720) < 5e-4)
    #expect(abs(hull.phases[3].energyAboveHull - 2.024) < 5e-4)
    #expect(abs(hull.phases[3].energyAboveHullPerAtom - 0.0349) < 5e-5)
    #expect(hull.phases[1].decomposition.map { hull.phases[$0.phase].entry.id } == ["mg0", "mg3"])
  }

  @Test("the hull with the metal as an end member has the same energies above the hull")
  func agreesWithTheHullUpToThePureIon() throws {
    let table = try EnergyTable(parsing: readData("mg_zn10mn11o32_chgnet.csv"), file: "a.csv")
    let hull = try InsertionHull(table.entries)
    let diagram = try PhaseDiagram(table.entries)
    #expect(
      Set(diagram.references.compositions.map(\.description)) == ["Mg", "Zn10Mn11O32"])
    for phase in hull.phases {
      let other = try #require(diagram.phases.first { $0.entry.id == phase.entry.id })
      #expect(abs(phase.energyAboveHullPerAtom - other.energyAboveHullPerAtom) < 1e-9)
    }
  }

  // Energies typed from the battery test of pymatgen (GGA+U); see Data/voltage_published.json.
  @Test func publishedVoltageAndCapacitiesOfMgV2O4() throws {
    let file = try JSONSerialization.jsonObject(with: Data(readData("voltage_published.json").utf8))
    let all = try #require(file as? [String: Any])
    let data = try #require(all["MgV2O4_spinel"] as? [String: Any])
    func number(_ key: String) throws -> Double { try #require(data[key] as? Double, "\(key)") }
    let charged = EnergyEntry(
      id: "V4O8", formula: try Composition(parsing: "V4O8"), energy: try number("V4O8_eV"))
    let discharged = EnergyEntry(
      id: "Mg2V4O8", formula: try Composition(parsing: "MgV2O4"),
      energy: try number("Mg2V4O8_eV"), atoms: 14, volume: try number("volume_A3"))
    let hull = try InsertionHull([charged, discharged], reference: try number("mu_Mg_eV_implied"))
    let voltages = try #require(hull.voltages)
    #expect(abs(voltages.mean - (try number("average_voltage_V"))) < 5e-7)
    let capacity = hull.capacity()
    // The published number uses 15.9994 instead of 15.999 amu for oxygen.
    #expect(abs(capacity.gravimetric - (try number("gravimetric_mAh_g"))) < 5e-3)
    #expect(abs((capacity.volumetric ?? 0) - (try number("volumetric_Ah_L"))) < 2e-3)
    #expect(hull.capacity(basis: .charged).gravimetric > capacity.gravimetric)
    #expect(hull.capacity(basis: .charged).volumetric == nil)
    let energy = try #require(hull.specificEnergy())
    #expect(abs(energy - voltages.mean * capacity.gravimetric) < 1e-9)
    #expect(hull.energyDensity() != nil)
  }

  // LiTiO2 of the same tests: mean of two steps of equal width, capacity of the discharged mass.
  @Test func publishedStepsOfLiTiO2() throws {
    let file = try JSONSerialization.jsonObject(with: Data(readData("voltage_published.json").utf8))
    let data = try #require((file as? [String: Any])?["LiTiO2"] as? [String: Any])
    let steps = try #require(data["step_voltages_V"] as? [Double])
    let reference = try #require(data["mu_Li_eV"] as? Double)
    let start = try #require((data["first_step"] as? [String: Any])?["E_charge_eV"] as? Double) / 4
    // Energies per host formula unit that the published voltages imply.
    let half = start + 0.5 * (reference - steps[0])
    let full = half + 0.5 * (reference - steps[1])
    let hull = try InsertionHull(
      [
        entry("TiO2", start), entry("Li0.5TiO2", half), entry("LiTiO2", full),
        entry("Li", reference),
      ])
    let voltages = try #require(hull.voltages)
    for (step, expected) in zip(voltages.steps, steps) {
      #expect(abs(step.voltage - expected) < 1e-8)
    }
    #expect(abs(voltages.mean - (try #require(data["average_V"] as? Double))) < 1e-8)
    let capacity = try #require(data["capacity_mAh_g"] as? Double)
    #expect(abs(hull.capacity().gravimetric - capacity) < 1e-2)
  }

  // 2F/M for Mg metal and for one Mg in Mo6S8 (832.2 g/mol).
  @Test func capacitiesOfTheMetalAndOfMo6S8() {
    let metal = Capacity(electrons: 2, mass: 24.305, volume: nil, basis: .charged)
    #expect(abs(metal.gravimetric - 2205.4) < 0.05)
    let chevrel = Capacity(electrons: 2, mass: 832.2, volume: nil, basis: .charged)
    #expect(abs(chevrel.gravimetric - 64.4) < 0.05)
    #expect(abs(Capacity.milliampereHoursPerMole - 26801.4814) < 5e-4)
  }

  @Test(
    "order, size of the cell and a term linear in the ions change neither hull nor mean",
    arguments: 0..<8 as Range<UInt64>)
  func invariance(seed: UInt64) throws {
    var random = RandomStream(seed: seed, purpose: "insertion laws")
    var entries: [EnergyEntry] = []
    for n in 0...12 {
      for copy in 0...1 {
        let x = Double(n) / 12
        entries.append(
          try entry(
            "Mg\(n)Mn12O24".replacing("Mg0M", with: "M"),
            12 * (-30 - 4 * x + x * x + 0.4 * random.uniform()), id: "\(n)-\(copy)"))
      }
    }
    let hull = try InsertionHull(entries, reference: -1.5)
    let voltages = try #require(hull.voltages)
    let ends = (hull.chargedEnd, hull.dischargedEnd)
    let direct = -(ends.1.energy - ends.0.energy + 1.5 * ends.1.x.doubleValue) / 2
    #expect(abs(voltages.mean - direct) < 1e-9)
    #expect(hull.phases.allSatisfy { $0.energyAboveHull >= 0 })

    var changed = try entries.map { entry in
      let factor = 1 + random.integer(below: 5)
      let ions = entry.formula[try #require(Element(symbol: "Mg"))].doubleValue
      return EnergyEntry(
        id: entry.id, formula: entry.formula, energy: Double(factor) * (entry.energy - 0.7 * ions),
        atoms: Double(factor) * entry.atoms)
    }
    random.shuffle(&changed)
    let other = try InsertionHull(changed, reference: -2.2)
    #expect(other.corners == hull.corners)
    for (a, b) in zip(other.phases, hull.phases) {
      #expect(a.entry.id == b.entry.id)
      #expect(abs(a.energyAboveHull - b.energyAboveHull) < 1e-9)
      #expect(a.decomposition.map(\.phase) == b.decomposition.map(\.phase))
    }
    #expect(abs((other.voltages?.mean ?? .nan) - voltages.mean) < 1e-9)
  }

  @Test func theVoltageScalesWithTheValence() throws {
    let entries = try [entry("FeO2", -20), entry("Al0.25FeO2", -22), entry("Al", -3.7)]
    let hull = try InsertionHull(entries)
    #expect(hull.ion.valence == 3)
    #expect(abs((hull.voltages?.mean ?? 0) - (2 - 0.25 * 3.7) / 0.75) < 1e-12)
    let doubled = try InsertionHull(entries, valence: 1)
    #expect(abs((doubled.voltages?.mean ?? 0) - (2 - 0.25 * 3.7) / 0.25) < 1e-12)
    #expect(throws: InputErrors.self) { try InsertionHull(entries, valence: 0) }
  }

  @Test func theLowestRowOfTheMetalIsTheReference() throws {
    let entries = try [
      entry("TiS2", -20), entry("LiTiS2", -24), entry("Li2", -3.6, id: "bcc"),
      entry("Li", -1.9, id: "hcp"),
    ]
    #expect(try InsertionHull(entries).ion.energyPerAtom == -1.9)
    #expect(try InsertionHull(entries, reference: -1.0).ion.energyPerAtom == -1.0)
  }

  @Test func whatIsMissingIsNoted() throws {
    let hull = try InsertionHull([
      entry("Mg0.25MnO2", -20), entry("Mg0.5MnO2", -21), entry("Mg0.75MnO2", -21.5),
      entry("MgMnO2", -23),
    ])
    #expect(hull.voltages == nil)
    let notes = hull.notes.map(\.description).joined(separator: "\n")
    #expect(notes.contains("add a row of pure Mg"))
    #expect(notes.contains("no row of the empty host MnO2"))
    #expect(hull.specificEnergy() == nil)

    let negative = try InsertionHull([
      entry("MnO2", -20), entry("MgMnO2", -20.5), entry("Mg", -1.5),
    ])
    #expect(negative.notes.contains { if case .negativeVoltage = $0 { true } else { false } })
  }

  @Test func theIonIsDetectedOnlyWhenItIsClear() throws {
    func detected(_ formulas: [String]) throws -> String {
      try WorkingIon.detected(among: formulas.map { try entry($0, 0) }).symbol
    }
    #expect(try detected(["MnO2", "Mg0.5MnO2", "Mg"]) == "Mg")
    #expect(try detected(["C", "LiC12", "LiC6", "Li"]) == "Li")
    #expect(try detected(["TiO2", "LiTiO2"]) == "Li")
    #expect(throws: InputError.self) { try detected(["Mg", "Zn", "MgZn2"]) }
    #expect(throws: InputError.self) { try detected(["MgO", "MnO2", "MgMn2O4"]) }
    #expect(throws: InputError.self) { try detected(["MnO2", "Mn2O4"]) }
  }

  @Test func rowsOfAnotherHostAreNamed() throws {
    let entries = try [
      entry("MnO2", -20), entry("MgMnO2", -24), entry("Mg0.5VO2", -22), entry("MgTiO2", -22),
    ]
    let error = #expect(throws: InputErrors.self) {
      try InsertionHull(entries, ion: Element(symbol: "Mg"))
    }
    #expect(error?.problems.count == 2)
    #expect(error?.description.contains("entry Mg0.5VO2") == true)
    #expect(throws: InputErrors.self) {
      try InsertionHull([entry("Mg", -1)], ion: Element(symbol: "Mg"))
    }
    #expect(throws: InputErrors.self) {
      try InsertionHull([entry("MgO", -1), entry("Mg2O2", -1)], ion: Element(symbol: "Mg"))
    }
  }
}
