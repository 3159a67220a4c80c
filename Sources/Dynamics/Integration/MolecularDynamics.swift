public import Crystal
public import Energetics

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Motion of atoms, and of the cell if there is a barostat.
///
/// One step is symmetric in time, B A O A B: half a kick by the forces, half a drift, what the
/// thermostat does in a whole step, half a drift, forces, half a kick. Without a thermostat that is
/// velocity Verlet; with random forces BAOAB; with a Nosé-Hoover chain its "middle" scheme
/// (Z. Zhang et al., J. Chem. Phys. 147, 034109, 2017).
///
/// With a barostat of strain rate g (symmetric, so that the cell does not turn), N degrees of freedom and
/// inertia W = (N + 3) kT τ²/3,
///
///     ṙ = v + g r,   v̇ = F/m - (g + tr g/N) v,   ȧ = g a for every lattice vector
///     W ġ = V (P - P₀ + σ) + (Σ m v²/N)
///
/// where P is the pressure tensor and σ an applied shear stress; what the cell may not follow is left
/// out of the last equation.
public final class MolecularDynamics {
  /// How it is integrated.
  public let settings: DynamicsSettings

  /// What is aimed at.
  public let schedule: Schedule

  /// Where it is.
  public private(set) var state: DynamicsState

  private let model: any EnergyModel
  /// Mass of each atom, eV fs²/Å².
  private let masses: [Double]
  private var configuration: Configuration

  /// What the atoms are.
  public var species: [Species] { configuration.species }

  private let noise: GaussianNumbers
  private let cellNoise: GaussianNumbers

  /// Degrees of freedom of the atoms.
  public let degreesOfFreedom: Int

  /// Motion from a state that a run was in.
  ///
  /// - Parameters:
  ///   - state: Where it is.
  ///   - species: What the atoms are; their masses are those of the elements.
  ///   - settings: How it is integrated.
  ///   - schedule: What is aimed at.
  ///   - model: The energy.
  /// - Throws: `LatticeError` for a state without a cell.
  /// - Precondition: as many species as atoms, each with a mass.
  public init(
    _ state: DynamicsState, species: [Species], settings: DynamicsSettings, schedule: Schedule,
    model: any EnergyModel
  ) throws {
    precondition(species.allSatisfy { $0.element.mass > 0 }, "atoms have mass")
    precondition(
      settings.fixedAtoms.isEmpty || settings.barostat == nil, "a fixed cell for fixed atoms")
    var held = state
    held.hold(settings.fixedAtoms)
    self.state = held
    self.settings = settings
    self.schedule = schedule
    self.model = model
    masses = species.map { $0.element.mass / DynamicsUnits.acceleration }
    configuration = Configuration(
      lattice: try state.lattice.lattice(), species: species, positions: state.positions)
    noise = GaussianNumbers(seed: settings.seed, purpose: "dynamics friction")
    cellNoise = GaussianNumbers(seed: settings.seed, purpose: "dynamics friction of the cell")
    degreesOfFreedom = MolecularDynamics.degreesOfFreedom(settings, atoms: species.count)
  }

  /// Motion from the beginning, with velocities of the temperature at which the schedule begins.
  ///
  /// - Parameters:
  ///   - start: Where the atoms are.
  ///   - velocities: Å/fs; nil draws them from a Maxwell distribution, with no total momentum and the
  ///     exact temperature.
  ///   - settings: How it is integrated.
  ///   - schedule: What is aimed at.
  ///   - model: The energy.
  /// - Throws: What the model throws.
  /// - Precondition: atoms have mass.
  public convenience init(
    _ start: Configuration, velocities: [SIMD3<Double>]? = nil, settings: DynamicsSettings,
    schedule: Schedule, model: any EnergyModel
  ) throws {
    let evaluation = try model.evaluate(start)
    let lattice = start.lattice
    var state = DynamicsState(
      step: 0, lattice: Matrix3(rows: lattice.vectors), positions: start.positions,
      velocities: velocities
        ?? maxwellVelocities(
          start.species, temperature: schedule.target(after: 0).temperature,
          degreesOfFreedom: MolecularDynamics.degreesOfFreedom(
            settings, atoms: start.species.count), fixed: settings.fixedAtoms,
          seed: settings.seed),
      energy: evaluation.energy, forces: evaluation.forces,
      strainDerivative: Matrix3(rows: evaluation.strainDerivative))
    if case .noseHoover(_, let length) = settings.thermostat {
      state.atomChain = NoseHooverChain(length: length)
      if settings.barostat != nil { state.cellChain = NoseHooverChain(length: length) }
    }
    try self.init(
      state, species: start.species, settings: settings, schedule: schedule, model: model)
  }

  /// Three per atom that moves, less the three of the total momentum where that is kept.
  private static func degreesOfFreedom(_ settings: DynamicsSettings, atoms: Int) -> Int {
    guard settings.fixedAtoms.isEmpty else {
      return max(1, 3 * (atoms - Set(settings.fixedAtoms).count))
    }
    if case .langevin(_, .free) = settings.thermostat { return 3 * atoms }
    return max(1, 3 * atoms - 3)
  }

