internal import Crystal

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// The pairs of sites and periodic images of sites within a distance, found through bins.
///
/// The cell is cut into bins along its axes; only bins that can come within the distance are compared.
/// Valid for any cell, however skewed or small: beyond the cell the bins repeat.
struct ImagePairs {
  private let lattice: Lattice
  private let cutoff: Double
  /// Number of bins along each axis.
  private let divisions: SIMD3<Int>
  /// Bins to each side that can hold neighbours, at least one.
  private let reach: SIMD3<Int>
  /// Sites bin by bin, with their positions inside the cell, Å.
  private let sites: [Int]
  private let positions: [SIMD3<Double>]
  /// Bin b holds the entries `starts[b] ..< starts[b + 1]`.
  private let starts: [Int]

  init(lattice: Lattice, positions: [Fractional], cutoff: Double) {
    let spacings = lattice.planeSpacings
    // Bins half as wide as the cutoff, but not more than there are sites to fill them.
    let most = cbrt(Double(max(1, positions.count))).rounded(.up)
    var divisions = SIMD3(1, 1, 1)
    var reach = SIMD3(0, 0, 0)
    for axis in 0..<3 {
      divisions[axis] = max(1, Int(min(2 * spacings[axis] / cutoff, most)))
      reach[axis] = Int((cutoff * Double(divisions[axis]) / spacings[axis]).rounded(.up))
    }
    let inside = positions.map { $0.components - $0.components.rounded(.down) }
    let bins = inside.map { f in
      func part(_ axis: Int) -> Int {
        min(Int(f[axis] * Double(divisions[axis])), divisions[axis] - 1)
      }
      return (part(0) * divisions.y + part(1)) * divisions.z + part(2)
    }
    let order = positions.indices.sorted { (bins[$0], $0) < (bins[$1], $1) }
    var starts = [Int](repeating: 0, count: divisions.x * divisions.y * divisions.z + 1)
    for bin in bins { starts[bin + 1] += 1 }
    for bin in 1..<starts.count { starts[bin] += starts[bin - 1] }
    self.lattice = lattice
    self.cutoff = cutoff
    self.divisions = divisions
    self.reach = reach
    self.sites = order
    self.positions = order.map { lattice.cartesian(Fractional(inside[$0])).components }
    self.starts = starts
  }

  /// Calls `body` once for every pair of sites i, j and image with |r| ≤ cutoff.
  ///
  /// Of (i, j, r) and (j, i, -r) one is passed; i = j stands for a site and its own image. The order
  /// is fixed.
  ///
  /// - Parameter body: Takes i, j, r = r(image of j) - r(i) in Å, and r² in Å².
  @inline(__always)
  func forEach(_ body: (Int, Int, SIMD3<Double>, Double) -> Void) {
    let limit = cutoff * cutoff
    for bin in 0..<(starts.count - 1) where starts[bin] < starts[bin + 1] {
      let own = starts[bin]..<starts[bin + 1]
      let (x, rest) = bin.quotientAndRemainder(dividingBy: divisions.y * divisions.z)
      let (y, z) = rest.quotientAndRemainder(dividingBy: divisions.z)
      for i in own {
        for j in (i + 1)..<own.upperBound {
          let r = positions[j] - positions[i]
          let square = dot(r, r)
          if square <= limit { body(sites[i], sites[j], r, square) }
        }
      }
      // Half of the other bins: the first step that is not zero is positive.
      for dx in 0...reach.x {
        for dy in (dx == 0 ? 0 : -reach.y)...reach.y {
          for dz in (dx == 0 && dy == 0 ? 1 : -reach.z)...reach.z {
            let step = SIMD3(x + dx, y + dy, z + dz)
            let image = SIMD3(
              floorQuotient(step.x, divisions.x), floorQuotient(step.y, divisions.y),
              floorQuotient(step.z, divisions.z))
            let other = step &- image &* divisions
            let target = (other.x * divisions.y + other.y) * divisions.z + other.z
            if starts[target] == starts[target + 1] { continue }
            let shift =
              Double(image.x) * lattice.a + Double(image.y) * lattice.b
              + Double(image.z) * lattice.c
            for i in own {
              let start = positions[i] - shift
              for j in starts[target]..<starts[target + 1] {
                let r = positions[j] - start
                let square = dot(r, r)
                if square <= limit { body(sites[i], sites[j], r, square) }
              }
            }
          }
        }
      }
    }
  }
}
