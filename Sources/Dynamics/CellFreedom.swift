/// How the cell may change; it never turns.
public enum CellFreedom: String, Codable, Sendable, CaseIterable {
  /// Not at all.
  case fixed
  /// The volume alone.
  case isotropic
  /// Lengths and angles at constant volume.
  case shape
  /// Lengths and angles.
  case full

  /// The part of a symmetric strain, or of what drives it, that the cell follows.
  public func projection(of strain: Matrix3) -> Matrix3 {
    let mean = strain.trace / 3
    return switch self {
    case .fixed: .zero
    case .isotropic: mean * .identity
    case .shape: strain - mean * .identity
    case .full: strain
    }
  }

  /// Number of independent strains.
  public var degreesOfFreedom: Int {
    switch self {
    case .fixed: 0
    case .isotropic: 1
    case .shape: 5
    case .full: 6
    }
  }
}
