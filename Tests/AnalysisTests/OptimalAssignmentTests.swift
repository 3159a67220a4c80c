import Analysis
import Crystal
import Testing

/// Costs in 0 ..< 1 of a random sparse problem.
private func randomEdges(
  rows: Int, columns: Int, density: Double, seed: UInt64
) -> [[OptimalAssignment.Edge]] {
  var stream = RandomStream(seed: seed, purpose: "assignment")
  return (0..<rows).map { _ in
    (0..<columns).compactMap { column in
      let (isAllowed, cost) = (stream.uniform() < density, stream.uniform())
      return isAllowed ? OptimalAssignment.Edge(column: column, cost: cost) : nil
    }
  }
}

/// The least cost by trying everything.
private func bruteForce(
  _ edges: [[OptimalAssignment.Edge]], _ penalty: Double, row: Int = 0, taken: Set<Int> = []
) -> Double {
  guard row < edges.count else { return 0 }
  var best = penalty + bruteForce(edges, penalty, row: row + 1, taken: taken)
  for edge in edges[row] where !taken.contains(edge.column) {
    let rest = bruteForce(edges, penalty, row: row + 1, taken: taken.union([edge.column]))
    best = min(best, edge.cost + rest)
  }
  return best
}

/// The least cost of a dense square problem by the Hungarian method, O(n³).
private func hungarian(_ cost: [[Double]]) -> Double {
  let n = cost.count
  var (u, v) = ([Double](repeating: 0, count: n + 1), [Double](repeating: 0, count: n + 1))
  var (p, way) = ([Int](repeating: 0, count: n + 1), [Int](repeating: 0, count: n + 1))
  for i in 1...n {
    p[0] = i
    var j0 = 0
    var least = [Double](repeating: .infinity, count: n + 1)
    var used = [Bool](repeating: false, count: n + 1)
    repeat {
      used[j0] = true
      let i0 = p[j0]
      var (delta, j1) = (Double.infinity, 0)
      for j in 1...n where !used[j] {
        let current = cost[i0 - 1][j - 1] - u[i0] - v[j]
        if current < least[j] { (least[j], way[j]) = (current, j0) }
        if least[j] < delta { (delta, j1) = (least[j], j) }
      }
      for j in 0...n {
        if used[j] {
          u[p[j]] += delta
          v[j] -= delta
        } else {
          least[j] -= delta
        }
      }
      j0 = j1
    } while p[j0] != 0
    repeat {
      p[j0] = p[way[j0]]
      j0 = way[j0]
    } while j0 != 0
  }
  return -v[0]
}

@Suite struct OptimalAssignmentTests {
  @Test("the cost is that of the best of all assignments", arguments: 0..<40 as Range<UInt64>)
  func againstBruteForce(seed: UInt64) {
    let edges = randomEdges(rows: 6, columns: 5, density: 0.6, seed: seed)
    let penalty = seed.isMultiple(of: 2) ? 0.4 : 10
    let found = OptimalAssignment(edges: edges, columnCount: 5, penalty: penalty)
    #expect((found.cost - bruteForce(edges, penalty)).magnitude < 1e-12)
    let used = found.columnOfRow.compactMap { $0 }
    #expect(Set(used).count == used.count)
  }

  @Test("the cost is that of the Hungarian method", arguments: [1, 2, 3] as [UInt64])
  func againstHungarian(seed: UInt64) {
    let n = 60
    let edges = randomEdges(rows: n, columns: n, density: 0.3, seed: seed)
    let penalty = 2.0
    // Missing pairs cost the penalty: the row then counts as without a column.
    var dense = [[Double]](repeating: [Double](repeating: penalty, count: n), count: n)
    for (row, edges) in edges.enumerated() {
      for edge in edges { dense[row][edge.column] = edge.cost }
    }
    let found = OptimalAssignment(edges: edges, columnCount: n, penalty: penalty)
    #expect((found.cost - hungarian(dense)).magnitude < 1e-9)
  }

  @Test("rows without an allowed column stay without")
  func noEdges() {
    let found = OptimalAssignment(
      edges: [[], [.init(column: 0, cost: 1)]], columnCount: 1, penalty: 3)
    #expect(found.columnOfRow == [nil, 0])
    #expect(found.cost == 4)
    #expect(OptimalAssignment(edges: [], columnCount: 0, penalty: 1).cost == 0)
  }
}
