internal import Crystal

/// The addition of lattice points modulo a supercell, on indices of cells.
struct CellAddition {
  /// The cells, as in ``SupercellMatrix/cells``.
  let points: [SIMD3<Int>]

  /// The index of the cell that contains a lattice point.
  let index: @Sendable (SIMD3<Int>) -> Int

  /// Row p holds the sums of cell p with each cell; nil if the table would be large.
  private let table: [[Int32]]?

  init(_ supercell: SupercellMatrix) {
    let points = supercell.cells
    let index = supercell.indexing()
    self.points = points
    self.index = index
    let fits = points.count <= 1024
    self.table = fits ? points.map { p in points.map { Int32(index(p &+ $0)) } } : nil
  }

  /// Number of cells.
  var count: Int { points.count }

  /// The index of (cell + each cell), in the order of the cells.
  func sums(with cell: Int) -> [Int32] {
    if let table { return table[cell] }
    let start = points[cell]
    return points.map { Int32(index(start &+ $0)) }
  }
}

extension SIMD3<Int> {
  /// W v for an integer column v.
  func turned(by rotation: IntegerMatrix) -> SIMD3<Int> { self * rotation.transposed }
}

extension SupercellMatrix {
  /// Whether a matrix part W maps the lattice of the supercell onto itself.
  ///
  /// The superlattice vectors are the rows of S. As columns they become W Sᵀ, that is rows S Wᵀ,
  /// which are superlattice vectors exactly if S Wᵀ S⁻¹ is integer.
  func isMapped(ontoItselfBy rotation: IntegerMatrix) -> Bool {
    let scaled = matrix * rotation.transposed * matrix.adjugate
    return scaled.rows.allSatisfy { row in
      (0..<3).allSatisfy { row[$0].isMultiple(of: cellCount) }
    }
  }
}
