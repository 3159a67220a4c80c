internal import Crystal

/// The images of one site under symmetry operations.
struct SiteExpansion {
  /// The site as listed, or moved onto its special position, then its images in [0, 1)³.
  let images: [SIMD3<Double>]

  /// Number of operations that leave the site where it is.
  let siteSymmetryOrder: Int

  /// Whether images and site symmetry account for every operation; if not, the site is so near to
  /// a special position that its images cannot be told apart safely.
  let isConsistent: Bool

  /// Finds the different images of a point.
  ///
  /// A site that operations move by less than the tolerance is put on the mean of those images:
  /// coordinates such as 0.3333 become those of the special position.
  ///
  /// - Parameters:
  ///   - point: The site as listed.
  ///   - operations: The operations of the group, identity first.
  ///   - lattice: The cell.
  ///   - tolerance: Images nearer than this, Å, are one atom.
  init(
    _ point: SIMD3<Double>, operations: [SymmetryOperation], lattice: Lattice, tolerance: Double
  ) {
    guard operations.count > 1 else {
      images = [point]
      siteSymmetryOrder = 1
      isConsistent = true
      return
    }
    var shift = SIMD3<Double>()
    var fixing = 0
    var largest = 0.0
    for operation in operations {
      let difference = nearestDifference(operation.apply(point), point)
      if let distance = distance(difference, lattice, below: tolerance) {
        shift += difference
        fixing += 1
        largest = max(largest, distance)
      }
    }
    // Noise of floating-point numbers is no reason to move an atom.
    let site = largest > 1e-9 ? point + shift / Double(fixing) : point
    var images = [site]
    images.reserveCapacity(operations.count / fixing)
    for operation in operations.dropFirst() {
      let image = Fractional(operation.apply(site)).wrapped.components
      // Two operations with the same image differ by one that leaves the site where it is.
      let isNew =
        fixing == 1
        || images.allSatisfy {
          distance(nearestDifference(image, $0), lattice, below: tolerance) == nil
        }
      if isNew { images.append(image) }
    }
    self.images = images
    siteSymmetryOrder = fixing
    isConsistent = images.count * fixing == operations.count
  }
}

/// p - q by the nearest image, as fractional coordinates; exact for points that nearly coincide.
private func nearestDifference(_ p: SIMD3<Double>, _ q: SIMD3<Double>) -> SIMD3<Double> {
  let difference = p - q
  return difference - difference.rounded(.toNearestOrEven)
}

/// The length of a fractional vector, Å, if it is less than `tolerance`.
private func distance(
  _ difference: SIMD3<Double>, _ lattice: Lattice, below tolerance: Double
) -> Double? {
  let distance = length(lattice.cartesian(Fractional(difference)).components)
  return distance < tolerance ? distance : nil
}

/// Groups of atoms on the same point.
struct Coincidences {
  /// For every atom the first atom on the same point: [0, 1, 0] if the third sits on the first.
  let firstOfAtom: [Int]

  /// Finds atoms that are nearer to each other than `tolerance`, Å, in time proportional to their
  /// number.
  init(_ positions: [SIMD3<Double>], lattice: Lattice, tolerance: Double) {
    // Bins of fractional coordinates at least this wide, Å, so that neighbours suffice.
    let binSize = max(0.5, 2 * tolerance)
    let spacings = lattice.planeSpacings
    let bins = (spacings / binSize).rounded(.down).clamped(
      lowerBound: SIMD3(repeating: 1), upperBound: SIMD3(repeating: 1_000_000))
    let margin = tolerance / spacings * bins
    // At most 10¹⁸ bins, so that their numbers fit.
    func number(_ bin: SIMD3<Double>) -> Int {
      (Int(bin.x) * Int(bins.y) + Int(bin.y)) * Int(bins.z) + Int(bin.z)
    }
    // Bins that share a slot only cost distances that are too long.
    let size = positions.count.nextPowerOfTwo
    var headOfSlot = [Int](repeating: -1, count: size)
    func slot(_ number: Int) -> Int {
      let mixed = UInt64(truncatingIfNeeded: number) &* 0x9E37_79B9_7F4A_7C15
      return Int(truncatingIfNeeded: mixed >> 32) & (size - 1)
    }
    var next = [Int](repeating: -1, count: positions.count)
    var firstOfAtom = Array(positions.indices)
    for (n, position) in positions.enumerated() {
      let scaled = (position - position.rounded(.down)) * bins
      let bin = scaled.rounded(.down).clamped(
        lowerBound: SIMD3(repeating: 0), upperBound: bins - 1)
      let within = scaled - bin
      var found: Int?
      search: for i in Coincidences.offsets(within.x, margin.x) {
        for j in Coincidences.offsets(within.y, margin.y) {
          for k in Coincidences.offsets(within.z, margin.z) {
            let neighbour = bin + SIMD3(Double(i), Double(j), Double(k))
            let wrapped = neighbour - bins * (neighbour / bins).rounded(.down)
            var other = headOfSlot[slot(number(wrapped))]
            while other >= 0 {
              let difference = nearestDifference(position, positions[other])
              if distance(difference, lattice, below: tolerance) != nil {
                found = other
                break search
              }
              other = next[other]
            }
          }
        }
      }
      if let found {
        firstOfAtom[n] = found
      } else {
        let key = slot(number(bin))
        next[n] = headOfSlot[key]
        headOfSlot[key] = n
      }
    }
    self.firstOfAtom = firstOfAtom
  }

  /// The neighbouring bins that a point at `within` its own may be close to.
  private static func offsets(_ within: Double, _ margin: Double) -> ClosedRange<Int> {
    (within < margin ? -1 : 0)...(within > 1 - margin ? 1 : 0)
  }
}

extension Int {
  /// The least power of two that is no less.
  fileprivate var nextPowerOfTwo: Int {
    self <= 1 ? 1 : 1 << (Int.bitWidth - (self - 1).leadingZeroBitCount)
  }
}
