import Crystal
import Testing

@Suite struct IntegerMatrixTests {
  /// A matrix with elements in -4 ... 4, never singular.
  static func random(_ seed: UInt64) -> IntegerMatrix {
    var stream = RandomStream(seed: seed, purpose: "integer matrix tests")
    while true {
      let matrix = IntegerMatrix(
        rows: (0..<3).map { _ in
          SIMD3(
            stream.integer(below: 9) - 4, stream.integer(below: 9) - 4,
            stream.integer(below: 9) - 4)
        })
      if matrix.determinant != 0 { return matrix }
    }
  }

  @Test(
    "the Hermite form is U M, lower triangular and reduced", arguments: 0..<200 as Range<UInt64>)
  func hermite(seed: UInt64) {
    let matrix = IntegerMatrixTests.random(seed)
    let (h, u) = matrix.hermiteNormalForm()
    #expect(u * matrix == h)
    #expect(abs(u.determinant) == 1)
    for i in 0..<3 {
      #expect(h[i, i] > 0)
      for j in 0..<3 {
        if j > i { #expect(h[i, j] == 0) }
        if j < i { #expect((0..<h[j, j]).contains(h[i, j])) }
      }
    }
    // Another basis of the same lattice has the same form.
    var other = matrix
    other.rows[0] &+= 3 &* matrix.rows[2]
    other.rows[1] &-= 2 &* other.rows[0]
    #expect(other.hermiteNormalForm().form == h)
  }

  @Test(
    "the Smith form is U M V, diagonal, each divides the next", arguments: 0..<200 as Range<UInt64>)
  func smith(seed: UInt64) {
    let matrix = IntegerMatrixTests.random(seed)
    let (d, u, v) = matrix.smithNormalForm()
    #expect(u * matrix * v == IntegerMatrix(diagonal: d))
    #expect(abs(u.determinant) == 1 && abs(v.determinant) == 1)
    #expect(d.x > 0 && d.y % d.x == 0 && d.z % d.y == 0)
    #expect(d.x * d.y * d.z == abs(matrix.determinant))
  }

  @Test func adjugateTimesMatrixIsDeterminant() {
    let matrix = IntegerMatrixTests.random(7)
    let d = matrix.determinant
    #expect(matrix * matrix.adjugate == IntegerMatrix(diagonal: SIMD3(d, d, d)))
  }

  @Test(
    "every lattice point belongs to one cell of the supercell", arguments: 0..<50 as Range<UInt64>)
  func cellsOfSupercell(seed: UInt64) throws {
    var matrix = IntegerMatrixTests.random(seed)
    if matrix.determinant < 0 { matrix.rows.swapAt(0, 1) }
    let supercell = try SupercellMatrix(matrix)
    let index = supercell.indexing()
    #expect(supercell.cells.map(index) == Array(0..<supercell.cellCount))
    for (i, cell) in supercell.cells.enumerated() {
      #expect(index(cell &+ 2 &* matrix.rows[0] &- matrix.rows[1] &+ 5 &* matrix.rows[2]) == i)
    }
  }
}
