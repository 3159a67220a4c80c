/// A 3 × 3 matrix of integers; row vectors multiply from the left: r' = r M.
public struct IntegerMatrix: Hashable, Sendable {
  /// The rows.
  public var rows: [SIMD3<Int>]

  /// A matrix from its rows.
  ///
  /// - Precondition: three rows.
  public init(rows: [SIMD3<Int>]) {
    precondition(rows.count == 3, "a 3 × 3 matrix has three rows")
    self.rows = rows
  }

  /// A diagonal matrix.
  public init(diagonal: SIMD3<Int>) {
    self.init(rows: [SIMD3(diagonal.x, 0, 0), SIMD3(0, diagonal.y, 0), SIMD3(0, 0, diagonal.z)])
  }

  /// The unit matrix.
  public static let identity = IntegerMatrix(diagonal: SIMD3(1, 1, 1))

  /// Element in row i and column j.
  public subscript(i: Int, j: Int) -> Int {
    get { rows[i][j] }
    set { rows[i][j] = newValue }
  }

  /// The determinant.
  public var determinant: Int {
    let (a, b, c) = (rows[0], rows[1], rows[2])
    return a.x * (b.y * c.z - b.z * c.y) - a.y * (b.x * c.z - b.z * c.x)
      + a.z * (b.x * c.y - b.y * c.x)
  }

  /// The matrix with rows and columns exchanged.
  public var transposed: IntegerMatrix {
    IntegerMatrix(rows: (0..<3).map { j in SIMD3(self[0, j], self[1, j], self[2, j]) })
  }

  /// The adjugate: M adj(M) = det(M) 1.
  public var adjugate: IntegerMatrix {
    func minor(_ i: Int, _ j: Int) -> Int {
      let (r, s) = ((i + 1) % 3, (i + 2) % 3)
      let (t, u) = ((j + 1) % 3, (j + 2) % 3)
      return self[r, t] * self[s, u] - self[r, u] * self[s, t]
    }
    return IntegerMatrix(
      rows: (0..<3).map { j in SIMD3(minor(0, j), minor(1, j), minor(2, j)) })
  }

  /// The product of two matrices.
  public static func * (left: IntegerMatrix, right: IntegerMatrix) -> IntegerMatrix {
    IntegerMatrix(rows: left.rows.map { $0 * right })
  }

  /// The row vector v M.
  public static func * (vector: SIMD3<Int>, matrix: IntegerMatrix) -> SIMD3<Int> {
    vector.x &* matrix.rows[0] &+ vector.y &* matrix.rows[1] &+ vector.z &* matrix.rows[2]
  }

  /// The Hermite normal form H = U M with U unimodular, det U = ±1.
  ///
  /// H is lower triangular with a positive diagonal, and 0 ≤ Hᵢⱼ < Hⱼⱼ for i > j, so that two
  /// supercell matrices span the same lattice exactly if their Hermite forms are equal.
  ///
  /// - Precondition: the matrix is not singular.
  public func hermiteNormalForm() -> (form: IntegerMatrix, transform: IntegerMatrix) {
    precondition(determinant != 0, "a singular matrix spans no lattice")
    var (h, u) = (self, IntegerMatrix.identity)
    func combine(_ target: Int, _ source: Int, _ factor: Int) {
      h.rows[target] &-= factor &* h.rows[source]
      u.rows[target] &-= factor &* u.rows[source]
    }
    for column in (0..<3).reversed() {
      // Euclid on the rows above the diagonal until one element of the column is left.
      for row in 0..<column {
        while h[row, column] != 0 {
          combine(column, row, floorQuotient(h[column, column], h[row, column]))
          h.rows.swapAt(row, column)
          u.rows.swapAt(row, column)
        }
      }
      if h[column, column] < 0 {
        h.rows[column] = 0 &- h.rows[column]
        u.rows[column] = 0 &- u.rows[column]
      }
    }
    for column in (0..<2).reversed() {
      for row in (column + 1)..<3 {
        combine(row, column, floorQuotient(h[row, column], h[column, column]))
      }
    }
    return (h, u)
  }

  /// The Smith normal form D = U M V with U, V unimodular; D is diagonal, Dᵢᵢ > 0 divides Dⱼⱼ for
  /// i < j.
  ///
  /// The quotient of the lattice by the superlattice M is the product of cyclic groups of orders Dᵢᵢ.
  ///
  /// - Precondition: the matrix is not singular.
  public func smithNormalForm()
    -> (diagonal: SIMD3<Int>, left: IntegerMatrix, right: IntegerMatrix)
  {
    precondition(determinant != 0, "a singular matrix has no finite quotient")
    var (d, u, v) = (self, IntegerMatrix.identity, IntegerMatrix.identity)
    func addRow(_ target: Int, _ source: Int, _ factor: Int) {
      d.rows[target] &+= factor &* d.rows[source]
      u.rows[target] &+= factor &* u.rows[source]
    }
    func addColumn(_ target: Int, _ source: Int, _ factor: Int) {
      for i in 0..<3 {
        d[i, target] += factor * d[i, source]
        v[i, target] += factor * v[i, source]
      }
    }
    func swapColumns(_ s: Int, _ t: Int) {
      for i in 0..<3 {
        (d[i, s], d[i, t]) = (d[i, t], d[i, s])
        (v[i, s], v[i, t]) = (v[i, t], v[i, s])
      }
    }
    for k in 0..<3 {
      while true {
        // The smallest element that is left becomes the pivot.
        var pivot = (row: k, column: k, size: Int.max)
        for i in k..<3 {
          for j in k..<3 where d[i, j] != 0 && abs(d[i, j]) < pivot.size {
            pivot = (i, j, abs(d[i, j]))
          }
        }
        d.rows.swapAt(k, pivot.row)
        u.rows.swapAt(k, pivot.row)
        swapColumns(k, pivot.column)
        for i in (k + 1)..<max(3, k + 1) { addRow(i, k, -floorQuotient(d[i, k], d[k, k])) }
        for j in (k + 1)..<max(3, k + 1) { addColumn(j, k, -floorQuotient(d[k, j], d[k, k])) }
        let rest = (k + 1)..<max(3, k + 1)
        guard rest.allSatisfy({ d[$0, k] == 0 && d[k, $0] == 0 }) else { continue }
        // The pivot must divide all that is left; if it does not, bring the culprit into its row.
        guard let culprit = rest.first(where: { i in rest.contains { d[i, $0] % d[k, k] != 0 } })
        else { break }
        addRow(k, culprit, 1)
      }
      if d[k, k] < 0 {
        d.rows[k] = 0 &- d.rows[k]
        u.rows[k] = 0 &- u.rows[k]
      }
    }
    return (SIMD3(d[0, 0], d[1, 1], d[2, 2]), u, v)
  }
}

/// The integer quotient rounded towards minus infinity.
public func floorQuotient(_ a: Int, _ b: Int) -> Int {
  let quotient = a / b
  return a % b != 0 && (a < 0) != (b < 0) ? quotient - 1 : quotient
}

/// The remainder in 0 ..< b.
public func floorRemainder(_ a: Int, _ b: Int) -> Int {
  let remainder = a % b
  return remainder < 0 ? remainder + b : remainder
}
