internal import Analysis
internal import Crystal

/// The two ends of a path with their atoms in the same order.
enum PathEnds {
  /// Reorders the atoms of the last structure: each becomes that of the first from which it moved least.
  ///
  /// Of all assignments of atoms of one element the one with the least sum of squared distances is taken,
  /// so that an ion that hops into a vacancy is the only one that moves far.
  ///
  /// - Parameters:
  ///   - first: The first structure.
  ///   - last: The last; its labels and columns move along.
  /// - Returns: Both without vacancies.
  /// - Throws: ``InputError`` for different numbers of atoms or different cells.
  static func matched(
    _ first: Structure, _ last: Structure
  ) throws(InputError) -> (first: Structure, last: Structure) {
    let (first, last) = (first.withoutVacancies(), last.withoutVacancies())
    guard first.elementCounts == last.elementCounts else {
      throw InputError(
        "the ends have different atoms: \(first.composition) and \(last.composition)", at: "--neb")
    }
    for (a, b) in zip(first.lattice.vectors, last.lattice.vectors) {
      let d = a - b
      guard (d * d).sum().squareRoot() < 1e-6 else {
        throw InputError(
          "the ends have different cells", at: "--neb",
          hint: "relax both in the same cell, or keep the cell of one with cellgen convert")
      }
    }
    var order = [Int](repeating: 0, count: first.count)
    for element in first.elementCounts.keys.sorted() {
      let rows = first.species.indices.filter { first.species[$0].element == element }
      let columns = last.species.indices.filter { last.species[$0].element == element }
      let edges = rows.map { row in
        columns.enumerated().map { index, column in
          let d = first.lattice.distance(first.positions[row], last.positions[column])
          return OptimalAssignment.Edge(column: index, cost: d * d)
        }
      }
      let assignment = OptimalAssignment(
        edges: edges, columnCount: columns.count, penalty: 1e6)
      for (row, column) in zip(rows, assignment.columnOfRow) {
        guard let column else { preconditionFailure("as many atoms as places") }
        order[row] = columns[column]
      }
    }
    return (first, last.selecting(order))
  }
}
