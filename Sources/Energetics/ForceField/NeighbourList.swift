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

/// Atoms sorted into bins along the lattice vectors.
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
    let divisions = bins.divisions
    for bin in range where bins.starts[bin] < bins.starts[bin + 1] {
      let (x, rest) = bin.quotientAndRemainder(dividingBy: divisions.y * divisions.z)
      let (y, z) = rest.quotientAndRemainder(dividingBy: divisions.z)
      let stencil = stencil(SIMD3(x, y, z))
      for i in bins.starts[bin]..<bins.starts[bin + 1] {
        found.removeAll(keepingCapacity: true)
        for other in stencil {
          let start = bins.positions[i] - other.shift
          // Within its own bin, an atom sees those after it.
          let first = other.isOwn ? i + 1 : bins.starts[other.bin]
          for j in first..<max(first, bins.starts[other.bin + 1]) {
            let d = bins.positions[j] - start
            if d.x * d.x + d.y * d.y + d.z * d.z < squareOfCutoff {
              let slot = other.image &* Int32(kindCount) &+ bins.kinds[j]
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

  private struct Neighbour {
    var bin: Int
    var image: Int32
    var shift: SIMD3<Double>
    var isOwn: Bool
  }

  /// The bin itself and half of those around it: the first step that is not zero is positive.
  private func stencil(_ own: SIMD3<Int>) -> [Neighbour] {
    var result: [Neighbour] = []
    let (divisions, reach) = (bins.divisions, bins.reach)
    for dx in 0...reach.x {
      for dy in (dx == 0 ? 0 : -reach.y)...reach.y {
        for dz in (dx == 0 && dy == 0 ? 0 : -reach.z)...reach.z {
          let step = SIMD3(own.x + dx, own.y + dy, own.z + dz)
          let image = SIMD3(
            floorQuotient(step.x, divisions.x), floorQuotient(step.y, divisions.y),
            floorQuotient(step.z, divisions.z))
          let other = step &- image &* divisions
          let target = (other.x * divisions.y + other.y) * divisions.z + other.z
          if bins.starts[target] == bins.starts[target + 1] { continue }
          let size = (2 * Int(span.y) + 1, 2 * Int(span.z) + 1)
          let number =
            ((image.x + Int(span.x)) * size.0 + image.y + Int(span.y)) * size.1 + image.z
            + Int(span.z)
          result.append(
            Neighbour(
              bin: target, image: Int32(number),
              shift: Double(image.x) * lattice.a + Double(image.y) * lattice.b
                + Double(image.z) * lattice.c, isOwn: dx == 0 && dy == 0 && dz == 0))
        }
      }
    }
    return result
  }
}
