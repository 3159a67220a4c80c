internal import Crystal

/// The pairs of sites and periodic images of sites within a distance, found through bins.
struct ImagePairs {
  private let lattice: Lattice
  private let cutoff: Double
  private let bins: AtomBins

  init(lattice: Lattice, positions: [Fractional], cutoff: Double) {
    self.lattice = lattice
    self.cutoff = cutoff
    bins = AtomBins(
      lattice: lattice, positions: positions.map { lattice.cartesian($0).components },
      kinds: [Int32](repeating: 0, count: positions.count), cutoff: cutoff)
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
    for bin in 0..<(bins.starts.count - 1) where bins.starts[bin] < bins.starts[bin + 1] {
      for other in bins.stencil(of: bin, lattice) {
        let end = bins.starts[other.bin + 1]
        for i in bins.starts[bin]..<bins.starts[bin + 1] {
          let start = bins.positions[i] - other.shift
          for j in (other.isOwn ? i + 1 : bins.starts[other.bin])..<end {
            let r = bins.positions[j] - start
            let square = dot(r, r)
            if square <= limit { body(Int(bins.order[i]), Int(bins.order[j]), r, square) }
          }
        }
      }
    }
  }
}
