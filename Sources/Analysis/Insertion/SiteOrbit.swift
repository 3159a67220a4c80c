internal import Crystal
internal import Symmetry

/// A point moved onto the symmetry element that it lies near, with all its equivalents.
struct SiteOrbit {
  /// The equivalent points, in [0, 1)³; the moved point first.
  let positions: [Fractional]

  /// How far the point was moved, Å.
  let shift: Double

  /// Builds the orbit.
  ///
  /// - Parameters:
  ///   - point: Any image.
  ///   - operations: The group, modulo lattice translations.
  ///   - lattice: The cell.
  ///   - tolerance: Images of the point within this distance are one point, Å.
  init(
    _ point: Fractional, _ operations: [SymmetryOperation], lattice: Lattice, tolerance: Double
  ) {
    var centre = point
    // The mean of the near images; it may come near an element of higher symmetry, hence the rounds.
    for _ in 0..<4 where operations.count > 1 {
      var (sum, count) = (SIMD3<Double>.zero, 0.0)
      for operation in operations {
        var f = operation.image(of: centre).components - centre.components
        f -= f.rounded(.toNearestOrEven)
        guard length(lattice.cartesian(Fractional(f)).components) < tolerance else { continue }
        sum += f
        count += 1
      }
      let step = count > 0 ? sum / count : .zero
      centre = Fractional(centre.components + step)
      if length(lattice.cartesian(Fractional(step)).components) < 1e-9 { break }
    }
    var orbit = [centre.wrapped]
    for operation in operations {
      let image = operation.image(of: centre).wrapped
      let isKnown = orbit.contains { known in
        var f = image.components - known.components
        f -= f.rounded(.toNearestOrEven)
        return length(lattice.cartesian(Fractional(f)).components) < tolerance / 2
      }
      if !isKnown { orbit.append(image) }
    }
    var f = centre.components - point.components
    f -= f.rounded(.toNearestOrEven)
    self.positions = orbit
    self.shift = length(lattice.cartesian(Fractional(f)).components)
  }
}
