import Analysis
import CellgenTestSupport
import Crystal
import Testing

@Suite struct PeriodicClusterTests {
  /// The members of a grid, given by a rule.
  private func mask(_ n: SIMD3<Int>, _ rule: (Int, Int, Int) -> Bool) -> [Bool] {
    var mask: [Bool] = []
    for i in 0..<n.x {
      for j in 0..<n.y { for k in 0..<n.z { mask.append(rule(i, j, k)) } }
    }
    return mask
  }

  private let n = SIMD3(6, 5, 7)

  @Test("a ball is closed, a line, a plane and the whole go on in one, two and three directions")
  func dimensions() {
    let ball = PeriodicClusters(divisions: n, isMember: mask(n) { $0 < 3 && $1 < 2 && $2 < 4 })
    #expect(ball.clusters.map(\.dimensions) == [0])
    #expect(ball.clusters[0].pointCount == 24 && ball.clusters[0].directions.isEmpty)
    let line = PeriodicClusters(divisions: n, isMember: mask(n) { i, j, _ in i == 2 && j == 4 })
    #expect(line.dimensions == 1)
    #expect(
      line.clusters[0].directions.map { SIMD3(abs($0.x), abs($0.y), abs($0.z)) }
        == [SIMD3(0, 0, 1)])
    let plane = PeriodicClusters(divisions: n, isMember: mask(n) { _, j, _ in j == 1 })
    #expect(plane.dimensions == 2 && plane.clusters[0].directions.allSatisfy { $0.y == 0 })
    let all = PeriodicClusters(divisions: n, isMember: mask(n) { _, _, _ in true })
    #expect(all.dimensions == 3 && all.clusters.count == 1)
    let none = PeriodicClusters(divisions: n, isMember: mask(n) { _, _, _ in false })
    #expect(none.clusters.isEmpty && none.dimensions == 0)
  }

  @Test("a path through the face of the cell that does not close on itself is no percolation")
  func open() {
    // From 4 over the face to 2 along a: connected through the face, but not all around.
    let crossing = PeriodicClusters(
      divisions: n, isMember: mask(n) { i, j, k in j == 0 && k == 0 && i != 3 })
    #expect(crossing.clusters.map(\.dimensions) == [0])
    #expect(crossing.clusters[0].pointCount == 5)
    // Two pieces that touch the opposite faces at different places.
    let apart = PeriodicClusters(
      divisions: n,
      isMember: mask(n) { i, j, k in k == 0 && (i < 3 ? j == 0 : j == 2) })
    #expect(apart.clusters.map(\.dimensions) == [0, 0])
  }

  @Test("a staircase winds along a diagonal, and two lines that cross make a plane")
  func winding() {
    let m = SIMD3(6, 6, 6)
    let stairs = PeriodicClusters(
      divisions: m, isMember: mask(m) { i, j, k in k == 3 && (i == j || j == (i + 1) % 6) })
    #expect(stairs.dimensions == 1)
    let direction = stairs.clusters[0].directions[0]
    #expect(direction.x == direction.y && direction.z == 0 && abs(direction.x) == 1)
    let cross = PeriodicClusters(
      divisions: m, isMember: mask(m) { i, j, k in k == 2 && (i == 0 || j == 0) })
    #expect(cross.clusters.map(\.dimensions) == [2])
    // Two parallel lines are two clusters of one dimension each.
    let pair = PeriodicClusters(
      divisions: m, isMember: mask(m) { i, j, _ in j == 0 && (i == 0 || i == 3) })
    #expect(pair.clusters.map(\.dimensions) == [1, 1])
    // Lines along a and b that pass each other at a distance do not make a plane; a bridge does.
    let passing = mask(m) { i, j, k in (k == 0 && j == 0) || (k == 3 && i == 0) }
    #expect(PeriodicClusters(divisions: m, isMember: passing).clusters.map(\.dimensions) == [1, 1])
    let bridged = mask(m) { i, j, k in
      (k == 0 && j == 0) || (k == 3 && i == 0) || (i == 0 && j == 0 && k < 3)
    }
    #expect(PeriodicClusters(divisions: m, isMember: bridged).clusters.map(\.dimensions) == [2])
    // The bridge on the other side closes the third direction as well.
    let ring = mask(m) { i, j, k in (k == 0 && j == 0) || (k == 3 && i == 0) || (i == 0 && j == 0) }
    #expect(PeriodicClusters(divisions: m, isMember: ring).clusters.map(\.dimensions) == [3])
  }

  @Test("a helix that closes after two cells is one cluster that winds twice")
  func helix() {
    // Two strands along a that change places at the face: one line of two turns.
    let m = SIMD3(4, 6, 3)
    let strands = mask(m) { i, j, k in
      guard k == 0 else { return false }
      return i < 3 ? (j == 0 || j == 2) : (0...2).contains(j)
    }
    let joined = PeriodicClusters(divisions: m, isMember: strands)
    #expect(joined.clusters.map(\.dimensions) == [1])
    // A grid of one point is its own neighbour in all directions.
    #expect(PeriodicClusters(divisions: SIMD3(1, 1, 1), isMember: [true]).dimensions == 3)
    #expect(PeriodicClusters(divisions: SIMD3(1, 2, 1), isMember: [true, false]).dimensions == 2)
  }

  @Test("the dimension does not depend on where the cell begins", arguments: 0..<8 as Range<UInt64>)
  func shifted(seed: UInt64) {
    var stream = RandomStream(seed: seed, purpose: "clusters")
    let m = SIMD3(7, 6, 8)
    let members = mask(m) { _, _, _ in stream.uniform() < 0.35 }
    let shift = SIMD3(3, 5, 2)
    let moved = mask(m) { i, j, k in
      members[
        ((i + shift.x) % m.x * m.y + (j + shift.y) % m.y) * m.z + (k + shift.z) % m.z]
    }
    func summary(_ mask: [Bool]) -> [[Int]] {
      PeriodicClusters(divisions: m, isMember: mask).clusters.map {
        [$0.dimensions, $0.pointCount]
      }
    }
    #expect(summary(members) == summary(moved))
    // Twice the cell along b: a cluster of every dimension stays one of that dimension.
    let doubled = mask(SIMD3(m.x, 2 * m.y, m.z)) { i, j, k in
      members[(i * m.y + j % m.y) * m.z + k]
    }
    #expect(
      PeriodicClusters(divisions: SIMD3(m.x, 2 * m.y, m.z), isMember: doubled).dimensions
        == PeriodicClusters(divisions: m, isMember: members).dimensions)
  }

  @Test("thresholds are where the clusters of all points below them begin to percolate")
  func thresholds() {
    var stream = RandomStream(seed: 2, purpose: "clusters")
    let m = SIMD3(6, 7, 5)
    let keys = (0..<210).map { _ in stream.uniform() }
    let allowed = (0..<210).map { _ in stream.uniform() < 0.95 }
    let thresholds = percolationThresholds(divisions: m, keys: keys, isAllowed: allowed)
    for dimension in 1...3 {
      let found = keys.indices.filter { allowed[$0] }.map { keys[$0] }.sorted().first { limit in
        let mask = keys.indices.map { allowed[$0] && keys[$0] <= limit }
        return PeriodicClusters(divisions: m, isMember: mask).dimensions >= dimension
      }
      #expect(thresholds[dimension - 1] == found)
    }
    // Only a line is allowed: never more than one dimension.
    let line = mask(m) { i, j, _ in i == 1 && j == 1 }
    let single = percolationThresholds(divisions: m, keys: keys, isAllowed: line)
    #expect(single[0] == keys.indices.filter { line[$0] }.map { keys[$0] }.max())
    #expect(single[1] == nil && single[2] == nil)
  }

  @Test("clearances are distances from the nearest surface")
  func clearance() throws {
    var stream = RandomStream(seed: 4, purpose: "clusters")
    let positions = (0..<5).map { _ in
      Fractional(stream.uniform(), 3 * stream.uniform(), stream.uniform() - 2)
    }
    let radii = [0.5, 1.2, 0.9, 0.5, 1.0]
    let grid = try PeriodicGrid(lattice: skewedLattice, spacing: 0.9)
    let found = clearances(grid, positions: positions, radii: radii, reach: 12)
    let outside = pointsOutside(grid, positions: positions, radii: radii.map { $0 + 0.4 })
    for point in 0..<grid.count {
      let place = grid.point(point)
      let least =
        zip(positions, radii).map { skewedLattice.distance($0, place) - $1 }.min() ?? 0
      #expect((found[point] - least).magnitude < 1e-9)
      #expect(outside[point] == (least >= 0.4))
    }
  }

  @Test("grids have steps of at most the spacing, and refuse absurd ones")
  func grids() throws {
    let lattice = try Lattice(
      a: SIMD3(20, 0, 0), b: SIMD3(0, 10.05, 0), c: SIMD3(0, 0, 9.95))
    #expect(try PeriodicGrid(lattice: lattice, spacing: 0.1).divisions == SIMD3(200, 101, 100))
    for spacing in [0, -1, Double.nan, Double.infinity, 1e-4] {
      #expect(throws: InputError.self) { try PeriodicGrid(lattice: lattice, spacing: spacing) }
    }
    #expect(throws: InputError.self) {
      try PeriodicGrid(lattice: lattice, divisions: SIMD3(10, 0, 10))
    }
  }
}
