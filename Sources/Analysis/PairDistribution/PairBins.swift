internal import Crystal

/// Atoms sorted into bins along the lattice vectors, for visiting every pair of them once.
struct PairBins: Sendable {
  /// Coordinates of the atoms inside the cell, Å, in the order of the bins.
  let x: [Double], y: [Double], z: [Double]

  /// Kind of each atom, in the order of the bins.
  let kinds: [Int]

  /// Bin b holds the atoms `starts[b] ..< starts[b + 1]`.
  let starts: [Int]

  /// No pair of atoms that is visited lies farther apart, Å.
  let farthest: Double

  private let lattice: Lattice
  private let divisions: SIMD3<Int>
  private let rows: [Row]

  /// Bins around one that can hold neighbours, along the third axis: half of all, the others being the same
  /// seen from the other side.
  private struct Row {
    var x: Int
    var y: Int
    var z: ClosedRange<Int>
  }

  /// A run of atoms in one image of the cell.
  struct Run {
    /// Indices in the order of the bins.
    var atoms: Range<Int>
    /// Where that image lies, Å.
    var shift: SIMD3<Double>
  }

  /// Sorts atoms.
  ///
  /// - Parameters:
  ///   - lattice: The cell.
  ///   - positions: Any images.
  ///   - kinds: A number for each.
  ///   - radius: The largest distance that is asked for, Å.
  init(lattice: Lattice, positions: [Fractional], kinds: [Int], radius: Double) {
    self.lattice = lattice
    let divisions = PairBins.divisions(lattice, atoms: positions.count, radius: radius)
    self.divisions = divisions
    let edges = [
      lattice.a / Double(divisions.x), lattice.b / Double(divisions.y),
      lattice.c / Double(divisions.z),
    ]
    rows = PairBins.rows(edges, radius: radius)
    farthest = radius + 2 * edges.reduce(0) { $0 + length($1) }
    let wrapped = positions.map { $0.wrapped.components }
    let bins = wrapped.map { f in
      (0..<3).reduce(0) { bin, axis in
        let part = min(Int(f[axis] * Double(divisions[axis])), divisions[axis] - 1)
        return bin * divisions[axis] + part
      }
    }
    var starts = [Int](repeating: 0, count: divisions.x * divisions.y * divisions.z + 1)
    for bin in bins { starts[bin + 1] += 1 }
    for bin in 1..<starts.count { starts[bin] += starts[bin - 1] }
    var next = starts
    var order = [Int](repeating: 0, count: bins.count)
    for (atom, bin) in bins.enumerated() {
      order[next[bin]] = atom
      next[bin] += 1
    }
    let points = order.map { lattice.cartesian(Fractional(wrapped[$0])).components }
    self.starts = starts
    self.kinds = order.map { kinds[$0] }
    x = points.map(\.x)
    y = points.map(\.y)
    z = points.map(\.z)
  }

  /// Bins at which parts with about equally many atoms begin, and the end.
  func balanced(_ count: Int) -> [Int] {
    var result = [0]
    let last = starts.count - 1
    for part in 1..<max(1, count) {
      let target = x.count * part / count
      var bin = result[part - 1]
      while bin < last && starts[bin] < target { bin += 1 }
      result.append(bin)
    }
    return result + [last]
  }

  /// The atoms that can be within the radius of those in a bin, without the bin itself.
  func runs(from bin: Int) -> [Run] {
    let (x, rest) = bin.quotientAndRemainder(dividingBy: divisions.y * divisions.z)
    let (y, z) = rest.quotientAndRemainder(dividingBy: divisions.z)
    var runs: [Run] = []
    for row in rows {
      let (cellX, binX) = PairBins.floorDivision(x + row.x, divisions.x)
      let (cellY, binY) = PairBins.floorDivision(y + row.y, divisions.y)
      let line = (binX * divisions.y + binY) * divisions.z
      var step = z + row.z.lowerBound
      while step <= z + row.z.upperBound {
        let (cellZ, binZ) = PairBins.floorDivision(step, divisions.z)
        let last = min(divisions.z - 1, binZ + z + row.z.upperBound - step)
        let atoms = starts[line + binZ]..<starts[line + last + 1]
        if !atoms.isEmpty {
          let shift =
            Double(cellX) * lattice.a + Double(cellY) * lattice.b + Double(cellZ) * lattice.c
          runs.append(Run(atoms: atoms, shift: shift))
        }
        step += last - binZ + 1
      }
    }
    return runs
  }

