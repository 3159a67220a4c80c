internal import Crystal
internal import Dynamics

/// What a molecular dynamics run goes on from: the motion, and how far the files had come.
struct MDState: Codable {
  /// The motion.
  var dynamics: DynamicsState

  /// Bytes of the trajectory.
  var trajectoryBytes: UInt64

  /// Bytes of the log.
  var logBytes: UInt64

  static let name = "state.json"

  init(dynamics: DynamicsState, trajectoryBytes: UInt64, logBytes: UInt64) {
    self.dynamics = dynamics
    self.trajectoryBytes = trajectoryBytes
    self.logBytes = logBytes
  }

  /// The state in a folder.
  ///
  /// - Throws: ``InputError`` if there is none, it is damaged, or belongs to other atoms.
  init(in folder: OutputFolder, atoms: Int) throws {
    let file = folder.file(MDState.name)
    guard folder.has(MDState.name) else {
      throw InputError(
        "the run had not begun to move", at: file, hint: "begin it again with --force")
    }
    do {
      self = try jsonValue(MDState.self, from: folder.read(MDState.name))
    } catch {
      throw InputError(
        "the state of the run is damaged", at: file, hint: "begin it again with --force")
    }
    let counts = [dynamics.positions.count, dynamics.velocities.count, dynamics.forces.count]
    guard counts.allSatisfy({ $0 == atoms }), dynamics.step >= 0 else {
      throw InputError("the state is not of this run", at: file)
    }
  }

  /// Writes the state, as a whole or not at all.
  func write(to folder: OutputFolder) throws {
    try folder.write(compactJSON(self), to: MDState.name)
  }
}
