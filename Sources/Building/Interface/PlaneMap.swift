internal import Crystal

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// A linear map of the plane: r' = r M, rows.
struct PlaneMap: Hashable, Sendable {
  var x: SIMD2<Double>
  var y: SIMD2<Double>

  /// The image of a vector.
  func callAsFunction(_ r: SIMD2<Double>) -> SIMD2<Double> { r.x * x + r.y * y }

  static func * (l: PlaneMap, r: PlaneMap) -> PlaneMap { PlaneMap(x: r(l.x), y: r(l.y)) }

  /// The map that takes the vectors of one lattice to those of another.
  init(from: PlaneLattice, to: PlaneLattice) {
    // F M = S, M = F⁻¹ S.
    let d = from.signedArea
    self.x = (from.b.y * to.a - from.a.y * to.b) / d
    self.y = (from.a.x * to.b - from.b.x * to.a) / d
  }

  init(x: SIMD2<Double>, y: SIMD2<Double>) { (self.x, self.y) = (x, y) }

  /// The symmetric factor U of M = U R.
  ///
  /// U² = M Mᵀ = C, and for 2 × 2 matrices √C = (C + √det C) / √(tr C + 2 √det C).
  var stretch: PlaneMap {
    let (xx, yy, xy) = ((x * x).sum(), (y * y).sum(), (x * y).sum())
    return PlaneMap.root(xx, yy, xy)
  }

  /// Square root of a symmetric positive map.
  private static func root(_ xx: Double, _ yy: Double, _ xy: Double) -> PlaneMap {
    let s = max(0, xx * yy - xy * xy).squareRoot()
    let t = (xx + yy + 2 * s).squareRoot()
    return PlaneMap(x: SIMD2(xx + s, xy) / t, y: SIMD2(xy, yy + s) / t)
  }

  /// Square root of this map, which must be symmetric and positive.
  var squareRoot: PlaneMap { PlaneMap.root(x.x, y.y, x.y) }

  /// Angle of the rotation R of M = U R, degrees, counterclockwise.
  var twistDegrees: Double { atan2(x.y - y.x, x.x + y.y) * 180 / .pi }

  /// The rotation R of M = U R.
  var rotation: PlaneMap {
    let angle = twistDegrees * .pi / 180
    return PlaneMap(x: SIMD2(cos(angle), sin(angle)), y: SIMD2(-sin(angle), cos(angle)))
  }

  /// Eigenvalues of U less one, the smaller first.
  var principalStrains: SIMD2<Double> {
    let u = stretch
    let (middle, half) = ((u.x.x + u.y.y) / 2, (u.x.x - u.y.y) / 2)
    let radius = (half * half + u.x.y * u.x.y).squareRoot()
    return SIMD2(middle - radius - 1, middle + radius - 1)
  }

  /// Mean of the sizes of the principal strains.
  var meanStrain: Double {
    let e = principalStrains
    return (e.x.magnitude + e.y.magnitude) / 2
  }

  /// xx, yy, xy of U − 1.
  var strain: [Double] {
    let u = stretch
    return [u.x.x - 1, u.y.y - 1, u.x.y]
  }
}
