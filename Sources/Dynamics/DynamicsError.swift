internal import Crystal

/// What ends a run or a relaxation early.
public enum DynamicsError: Error, Hashable, Sendable, CustomStringConvertible {
  /// An atom went farther in a step than any atom can.
  case blownUp(step: Int)
  /// Atoms fell into one another: a force on an atom, eV/Å.
  case collapsed(force: Double)
  /// The volume left all bounds: its ratio to that at the start.
  case unbounded(volumeRatio: Double)

  /// Longer moves in one step are no motion of atoms, Å.
  static let longestMove = 10.0

  /// Larger forces are those of atoms that fall into one another, eV/Å.
  static let largestForce = 1e5

  /// Volumes that a relaxation may reach, relative to that at the start.
  static let volumeRatios = 0.1...10

  /// What happened.
  public var description: String {
    switch self {
    case .blownUp(let step):
      "the motion blew up: in step \(step) an atom moved by more than "
        + "\(Int(DynamicsError.longestMove)) Å"
    case .collapsed(let force):
      "atoms fall into one another: there is a force of \(force) eV/Å"
    case .unbounded(let ratio):
      "the cell has no minimum nearby: its volume came to \(fixed(ratio, 3)) times that at the start"
    }
  }
}
