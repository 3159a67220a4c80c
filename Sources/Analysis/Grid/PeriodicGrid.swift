public import Crystal

/// Points at equal fractions along the vectors of a cell.
///
/// Point (i, j, k) lies at i/nₐ a + j/n_b b + k/n_c c, from 0 up to but not including 1; k runs fastest in
/// every array over the points.
public struct PeriodicGrid: Hashable, Sendable {
  /// The cell.
  public let lattice: Lattice

  /// Points along a, b and c.
  public let divisions: SIMD3<Int>

  /// The largest number of points along one axis.
  public static let mostDivisions = 4096

  /// A grid with given numbers of points.
  ///
  /// - Throws: ``InputError`` if a number is not from 1 to 4096.
  public init(lattice: Lattice, divisions: SIMD3<Int>) throws(InputError) {
    for axis in 0..<3 where !(1...PeriodicGrid.mostDivisions).contains(divisions[axis]) {
      throw InputError(
        "\(divisions[axis]) grid points along \(["a", "b", "c"][axis]), expected 1 to "
          + "\(PeriodicGrid.mostDivisions)")
    }
    self.lattice = lattice
    self.divisions = divisions
  }

  /// The coarsest grid whose steps along a, b and c are not longer than a spacing, Å.
  ///
  /// - Throws: ``InputError`` if the spacing is not positive or so small that there are too many points.
  public init(lattice: Lattice, spacing: Double) throws(InputError) {
    guard spacing > 0, spacing.isFinite else {
      throw InputError("a grid spacing of \(spacing) Å, expected more than 0")
    }
    var divisions = SIMD3(1, 1, 1)
    for axis in 0..<3 {
      // A spacing that divides the edge stays as it is.
      let steps = (lattice.lengths[axis] / spacing - 1e-9).rounded(.up)
      guard steps <= Double(PeriodicGrid.mostDivisions) else {
        throw InputError(
          "a grid spacing of \(spacing) Å makes \(fixed(steps, 0)) points along "
            + "\(["a", "b", "c"][axis]), expected at most \(PeriodicGrid.mostDivisions)",
          hint: "use a larger spacing")
      }
      divisions[axis] = max(1, Int(steps))
    }
    try self.init(lattice: lattice, divisions: divisions)
  }

  /// Number of points.
  public var count: Int { divisions.x * divisions.y * divisions.z }

  /// Volume that a point stands for, Å³.
  public var pointVolume: Double { lattice.volume / Double(count) }

  /// Steps along a, b and c, Å.
  public var spacings: SIMD3<Double> {
    lattice.lengths / SIMD3(Double(divisions.x), Double(divisions.y), Double(divisions.z))
  }

  /// The place of a point in arrays.
  public func index(_ i: Int, _ j: Int, _ k: Int) -> Int {
    (i * divisions.y + j) * divisions.z + k
  }

  /// The point at a place in arrays.
  public func point(_ index: Int) -> Fractional {
    let (row, k) = index.quotientAndRemainder(dividingBy: divisions.z)
    let (i, j) = row.quotientAndRemainder(dividingBy: divisions.y)
    return Fractional(
      Double(i) / Double(divisions.x), Double(j) / Double(divisions.y),
      Double(k) / Double(divisions.z))
  }
}
