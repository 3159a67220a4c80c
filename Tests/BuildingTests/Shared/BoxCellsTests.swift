import Crystal
import Testing

@testable import Building

@Suite struct BoxCellsTests {
  @Test("cells find the same pairs as all against all", arguments: [1.0, 2.5, 4.0, 6.0])
  func pairs(reach: Double) {
    let edges = SIMD3(12.5, 13.0, 21.0)
    var stream = RandomStream(seed: 3, purpose: "test points")
    let points = (0..<200).map { _ in
      SIMD3(stream.uniform() * 3 - 1, stream.uniform(), stream.uniform() * 2) * edges
    }
    var expected: Set<[Int]> = []
    for i in points.indices {
      for j in points.indices where j > i {
        var d = points[j] - points[i]
        for axis in 0..<3 { d[axis] -= (d[axis] / edges[axis]).rounded() * edges[axis] }
        if length(d) < reach { expected.insert([i, j]) }
      }
    }
    let found = BoxCells.pairs(points, edges: edges, reach: reach).map { [Int($0.i), Int($0.j)] }
    #expect(found.count == expected.count)
    #expect(Set(found) == expected)
  }
}
