import CellgenTestSupport
import Crystal
import Dynamics
import Energetics
import Foundation
import Testing

@testable import Engines

/// Whole runs with LAMMPS.
@Suite(.serialized, .enabled(if: LAMMPSProgram.isInstalled, "needs LAMMPS"))
struct LAMMPSDynamicsTests {
  /// A folder that is gone afterwards.
  private func withFolder(_ work: (String) throws -> Void) throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    try work(folder.path)
  }

  private func start() throws -> (configuration: Configuration, velocities: [SIMD3<Double>]) {
    var glass = LAMMPSTests.glasses[0]
    glass.isSkewed = true
    let start = try LAMMPSTests.configuration(glass, cells: 3)
    var random = RandomStream(seed: 8, purpose: "lammps")
    var velocities = start.positions.map { _ in
      0.02 * (SIMD3(random.uniform(), random.uniform(), random.uniform()) - 0.5)
    }
    let mass = start.species.reduce(0) { $0 + $1.element.mass }
    let momentum = zip(start.species, velocities).reduce(SIMD3.zero) {
      $0 + $1.0.element.mass * $1.1
    }
    for n in velocities.indices { velocities[n] -= momentum / mass }
    return (start, velocities)
  }

  private func model(_ start: Configuration) throws -> LAMMPSModel {
    try LAMMPSModel(
      species: start.species, charges: start.species.map { $0.oxidationState ?? 0 },
      potentials: .lewisCatlow, cutoff: 8, accuracy: 1e-7)
  }

  @Test("at constant energy, atoms go where the built-in dynamics takes them")
  func trajectory() throws {
    let (start, velocities) = try start()
    let settings = DynamicsSettings(timeStep: 0.5, seed: 1)
    let schedule = Schedule([
      Schedule.Segment(steps: 15, temperature: .init(300)),
      Schedule.Segment(steps: 25, temperature: .init(300)),
    ])
    var run = LAMMPSDynamics(
      model: try model(start), settings: settings, schedule: schedule)
    run.logInterval = 10
    run.frameInterval = 20
    var frames: [LAMMPSDynamics.Frame] = []
    var told: [Int] = []
    try withFolder { folder in
      let result = try run.run(
        in: folder, from: start, velocities: velocities, program: LAMMPSProgram(),
        progress: { told.append($0.step) }, frames: { frames.append($0) })
      let charges = start.species.map { $0.oxidationState ?? 0 }
      let dynamics = try MolecularDynamics(
        start, velocities: velocities, settings: settings, schedule: schedule,
        model: ForceField(
          species: start.species, charges: charges, potentials: .lewisCatlow,
          electrostatics: Electrostatics(
            lattice: start.lattice, charges: charges, cutoff: 8, accuracy: 1e-7), threads: 2))
      for _ in 0..<20 { try dynamics.advance() }
      #expect(frames.map(\.row.step) == [0, 20, 40])
      for (a, b) in zip(frames[1].configuration.positions, dynamics.state.positions) {
        #expect(length(a - b) < 1e-5)
      }
      for _ in 0..<20 { try dynamics.advance() }
      let state = dynamics.state
      var moved = 0.0
      for n in start.positions.indices {
        let miss = length(result.configuration.positions[n] - state.positions[n])
        #expect(miss < 1e-5)
        #expect(length(result.velocities[n] - state.velocities[n]) < 1e-6)
        moved = max(moved, length(state.positions[n] - start.positions[n]))
      }
      #expect(moved > 0.1)
      for (a, b) in zip(result.configuration.lattice.vectors, start.lattice.vectors) {
        #expect(length(a - b) < 1e-10)
      }
      #expect(
        result.rows.map(\.step) == [0, 10, 15, 20, 30, 40] && told == [0, 10, 15, 20, 30, 40])
      let last = try #require(result.rows.last)
      #expect((last.energy - state.energy).magnitude < 1e-3)
      #expect((last.temperature / dynamics.temperature - 1).magnitude < 1e-4)
      #expect((last.pressure - dynamics.pressure).magnitude < 1e-4)
      #expect((last.conservedEnergy - dynamics.conservedEnergy).magnitude < 1e-3)
      let speed = state.velocities.map(length).max() ?? 0
      #expect((last.largestSpeed / speed - 1).magnitude < 1e-3)
    }
  }

  @Test("a bath with a barostat reaches temperature and pressure, and a run goes on from a restart")
  func bath() throws {
    let (start, velocities) = try start()
    for (thermostat, cell) in [
      (DynamicsSettings.Thermostat.langevin(time: 20, .kept), CellFreedom.full),
      (.noseHoover(period: 40, length: 3), .isotropic),
    ] {
      var settings = DynamicsSettings(timeStep: 1, seed: 5)
      settings.thermostat = thermostat
      settings.barostat = .init(cell: cell, period: 100)
      let target = 20 * UnitFactor.gigapascal
      var run = LAMMPSDynamics(
        model: try model(start), settings: settings,
        schedule: Schedule([
          Schedule.Segment(
            steps: 200, temperature: .init(from: 100, to: 900), pressure: .init(target)),
          Schedule.Segment(steps: 400, temperature: .init(900), pressure: .init(target)),
        ]))
      run.model.accuracy = 1e-4
      run.logInterval = 20
      run.restartInterval = 250
      run.frameInterval = 100
      try withFolder { folder in
        let whole = try run.run(
          in: folder, from: start, velocities: velocities, program: LAMMPSProgram())
        let late = whole.rows.filter { $0.step >= 400 }
        let count = Double(late.count)
        #expect(abs(late.reduce(0) { $0 + $1.temperature } / count - 900) < 120)
        #expect(abs(late.reduce(0) { $0 + $1.pressure } / count - target) < 0.4 * target)
        #expect(abs(whole.configuration.lattice.volume / start.lattice.volume - 1) > 1e-4)
        #expect(whole.configuration.lattice.isRightHanded == start.lattice.isRightHanded)
        #expect(
          abs(whole.configuration.lattice.volume / (whole.rows.last?.volume ?? 0) - 1) < 1e-6)
        let resumed = try run.run(
          in: folder, from: start, velocities: velocities, program: LAMMPSProgram(),
          resuming: true)
        #expect(resumed.rows.first?.step == 500 && resumed.rows.last?.step == 600)
      }
    }
  }

  @Test("what LAMMPS cannot do is refused before it starts")
  func refusals() throws {
    let (start, velocities) = try start()
    var settings = DynamicsSettings(timeStep: 1, seed: 5)
    settings.barostat = .init(cell: .shape, period: 100)
    let schedule = Schedule([Schedule.Segment(steps: 2, temperature: .init(300))])
    var run = LAMMPSDynamics(
      model: try model(start), settings: settings, schedule: schedule)
    #expect(throws: InputError.self) { try run.files(start, velocities: velocities) }
    run.settings.barostat = nil
    #expect(throws: Never.self) { try run.files(start, velocities: velocities) }
    run.schedule.segments[0].shear = SIMD3(0.1, 0, 0)
    #expect(throws: InputError.self) { try run.files(start, velocities: velocities) }
    let magnesium = Species(try #require(Element(symbol: "Mg")))
    let error = #expect(throws: InputError.self) {
      try LAMMPSModel(
        species: [magnesium], charges: [1], potentials: nil, cutoff: 8, accuracy: 1e-5)
    }
    #expect(error?.message.contains("the charges add up to 1.0000 e") ?? false)
    #expect(throws: InputError.self) {
      try LAMMPSModel(
        species: [magnesium], charges: [0], potentials: nil, cutoff: 8, accuracy: 1e-5)
    }
  }
}
