internal import Crystal

/// Atoms sorted into bins along the lattice vectors, to find those within a distance of each other.
///
/// Valid for any cell, however skewed or small: beyond the cell the bins repeat.
struct AtomBins {
  /// Number of bins along each axis.
  private(set) var divisions = SIMD3<Int>(1, 1, 1)
  /// Bins to each side that can hold neighbours.
  private(set) var reach = SIMD3<Int>(0, 0, 0)
  /// Atom k of the bins is atom `order[k]`.
  let order: [Int32]
  /// Cell of each atom, in the order of the bins.
  let cells: [SIMD3<Int32>]
  /// Position of each atom inside the cell, Å, in the order of the bins.
  let positions: [SIMD3<Double>]
  /// Kind of each atom, in the order of the bins.
  let kinds: [Int32]
  /// Bin b holds the entries `starts[b] ..< starts[b + 1]`.
  let starts: [Int]

  init(lattice: Lattice, positions: [SIMD3<Double>], kinds: [Int32], cutoff: Double) {
    let spacings = lattice.planeSpacings
    // Bins half as wide as the cutoff, but not more than there are atoms to fill them.
    let most = (Double(max(1, positions.count)) / 2).squareRoot().rounded(.up)
    for axis in 0..<3 {
      divisions[axis] = max(1, Int(min(2 * spacings[axis] / cutoff, most)))
      reach[axis] = Int((cutoff * Double(divisions[axis]) / spacings[axis]).rounded(.up))
    }
    let fractions = positions.map { lattice.fractional(Cartesian($0)).components }
    let inside = fractions.map { $0.rounded(.down) }
    var bins: [Int32] = []
    bins.reserveCapacity(positions.count)
    for i in positions.indices {
      let f = fractions[i] - inside[i]
      var bin = 0
      for axis in 0..<3 {
        let part = min(Int(f[axis] * Double(divisions[axis])), divisions[axis] - 1)
        bin = bin * divisions[axis] + part
      }
      bins.append(Int32(bin))
    }
    var starts = [Int](repeating: 0, count: divisions.x * divisions.y * divisions.z + 1)
    for bin in bins { starts[Int(bin) + 1] += 1 }
    for bin in 1..<starts.count { starts[bin] += starts[bin - 1] }
    var next = starts
    var order = [Int32](repeating: 0, count: positions.count)
    for i in positions.indices {
      let bin = Int(bins[i])
      order[next[bin]] = Int32(i)
      next[bin] += 1
    }
    self.starts = starts
    self.order = order
    cells = order.map { SIMD3<Int32>(inside[Int($0)]) }
    self.kinds = order.map { kinds[Int($0)] }
    self.positions = order.map { i in
      let n = inside[Int(i)]
      return positions[Int(i)] - n.x * lattice.a - n.y * lattice.b - n.z * lattice.c
    }
  }

  /// Bins at which parts with about equally many atoms begin; `count` + 1 entries.
  func balanced(_ count: Int) -> [Int] {
    var result = [0]
    let last = starts.count - 1
    for part in 1..<max(1, count) {
      let target = order.count * part / count
      var bin = result[part - 1]
      while bin < last && starts[bin] < target { bin += 1 }
      result.append(bin)
    }
    result.append(last)
    return result
  }

  /// A bin or an image of it.
  struct Neighbour {
    var bin: Int
    /// The cell that it lies in, in multiples of the lattice vectors.
    var image: SIMD3<Int>
    /// From the cell itself to that one, Å.
    var shift: SIMD3<Double>
    var isOwn: Bool
  }

  /// A bin itself and half of those around it that hold atoms: the first step that is not zero is
  /// positive, so that every pair of bins comes up once.
  func stencil(of bin: Int, _ lattice: Lattice) -> [Neighbour] {
    let (x, rest) = bin.quotientAndRemainder(dividingBy: divisions.y * divisions.z)
    let (y, z) = rest.quotientAndRemainder(dividingBy: divisions.z)
    var result: [Neighbour] = []
    for dx in 0...reach.x {
      for dy in (dx == 0 ? 0 : -reach.y)...reach.y {
        for dz in (dx == 0 && dy == 0 ? 0 : -reach.z)...reach.z {
          let step = SIMD3(x + dx, y + dy, z + dz)
          let image = SIMD3(
            floorQuotient(step.x, divisions.x), floorQuotient(step.y, divisions.y),
            floorQuotient(step.z, divisions.z))
          let other = step &- image &* divisions
          let target = (other.x * divisions.y + other.y) * divisions.z + other.z
          if starts[target] == starts[target + 1] { continue }
          result.append(
            Neighbour(
              bin: target, image: image,
              shift: Double(image.x) * lattice.a + Double(image.y) * lattice.b
                + Double(image.z) * lattice.c, isOwn: dx == 0 && dy == 0 && dz == 0))
        }
      }
    }
    return result
  }
}
