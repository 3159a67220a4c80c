/// An integer supercell matrix S: the lattice vectors of the supercell are A' = S A, rows.
public struct SupercellMatrix: Hashable, Sendable, CustomStringConvertible {
  /// The matrix; its determinant is positive.
  public let matrix: IntegerMatrix

  /// Number of cells in the supercell, det S.
  public let cellCount: Int

  /// One unit cell.
  public static let identity = SupercellMatrix(unchecked: .identity)

  /// Cell counts that are not taken for a mistake.
  public static let cellCountLimit = 100_000

  /// A supercell from its matrix.
  ///
  /// - Throws: ``InputError`` if the determinant is not positive or absurdly large.
  public init(_ matrix: IntegerMatrix) throws(InputError) {
    for row in matrix.rows {
      for j in 0..<3 where row[j].magnitude > SupercellMatrix.cellCountLimit {
        throw InputError("supercell matrix element \(row[j]) is too large")
      }
    }
    let cells = matrix.determinant
    guard cells > 0 else {
      throw InputError(
        "supercell matrix has determinant \(cells), expected a positive one",
        hint: cells < 0 ? "exchange two rows" : nil)
    }
    guard cells <= SupercellMatrix.cellCountLimit else {
      throw InputError(
        "supercell of \(cells) cells, expected at most \(SupercellMatrix.cellCountLimit)")
    }
    self.init(unchecked: matrix)
  }

  private init(unchecked matrix: IntegerMatrix) {
    self.matrix = matrix
    self.cellCount = matrix.determinant
  }

  /// Reads `3x3x3`, or nine integers separated by spaces or commas, row by row.
  ///
  /// - Throws: ``InputError`` for anything else.
  public init(parsing text: String) throws(InputError) {
    let hint = "write 3x3x3, or nine integers row by row such as \"1 1 0 -1 1 0 0 0 2\""
    let factors = text.split(
      omittingEmptySubsequences: false, whereSeparator: { "xX×".contains($0) })
    if factors.count == 3 {
      let numbers = factors.compactMap { NumberReader.integer($0.filter { $0 != " " }) }
      guard numbers.count == 3, numbers.allSatisfy({ $0 > 0 }) else {
        throw InputError("supercell \"\(text)\" is not three positive integers", hint: hint)
      }
      try self.init(IntegerMatrix(diagonal: SIMD3(numbers[0], numbers[1], numbers[2])))
      return
    }
    let numbers = text.split(whereSeparator: { " ,;[]\t".contains($0) })
      .map { NumberReader.integer($0) }
    guard numbers.count == 9, let entries = numbers as? [Int] else {
      throw InputError("supercell \"\(text)\" is neither three nor nine integers", hint: hint)
    }
    try self.init(
      IntegerMatrix(
        rows: stride(from: 0, to: 9, by: 3).map {
          SIMD3(entries[$0], entries[$0 + 1], entries[$0 + 2])
        }))
  }

  /// `3x3x3`, or nine integers row by row.
  public var description: String {
    let m = matrix
    if m == IntegerMatrix(diagonal: SIMD3(m[0, 0], m[1, 1], m[2, 2])) {
      return "\(m[0, 0])x\(m[1, 1])x\(m[2, 2])"
    }
    return m.rows.map { "\($0.x) \($0.y) \($0.z)" }.joined(separator: "  ")
  }

  /// The lattice of the supercell, A' = S A.
  public func lattice(of cell: Lattice) throws(LatticeError) -> Lattice {
    func row(_ i: Int) -> SIMD3<Double> {
      Double(matrix[i, 0]) * cell.a + Double(matrix[i, 1]) * cell.b + Double(matrix[i, 2]) * cell.c
    }
    return try Lattice(a: row(0), b: row(1), c: row(2))
  }

  /// The cells of the supercell, as lattice points of the unit cell in a fixed order.
  ///
  /// One for every coset of the superlattice; point i has index i in ``index(of:)``. For `2x1x1`:
  /// (0, 0, 0), (1, 0, 0).
  public var cells: [SIMD3<Int>] {
    let h = matrix.hermiteNormalForm().form
    var points: [SIMD3<Int>] = []
    points.reserveCapacity(cellCount)
    for k in 0..<h[2, 2] {
      for j in 0..<h[1, 1] {
        for i in 0..<h[0, 0] { points.append(SIMD3(i, j, k)) }
      }
    }
    return points
  }

  /// A function that gives the index in ``cells`` of the cell that contains a lattice point.
  public func indexing() -> @Sendable (SIMD3<Int>) -> Int {
    let h = matrix.hermiteNormalForm().form
    let (n0, n1) = (h[0, 0], h[1, 1])
    return { point in
      // H is lower triangular: reduce along c, then b, then a.
      var p = point
      p &-= floorQuotient(p.z, h[2, 2]) &* h.rows[2]
      p &-= floorQuotient(p.y, h[1, 1]) &* h.rows[1]
      return (p.z * n1 + p.y) * n0 + floorRemainder(p.x, n0)
    }
  }

  /// The index in ``cells`` of the cell that contains a lattice point; for many points keep
  /// ``indexing()``.
  public func index(of point: SIMD3<Int>) -> Int { indexing()(point) }
}
