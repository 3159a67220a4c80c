internal import Crystal

/// Sets of connected points of a periodic grid, each point with the cell in which its set reaches it.
///
/// Every point refers to another one of its set by a number of cells; where a path leads back to its start
/// in another cell, the difference is a vector along which the set repeats itself without end.
///
/// Reference: R. E. Tarjan, J. ACM 22, 215 (1975): union–find; J. Machta et al., Phys. Rev. E 54, 1332
/// (1996): displacements that tell whether a cluster wraps around.
struct PeriodicForest {
  private let divisions: SIMD3<Int>
  /// Number of each point among the members; −1 for others.
  private let memberOfPoint: [Int32]
  /// Another member of the set, or the member itself.
  private var parents: [Int32]
  /// From a member in cell 0 to the cell of its parent.
  private var shifts: [SIMD3<Int32>]
  /// Members in the set of a root.
  private var sizes: [Int32]
  /// Independent vectors along which the set of a root repeats itself.
  private var windings: [Int32: [SIMD3<Int>]] = [:]

  /// Every member in a set of its own.
  init(divisions: SIMD3<Int>, isMember: [Bool]) {
    self.divisions = divisions
    var (memberOfPoint, count) = ([Int32](repeating: -1, count: isMember.count), Int32(0))
    for point in isMember.indices where isMember[point] {
      memberOfPoint[point] = count
      count += 1
    }
    self.memberOfPoint = memberOfPoint
    parents = Array(0..<count)
    shifts = [SIMD3<Int32>](repeating: .zero, count: Int(count))
    sizes = [Int32](repeating: 1, count: Int(count))
  }

  /// The next point along an axis, and the cell that it lies in.
  func neighbour(of point: Int, _ axis: Int, _ step: Int) -> (point: Int, cell: Int32) {
    let stride = axis == 2 ? 1 : axis == 1 ? divisions.z : divisions.z * divisions.y
    let place = point / stride % divisions[axis]
    let next = place + step
    if next < 0 { return (point + (divisions[axis] - 1) * stride, -1) }
    if next >= divisions[axis] { return (point - (divisions[axis] - 1) * stride, 1) }
    return (point + step * stride, 0)
  }

  /// Joins the sets of a member and the next point along an axis, if that is a member.
  ///
  /// - Returns: In how many dimensions the set goes on without end.
  @discardableResult
  mutating func connect(_ point: Int, _ axis: Int, _ step: Int) -> Int {
    let other = neighbour(of: point, axis, step)
    let (first, second) = (memberOfPoint[point], memberOfPoint[other.point])
    guard second >= 0 else { return 0 }
    let (a, b) = (find(first), find(second))
    var cell = SIMD3<Int32>.zero
    cell[axis] = other.cell
    // A member reached through a is in cell 0, the next point in `cell`.
    let gap = b.shift &+ cell &- a.shift
    guard a.root != b.root else {
      if gap != .zero { add(SIMD3(Int(gap.x), Int(gap.y), Int(gap.z)), to: a.root) }
      return windings[a.root]?.count ?? 0
    }
    let (root, child, shift) =
      sizes[Int(a.root)] >= sizes[Int(b.root)]
      ? (a.root, b.root, .zero &- gap) : (b.root, a.root, gap)
    parents[Int(child)] = root
    shifts[Int(child)] = shift
    sizes[Int(root)] += sizes[Int(child)]
    for vector in windings.removeValue(forKey: child) ?? [] { add(vector, to: root) }
    return windings[root]?.count ?? 0
  }

  /// The root of the set of a point that is a member.
  mutating func root(of point: Int) -> Int32 { find(memberOfPoint[point]).root }

  /// Independent vectors along which the set of a root repeats itself.
  func winding(ofRoot root: Int32) -> [SIMD3<Int>] { windings[root] ?? [] }

  /// The root of a member, and the cell in which it reaches it; makes the path to it short.
  private mutating func find(_ member: Int32) -> (root: Int32, shift: SIMD3<Int32>) {
    var (root, total) = (member, SIMD3<Int32>.zero)
    while parents[Int(root)] != root {
      total = total &+ shifts[Int(root)]
      root = parents[Int(root)]
    }
    var (node, rest) = (member, total)
    while parents[Int(node)] != root && node != root {
      let (next, step) = (parents[Int(node)], shifts[Int(node)])
      parents[Int(node)] = root
      shifts[Int(node)] = rest
      rest = rest &- step
      node = next
    }
    return (root, total)
  }

  /// Adds a vector along which a set repeats itself, if it is independent of those that are known.
  private mutating func add(_ vector: SIMD3<Int>, to root: Int32) {
    var known = windings[root] ?? []
    let isNew =
      switch known.count {
      case 0: true
      case 1: cross(known[0], vector) != .zero
      case 2: dot(cross(known[0], known[1]), vector) != 0
      default: false
      }
    guard isNew else { return }
    known.append(vector)
    windings[root] = known
  }
}

private func cross(_ a: SIMD3<Int>, _ b: SIMD3<Int>) -> SIMD3<Int> {
  SIMD3(
    a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
}

private func dot(_ a: SIMD3<Int>, _ b: SIMD3<Int>) -> Int { a.x * b.x + a.y * b.y + a.z * b.z }
