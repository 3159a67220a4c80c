#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// A lattice in three dimensions; its vectors are rows: r = x a + y b + z c.
public struct Lattice: Hashable, Sendable {
  /// First lattice vector, Å.
  public let a: SIMD3<Double>

  /// Second lattice vector, Å.
  public let b: SIMD3<Double>

  /// Third lattice vector, Å.
  public let c: SIMD3<Double>

  /// A lattice from its vectors, Å; they may be left-handed.
  ///
  /// - Throws: ``LatticeError`` if a component is not finite, a vector is absurdly short or long, or
  ///   the three lie in a plane.
  public init(
    a: SIMD3<Double>, b: SIMD3<Double>, c: SIMD3<Double>
  ) throws(LatticeError) {
    for vector in [a, b, c] {
      guard (0..<3).allSatisfy({ vector[$0].isFinite }) else { throw .notFinite }
      let size = length(vector)
      guard Lattice.lengthRange.contains(size) else { throw .length(size) }
    }
    let volume = dot(a, cross(b, c)).magnitude
    guard volume > 1e-6 * length(a) * length(b) * length(c) else { throw .flat }
    self.a = a
    self.b = b
    self.c = c
  }

  /// A lattice from lengths, Å, and angles, degrees; a along x, b in the xy plane.
  ///
  /// - Throws: ``LatticeError`` for lengths or angles that no lattice has.
  public init(
    lengths: SIMD3<Double>, anglesDegrees: SIMD3<Double>
  ) throws(LatticeError) {
    for axis in 0..<3 {
      guard lengths[axis].isFinite, anglesDegrees[axis].isFinite else { throw .notFinite }
      guard Lattice.lengthRange.contains(lengths[axis]) else { throw .length(lengths[axis]) }
      guard anglesDegrees[axis] > 0, anglesDegrees[axis] < 180 else {
        throw .angle(anglesDegrees[axis])
      }
    }
    let (ca, cb, cg) = (
      cosine(degrees: anglesDegrees.x), cosine(degrees: anglesDegrees.y),
      cosine(degrees: anglesDegrees.z)
    )
    let sg = (1 - cg * cg).squareRoot()
    let height2 = 1 - cb * cb - ((ca - cb * cg) / sg) * ((ca - cb * cg) / sg)
    guard height2 > 0 else { throw .flat }
    try self.init(
      a: SIMD3(lengths.x, 0, 0),
      b: lengths.y * SIMD3(cg, sg, 0),
      c: lengths.z * SIMD3(cb, (ca - cb * cg) / sg, height2.squareRoot()))
  }

  /// A cubic lattice with edge `a`, Å.
  public static func cubic(_ a: Double) throws(LatticeError) -> Lattice {
    guard a > 0 else { throw .length(a) }
    return try Lattice(a: SIMD3(a, 0, 0), b: SIMD3(0, a, 0), c: SIMD3(0, 0, a))
  }

  /// Lengths of a lattice vector that are not taken for a mistake, Å.
  public static let lengthRange = 0.1...1e5

  /// The vectors a, b, c, Å.
  public var vectors: [SIMD3<Double>] { [a, b, c] }

  /// Volume of the cell, Å³; positive for left-handed vectors too.
  public var volume: Double { dot(a, cross(b, c)).magnitude }

  /// Whether a · (b × c) is positive.
  public var isRightHanded: Bool { dot(a, cross(b, c)) > 0 }

  /// Whether a lies along +x and b in the xy plane with y > 0, and c has z > 0.
  public var isLowerTriangular: Bool {
    a.x > 0 && a.y == 0 && a.z == 0 && b.y > 0 && b.z == 0 && c.z > 0
  }

  /// The right-handed lattice turned so that a lies along +x and b in the xy plane with y > 0.
  ///
  /// Lengths and angles stay. Left-handed vectors become -a, -b, -c first, the same lattice.
  ///
  /// - Throws: ``LatticeError`` for lattices so flat that rounding leaves no volume.
  public func lowerTriangular() throws(LatticeError) -> Lattice {
    if isLowerTriangular { return self }
    let frame = LowerTriangularFrame(self)
    let b = frame.turnedLatticeVector(self.b)
    return try Lattice(
      a: SIMD3(length(a), 0, 0), b: SIMD3(b.x, b.y, 0), c: frame.turnedLatticeVector(c))
  }

  /// Lengths of a, b, c, Å.
  public var lengths: SIMD3<Double> { SIMD3(length(a), length(b), length(c)) }

