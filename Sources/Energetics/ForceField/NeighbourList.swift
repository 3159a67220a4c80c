internal import Crystal
internal import Dispatch

/// The pairs of atoms and images of atoms within a distance, in a form that sums can run through fast.
///
/// Atoms are renumbered so that neighbours in space are neighbours in memory. Every pair is listed once.
/// Pairs of one atom whose partners lie in the same image of the cell and are of the same kind make up
/// a segment, so that a loop over a segment needs neither images nor kinds. Valid for any cell, however
/// skewed or small: an atom can be the neighbour of its own image.
struct NeighbourList {
  /// One run of partners.
  struct Segment {
    /// The atom, in the order of the list.
    var atom: Int32
    /// The cell that the partners lie in, an index into ``NeighbourList/images``.
    var image: Int32
    /// The kind of the partners.
    var kind: Int32
    /// Where the partners begin.
    var start: Int32
    /// How many they are.
    var count: Int32
  }

  /// The pairs of some of the atoms.
  struct Part {
    var segments: [Segment] = []
    var partners: [Int32] = []
  }

  /// Atom k of the list is atom `order[k]` of the configuration.
  private(set) var order: [Int32] = []

  /// Cell that each atom of the list was in when the list was made.
  private(set) var cells: [SIMD3<Int32>] = []

  /// Images of the cell that occur, as multiples of the lattice vectors.
  private(set) var images: [SIMD3<Int32>] = []

  /// The pairs, in parts of about equal size.
  private(set) var parts: [Part] = []

  /// Makes a list.
  ///
  /// - Parameters:
  ///   - lattice: The cell, Å.
  ///   - positions: Cartesian, Å; any image.
  ///   - kinds: A number for each atom, 0 ..< kindCount.
  ///   - kindCount: Number of kinds.
  ///   - cutoff: Å.
  ///   - partCount: Number of parts.
  init(
    lattice: Lattice, positions: [SIMD3<Double>], kinds: [Int32], kindCount: Int, cutoff: Double,
    partCount: Int
  ) {
    let bins = AtomBins(lattice: lattice, positions: positions, kinds: kinds, cutoff: cutoff)
    order = bins.order
    cells = bins.cells
    // Images that the reach of the bins can need.
    var span = SIMD3<Int32>(0, 0, 0)
    for axis in 0..<3 {
      span[axis] = Int32((bins.reach[axis] + bins.divisions[axis] - 1) / bins.divisions[axis])
    }
    for x in -span.x...span.x {
      for y in -span.y...span.y {
        for z in -span.z...span.z { images.append(SIMD3(x, y, z)) }
      }
    }
    let starts = bins.balanced(partCount)
    let finder = PairFinder(
      bins: bins, lattice: lattice, span: span, imageCount: images.count, kindCount: kindCount,
      squareOfCutoff: cutoff * cutoff)
    var parts = [Part](repeating: Part(), count: partCount)
    unsafe parts.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let results = unsafe buffer
      DispatchQueue.concurrentPerform(iterations: partCount) { part in
        unsafe results[part] = finder.pairs(ofBins: starts[part]..<starts[part + 1])
      }
    }
    self.parts = parts
  }

  /// An empty list.
  init() {}
}

/// Finds the pairs of the atoms in some of the bins.
private struct PairFinder: Sendable {
  let bins: AtomBins
  let lattice: Lattice
  let span: SIMD3<Int32>
  let imageCount: Int
  let kindCount: Int
  let squareOfCutoff: Double

  func pairs(ofBins range: Range<Int>) -> NeighbourList.Part {
    var part = NeighbourList.Part()
    // Partners of one atom by image and kind.
    let slots = imageCount * kindCount
    var counts = [Int32](repeating: 0, count: slots)
    var used: [Int32] = []
    var found: [(slot: Int32, partner: Int32)] = []
    for bin in range where bins.starts[bin] < bins.starts[bin + 1] {
      let stencil = bins.stencil(of: bin, lattice).map { (number($0.image), $0) }
      for i in bins.starts[bin]..<bins.starts[bin + 1] {
        found.removeAll(keepingCapacity: true)
        for (image, other) in stencil {
          let start = bins.positions[i] - other.shift
          // Within its own bin, an atom sees those after it.
          let first = other.isOwn ? i + 1 : bins.starts[other.bin]
          for j in first..<max(first, bins.starts[other.bin + 1]) {
            let d = bins.positions[j] - start
            if d.x * d.x + d.y * d.y + d.z * d.z < squareOfCutoff {
              let slot = image &* Int32(kindCount) &+ bins.kinds[j]
              if counts[Int(slot)] == 0 { used.append(slot) }
              counts[Int(slot)] &+= 1
              found.append((slot, Int32(j)))
            }
          }
        }
        var start = Int32(part.partners.count)
        part.partners.append(contentsOf: repeatElement(0, count: found.count))
        for slot in used {
          part.segments.append(
            NeighbourList.Segment(
              atom: Int32(i), image: slot / Int32(kindCount), kind: slot % Int32(kindCount),
              start: start, count: counts[Int(slot)]))
          let count = counts[Int(slot)]
          counts[Int(slot)] = start
          start += count
        }
        for (slot, partner) in found {
          part.partners[Int(counts[Int(slot)])] = partner
          counts[Int(slot)] &+= 1
        }
        for slot in used { counts[Int(slot)] = 0 }
        used.removeAll(keepingCapacity: true)
      }
    }
    return part
  }

  /// Index of an image in ``NeighbourList/images``.
  private func number(_ image: SIMD3<Int>) -> Int32 {
    let size = (2 * Int(span.y) + 1, 2 * Int(span.z) + 1)
    return Int32(
      ((image.x + Int(span.x)) * size.0 + image.y + Int(span.y)) * size.1 + image.z + Int(span.z))
  }
}
