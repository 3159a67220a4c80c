/// Points in a periodic rectangular box, sorted into cells so that near pairs are found quickly.
struct BoxCells: Sendable {
  /// Edges of the box, Å.
  let edges: SIMD3<Double>

  /// Number of cells along each edge.
  let counts: SIMD3<Int>

  /// First point of each cell, and the next point in the same cell; −1 ends a chain.
  private(set) var first: [Int32]
  private(set) var next: [Int32] = []

  /// Empty cells at least `reach` wide, where the box is large enough for three of them.
  init(edges: SIMD3<Double>, reach: Double) {
    self.edges = edges
    var counts = SIMD3(1, 1, 1)
    for axis in 0..<3 { counts[axis] = max(1, min(200, Int(edges[axis] / reach))) }
    self.counts = counts
    self.first = Array(repeating: -1, count: counts.x * counts.y * counts.z)
  }

  /// The image of a point in the box.
  func wrapped(_ point: SIMD3<Double>) -> SIMD3<Double> {
    var p = point - (point / edges).rounded(.down) * edges
    for axis in 0..<3 where p[axis] >= edges[axis] || p[axis] < 0 { p[axis] = 0 }
    return p
  }

  /// The shortest vector between two points, d − L round(d / L).
  func shortest(_ d: SIMD3<Double>) -> SIMD3<Double> {
    d - (d / edges).rounded(.toNearestOrEven) * edges
  }

  /// Adds the next point, which must lie in the box.
  mutating func append(_ point: SIMD3<Double>) {
    let cell = self.cell(point)
    next.append(first[cell])
    first[cell] = Int32(next.count - 1)
  }

  private func cell(_ point: SIMD3<Double>) -> Int {
    let f = point / edges
    let x = min(counts.x - 1, Int(f.x * Double(counts.x)))
    let y = min(counts.y - 1, Int(f.y * Double(counts.y)))
    let z = min(counts.z - 1, Int(f.z * Double(counts.z)))
    return (z * counts.y + y) * counts.x + x
  }

  /// Calls `body` with the index of every point in the cells at and around a point; each once.
  func forEachNear(_ point: SIMD3<Double>, _ body: (Int) -> Void) {
    let f = point / edges
    let home = SIMD3(
      min(counts.x - 1, Int(f.x * Double(counts.x))),
      min(counts.y - 1, Int(f.y * Double(counts.y))),
      min(counts.z - 1, Int(f.z * Double(counts.z))))
    // Along an edge with fewer than three cells every cell is visited once.
    func range(_ axis: Int) -> Range<Int> { counts[axis] < 3 ? 0..<counts[axis] : -1..<2 }
    for dz in range(2) {
      let z = counts.z < 3 ? dz : (home.z + dz + counts.z) % counts.z
      for dy in range(1) {
        let y = counts.y < 3 ? dy : (home.y + dy + counts.y) % counts.y
        for dx in range(0) {
          let x = counts.x < 3 ? dx : (home.x + dx + counts.x) % counts.x
          var index = first[(z * counts.y + y) * counts.x + x]
          while index >= 0 {
            body(Int(index))
            index = next[Int(index)]
          }
        }
      }
    }
  }

  /// All pairs i < j nearer than the reach, in an order that depends on the points alone.
  static func pairs(
    _ points: [SIMD3<Double>], edges: SIMD3<Double>, reach: Double
  ) -> [(i: Int32, j: Int32)] {
    var cells = BoxCells(edges: edges, reach: reach)
    for point in points { cells.append(cells.wrapped(point)) }
    var pairs: [(i: Int32, j: Int32)] = []
    for i in points.indices {
      let point = points[i]
      cells.forEachNear(cells.wrapped(point)) { j in
        guard j > i else { return }
        let d = cells.shortest(points[j] - point)
        if (d * d).sum() < reach * reach { pairs.append((Int32(i), Int32(j))) }
      }
    }
    return pairs
  }
}
