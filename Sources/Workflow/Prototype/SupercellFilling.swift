internal import Crystal

/// The supercell in which a crystal is filled, and how.
public struct SupercellFilling: Hashable, Codable, Sendable {
  /// The supercell, `3x3x3` or nine integers row by row.
  public var supercell = "1x1x1"

  /// Seed of the random placement where several species share a label.
  public var seed: UInt64 = 0

  /// Whether fractions that give no whole numbers of atoms are rounded; the shift is reported.
  public var round = false

  /// One unit cell.
  public init() {}

  /// The supercell as a matrix.
  ///
  /// - Throws: ``InputError`` if it is none, or has more sites than fit into memory with ease.
  func supercellMatrix(sitesPerCell: Int) throws(InputError) -> SupercellMatrix {
    var specification = SpinelBuildSpecification()
    specification.supercell = supercell
    return try specification.supercellMatrix(sitesPerCell: sitesPerCell)
  }
}
