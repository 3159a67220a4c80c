import CellgenTestSupport
import Crystal
import Dynamics
import Energetics
import Foundation
import Testing

@Suite struct DynamicsTests {
  private func settings(
    _ timeStep: Double, _ thermostat: DynamicsSettings.Thermostat = .none,
    barostat: DynamicsSettings.Barostat? = nil, seed: UInt64 = 1
  ) -> DynamicsSettings {
    var settings = DynamicsSettings(timeStep: timeStep, seed: seed)
    settings.thermostat = thermostat
    settings.barostat = barostat
    return settings
  }

  private func constant(
    _ temperature: Double, pressure: Double = 0, shear: SIMD3<Double> = .zero
  ) -> Schedule {
    Schedule([
      Schedule.Segment(
        steps: 1_000_000, temperature: Schedule.Ramp(temperature),
        pressure: Schedule.Ramp(pressure), shear: shear)
    ])
  }

  @Test("a dimer swings with the period of its curvature and reduced mass")
  func dimer() throws {
    let argon = Species(try element("Ar"))
    let r = SmoothPairs.distance + 0.002
    let start = Configuration(
      lattice: try .cubic(20), species: [argon, argon],
      positions: [SIMD3(1, 1, 1), SIMD3(1 + r, 1, 1)])
    let run = try MolecularDynamics(
      start, velocities: [.zero, .zero], settings: settings(1), schedule: constant(0),
      model: SmoothPairs())
    // 2π (μ/k)^½ with μ = m/2; the factor to fs is 1/√(9.6485e-3).
    let period =
      2 * Double.pi * (39.948 / 2 / SmoothPairs.curvature / 9.648_533_212e-3).squareRoot()
    var crossings: [Double] = []
    var before = r
    while crossings.count < 21 {
      try run.advance()
      let now = length(run.state.positions[1] - run.state.positions[0])
      let (a, b) = (before - SmoothPairs.distance, now - SmoothPairs.distance)
      if a < 0, b >= 0 { crossings.append(Double(run.state.step) - b / (b - a)) }
      before = now
    }
    let measured = (crossings[20] - crossings[0]) / 20
    #expect(abs(measured / period - 1) < 1e-3, "\(measured) \(period)")
  }

