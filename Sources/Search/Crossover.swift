internal import Crystal

/// Ways to make one arrangement out of two that have the same numbers of every species.
///
/// Where the parents differ, a site changes from the species of the first parent to that of the
/// second. These changes fall into closed cycles (Mg→Zn, Zn→Va, Va→Mg), because both parents have the
/// same composition; taking whole cycles keeps the composition by construction, and every site keeps
/// a species that one of the parents has there.
public enum Crossover: String, CaseIterable, Sendable {
  /// Between two cuts of the list of sites from the second parent, the rest from the first.
  case twoPoint = "two-point"
  /// Every change with probability one half.
  case uniform
  /// In a slab of the crystal from the second parent, the rest from the first.
  case splice

  /// Combines two parents.
  ///
  /// - Parameters:
  ///   - first: One arrangement, n entries.
  ///   - second: Another with the same numbers of species in every pool.
  ///   - pools: Sites that exchange their species.
  ///   - positions: Where the sites are, n entries.
  ///   - stream: Random numbers.
  /// - Returns: An arrangement with the same numbers in every pool.
  func callAsFunction(
    _ first: [UInt8], _ second: [UInt8], pools: [[Int]], positions: [Fractional],
    using stream: inout RandomStream
  ) -> [UInt8] {
    var child = first
    let isChosen = chosenSites(positions, using: &stream)
    for pool in pools {
      let changes = pool.filter { first[$0] != second[$0] && isChosen[$0] }
      for cycle in closedCycles(changes, first, second, using: &stream)
      where self != .uniform || stream.next() & 1 == 0 {
        for site in cycle { child[site] = second[site] }
      }
    }
    return child
  }

  /// The sites at which the second parent may be followed.
  private func chosenSites(
    _ positions: [Fractional], using stream: inout RandomStream
  ) -> [Bool] {
    let n = positions.count
    switch self {
    case .uniform:
      return [Bool](repeating: true, count: n)
    case .twoPoint:
      let cuts = [stream.integer(below: n), stream.integer(below: n)].sorted()
      return (0..<n).map { $0 >= cuts[0] && $0 <= cuts[1] }
    case .splice:
      // Half of the cell: a slab normal to a low-index direction, at a random height.
      var direction = SIMD3<Double>.zero
      while direction == .zero {
        for axis in 0..<3 { direction[axis] = Double(stream.integer(below: 3) - 1) }
      }
      let start = stream.uniform()
      return positions.map { position in
        let height = dot(direction, position.components) - start
        return height - height.rounded(.down) < 0.5
      }
    }
  }
}

/// Groups changes of species at sites into closed cycles; changes that close no cycle are left out.
///
/// A cycle is a list of sites where the species that one site gives up is the one that the next
/// receives, all the way round.
func closedCycles(
  _ changes: [Int], _ first: [UInt8], _ second: [UInt8], using stream: inout RandomStream
) -> [[Int]] {
  var order = changes
  stream.shuffle(&order)
  // Changes that wait, by the species that is given up.
  var waiting: [UInt8: [Int]] = [:]
  for site in order { waiting[first[site], default: []].append(site) }
  var cycles: [[Int]] = []
  for start in waiting.keys.sorted() {
    // Follow changes from species to species; whenever a species comes up again, a cycle is closed.
    var path: [Int] = []
    var species = start
    while true {
      if let position = path.firstIndex(where: { first[$0] == species }) {
        cycles.append(Array(path[position...]))
        path.removeSubrange(position...)
      } else if let site = waiting[species]?.popLast() {
        path.append(site)
        species = second[site]
      } else if let site = path.popLast() {
        // A dead end: this change closes no cycle.
        species = first[site]
      } else {
        break
      }
    }
  }
  return cycles
}
