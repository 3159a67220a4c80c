/// The cheapest assignment of rows to columns, each to at most one, when few pairs are allowed.
///
/// A row may stay without a column at a price. The sum
///
///     Σ cost(row, column of row) + penalty × (rows without a column)
///
/// is the least possible one: the method is that of successive shortest paths with potentials, so
/// the result is optimal, not greedy.
///
/// Reference: R. Jonker and A. Volgenant, Computing 38, 325 (1987).
public struct OptimalAssignment: Sendable {
  /// A pair that is allowed.
  public struct Edge: Hashable, Sendable {
    /// The column.
    public var column: Int
    /// Its cost; not negative.
    public var cost: Double

    /// A pair that is allowed.
    public init(column: Int, cost: Double) {
      self.column = column
      self.cost = cost
    }
  }

  /// The column of each row; nil for a row that stays without one.
  ///
  /// For two rows of which the second has no place: [3, nil].
  public let columnOfRow: [Int?]

  /// The sum that was minimised, in the unit of the costs.
  public let cost: Double

  /// Solves the problem.
  ///
  /// - Parameters:
  ///   - edges: The allowed columns of each row.
  ///   - columnCount: Number of columns.
  ///   - penalty: Price of a row without a column; not negative.
  /// - Complexity: O(rows × edges × log edges) at worst; close to O(edges) when most rows have a
  ///   cheapest column of their own.
  public init(edges: [[Edge]], columnCount: Int, penalty: Double) {
    precondition(penalty >= 0, "a negative penalty rewards rows without a column")
    var solver = AssignmentSolver(edges: edges, columnCount: columnCount, penalty: penalty)
    solver.solve()
    let columns = solver.columnOfRow.map { $0 < columnCount ? $0 : nil }
    var cost = 0.0
    for (row, column) in columns.enumerated() {
      guard let column else {
        cost += penalty
        continue
      }
      cost += edges[row].filter { $0.column == column }.map(\.cost).min() ?? 0
    }
    self.columnOfRow = columns
    self.cost = cost
  }
}

/// Shortest augmenting paths with potentials u, v: cost − u − v ≥ 0, and 0 for pairs in use.
///
/// Row r has a column of its own, number columnCount + r, which stands for no column.
private struct AssignmentSolver {
  private let edges: [[OptimalAssignment.Edge]]
  private var rowPotential: [Double]
  private var columnPotential: [Double]
  private var rowOfColumn: [Int]
  private(set) var columnOfRow: [Int]

  init(edges: [[OptimalAssignment.Edge]], columnCount: Int, penalty: Double) {
    self.edges = edges.enumerated().map { row, edges in
      edges + [OptimalAssignment.Edge(column: columnCount + row, cost: penalty)]
    }
    self.rowPotential = self.edges.map { row in row.map(\.cost).min() ?? 0 }
    self.columnPotential = [Double](repeating: 0, count: columnCount + edges.count)
    self.rowOfColumn = [Int](repeating: -1, count: columnCount + edges.count)
    self.columnOfRow = [Int](repeating: -1, count: edges.count)
  }

  mutating func solve() {
    for row in edges.indices {
      let free = edges[row].first { $0.cost == rowPotential[row] && rowOfColumn[$0.column] < 0 }
      if let free { join(row, free.column) }
    }
    for row in edges.indices where columnOfRow[row] < 0 { augment(from: row) }
  }

  private mutating func join(_ row: Int, _ column: Int) {
    columnOfRow[row] = column
    rowOfColumn[column] = row
  }

  /// Finds the cheapest chain of exchanges that gives a row a column.
  private mutating func augment(from start: Int) {
    var distance: [Int: Double] = [:]
    var previousRow: [Int: Int] = [:]
    var done: [Int: Double] = [:]
    var queue = PriorityQueue()
    var (row, base) = (start, 0.0)
    while true {
      for edge in edges[row] where done[edge.column] == nil {
        let reduced = edge.cost - rowPotential[row] - columnPotential[edge.column]
        let next = base + max(0, reduced)
        if next < distance[edge.column] ?? .infinity {
          distance[edge.column] = next
          previousRow[edge.column] = row
          queue.insert(next, edge.column)
        }
      }
      // A row's own column is free or leads back to that row, so the queue cannot run empty.
      var front = queue.removeFirst()
      while let found = front, done[found.column] != nil { front = queue.removeFirst() }
      guard let nearest = front else { return }
      if rowOfColumn[nearest.column] < 0 {
        let total = nearest.distance
        rowPotential[start] += total
        for (column, reached) in done {
          rowPotential[rowOfColumn[column]] += total - reached
          columnPotential[column] -= total - reached
        }
        var column = nearest.column
        while let owner = previousRow[column] {
          let given = columnOfRow[owner]
          join(owner, column)
          if owner == start { break }
          column = given
        }
        return
      }
      done[nearest.column] = nearest.distance
      (row, base) = (rowOfColumn[nearest.column], nearest.distance)
    }
  }
}

/// A binary heap of columns by distance; equal distances by number.
private struct PriorityQueue {
  private var heap: [(distance: Double, column: Int)] = []

  mutating func insert(_ distance: Double, _ column: Int) {
    heap.append((distance, column))
    var child = heap.count - 1
    while child > 0, heap[child] < heap[(child - 1) / 2] {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  mutating func removeFirst() -> (distance: Double, column: Int)? {
    guard let first = heap.first, let last = heap.popLast() else { return nil }
    guard !heap.isEmpty else { return first }
    heap[0] = last
    var parent = 0
    while 2 * parent + 1 < heap.count {
      var child = 2 * parent + 1
      if child + 1 < heap.count, heap[child + 1] < heap[child] { child += 1 }
      guard heap[child] < heap[parent] else { break }
      heap.swapAt(child, parent)
      parent = child
    }
    return first
  }
}
