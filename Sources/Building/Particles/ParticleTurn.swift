internal import Crystal

/// The rotations of a cube, as images of x, y and z.
enum ParticleTurn {
  /// As it is, z to x, and z to y, by quarter turns.
  static let quarters: [[SIMD3<Double>]] = [
    [SIMD3(1, 0, 0), SIMD3(0, 1, 0), SIMD3(0, 0, 1)],
    [SIMD3(0, 0, -1), SIMD3(0, 1, 0), SIMD3(1, 0, 0)],
    [SIMD3(1, 0, 0), SIMD3(0, 0, -1), SIMD3(0, 1, 0)],
  ]

  /// All 24.
  static let all: [[SIMD3<Double>]] = {
    let axes: [SIMD3<Double>] = [SIMD3(1, 0, 0), SIMD3(0, 1, 0), SIMD3(0, 0, 1)]
    var list: [[SIMD3<Double>]] = []
    for x in axes.flatMap({ [$0, -$0] }) {
      for y in axes.flatMap({ [$0, -$0] }) where dot(x, y) == 0 {
        list.append([x, y, cross(x, y)])
      }
    }
    return list
  }()

  /// A colour from 0 to 2 for each place of a periodic grid, different from those of the neighbours.
  ///
  /// Each edge is a ring of n places coloured 0, 1, 0, 1, …, with 2 at the end of an odd one; the sum
  /// of the three colours modulo 3 changes with every step along an edge.
  static func colour(_ place: SIMD3<Int>, of counts: SIMD3<Int>) -> Int {
    func ring(_ axis: Int) -> Int {
      let isOddEnd = counts[axis] > 1 && counts[axis] % 2 == 1 && place[axis] == counts[axis] - 1
      return isOddEnd ? 2 : place[axis] % 2
    }
    return (ring(0) + ring(1) + ring(2)) % 3
  }

  /// The image of a point.
  static func turned(_ p: SIMD3<Double>, _ frame: [SIMD3<Double>]) -> SIMD3<Double> {
    p.x * frame[0] + p.y * frame[1] + p.z * frame[2]
  }
}