  /// Standard deviation of the conserved energy over `time`, fs.
  private func fluctuation(
    _ timeStep: Double, _ thermostat: DynamicsSettings.Thermostat,
    _ barostat: DynamicsSettings.Barostat?, isRamped: Bool, time: Double = 500
  ) throws -> Double {
    let run = try MolecularDynamics(
      crystal(), settings: settings(timeStep, thermostat, barostat: barostat),
      schedule: Schedule([
        Schedule.Segment(
          steps: Int(time / timeStep),
          temperature: Schedule.Ramp(from: 200, to: isRamped ? 300 : 200),
          pressure: Schedule.Ramp(from: 0.01, to: isRamped ? 0.02 : 0.01),
          shear: SIMD3(0.002, 0, -0.003))
      ]), model: SmoothPairs())
    var values: [Double] = []
    for _ in 0..<Int(time / timeStep) {
      try run.advance()
      values.append(run.conservedEnergy)
    }
    let mean = values.reduce(0, +) / Double(values.count)
    return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count))
      .squareRoot()
  }

  @Test(
    "errors of the conserved energy fall with the square of the time step",
    arguments: [
      (DynamicsSettings.Thermostat.none, CellFreedom.fixed),
      (.none, .isotropic), (.none, .full),
      (.noseHoover(period: 80, length: 3), .fixed),
      (.noseHoover(period: 80, length: 3), .isotropic),
      (.noseHoover(period: 80, length: 3), .full),
    ], [false, true])
  func order(
    motion: (thermostat: DynamicsSettings.Thermostat, cell: CellFreedom), isRamped: Bool
  ) throws {
    let (thermostat, cell) = motion
    let barostat = cell == .fixed ? nil : DynamicsSettings.Barostat(cell: cell, period: 300)
    // A ramp moves the mean around which the energy swings, to the next order.
    let tolerance = isRamped ? 0.2 : 0.1
    let coarse = try fluctuation(10, thermostat, barostat, isRamped: isRamped)
    let fine = try fluctuation(5, thermostat, barostat, isRamped: isRamped)
    #expect(abs(coarse / fine / 4 - 1) < tolerance, "\(coarse / fine)")
    // A term that is missing in one of the equations shows when the step is short.
    let finest = try fluctuation(1, thermostat, barostat, isRamped: isRamped)
    #expect(abs(fine / finest / 25 - 1) < tolerance, "\(fine / finest)")
    #expect(fine < 0.02)
  }

  @Test(
    "with the velocities turned round the atoms go back",
    arguments: [CellFreedom.fixed, .isotropic, .full], [false, true])
  func reversal(cell: CellFreedom, isThermostatted: Bool) throws {
    let start = try crystal(displacement: 0.05)
    let chosen = settings(
      5, isThermostatted ? .noseHoover(period: 100, length: 3) : .none,
      barostat: cell == .fixed ? nil : .init(cell: cell, period: 300))
    let run = try MolecularDynamics(
      start, settings: chosen, schedule: constant(200), model: SmoothPairs())
    for _ in 0..<200 { try run.advance() }
    var state = run.state
    state.velocities = state.velocities.map { -$0 }
    state.strainRate = -1 * state.strainRate
    state.atomChain.velocities = state.atomChain.velocities.map { -$0 }
    state.cellChain.velocities = state.cellChain.velocities.map { -$0 }
    let back = try MolecularDynamics(
      state, species: start.species, settings: chosen, schedule: constant(200),
      model: SmoothPairs())
    for _ in 0..<200 { try back.advance() }
    for (a, b) in zip(back.state.positions, start.positions) { #expect(length(a - b) < 1e-8) }
    for (a, b) in zip(back.state.lattice.rows, start.lattice.vectors) {
      #expect(length(a - b) < 1e-8)
    }
  }

  @Test("momentum stays, but for random forces on a free body")
  func momentum() throws {
    let kinds: [(DynamicsSettings.Thermostat, Bool)] = [
      (.none, true), (.noseHoover(period: 100, length: 3), true),
      (.langevin(time: 100, .kept), true), (.langevin(time: 100, .free), false),
    ]
    for (thermostat, isKept) in kinds {
      let run = try MolecularDynamics(
        crystal(), settings: settings(5, thermostat), schedule: constant(300),
        model: SmoothPairs())
      for _ in 0..<100 { try run.advance() }
      let size = length(run.momentum)
      #expect(isKept ? size < 1e-10 : size > 1e-3, "\(thermostat): \(size)")
    }
  }

  @Test("velocities begin with the temperature, without momentum, and normal")
  func maxwell() throws {
    let species = try (0..<3000).map { Species(try element($0.isMultiple(of: 3) ? "Mg" : "O")) }
    let velocities = maxwellVelocities(
      species, temperature: 500, degreesOfFreedom: 8997, seed: 4)
    var momentum = SIMD3<Double>.zero
    var kinetic: [Element: Double] = [:]
    var (second, fourth) = (0.0, 0.0)
    for (s, v) in zip(species, velocities) {
      momentum += s.element.mass * v
      kinetic[s.element, default: 0] += 0.5 * s.element.mass * dot(v, v)
      for axis in 0..<3 {
        let x = v[axis] * s.element.mass.squareRoot()
        second += x * x / 9000
        fourth += x * x * x * x / 9000
      }
    }
    #expect(length(momentum) < 1e-9)
    let perAmu = 9.648_533_212e-3
    let expected = 0.5 * 8997 * Constants.boltzmann * 500 * perAmu
    #expect(abs(kinetic.values.reduce(0, +) / expected - 1) < 1e-12)
    // Light and heavy atoms share it; the standard error of a third is 2.6 %.
    let share = try #require(kinetic[try element("Mg")]) / expected
    #expect(abs(share - 1.0 / 3) < 0.02, "\(share)")
    // Kurtosis of a normal distribution is 3; standard error √(24/9000) = 0.05.
    #expect(abs(fourth / (second * second) - 3) < 0.2)
    #expect(
      velocities
        == maxwellVelocities(species, temperature: 500, degreesOfFreedom: 8997, seed: 4))
    #expect(
      velocities
        != maxwellVelocities(species, temperature: 500, degreesOfFreedom: 8997, seed: 5))
  }

  @Test(
    "a thermostat gives mean and spread of the canonical kinetic energy",
    arguments: [
      DynamicsSettings.Thermostat.langevin(time: 50, .kept), .langevin(time: 50, .free),
      .noseHoover(period: 60, length: 4),
    ])
  func canonical(thermostat: DynamicsSettings.Thermostat) throws {
    let start = try crystal()
    // Chains forget the perfect crystal very slowly, random forces do not.
    let warming = try MolecularDynamics(
      start, settings: settings(4, .langevin(time: 50, .kept)), schedule: constant(300),
      model: SmoothPairs())
    for _ in 0..<1000 { try warming.advance() }
    var state = warming.state
    state.atomChain = NoseHooverChain(length: 4)
    let run = try MolecularDynamics(
      state, species: start.species, settings: settings(4, thermostat), schedule: constant(300),
      model: SmoothPairs())
    var (sum, squares, count) = (0.0, 0.0, 0.0)
    for _ in 0..<12_000 {
      try run.advance()
      let kinetic = run.kineticEnergy
      sum += kinetic
      squares += kinetic * kinetic
      count += 1
    }
    let mean = sum / count
    let n = Double(run.degreesOfFreedom)
    // Some hundred independent values of spread (2/n)^½ give the mean to about 0.01.
    #expect(n == (thermostat == .langevin(time: 50, .free) ? 96 : 93))
    #expect(abs(mean / (0.5 * n * Constants.boltzmann * 300) - 1) < 0.04, "\(mean)")
    // var K/⟨K⟩² = 2/n; some hundred independent values give it to about a tenth.
    let variance = (squares / count - mean * mean) / (mean * mean)
    #expect(abs(variance / (2 / n) - 1) < 0.3, "\(variance * n / 2)")
  }

  @Test("free atoms under friction diffuse with D = kT τ/m")
  func freeDiffusion() throws {
    let start = try crystal(cells: 4)
    let (time, temperature) = (50.0, 300.0)
    let run = try MolecularDynamics(
      start, settings: settings(5, .langevin(time: time, .free)),
      schedule: constant(temperature), model: IdealGas())
    let first = run.state.velocities
    for _ in 0..<10 { try run.advance() }
    let overlap = zip(first, run.state.velocities).reduce(0) { $0 + dot($1.0, $1.1) }
    // exp(-t/τ) after t = τ; noise of 768 components.
    #expect(abs(overlap / first.reduce(0) { $0 + dot($1, $1) } - exp(-1)) < 0.1)
    let from = run.state.positions
    for _ in 0..<2000 { try run.advance() }
    let squared =
      zip(from, run.state.positions).reduce(0) { $0 + dot($1.1 - $1.0, $1.1 - $1.0) } / 256
    let d = Constants.boltzmann * temperature * time / 39.948 * 9.648_533_212e-3
    #expect(abs(squared / (6 * d * 10_000) - 1) < 0.15)
  }

  @Test("atoms on springs spread by 3kT/k")
  func harmonic() throws {
    let start = try crystal()
    let run = try MolecularDynamics(
      start, settings: settings(10, .langevin(time: 200, .free)), schedule: constant(300),
      model: Springs(start, k: 1))
    var (sum, count) = (0.0, 0.0)
    for step in 0..<6000 {
      try run.advance()
      guard step >= 500 else { continue }
      for (a, b) in zip(run.state.positions, start.positions) { sum += dot(a - b, a - b) }
      count += 32
    }
    // Half of the plateau of the mean squared displacement, 6kT/k.
    #expect(abs(sum / count / (3 * Constants.boltzmann * 300) - 1) < 0.05)
  }

  @Test("an ideal gas obeys P V = N kT, with and without a barostat")
  func idealGas() throws {
    let start = try crystal(cells: 2)
    let run = try MolecularDynamics(
      start, settings: settings(5), schedule: constant(400), model: IdealGas())
    for _ in 0..<10 { try run.advance() }
    // Three degrees of freedom are gone with the momentum.
    let expected = 31 * Constants.boltzmann * 400
    #expect(abs(run.pressure * run.state.lattice.volume / expected - 1) < 1e-10)

    let pressure = 32 * Constants.boltzmann * 400 / start.lattice.volume
    let squeezed = try MolecularDynamics(
      start,
      settings: settings(
        10, .langevin(time: 200, .kept), barostat: .init(cell: .isotropic, period: 300)),
      schedule: constant(400, pressure: pressure), model: IdealGas())
    var (sum, squares, count) = (0.0, 0.0, 0.0)
    for step in 0..<80_000 {
      try squeezed.advance()
      guard step >= 2000 else { continue }
      let v = squeezed.state.lattice.volume
      sum += v
      squares += v * v
      count += 1
    }
    // The volume has the density V^N exp(-P V/kT).
    let mean: Double = sum / count
    let perParticle = Constants.boltzmann * 400 / pressure
    #expect(abs(mean / (32 * perParticle) - 1) < 0.06, "\(mean / perParticle)")
    let deviation: Double = (squares / count - mean * mean).squareRoot()
    #expect(abs(deviation / mean * 32.0.squareRoot() - 1) < 0.15, "\(deviation / mean)")
  }

  @Test("a barostat holds the pressure, and shear stress shears", arguments: [false, true])
  func barostat(isNoseHoover: Bool) throws {
    let thermostat: DynamicsSettings.Thermostat =
      isNoseHoover ? .noseHoover(period: 100, length: 3) : .langevin(time: 200, .kept)
    let target = SIMD3(0, 0, 0.01)
    let run = try MolecularDynamics(
      crystal(), settings: settings(8, thermostat, barostat: .init(cell: .full, period: 400)),
      schedule: constant(100, pressure: 0.02, shear: target), model: SmoothPairs())
    var (stress, count) = (Matrix3.zero, 0.0)
    var tilt = 0.0
    for step in 0..<6000 {
      try run.advance()
      guard step >= 1000 else { continue }
      stress = stress + run.stress
      tilt += run.state.lattice.x.y
      count += 1
    }
    stress = (1 / count) * stress
    for axis in 0..<3 { #expect(abs(stress[axis][axis] + 0.02) < 0.002, "\(stress)") }
    #expect(abs(stress.x.y - 0.01) < 0.001, "\(stress)")
    #expect(abs(stress.y.z) < 0.001 && abs(stress.x.z) < 0.001, "\(stress)")
    #expect(tilt / count > 0.02)
    // No turn: the strain of cubic vectors stays symmetric to second order.
    #expect(abs(run.state.lattice.x.y - run.state.lattice.y.x) < 0.2)
  }

  @Test("a run that is taken up again is the same to the last bit")
  func restart() throws {
    for thermostat in [
      DynamicsSettings.Thermostat.langevin(time: 100, .kept), .noseHoover(period: 100, length: 3),
    ] {
      let chosen = settings(5, thermostat, barostat: .init(cell: .full, period: 500))
      let schedule = Schedule([
        Schedule.Segment(steps: 30, temperature: Schedule.Ramp(from: 100, to: 300)),
        Schedule.Segment(
          steps: 30, temperature: Schedule.Ramp(300), pressure: Schedule.Ramp(from: 0, to: 0.02),
          shear: SIMD3(0.01, 0, 0)),
      ])
      let start = try crystal(displacement: 0.05)
      let whole = try MolecularDynamics(
        start, settings: chosen, schedule: schedule, model: SmoothPairs())
      for _ in 0..<25 { try whole.advance() }
      let text = try JSONEncoder().encode(whole.state)
      let again = try MolecularDynamics(
        JSONDecoder().decode(DynamicsState.self, from: text), species: start.species,
        settings: chosen, schedule: schedule, model: SmoothPairs())
      for _ in 0..<35 {
        try whole.advance()
        try again.advance()
      }
      #expect(whole.state == again.state)
    }
  }

  @Test("ramps are linear within their stretch")
  func ramps() {
    // 3000 K to 300 K in 20000 steps of 1 fs is 135 K/ps.
    let schedule = Schedule([
      Schedule.Segment(steps: 20_000, temperature: Schedule.Ramp(from: 3000, to: 300)),
      Schedule.Segment(
        steps: 10, temperature: Schedule.Ramp(300), pressure: Schedule.Ramp(from: 1, to: 2)),
    ])
    #expect(schedule.target(after: 0).temperature == 3000)
    #expect(schedule.target(after: 1000).temperature == 2865)
    #expect(schedule.target(after: 20_000).temperature == 300)
    #expect(schedule.target(after: 19_999).temperature > 300)
    #expect(schedule.target(after: 20_005).pressure == 1.5)
    #expect(schedule.target(after: 99_999).pressure == 2)
    #expect(schedule.steps == 20_010)
  }

  @Test("the fastest mode of springs and of a dimer")
  func fastestMode() throws {
    let start = try crystal()
    let springs = Springs(start, k: 2)
    let mode = try FastestMode(
      start, forces: springs.evaluate(start).forces, model: springs)
    #expect(abs(mode.angularFrequency - (2 / 39.948 * 9.648_533_212e-3).squareRoot()) < 1e-9)
    let argon = Species(try element("Ar"))
    let dimer = Configuration(
      lattice: try .cubic(20), species: [argon, argon],
      positions: [SIMD3(1, 1, 1), SIMD3(1 + SmoothPairs.distance, 1, 1)])
    let pair = try FastestMode(
      dimer, forces: [.zero, .zero], model: SmoothPairs(), evaluations: 6)
    let expected = (SmoothPairs.curvature * 2 / 39.948 * 9.648_533_212e-3).squareRoot()
    #expect(abs(pair.angularFrequency / expected - 1) < 0.01)
    let gas = try FastestMode(start, forces: springs.evaluate(start).forces, model: IdealGas())
    #expect(gas.angularFrequency == 0)
  }

  @Test func aMotionThatBlowsUpSaysSo() throws {
    let run = try MolecularDynamics(
      crystal(displacement: 0.1), settings: settings(1e5), schedule: constant(300),
      model: SmoothPairs())
    #expect(throws: DynamicsError.blownUp(step: 1)) { try run.advance() }
  }
}