  /// Angles α (between b and c), β (c, a), γ (a, b), degrees.
  public var anglesDegrees: SIMD3<Double> {
    func angle(_ u: SIMD3<Double>, _ v: SIMD3<Double>) -> Double {
      let cosine = dot(u, v) / (length(u) * length(v))
      return acos(max(-1, min(1, cosine))) * 180 / Double.pi
    }
    return SIMD3(angle(b, c), angle(c, a), angle(a, b))
  }

  /// Reciprocal vectors as rows, including 2π, Å⁻¹: aᵢ · bⱼ = 2π δᵢⱼ.
  public var reciprocal: (a: SIMD3<Double>, b: SIMD3<Double>, c: SIMD3<Double>) {
    let factor = 2 * Double.pi / dot(a, cross(b, c))
    return (factor * cross(b, c), factor * cross(c, a), factor * cross(a, b))
  }

  /// The Cartesian position of a fractional one, Å.
  public func cartesian(_ position: Fractional) -> Cartesian {
    let f = position.components
    return Cartesian(f.x * a + f.y * b + f.z * c)
  }

  /// The fractional position of a Cartesian one.
  public func fractional(_ position: Cartesian) -> Fractional {
    let r = position.components
    let signedVolume = dot(a, cross(b, c))
    return Fractional(
      dot(r, cross(b, c)) / signedVolume, dot(r, cross(c, a)) / signedVolume,
      dot(r, cross(a, b)) / signedVolume)
  }

  /// Distances between the lattice planes normal to a*, b*, c*, Å.
  public var planeSpacings: SIMD3<Double> {
    SIMD3(volume / length(cross(b, c)), volume / length(cross(c, a)), volume / length(cross(a, b)))
  }

  /// All lattice points within `radius` of any point of the cell shifted by up to half a vector.
  ///
  /// - Parameter radius: Å.
  /// - Returns: Integer multiples (l, m, n); contains every T with |d + T| ≤ radius for every d whose
  ///   fractional components lie in [−½, ½].
  public func latticePoints(within radius: Double) -> [SIMD3<Int>] {
    let spacings = planeSpacings
    // With plane spacing h, |m| - 1/2 <= radius / h holds for no integer beyond this.
    func bound(_ axis: Int) -> Int { Int((radius / spacings[axis] + 0.5).rounded(.down)) }
    let (na, nb, nc) = (bound(0), bound(1), bound(2))
    // Half the longest body diagonal: nothing farther than this from the sphere can come into it.
    let reach = radius + 0.5 * (length(a) + length(b) + length(c))
    var points: [SIMD3<Int>] = []
    for i in -na...na {
      for j in -nb...nb {
        for k in -nc...nc {
          let point = Double(i) * a + Double(j) * b + Double(k) * c
          if dot(point, point) <= reach * reach { points.append(SIMD3(i, j, k)) }
        }
      }
    }
    return points
  }

  /// The distance between two points by the nearest image, Å.
  ///
  /// Exact for any cell, however skewed.
  public func distance(_ p: Fractional, _ q: Fractional) -> Double {
    var f = q.components - p.components
    f -= f.rounded(.toNearestOrEven)
    let first = length(cartesian(Fractional(f)).components)
    var best = first
    for point in latticePoints(within: first) {
      let shift = SIMD3(Double(point.x), Double(point.y), Double(point.z))
      best = min(best, length(cartesian(Fractional(f + shift)).components))
    }
    return best
  }
}

/// Cosine that is exact where the field's angles are special: 60, 90 and 120 degrees.
private func cosine(degrees: Double) -> Double {
  switch degrees {
  case 90: 0
  case 60: 0.5
  case 120: -0.5
  default: cos(degrees * Double.pi / 180)
  }
}

/// Why three vectors, or six numbers, are no lattice.
public enum LatticeError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A component is NaN or infinite.
  case notFinite
  /// A vector of this length, Å, cannot be meant.
  case length(Double)
  /// An angle of this size, degrees, cannot be meant.
  case angle(Double)
  /// The three vectors lie in a plane.
  case flat

  /// What is wrong, and what is expected.
  public var description: String {
    switch self {
    case .notFinite: "a lattice vector has a component that is not a finite number"
    case .length(let value):
      "lattice vector of length \(value) Å, expected 0.1 to 100000 Å"
    case .angle(let value): "cell angle of \(value) degrees, expected more than 0 and less than 180"
    case .flat: "the lattice vectors lie in one plane, so the cell has no volume"
    }
  }
}
