import Crystal

@testable import Symmetry

/// A finite group of permutations, every element once, the identity first.
struct PermutationGroup {
  let elements: [[UInt16]]

  /// The products of generators.
  init(_ generators: [[UInt16]]) {
    let identity = Array(0..<UInt16(generators[0].count))
    var elements = [identity]
    var seen: Set = [identity]
    var next = 0
    while next < elements.count {
      for generator in generators {
        let product = elements[next].map { generator[Int($0)] }
        if seen.insert(product).inserted { elements.append(product) }
      }
      next += 1
    }
    self.elements = elements
  }

  /// The rotations of n beads on a ring.
  static func ring(_ n: Int) -> PermutationGroup {
    PermutationGroup([(0..<n).map { UInt16(($0 + 1) % n) }])
  }

  /// The translations of an n × n torus.
  static func torus(_ n: Int) -> PermutationGroup {
    PermutationGroup([
      (0..<(n * n)).map { UInt16($0 / n * n + ($0 + 1) % n) },
      (0..<(n * n)).map { UInt16(($0 + n) % (n * n)) },
    ])
  }

  /// The symmetry of points around the origin under two quarter turns, and the inversion if asked for.
  static func cube(_ points: [SIMD3<Int>], inversion: Bool) -> PermutationGroup {
    var maps: [(SIMD3<Int>) -> SIMD3<Int>] = [
      { SIMD3(-$0.y, $0.x, $0.z) }, { SIMD3($0.x, -$0.z, $0.y) },
    ]
    if inversion { maps.append { SIMD3(-$0.x, -$0.y, -$0.z) } }
    return PermutationGroup(
      maps.map { map in points.map { UInt16(points.firstIndex(of: map($0)) ?? 0) } })
  }

  /// Faces, vertices or edges of a cube: points with one, three or two coordinates that are not 0.
  static func cube(_ name: String, inversion: Bool) -> PermutationGroup {
    let coordinates = [-1, 0, 1]
    let all = coordinates.flatMap { x in
      coordinates.flatMap { y in coordinates.map { z in SIMD3(x, y, z) } }
    }
    let wanted = ["faces": 1, "edges": 2, "vertices": 3][name]
    return cube(all.filter { p in (0..<3).count { p[$0] != 0 } == wanted }, inversion: inversion)
  }

  var table: PermutationTable {
    PermutationTable(
      sites: Array(elements[0].indices), turns: elements, shifts: [elements[0]])
  }
}