  /// Does one step.
  ///
  /// - Throws: What the model throws, ``DynamicsError`` if the motion has blown up.
  public func advance() throws {
    let target = schedule.target(after: state.step)
    let half = 0.5 * settings.timeStep
    pushCell(target, half)
    kick(half)
    try drift(target, half)
    heat(target)
    try drift(target, half)
    try evaluate()
    kick(half)
    pushCell(target, half)
    state.step += 1
    let next = schedule.target(after: state.step)
    if next != target { state.scheduleWork += surroundings(next) - surroundings(target) }
    if settings.fixedAtoms.isEmpty, settings.driftRemoval > 0,
      state.step.isMultiple(of: settings.driftRemoval)
    {
      removeDrift(&state.velocities, masses)
    }
  }

  private func evaluate() throws {
    guard state.place(in: &configuration.positions) else {
      throw DynamicsError.blownUp(step: state.step + 1)
    }
    configuration.lattice = try state.lattice.lattice()
    state.take(try model.evaluate(configuration))
    state.hold(settings.fixedAtoms)
  }

  /// B: velocities.
  private func kick(_ time: Double) {
    guard settings.barostat != nil else {
      state.kick(time, masses)
      return
    }
    let rate = state.strainRate.trace / Double(degreesOfFreedom)
    let (values, vectors) = state.strainRate.eigensystem()
    // With constant force the solution is v exp(-kt) + F/m (1 - exp(-kt))/k.
    let decay = Matrix3(values, vectors) { exp(-($0 + rate) * time) }
    let push = Matrix3(values, vectors) { time * relativeGrowth(-($0 + rate) * time) }
    state.kick(masses, decay: decay, push: push)
  }

  /// A: positions and cell.
  private func drift(_ target: Schedule.Target, _ time: Double) throws {
    guard settings.barostat != nil else {
      state.drift(time)
      return
    }
    let before = state.lattice.volume
    let (values, vectors) = state.strainRate.eigensystem()
    let stretch = Matrix3(values, vectors) { exp($0 * time) }
    let advance = Matrix3(values, vectors) { time * relativeGrowth($0 * time) }
    state.drift(stretch: stretch, advance: advance)
    for row in 0..<3 { state.lattice[row] = stretch * state.lattice[row] }
    let volume = 0.5 * (before + state.lattice.volume)
    state.shearWork +=
      time * volume * Matrix3.contraction(Matrix3(shear: target.shear), state.strainRate)
  }

  /// B: the rate of strain.
  private func pushCell(_ target: Schedule.Target, _ time: Double) {
    guard let barostat = settings.barostat else { return }
    let volume = state.lattice.volume
    var kinetic = Matrix3.zero
    for i in masses.indices {
      let v = state.velocities[i]
      let p = masses[i] * v
      kinetic = kinetic + Matrix3(p.x * v, p.y * v, p.z * v)
    }
    let mean = kinetic.trace / Double(degreesOfFreedom) - target.pressure * volume
    let push =
      kinetic - state.strainDerivative.symmetrised + mean * .identity
      + volume * Matrix3(shear: target.shear)
    state.strainRate =
      state.strainRate
      + (time / inertia(barostat, target)) * barostat.cell.projection(of: push)
  }

  /// W, eV fs².
  private func inertia(_ barostat: DynamicsSettings.Barostat, _ target: Schedule.Target) -> Double {
    Double(degreesOfFreedom + 3) * Constants.boltzmann * target.temperature * barostat.period
      * barostat.period / 3
  }

  /// O: what the thermostat does in a step.
  private func heat(_ target: Schedule.Target) {
    let thermalEnergy = Constants.boltzmann * target.temperature
    switch settings.thermostat {
    case .none: return
    case .langevin(let time, let momentum): rub(target, time: time, momentum)
    case .noseHoover(let period, _):
      let scale = state.atomChain.advance(
        kinetic: kineticEnergy,
        NoseHooverChain.Coupling(
          degreesOfFreedom: degreesOfFreedom, thermalEnergy: thermalEnergy, period: period),
        time: settings.timeStep)
      state.scaleVelocities(by: scale)
      guard let barostat = settings.barostat else { return }
      let cellScale = state.cellChain.advance(
        kinetic: 0.5 * inertia(barostat, target) * state.strainRate.squaredNorm,
        NoseHooverChain.Coupling(
          degreesOfFreedom: barostat.cell.degreesOfFreedom, thermalEnergy: thermalEnergy,
          period: barostat.period),
        time: settings.timeStep)
      state.strainRate = cellScale * state.strainRate
    }
  }

