package import Crystal

/// Finds the sites of a crystal near a point without looking at all of them.
///
/// Sites are binned by their fractional coordinates; a search looks into the bins around the point.
package struct SiteIndex {
  private let lattice: Lattice
  private let positions: [SIMD3<Double>]
  private let bins: SIMD3<Int>
  private let firstInBin: [Int]
  private let binned: [Int]

  /// A site that was found near a point x.
  package struct Neighbour {
    /// Index of the site.
    package var site: Int
    /// The lattice translation T with x ≈ x_site + T.
    package var translation: SIMD3<Int>
    /// |x − x_site − T|, Å.
    package var distance: Double
  }

  /// Sorts the sites into bins.
  package init(lattice: Lattice, positions: [Fractional]) {
    self.lattice = lattice
    self.positions = positions.map(\.components)
    // About one site per bin, and bins of about the same width along a, b, c.
    let spacings = lattice.planeSpacings
    var bins = SIMD3(1, 1, 1)
    while bins.x * bins.y * bins.z < positions.count {
      let widths = (0..<3).map { spacings[$0] / Double(bins[$0]) }
      let widest = (0..<3).max { widths[$0] < widths[$1] } ?? 0
      bins[widest] += 1
    }
    self.bins = bins
    let binOfSite = self.positions.map { position in
      let f = position - position.rounded(.down)
      let bin = (0..<3).map { min(bins[$0] - 1, Int(f[$0] * Double(bins[$0]))) }
      return (bin[2] * bins.y + bin[1]) * bins.x + bin[0]
    }
    var first = [Int](repeating: 0, count: bins.x * bins.y * bins.z + 1)
    for bin in binOfSite { first[bin + 1] += 1 }
    for bin in 1..<first.count { first[bin] += first[bin - 1] }
    var next = first
    var binned = [Int](repeating: 0, count: positions.count)
    for (site, bin) in binOfSite.enumerated() {
      binned[next[bin]] = site
      next[bin] += 1
    }
    self.firstInBin = first
    self.binned = binned
  }

  /// The sites within `radius` of a point, each by one image; for radii much smaller than the cell.
  ///
  /// - Parameters:
  ///   - point: Any image.
  ///   - radius: Å.
  /// - Returns: The sites with translations and distances, in no particular order.
  package func sites(near point: Fractional, within radius: Double) -> [Neighbour] {
    let x = point.components
    let reach = radius / lattice.planeSpacings
    var ranges: [ClosedRange<Int>] = []
    for axis in 0..<3 {
      let n = Double(bins[axis])
      let low = Int(((x[axis] - reach[axis]) * n).rounded(.down))
      let high = Int(((x[axis] + reach[axis]) * n).rounded(.down))
      // A bin is visited once, also where the search goes around the cell.
      ranges.append(low...min(high, low + bins[axis] - 1))
    }
    var found: [Neighbour] = []
    for k in ranges[2] {
      for j in ranges[1] {
        for i in ranges[0] {
          let bin =
            (floorRemainder(k, bins.z) * bins.y + floorRemainder(j, bins.y)) * bins.x
            + floorRemainder(i, bins.x)
          for site in binned[firstInBin[bin]..<firstInBin[bin + 1]] {
            let difference = x - positions[site]
            let whole = difference.rounded(.toNearestOrEven)
            let distance = length(lattice.cartesian(Fractional(difference - whole)).components)
            guard distance <= radius else { continue }
            let translation = SIMD3(Int(whole.x), Int(whole.y), Int(whole.z))
            found.append(Neighbour(site: site, translation: translation, distance: distance))
          }
        }
      }
    }
    return found
  }
}
