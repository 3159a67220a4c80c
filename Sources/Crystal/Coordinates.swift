/// Fractional coordinates: multiples of the lattice vectors; any image, unless wrapped.
public struct Fractional: Hashable, Sendable {
  /// x, y, z along a, b, c; dimensionless.
  public var components: SIMD3<Double>

  /// Wraps three components.
  public init(_ components: SIMD3<Double>) { self.components = components }

  /// A point x a + y b + z c.
  public init(_ x: Double, _ y: Double, _ z: Double) { self.components = SIMD3(x, y, z) }

  /// The image of the point in [0, 1)³.
  ///
  /// A coordinate within 10⁻¹² below 1 becomes 0, so that a point on the boundary has one image.
  public var wrapped: Fractional {
    var f = components - components.rounded(.down)
    for axis in 0..<3 where f[axis] >= 1 - 1e-12 { f[axis] = 0 }
    return Fractional(f)
  }
}

/// Cartesian coordinates, Å.
public struct Cartesian: Hashable, Sendable {
  /// x, y, z, Å.
  public var components: SIMD3<Double>

  /// Wraps three components, Å.
  public init(_ components: SIMD3<Double>) { self.components = components }

  /// A point (x, y, z), Å.
  public init(_ x: Double, _ y: Double, _ z: Double) { self.components = SIMD3(x, y, z) }
}

/// The scalar product.
public func dot(_ u: SIMD3<Double>, _ v: SIMD3<Double>) -> Double {
  u.x * v.x + u.y * v.y + u.z * v.z
}

/// The vector product.
public func cross(_ u: SIMD3<Double>, _ v: SIMD3<Double>) -> SIMD3<Double> {
  SIMD3(u.y * v.z - u.z * v.y, u.z * v.x - u.x * v.z, u.x * v.y - u.y * v.x)
}

/// The Euclidean length.
public func length(_ v: SIMD3<Double>) -> Double { dot(v, v).squareRoot() }