  /// The exact motion under friction and random forces alone.
  private func rub(
    _ target: Schedule.Target, time: Double, _ momentum: DynamicsSettings.Momentum
  ) {
    let thermalEnergy = Constants.boltzmann * target.temperature
    let before = kineticEnergy
    let decay = exp(-settings.timeStep / time)
    let strength = (thermalEnergy * (1 - decay * decay)).squareRoot()
    state.shake(decay: decay, strength: strength, masses, noise)
    state.hold(settings.fixedAtoms)
    // With no momentum before, this makes the random forces orthogonal to the total momentum.
    if momentum == .kept, settings.fixedAtoms.isEmpty { removeDrift(&state.velocities, masses) }
    state.dissipated += before - kineticEnergy
    guard let barostat = settings.barostat else { return }
    let inertia = inertia(barostat, target)
    let cellBefore = 0.5 * inertia * state.strainRate.squaredNorm
    let cellDecay = exp(-settings.timeStep / barostat.period)
    // Elements beside the diagonal count twice in the kinetic energy.
    let diagonal = cellNoise.vector(step: state.step, index: 0)
    let beside = cellNoise.vector(step: state.step, index: 1) * 0.5.squareRoot()
    let random = Matrix3(
      SIMD3(diagonal.x, beside.z, beside.y), SIMD3(beside.z, diagonal.y, beside.x),
      SIMD3(beside.y, beside.x, diagonal.z))
    let cellStrength = (thermalEnergy * (1 - cellDecay * cellDecay) / inertia).squareRoot()
    state.strainRate =
      cellDecay * state.strainRate + cellStrength * barostat.cell.projection(of: random)
    state.dissipated += cellBefore - 0.5 * inertia * state.strainRate.squaredNorm
  }
}

/// (exp x - 1)/x.
private func relativeGrowth(_ x: Double) -> Double {
  x.magnitude < 1e-9 ? 1 + 0.5 * x : expm1(x) / x
}

extension Matrix3 {
  /// The symmetric matrix of shear components yz, xz, xy.
  init(shear: SIMD3<Double>) {
    self.init(
      SIMD3(0, shear.z, shear.y), SIMD3(shear.z, 0, shear.x), SIMD3(shear.y, shear.x, 0))
  }

  /// The lattice with these rows as vectors.
  package func lattice() throws(LatticeError) -> Lattice { try Lattice(a: x, b: y, c: z) }
}

extension MolecularDynamics {
  /// Kinetic energy of the atoms, eV.
  public var kineticEnergy: Double {
    let velocities = state.velocities
    var sum = 0.0
    for i in masses.indices { sum += masses[i] * dot(velocities[i], velocities[i]) }
    return 0.5 * sum
  }

  /// Temperature of the atoms, K.
  public var temperature: Double {
    2 * kineticEnergy / (Double(degreesOfFreedom) * Constants.boltzmann)
  }

  /// Total momentum, amu Å/fs.
  public var momentum: SIMD3<Double> {
    var sum = SIMD3<Double>.zero
    for i in masses.indices { sum += masses[i] * state.velocities[i] }
    return DynamicsUnits.acceleration * sum
  }

  /// Stress of the atoms, with that of their motion, eV/Å³; positive under tension.
  public var stress: Matrix3 {
    var sum = state.strainDerivative.symmetrised
    for i in masses.indices {
      let v = state.velocities[i]
      let p = masses[i] * v
      sum = sum - Matrix3(p.x * v, p.y * v, p.z * v)
    }
    return (1 / state.lattice.volume) * sum
  }

  /// Pressure, eV/Å³.
  public var pressure: Double { -stress.trace / 3 }

  /// Mass of all atoms, amu.
  public var mass: Double { masses.reduce(0, +) * DynamicsUnits.acceleration }

  /// What would not change without errors of the integration, eV.
  ///
  /// Energy, with P₀ V and the energy of the cell's motion if there is a barostat, and what thermostats
  /// have taken, less the work of shear and of changes of the temperature and pressure aimed at.
  public var conservedEnergy: Double {
    state.energy + kineticEnergy + state.dissipated - state.shearWork - state.scheduleWork
      + surroundings(schedule.target(after: state.step))
  }

  /// The part of the conserved energy that depends on what is aimed at: thermostats and cell, eV.
  private func surroundings(_ target: Schedule.Target) -> Double {
    let thermalEnergy = Constants.boltzmann * target.temperature
    var sum = 0.0
    if case .noseHoover(let period, _) = settings.thermostat {
      sum += state.atomChain.energy(
        NoseHooverChain.Coupling(
          degreesOfFreedom: degreesOfFreedom, thermalEnergy: thermalEnergy, period: period))
    }
    guard let barostat = settings.barostat else { return sum }
    sum += 0.5 * inertia(barostat, target) * state.strainRate.squaredNorm
    sum += target.pressure * state.lattice.volume
    if case .noseHoover = settings.thermostat {
      sum += state.cellChain.energy(
        NoseHooverChain.Coupling(
          degreesOfFreedom: barostat.cell.degreesOfFreedom, thermalEnergy: thermalEnergy,
          period: barostat.period))
    }
    return sum
  }
}
