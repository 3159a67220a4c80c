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
  private let schedule: Schedule
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
    _ melt: MeltMotion, startVolume: Double, atoms: Int, _ start: MeltReading
  ) {
    name = melt.segment
    motion = melt.motion
    timeStep = melt.timeStep
    schedule = melt.schedule
    self.startVolume = startVolume
    startConserved = start.conservedEnergy
    self.atoms = atoms
  }

  /// Checks the motion.
  ///
  /// - Throws: ``Failure``.
  mutating func check(_ reading: MeltReading) throws {
    let time = Double(reading.step) * timeStep
    let place = "in \(name) after \(fixed(time / 1000, 2)) ps"
    let target = schedule.target(after: reading.step).temperature
    let limit = 2 * target + 500
    // Relaxing from a poor start makes heat that the thermostat needs some time to take away.
    hotChecks = reading.temperature > limit ? hotChecks + 1 : 0
    if hotChecks >= 4 || reading.temperature > 20 * (target + 500) {
      throw Failure(
        diagnosis:
          "temperature runaway \(place): \(fixed(reading.temperature, 0)) K with a target of "
          + "\(fixed(target, 0)) K",
        hint: "relax the start first, take a shorter time_step, or a model with repulsion")
    }
    let ratio = reading.volume / startVolume
    guard MeltGuards.volumes.contains(ratio) else {
      throw Failure(
        diagnosis: "the density has \(ratio < 1 ? "collapsed" : "exploded") \(place): volume "
          + "\(fixed(ratio, 2)) of that at the start",
        hint: "keep the cell fixed while it is hot, or check that the model suits the composition")
    }
    if motion.thermostat != .noseHoover || !motion.isQuench, time > 500 {
      let drift = (reading.conservedEnergy - startConserved) / Double(atoms) / time * 1000
      guard drift.magnitude < MeltGuards.largestDrift else {
        throw Failure(
          diagnosis: "energy drifts \(place): \(fixed(drift, 3)) eV/atom per ps",
          hint: "take a shorter time_step, or a smoother truncation")
      }
    }
    let move = reading.fastest.speed * timeStep
    guard move <= 1 else {
      let atom = reading.fastest.atom.map { "atom \($0 + 1)" } ?? "an atom"
      throw Failure(
        diagnosis: "\(atom) is lost \(place): it moves \(fixed(move, 1)) Å in a step",
        hint: "take a shorter time_step, or relax the start first")
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