  /// Bins about a quarter of the radius wide, but no more of them than atoms.
  private static func divisions(_ lattice: Lattice, atoms: Int, radius: Double) -> SIMD3<Int> {
    let spacings = lattice.planeSpacings
    var width = radius / 4
    func number(_ axis: Int) -> Double { max(1, (spacings[axis] / width).rounded(.down)) }
    while number(0) * number(1) * number(2) > Double(max(1, atoms)) { width *= 1.1 }
    return SIMD3(Int(number(0)), Int(number(1)), Int(number(2)))
  }

  /// Steps from a bin to those that come within the radius of it, the positive half of them.
  private static func rows(_ edges: [SIMD3<Double>], radius: Double) -> [Row] {
    let volume = dot(edges[0], cross(edges[1], edges[2])).magnitude
    let reach = (0..<3).map { axis in
      let area = length(cross(edges[(axis + 1) % 3], edges[(axis + 2) % 3]))
      return Int((radius * area / volume + 1e-9).rounded(.up))
    }
    let box = BinBox(edges)
    var rows: [Row] = []
    for x in 0...reach[0] {
      for y in (x == 0 ? 0 : -reach[1])...reach[1] {
        let all = (x == 0 && y == 0 ? 1 : -reach[2])...reach[2]
        // The steps within the radius are consecutive, as boxes are convex.
        let near = all.filter {
          box.leastDistance(SIMD3(Double(x), Double(y), Double($0))) < radius + 1e-6
        }
        if let first = near.first, let last = near.last {
          rows.append(Row(x: x, y: y, z: first...last))
        }
      }
    }
    return rows
  }

  private static func floorDivision(_ value: Int, _ divisor: Int) -> (quotient: Int, rest: Int) {
    let (quotient, rest) = value.quotientAndRemainder(dividingBy: divisor)
    return rest < 0 ? (quotient - 1, rest + divisor) : (quotient, rest)
  }
}

/// Distances between boxes of one shape.
private struct BinBox {
  private let edges: [SIMD3<Double>]
  private let products: [[Double]]

  init(_ edges: [SIMD3<Double>]) {
    self.edges = edges
    products = edges.map { a in edges.map { dot(a, $0) } }
  }

  /// The least distance between points of two boxes that lie some steps apart, Å.
  ///
  ///     min |Σₖ uₖ eₖ|,    sₖ − 1 ≤ uₖ ≤ sₖ + 1
  ///
  /// The minimum of a convex function over a box is the best of the stationary points inside its faces of
  /// every dimension.
  func leastDistance(_ step: SIMD3<Double>) -> Double {
    var best = Double.infinity
    for face in 0..<27 {
      let states = [face % 3, face / 3 % 3, face / 9]
      var u = SIMD3<Double>.zero
      for axis in 0..<3 where states[axis] > 0 {
        u[axis] = step[axis] + (states[axis] == 1 ? -1 : 1)
      }
      let free = (0..<3).filter { states[$0] == 0 }
      guard solve(&u, free) else { continue }
      guard free.allSatisfy({ (u[$0] - step[$0]).magnitude <= 1 + 1e-9 }) else { continue }
      let vector = u.x * edges[0] + u.y * edges[1] + u.z * edges[2]
      best = min(best, length(vector))
    }
    return best
  }

  /// Sets the free coordinates so that the vector is shortest.
  private func solve(_ u: inout SIMD3<Double>, _ free: [Int]) -> Bool {
    func right(_ row: Int) -> Double {
      -(0..<3).filter { !free.contains($0) }.reduce(0) { $0 + products[row][$1] * u[$1] }
    }
    switch free.count {
    case 0: break
    case 1: u[free[0]] = right(free[0]) / products[free[0]][free[0]]
    case 2:
      let (p, q) = (free[0], free[1])
      let (a, b, d) = (products[p][p], products[p][q], products[q][q])
      let determinant = a * d - b * b
      guard determinant > 1e-12 * a * d else { return false }
      let (f, g) = (right(p), right(q))
      u[p] = (f * d - g * b) / determinant
      u[q] = (g * a - f * b) / determinant
    default: u = .zero
    }
    return true
  }
}
