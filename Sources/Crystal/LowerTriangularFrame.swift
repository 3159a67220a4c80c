/// The axes in which a lattice is lower triangular and right-handed: a along +x, b in the xy plane with
/// y > 0, c with z > 0.
///
/// Left-handed vectors count as -a, -b, -c, the same lattice. A lattice that is lower triangular keeps its
/// axes, and with them every digit.
public struct LowerTriangularFrame: Sendable {
  /// The axes x, y, z.
  private let axes: [SIMD3<Double>]

  /// -1 for left-handed vectors.
  private let sign: Double

  /// The axes for a lattice.
  public init(_ lattice: Lattice) {
    guard !lattice.isLowerTriangular else {
      axes = [SIMD3(1, 0, 0), SIMD3(0, 1, 0), SIMD3(0, 0, 1)]
      sign = 1
      return
    }
    sign = lattice.isRightHanded ? 1 : -1
    let x = sign * lattice.a / length(lattice.a)
    let normal = cross(lattice.a, lattice.b)
    let z = normal / length(normal)
    axes = [x, cross(z, x), z]
  }

  /// A vector of the lattice's axes in these.
  public func turned(_ v: SIMD3<Double>) -> SIMD3<Double> {
    SIMD3(dot(v, axes[0]), dot(v, axes[1]), dot(v, axes[2]))
  }

  /// A lattice vector in these axes.
  func turnedLatticeVector(_ v: SIMD3<Double>) -> SIMD3<Double> { turned(sign * v) }

  /// A vector of these axes in those of the lattice.
  public func back(_ v: SIMD3<Double>) -> SIMD3<Double> {
    v.x * axes[0] + v.y * axes[1] + v.z * axes[2]
  }

  /// A tensor of these axes in those of the lattice, rows: D = Σᵢⱼ D'ᵢⱼ eᵢ eⱼᵀ.
  public func back(tensor: [SIMD3<Double>]) -> [SIMD3<Double>] {
    let rows = tensor.map(back)
    var result = [SIMD3<Double>](repeating: .zero, count: 3)
    for row in 0..<3 {
      result[row] = axes[0][row] * rows[0] + axes[1][row] * rows[1] + axes[2][row] * rows[2]
    }
    return result
  }

  /// A lattice in the axes and with the handedness of the one that the frame was made for.
  ///
  /// - Parameters:
  ///   - edges: Diagonal of the lower triangular vectors, Å.
  ///   - tilt: b·x, c·x and c·y of them, Å.
  /// - Returns: The lattice.
  /// - Throws: ``LatticeError`` for a lattice without volume.
  public func lattice(
    _ edges: SIMD3<Double>, tilt: SIMD3<Double>
  ) throws(LatticeError) -> Lattice {
    try Lattice(
      a: sign * back(SIMD3(edges.x, 0, 0)), b: sign * back(SIMD3(tilt.x, edges.y, 0)),
      c: sign * back(SIMD3(tilt.y, tilt.z, edges.z)))
  }
}
