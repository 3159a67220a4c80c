internal import Crystal
internal import Dispatch

/// Numbers of pairs of atoms by kinds and distance in one configuration.
///
/// Every pair of an atom and an image of an atom is visited once and counted in whole numbers, so that the
/// result does not depend on the number of threads. Valid for any cell, however small or skewed.
struct PairCounts: Hashable, Sendable {
  /// Number of kinds.
  let kindCount: Int

  /// Number of bins.
  let binCount: Int

  /// Ordered pairs a → b with distances of bin k at (a × kinds + b) × bins + k; the same for b → a.
  private(set) var counts: [Int]

  /// Counts the pairs with distances up to `binCount × binWidth`.
  ///
  /// A distance on the border of two bins, to within 10⁻⁹ of a width, counts for the upper one.
  ///
  /// - Parameters:
  ///   - lattice: The cell.
  ///   - positions: Any images.
  ///   - kinds: A number for each position, 0 ..< kindCount.
  ///   - kindCount: Number of kinds.
  ///   - binWidth: Å.
  ///   - binCount: Number of bins.
  ///   - threads: How many work at once.
  /// - Complexity: O(atoms × neighbours).
  init(
    lattice: Lattice, positions: [Fractional], kinds: [Int], kindCount: Int, binWidth: Double,
    binCount: Int, threads: Int
  ) {
    self.kindCount = kindCount
    self.binCount = binCount
    let bins = PairBins(
      lattice: lattice, positions: positions, kinds: kinds, radius: Double(binCount) * binWidth)
    let counter = PairCounter(bins: bins, kindCount: kindCount, binWidth: binWidth)
    // A few parts for each thread, so that one that is held up does not hold up the others.
    let starts = bins.balanced(threads <= 1 ? 1 : 4 * threads)
    let partCount = starts.count - 1
    var parts = [[UInt32]](repeating: [], count: partCount)
    unsafe parts.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let results = unsafe buffer
      DispatchQueue.concurrentPerform(iterations: partCount) { part in
        unsafe results[part] = counter.histogram(ofBins: starts[part]..<starts[part + 1])
      }
    }
    var counts = [Int](repeating: 0, count: kindCount * kindCount * binCount)
    for part in parts {
      for a in 0..<kindCount {
        for b in 0..<kindCount {
          let (from, to) = ((a * kindCount + b), (b * kindCount + a))
          for bin in 0..<binCount {
            let count = Int(part[from * counter.stride + bin])
            counts[from * binCount + bin] += count
            counts[to * binCount + bin] += count
          }
        }
      }
    }
    self.counts = counts
  }

  /// Ordered pairs of two kinds, one number per bin.
  func pairs(_ a: Int, _ b: Int) -> ArraySlice<Int> {
    let start = (a * kindCount + b) * binCount
    return counts[start..<(start + binCount)]
  }
}

/// Fills histograms from bins of atoms.
private struct PairCounter: Sendable {
  let bins: PairBins
  let kindCount: Int
  let binWidth: Double

  /// Length of the histogram of one pair of kinds: pairs beyond the radius that share bins with nearer ones
  /// fall behind the part that is used, which costs less than asking for each of them.
  let stride: Int

  init(bins: PairBins, kindCount: Int, binWidth: Double) {
    self.bins = bins
    self.kindCount = kindCount
    self.binWidth = binWidth
    stride = Int(bins.farthest / binWidth) + 3
  }

  /// Pairs of the atoms in some bins with those in the same and later ones.
  func histogram(ofBins range: Range<Int>) -> [UInt32] {
    var histogram = [UInt32](repeating: 0, count: kindCount * kindCount * stride)
    let offsets = bins.kinds.map { UInt32($0 * stride) }
    unsafe histogram.withUnsafeMutableBufferPointer { histogram in
      unsafe offsets.withUnsafeBufferPointer { offsets in
        unsafe bins.x.withUnsafeBufferPointer { x in
          unsafe bins.y.withUnsafeBufferPointer { y in
            unsafe bins.z.withUnsafeBufferPointer { z in
              for bin in range where bins.starts[bin] < bins.starts[bin + 1] {
                let own = bins.starts[bin]..<bins.starts[bin + 1]
                let runs = bins.runs(from: bin)
                for i in own {
                  let base = bins.kinds[i] * kindCount * stride
                  let rows = unsafe UnsafeMutableBufferPointer(
                    rebasing: histogram[base..<(base + kindCount * stride)])
                  let p = unsafe SIMD3(x[i], y[i], z[i])
                  unsafe count(
                    (i + 1)..<own.upperBound, from: p, x, y, z, offsets, into: rows)
                  for run in runs {
                    unsafe count(run.atoms, from: p - run.shift, x, y, z, offsets, into: rows)
                  }
                }
              }
            }
          }
        }
      }
    }
    return histogram
  }

  /// Counts a run of atoms by their distance from a point.
  ///
  /// Four at a time without branches. The number of a bin is rounded by adding 1.5 × 2⁵², which leaves it in
  /// the lowest bits: half of the time of checked conversions. Indices stay below the length of the
  /// histogram because ``PairBins/farthest`` bounds every distance.
  @inline(__always)
  private func count(
    _ atoms: Range<Int>, from p: SIMD3<Double>, _ x: UnsafeBufferPointer<Double>,
    _ y: UnsafeBufferPointer<Double>, _ z: UnsafeBufferPointer<Double>,
    _ offsets: UnsafeBufferPointer<UInt32>, into histogram: UnsafeMutableBufferPointer<UInt32>
  ) {
    let scale = 1 / binWidth
    let (below, magic) = (1e-9 - 0.5, 6_755_399_441_055_744.0)
    var j = atoms.lowerBound
    while j &+ 4 <= atoms.upperBound {
      let (dx, dy, dz) = unsafe (
        load(x, j) - SIMD4(repeating: p.x), load(y, j) - SIMD4(repeating: p.y),
        load(z, j) - SIMD4(repeating: p.z)
      )
      let squares = dx * dx + dy * dy + dz * dz
      let places = squares.squareRoot() * scale + SIMD4(repeating: below)
      let numbers = unsafe unsafeBitCast(
        places + SIMD4(repeating: magic), to: SIMD8<UInt32>.self)
      unsafe histogram[Int(numbers[0] &+ offsets[j])] &+= 1
      unsafe histogram[Int(numbers[2] &+ offsets[j &+ 1])] &+= 1
      unsafe histogram[Int(numbers[4] &+ offsets[j &+ 2])] &+= 1
      unsafe histogram[Int(numbers[6] &+ offsets[j &+ 3])] &+= 1
      j &+= 4
    }
    while j < atoms.upperBound {
      let (dx, dy, dz) = unsafe (x[j] - p.x, y[j] - p.y, z[j] - p.z)
      let place = (dx * dx + dy * dy + dz * dz).squareRoot() * scale + below
      let number = UInt32(truncatingIfNeeded: (place + magic).bitPattern)
      unsafe histogram[Int(number &+ offsets[j])] &+= 1
      j &+= 1
    }
  }

  @inline(__always)
  private func load(_ values: UnsafeBufferPointer<Double>, _ j: Int) -> SIMD4<Double> {
    unsafe SIMD4(values[j], values[j &+ 1], values[j &+ 2], values[j &+ 3])
  }
}
