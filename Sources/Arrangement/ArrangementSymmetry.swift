internal import Crystal
public import Symmetry

/// Names the subgroups of a parent's symmetry that arrangements keep.
public struct ArrangementSymmetry: Sendable {
  /// For each permutation of the active sites the operations that act like it, in the basis of the
  /// supercell.
  private let operations: [[SymmetryOperation]]

  private let lattice: Lattice

  /// Prepares the operations of a problem.
  ///
  /// - Complexity: O(operations × sites).
  public init(_ problem: ArrangementProblem, _ symmetry: ProblemSymmetry) {
    let table = symmetry.permutations
    var indexOfPermutation: [ArraySlice<UInt16>: Int] = [:]
    for g in 0..<table.count { indexOfPermutation[table.permutation(g)] = g }
    var position = [Int](repeating: 0, count: problem.structure.count)
    for (i, site) in problem.activeSites.enumerated() { position[site] = i }
    // y' = S⁻ᵀ W Sᵀ y + S⁻ᵀ w for x = Sᵀ y, where S⁻ᵀ = adj(S)ᵀ / det S.
    let s = problem.supercell.matrix
    let cells = problem.supercell.cellCount
    let adjugate = s.adjugate.transposed
    var operations = [[SymmetryOperation]](repeating: [], count: table.count)
    for n in 0..<symmetry.sites.count {
      let images = symmetry.sites.permutation(n)
      let restricted = problem.activeSites.map { UInt16(position[images[$0]]) }
      guard let g = indexOfPermutation[ArraySlice(restricted)] else { continue }
      let operation = symmetry.sites.operation(n)
      let product = adjugate * operation.rotation * s.transposed
      let rotation = IntegerMatrix(
        rows: product.rows.map { SIMD3($0.x / cells, $0.y / cells, $0.z / cells) })
      let w = operation.translation
      let rows = adjugate.rows.map {
        (Double($0.x) * w.x + Double($0.y) * w.y + Double($0.z) * w.z) / Double(cells)
      }
      operations[g].append(
        SymmetryOperation(rotation: rotation, translation: SIMD3(rows[0], rows[1], rows[2])).wrapped
      )
    }
    self.operations = operations
    lattice = problem.structure.lattice
  }

  /// The space group that permutations of the active sites form.
  ///
  /// - Parameter stabilizer: The permutations that leave an arrangement unchanged.
  /// - Returns: Nil if spglib does not recognise it.
  public func spaceGroup(_ stabilizer: [Int]) -> SpaceGroupType? {
    SpaceGroupType(stabilizer.flatMap { operations[$0] }, lattice: lattice)
  }
}
