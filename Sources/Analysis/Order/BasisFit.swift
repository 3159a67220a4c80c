internal import Crystal

/// An ideal lattice with several atoms in each cell, fitted to atoms.
///
/// Places in the cell and the atoms that take them are improved in turn: atoms are assigned to the places of
/// all cells so that the sum of the squared deviations is least, and every place moves to the mean of its
/// atoms. Several starts, of which the best result counts.
struct BasisFit {
  /// Atoms in each cell.
  let atomsPerCell: Int

  /// Deviation of every atom from its place in units of the cell edges of the ideal lattice.
  let deviations: [SIMD3<Double>]

  private static let (starts, rounds, candidates) = (6, 20, 12)

  init(_ positions: [Fractional], lattice: Lattice, divisions: SIMD3<Int>) throws(InputError) {
    let cells = divisions.x * divisions.y * divisions.z
    guard divisions.min() > 0, !positions.isEmpty, positions.count.isMultiple(of: cells) else {
      throw InputError(
        "\(positions.count) atoms do not fill \(cells) cells evenly", at: "--divisions",
        hint: "take divisions whose product divides the number of atoms")
    }
    let scale = SIMD3(Double(divisions.x), Double(divisions.y), Double(divisions.z))
    let cell: Lattice
    do {
      cell = try Lattice(
        a: lattice.a / scale.x, b: lattice.b / scale.y, c: lattice.c / scale.z)
    } catch {
      throw InputError("\(error)", at: "--divisions")
    }
    atomsPerCell = positions.count / cells
    // Atoms in units of the ideal cell.
    let points = positions.map { $0.components * scale }
    var best: (cost: Double, deviations: [SIMD3<Double>])?
    for start in 0..<min(BasisFit.starts, positions.count) {
      let first = start * positions.count / min(BasisFit.starts, positions.count)
      var basis = BasisFit.spread(points, from: first, count: atomsPerCell, cell)
      var last: [Int] = []
      for _ in 0..<BasisFit.rounds {
        let (places, cost, deviations) = BasisFit.assign(points, basis, divisions, cell)
        if cost < best?.cost ?? .infinity { best = (cost, deviations) }
        guard places != last else { break }
        last = places
        var steps = [SIMD3<Double>](repeating: .zero, count: basis.count)
        for (atom, place) in places.enumerated() { steps[place] += deviations[atom] }
        for place in basis.indices { basis[place] += steps[place] / Double(cells) }
      }
    }
    deviations = best?.deviations ?? []
  }

  /// Points that are far from each other in the cell, by number.
  private static func spread(
    _ points: [SIMD3<Double>], from first: Int, count: Int, _ cell: Lattice
  ) -> [SIMD3<Double>] {
    var basis = [points[first]]
    var distances = points.map { cell.distance(Fractional($0), Fractional(points[first])) }
    while basis.count < count {
      let next = distances.indices.max { (distances[$0], $1) < (distances[$1], $0) } ?? first
      basis.append(points[next])
      for point in points.indices {
        distances[point] = min(
          distances[point], cell.distance(Fractional(points[point]), Fractional(points[next])))
      }
    }
    return basis
  }

  /// Gives every atom a place of its own.
  private static func assign(
    _ points: [SIMD3<Double>], _ basis: [SIMD3<Double>], _ divisions: SIMD3<Int>, _ cell: Lattice
  ) -> (places: [Int], cost: Double, deviations: [SIMD3<Double>]) {
    let n = divisions
    func wrapped(_ value: Double, _ count: Int) -> Int {
      let whole = Int(value) % count
      return whole < 0 ? whole + count : whole
    }
    var deviations: [[Int: SIMD3<Double>]] = []
    let edges = points.map { point -> [OptimalAssignment.Edge] in
      var found: [(column: Int, cost: Double, deviation: SIMD3<Double>)] = []
      for (place, origin) in basis.enumerated() {
        let nearest = (point - origin).rounded(.toNearestOrEven)
        for i in -1...1 {
          for j in -1...1 {
            for k in -1...1 {
              let shift = nearest + SIMD3(Double(i), Double(j), Double(k))
              let deviation = point - origin - shift
              let vector = cell.cartesian(Fractional(deviation)).components
              let index =
                (wrapped(shift.x, n.x) * n.y + wrapped(shift.y, n.y)) * n.z + wrapped(shift.z, n.z)
              found.append((index * basis.count + place, dot(vector, vector), deviation))
            }
          }
        }
      }
      found.sort { ($0.cost, $0.column) < ($1.cost, $1.column) }
      var own: [Int: SIMD3<Double>] = [:]
      var list: [OptimalAssignment.Edge] = []
      for entry in found where list.count < candidates && own[entry.column] == nil {
        own[entry.column] = entry.deviation
        list.append(OptimalAssignment.Edge(column: entry.column, cost: entry.cost))
      }
      deviations.append(own)
      return list
    }
    // An atom that finds no free place near counts as one at the far end of the cell.
    let far = dot(cell.lengths, cell.lengths)
    let assignment = OptimalAssignment(
      edges: edges, columnCount: points.count, penalty: 4 * far)
    var (places, chosen): ([Int], [SIMD3<Double>]) = ([], [])
    for (atom, column) in assignment.columnOfRow.enumerated() {
      let column = column ?? edges[atom].first?.column ?? 0
      places.append(column % basis.count)
      chosen.append(deviations[atom][column] ?? .zero)
    }
    return (places, assignment.cost, chosen)
  }
}
