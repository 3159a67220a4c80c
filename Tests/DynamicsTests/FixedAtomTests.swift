import Crystal
import Dynamics
import Energetics
import Testing

@Suite struct FixedAtomTests {
  /// Atoms on springs, each somewhat off its place.
  private func displaced() throws -> (start: Configuration, places: Configuration) {
    let argon = Species(try #require(Element(symbol: "Ar")))
    var random = RandomStream(seed: 3, purpose: "fixed atoms")
    let places = Configuration(
      lattice: try Lattice(a: [20, 0, 0], b: [1, 20, 0], c: [0, 2, 20]),
      species: [Species](repeating: argon, count: 60),
      positions: (0..<60).map { _ in
        20 * SIMD3(random.uniform(), random.uniform(), random.uniform())
      })
    var start = places
    for i in start.positions.indices {
      start.positions[i] += SIMD3(random.uniform(), random.uniform(), random.uniform()) - 0.5
    }
    return (start, places)
  }

  private static let fixed = [0, 7, 8, 9, 31, 59]

  @Test(
    "fixed atoms stay to the last bit, and the others conserve what they should",
    arguments: [
      DynamicsSettings.Thermostat.none, .noseHoover(period: 100, length: 3),
      .langevin(time: 200, .kept),
    ])
  func conservation(thermostat: DynamicsSettings.Thermostat) throws {
    let (start, places) = try displaced()
    var settings = DynamicsSettings(timeStep: 2, seed: 4)
    settings.thermostat = thermostat
    settings.driftRemoval = 10
    settings.fixedAtoms = FixedAtomTests.fixed
    let run = try MolecularDynamics(
      start, settings: settings,
      schedule: Schedule([Schedule.Segment(steps: 2000, temperature: .init(300))]),
      model: Springs(places, k: 1))
    #expect(run.degreesOfFreedom == 3 * 54)
    #expect(abs(run.temperature / 300 - 1) < 1e-12)
    let before = run.conservedEnergy
    for _ in 0..<2000 { try run.advance() }
    for i in start.positions.indices {
      let isFixed = FixedAtomTests.fixed.contains(i)
      #expect((run.state.positions[i] == start.positions[i]) == isFixed, "\(i)")
      #expect((run.state.velocities[i] == .zero) == isFixed, "\(i)")
    }
    #expect(abs(run.conservedEnergy - before) / 60 < 2e-4)
  }

  @Test("a bath brings the atoms that move to its temperature, and momentum is not kept")
  func temperature() throws {
    let (start, places) = try displaced()
    var settings = DynamicsSettings(timeStep: 5, seed: 4)
    settings.thermostat = .langevin(time: 100, .kept)
    settings.fixedAtoms = FixedAtomTests.fixed
    let run = try MolecularDynamics(
      start, settings: settings,
      schedule: Schedule([Schedule.Segment(steps: 6000, temperature: .init(300))]),
      model: Springs(places, k: 1))
    var sum = 0.0
    for step in 0..<6000 {
      try run.advance()
      if step >= 1000 { sum += run.temperature }
    }
    #expect(abs(sum / 5000 / 300 - 1) < 0.03, "\(sum / 5000)")
    #expect(length(run.momentum) > 1e-3)
  }

  @Test("a run goes on from its state with the same atoms fixed")
  func restart() throws {
    let (start, places) = try displaced()
    var settings = DynamicsSettings(timeStep: 5, seed: 4)
    settings.thermostat = .langevin(time: 100, .kept)
    settings.fixedAtoms = FixedAtomTests.fixed
    let schedule = Schedule([Schedule.Segment(steps: 40, temperature: .init(300))])
    let model = Springs(places, k: 1)
    let whole = try MolecularDynamics(start, settings: settings, schedule: schedule, model: model)
    for _ in 0..<20 { try whole.advance() }
    let second = try MolecularDynamics(
      whole.state, species: start.species, settings: settings, schedule: schedule, model: model)
    for _ in 0..<20 {
      try whole.advance()
      try second.advance()
    }
    #expect(whole.state == second.state)
  }
}
