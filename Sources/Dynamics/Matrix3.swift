internal import Crystal

/// A real 3 × 3 matrix by its rows.
public struct Matrix3: Hashable, Codable, Sendable {
  /// First row.
  public var x: SIMD3<Double>

  /// Second row.
  public var y: SIMD3<Double>

  /// Third row.
  public var z: SIMD3<Double>

  /// A matrix of three rows.
  public init(_ x: SIMD3<Double>, _ y: SIMD3<Double>, _ z: SIMD3<Double>) {
    self.x = x
    self.y = y
    self.z = z
  }

  /// A matrix of three rows.
  ///
  /// - Precondition: three of them.
  public init(rows: some RandomAccessCollection<SIMD3<Double>>) {
    precondition(rows.count == 3, "three rows")
    let rows = Array(rows)
    self.init(rows[0], rows[1], rows[2])
  }

  /// All zeros.
  public static let zero = Matrix3(.zero, .zero, .zero)

  /// Ones on the diagonal.
  public static let identity = Matrix3(SIMD3(1, 0, 0), SIMD3(0, 1, 0), SIMD3(0, 0, 1))

  /// Row `index`.
  public subscript(index: Int) -> SIMD3<Double> {
    get { index == 0 ? x : index == 1 ? y : z }
    set {
      switch index {
      case 0: x = newValue
      case 1: y = newValue
      default: z = newValue
      }
    }
  }

  /// The three rows.
  public var rows: [SIMD3<Double>] { [x, y, z] }

  /// Sum of the diagonal.
  public var trace: Double { x.x + y.y + z.z }

  /// Volume between the rows.
  public var volume: Double { dot(x, cross(y, z)).magnitude }

  /// Sum of the squares of all elements.
  public var squaredNorm: Double { dot(x, x) + dot(y, y) + dot(z, z) }

  /// The largest size of an element.
  public var largestElement: Double {
    rows.reduce(0) { max($0, $1.x.magnitude, $1.y.magnitude, $1.z.magnitude) }
  }

  /// Rows and columns exchanged.
  public var transposed: Matrix3 {
    Matrix3(SIMD3(x.x, y.x, z.x), SIMD3(x.y, y.y, z.y), SIMD3(x.z, y.z, z.z))
  }

  /// The symmetric part, ½ (M + Mᵀ).
  public var symmetrised: Matrix3 { 0.5 * (self + transposed) }

  /// Sum of two matrices.
  public static func + (a: Matrix3, b: Matrix3) -> Matrix3 {
    Matrix3(a.x + b.x, a.y + b.y, a.z + b.z)
  }

  /// Difference of two matrices.
  public static func - (a: Matrix3, b: Matrix3) -> Matrix3 {
    Matrix3(a.x - b.x, a.y - b.y, a.z - b.z)
  }

  /// A multiple of a matrix.
  public static func * (factor: Double, a: Matrix3) -> Matrix3 {
    Matrix3(factor * a.x, factor * a.y, factor * a.z)
  }

  /// The product of a matrix and a column.
  public static func * (a: Matrix3, v: SIMD3<Double>) -> SIMD3<Double> {
    SIMD3(dot(a.x, v), dot(a.y, v), dot(a.z, v))
  }

  /// The product of two matrices.
  public static func * (a: Matrix3, b: Matrix3) -> Matrix3 {
    let columns = b.transposed
    return Matrix3(columns * a.x, columns * a.y, columns * a.z)
  }

  /// Sum of the products of equal elements, A : B.
  public static func contraction(_ a: Matrix3, _ b: Matrix3) -> Double {
    dot(a.x, b.x) + dot(a.y, b.y) + dot(a.z, b.z)
  }
}

extension Matrix3 {
  /// Eigenvalues and eigenvectors of a symmetric matrix, by Jacobi rotations.
  ///
  /// - Returns: Values in no order; row k of `vectors` belongs to value k, and M = Vᵀ diag(λ) V.
  /// - Precondition: the matrix is symmetric.
  public func eigensystem() -> (values: SIMD3<Double>, vectors: Matrix3) {
    var (a, v) = (self, Matrix3.identity)
    // Each sweep squares the size of what is left beside the diagonal.
    for _ in 0..<30 {
      let rest = a.x.y * a.x.y + a.x.z * a.x.z + a.y.z * a.y.z
      if rest <= 1e-36 * a.squaredNorm { break }
      for (p, q) in [(0, 1), (0, 2), (1, 2)] where a[p][q] != 0 {
        let theta = (a[q][q] - a[p][p]) / (2 * a[p][q])
        let sign = theta < 0 ? -1.0 : 1.0
        let t = sign / (theta.magnitude + (theta * theta + 1).squareRoot())
        let c = 1 / (t * t + 1).squareRoot()
        let s = t * c
        // A' = J A Jᵀ with the rotation J of rows p and q.
        (a[p], a[q]) = (c * a[p] - s * a[q], s * a[p] + c * a[q])
        a = a.transposed
        (a[p], a[q]) = (c * a[p] - s * a[q], s * a[p] + c * a[q])
        a = a.transposed
        (v[p], v[q]) = (c * v[p] - s * v[q], s * v[p] + c * v[q])
      }
    }
    return (SIMD3(a.x.x, a.y.y, a.z.z), v)
  }

  /// The symmetric matrix with eigenvalues f(λ), the eigenvectors kept.
  ///
  /// - Precondition: the matrix is symmetric.
  public func mapped(_ function: (Double) -> Double) -> Matrix3 {
    let (values, vectors) = eigensystem()
    return Matrix3(values, vectors, function)
  }

  /// Σ f(λ) e eᵀ over the eigenvalues λ and the rows e of `vectors`.
  init(_ values: SIMD3<Double>, _ vectors: Matrix3, _ function: (Double) -> Double) {
    self = .zero
    for k in 0..<3 {
      let (f, e) = (function(values[k]), vectors[k])
      for row in 0..<3 { self[row] += f * e[row] * e }
    }
  }
}
