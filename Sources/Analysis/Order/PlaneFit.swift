#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Equally spaced planes through points along one axis of a periodic cell.
struct PlaneFit {
  /// Number of planes in the cell, h.
  let planes: Int

  /// |Σ exp(2πi h x)|/N: 1 if all points lie on the planes.
  let strength: Double

  /// Distance of every point from the nearest plane in units of the spacing, from −1/2 to 1/2.
  let deviations: [Double]

  /// Number of planes that are the nearest one of some point.
  let occupied: Int

  /// Fits a number of planes, whose place is the phase of the wave.
  ///
  /// - Parameters:
  ///   - x: Fractional coordinates.
  ///   - planes: h.
  init(_ x: [Double], planes: Int) {
    let h = Double(planes)
    var (re, im) = (0.0, 0.0)
    for value in x {
      let turns = h * value
      let angle = 2 * Double.pi * (turns - turns.rounded(.down))
      re += cos(angle)
      im += sin(angle)
    }
    let phase = atan2(im, re) / (2 * Double.pi)
    var (deviations, taken): ([Double], Set<Int>) = ([], [])
    for value in x {
      let place = h * value - phase
      let plane = place.rounded(.toNearestOrEven)
      deviations.append(place - plane)
      taken.insert(((Int(plane) % planes) + planes) % planes)
    }
    self.planes = planes
    strength = (re * re + im * im).squareRoot() / Double(max(1, x.count))
    self.deviations = deviations
    occupied = taken.count
  }

  /// The strongest wave of two or more planes that all hold points; nil if there is none.
  static func best(_ x: [Double], most: Int) -> PlaneFit? {
    var best: PlaneFit?
    guard x.count > 1 else { return nil }
    for planes in 2...max(2, min(most, x.count)) {
      let fit = PlaneFit(x, planes: planes)
      // More points decide, so that rounding does not choose between equally strong waves.
      if fit.occupied == planes, fit.strength > (best?.strength ?? 0) + 1e-9 { best = fit }
    }
    return best
  }
}
