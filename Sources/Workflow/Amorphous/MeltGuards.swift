internal import Analysis
internal import Crystal
internal import Dynamics
internal import Energetics

/// What stops a melt–quench before it produces nonsense.
struct MeltGuards {
  /// A run that has gone wrong.
  struct Failure: Error {
    /// What was found.
    var diagnosis: String
    /// What to do.
    var hint: String
  }

  private let name: String
  private let motion: MeltSchedule.Motion
  private let timeStep: Double
  private let startVolume: Double
  private let startConserved: Double
  private let atoms: Int
  private var hotChecks = 0

  /// fs between checks.
  static let interval = 50.0

  /// Volume of the whole run over that of its start.
  private static let volumes = 0.35...3.0

  /// Largest gain or loss of the conserved energy, eV/atom per ps.
  private static let largestDrift = 0.2

  /// Atoms nearer than this have fallen into each other, Å.
  private static let shortestDistance = 0.6

  init(
    _ segment: String, _ motion: MeltSchedule.Motion, timeStep: Double, startVolume: Double,
    _ dynamics: MolecularDynamics
  ) {
    name = segment
    self.motion = motion
    self.timeStep = timeStep
    self.startVolume = startVolume
    startConserved = dynamics.conservedEnergy
    atoms = dynamics.state.positions.count
  }

  /// Checks the motion.
  ///
  /// - Throws: ``Failure``.
  mutating func check(_ dynamics: MolecularDynamics) throws {
    let state = dynamics.state
    let time = Double(state.step) * timeStep
    let place = "in \(name) after \(fixed(time / 1000, 2)) ps"
    let target = dynamics.schedule.target(after: state.step).temperature
    let limit = 2 * target + 500
    // Relaxing from a poor start makes heat that the thermostat needs some time to take away.
    hotChecks = dynamics.temperature > limit ? hotChecks + 1 : 0
    if hotChecks >= 4 || dynamics.temperature > 20 * (target + 500) {
      throw Failure(
        diagnosis:
          "temperature runaway \(place): \(fixed(dynamics.temperature, 0)) K with a target of "
          + "\(fixed(target, 0)) K",
        hint: "relax the start first, take a shorter time_step, or a model with repulsion")
    }
    let ratio = state.lattice.volume / startVolume
    guard MeltGuards.volumes.contains(ratio) else {
      throw Failure(
        diagnosis: "the density has \(ratio < 1 ? "collapsed" : "exploded") \(place): volume "
          + "\(fixed(ratio, 2)) of that at the start",
        hint: "keep the cell fixed while it is hot, or check that the model suits the composition")
    }
    if motion.thermostat != .noseHoover || !motion.isQuench, time > 500 {
      let drift = (dynamics.conservedEnergy - startConserved) / Double(atoms) / time * 1000
      guard drift.magnitude < MeltGuards.largestDrift else {
        throw Failure(
          diagnosis: "energy drifts \(place): \(fixed(drift, 3)) eV/atom per ps",
          hint: "take a shorter time_step, or a smoother truncation")
      }
    }
    for (i, velocity) in state.velocities.enumerated() where length(velocity) * timeStep > 1 {
      throw Failure(
        diagnosis:
          "atom \(i + 1) is lost \(place): it moves \(fixed(length(velocity) * timeStep, 1)) Å "
          + "in a step", hint: "take a shorter time_step, or relax the start first")
    }
  }

  /// Checks the structure at the end of a segment.
  ///
  /// - Throws: ``Failure``.
  static func check(_ structure: Structure, after name: String) throws {
    let atoms = structure.species.indices.filter { !structure.species[$0].isVacancy }
    let order = LocalOrder.nearestPair(
      structure.lattice, positions: atoms.map { structure.positions[$0] }, within: shortestDistance)
    if let (i, j, distance) = order {
      throw Failure(
        diagnosis:
          "atoms \(atoms[i] + 1) and \(atoms[j] + 1) are \(fixed(distance, 2)) Å apart after "
          + "\(name)",
        hint: "take a model with repulsion at short distances, or a lower temperature")
    }
  }
}
