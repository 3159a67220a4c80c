internal import Crystal

/// Finds all images of some points within a radius of another, in any cell, however small or skewed.
///
/// The points are copied into a margin around the cell, and all copies are sorted into bins.
struct NeighbourGrid: Sendable {
  private let lattice: Lattice
  private let radius: Double
  private let reach: SIMD3<Double>
  private let bins: SIMD3<Int>
  private let firstInBin: [Int]
  private let points: [SIMD3<Double>]
  private let indices: [Int32]

  /// An image of a point near another.
  struct Neighbour {
    /// Index of the point.
    var index: Int
    /// From the centre of the search to the image, Å.
    var vector: SIMD3<Double>
    /// Length of ``vector``, Å.
    var distance: Double
  }

  /// Sorts the points.
  ///
  /// - Parameters:
  ///   - lattice: The cell.
  ///   - positions: Any images.
  ///   - radius: The largest radius of a search, Å; positive.
  init(lattice: Lattice, positions: [Fractional], radius: Double) {
    self.lattice = lattice
    self.radius = radius
    let spacings = lattice.planeSpacings
    let reach = (radius + 1e-9) / spacings
    self.reach = reach
    var bins = SIMD3(repeating: 1)
    for axis in 0..<3 {
      bins[axis] = max(1, min(256, Int((1 + 2 * reach[axis]) * spacings[axis] / radius)))
    }
    while bins.x * bins.y * bins.z > 8 * positions.count + 27 {
      for axis in 0..<3 { bins[axis] = max(1, bins[axis] * 3 / 4) }
    }
    self.bins = bins
    var (copies, owners, binOfCopy): ([SIMD3<Double>], [Int32], [Int]) = ([], [], [])
    forEachImage(of: positions, in: lattice, within: radius) { index, point in
      copies.append(lattice.cartesian(Fractional(point)).components)
      owners.append(Int32(index))
      binOfCopy.append(NeighbourGrid.flat(NeighbourGrid.bin(point, reach, bins), bins))
    }
    var first = [Int](repeating: 0, count: bins.x * bins.y * bins.z + 1)
    for bin in binOfCopy { first[bin + 1] += 1 }
    for bin in 1..<first.count { first[bin] += first[bin - 1] }
    var next = first
    var points = copies
    var indices = owners
    for (copy, bin) in binOfCopy.enumerated() {
      points[next[bin]] = copies[copy]
      indices[next[bin]] = owners[copy]
      next[bin] += 1
    }
    self.firstInBin = first
    self.points = points
    self.indices = indices
  }

  /// Calls `body` for every image within `distance` of a point, the point itself included.
  ///
  /// - Parameters:
  ///   - point: Any image.
  ///   - distance: At most the radius of the grid, Å.
  ///   - body: What to do with each.
  func forEach(near point: Fractional, within distance: Double, _ body: (Neighbour) -> Void) {
    let f = point.wrapped.components
    let centre = lattice.cartesian(Fractional(f)).components
    let low = NeighbourGrid.bin(f - reach, reach, bins)
    let high = NeighbourGrid.bin(f + reach, reach, bins)
    let limit = distance * distance
    for i in low.x...high.x {
      for j in low.y...high.y {
        let row = (i * bins.y + j) * bins.z
        for copy in firstInBin[row + low.z]..<firstInBin[row + high.z + 1] {
          let vector = points[copy] - centre
          let square = dot(vector, vector)
          if square <= limit {
            body(
              Neighbour(
                index: Int(indices[copy]), vector: vector, distance: square.squareRoot()))
          }
        }
      }
    }
  }

  /// The images within `distance` of a point, nearest first.
  func neighbours(of point: Fractional, within distance: Double) -> [Neighbour] {
    var found: [Neighbour] = []
    forEach(near: point, within: distance) { found.append($0) }
    return found.sorted { ($0.distance, $0.index) < ($1.distance, $1.index) }
  }

  /// The nearest image within `distance` of a point; nil if there is none.
  func nearest(to point: Fractional, within distance: Double) -> Neighbour? {
    var best: Neighbour?
    forEach(near: point, within: distance) {
      if $0.distance < best?.distance ?? .infinity { best = $0 }
    }
    return best
  }

  private static func bin(
    _ f: SIMD3<Double>, _ reach: SIMD3<Double>, _ bins: SIMD3<Int>
  ) -> SIMD3<Int> {
    let scaled = (f + reach) / (1 + 2 * reach)
    var bin = SIMD3<Int>.zero
    for axis in 0..<3 {
      let place = (scaled[axis] * Double(bins[axis])).rounded(.down)
      bin[axis] = max(0, min(bins[axis] - 1, Int(place)))
    }
    return bin
  }

  private static func flat(_ bin: SIMD3<Int>, _ bins: SIMD3<Int>) -> Int {
    (bin.x * bins.y + bin.y) * bins.z + bin.z
  }
}

/// Refuses positions that are no numbers, or so far away that their digits are lost.
func checkUsable(_ positions: [Fractional]) throws(InputError) {
  for (index, position) in positions.enumerated() {
    guard (0..<3).allSatisfy({ position.components[$0].magnitude < 1e6 }) else {
      throw InputError("the position of atom \(index + 1) is not a usable number")
    }
  }
}
