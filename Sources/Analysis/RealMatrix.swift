internal import Crystal

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// A 3 × 3 matrix of real numbers; row vectors multiply from the left: r' = r M.
struct RealMatrix: Hashable, Sendable {
  /// The rows.
  var rows: [SIMD3<Double>]

  init(rows: [SIMD3<Double>]) {
    precondition(rows.count == 3, "a 3 × 3 matrix has three rows")
    self.rows = rows
  }

  /// The lattice vectors as rows.
  init(_ lattice: Lattice) { self.init(rows: lattice.vectors) }

  init(_ matrix: IntegerMatrix) {
    self.init(rows: matrix.rows.map { SIMD3(Double($0.x), Double($0.y), Double($0.z)) })
  }

  static let identity = RealMatrix(rows: [SIMD3(1, 0, 0), SIMD3(0, 1, 0), SIMD3(0, 0, 1)])

  subscript(i: Int, j: Int) -> Double { rows[i][j] }

  var determinant: Double { dot(rows[0], cross(rows[1], rows[2])) }

  var transposed: RealMatrix {
    RealMatrix(rows: (0..<3).map { j in SIMD3(rows[0][j], rows[1][j], rows[2][j]) })
  }

  /// The inverse of a matrix that is not singular.
  var inverse: RealMatrix {
    let (a, b, c) = (rows[0], rows[1], rows[2])
    let columns = [cross(b, c), cross(c, a), cross(a, b)].map { $0 / determinant }
    return RealMatrix(rows: columns).transposed
  }

  static func * (vector: SIMD3<Double>, matrix: RealMatrix) -> SIMD3<Double> {
    vector.x * matrix.rows[0] + vector.y * matrix.rows[1] + vector.z * matrix.rows[2]
  }

  static func * (left: RealMatrix, right: RealMatrix) -> RealMatrix {
    RealMatrix(rows: left.rows.map { $0 * right })
  }

  /// The factors of M = U R with U symmetric and positive and R a rotation, for det M > 0.
  ///
  /// R is the limit of X → (X + X⁻ᵀ)/2 (N. J. Higham, SIAM J. Sci. Stat. Comput. 7, 1160, 1986).
  var polarFactors: (stretch: RealMatrix, rotation: RealMatrix) {
    var x = self
    for _ in 0..<30 {
      let y = x.inverse.transposed
      let next = RealMatrix(rows: (0..<3).map { (x.rows[$0] + y.rows[$0]) / 2 })
      let change = (0..<3).reduce(0) { $0 + length(next.rows[$1] - x.rows[$1]) }
      x = next
      if change < 1e-14 { break }
    }
    return (self * x.transposed, x)
  }

  /// The angle of a rotation, degrees.
  var rotationAngleDegrees: Double {
    let cosine = (rows[0].x + rows[1].y + rows[2].z - 1) / 2
    return acos(max(-1, min(1, cosine))) * 180 / Double.pi
  }

  /// The largest modulus of the eigenvalues of a symmetric matrix.
  var spectralRadius: Double {
    let mean = (rows[0].x + rows[1].y + rows[2].z) / 3
    let shifted = RealMatrix(rows: (0..<3).map { rows[$0] - mean * RealMatrix.identity.rows[$0] })
    let p = (shifted.squaredNorm / 6).squareRoot()
    guard p > 1e-15 else { return mean.magnitude }
    // Eigenvalues λ = mean + 2 p cos φ (O. K. Smith, Commun. ACM 4, 168, 1961).
    let r = max(-1, min(1, shifted.determinant / (2 * p * p * p)))
    let angle = acos(r) / 3
    let (largest, least) = (
      mean + 2 * p * cos(angle), mean + 2 * p * cos(angle + 2 * Double.pi / 3)
    )
    return max(largest.magnitude, least.magnitude)
  }

  /// The sum of the squares of all elements.
  var squaredNorm: Double { rows.reduce(0) { $0 + dot($1, $1) } }

  /// The components of a symmetric matrix in Voigt's order xx, yy, zz, yz, xz, xy.
  var voigt: [Double] {
    [rows[0].x, rows[1].y, rows[2].z]
      + [(1, 2), (0, 2), (0, 1)].map { (rows[$0.0][$0.1] + rows[$0.1][$0.0]) / 2 }
  }
}
