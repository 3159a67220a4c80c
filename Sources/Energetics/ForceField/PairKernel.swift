internal import Crystal

/// What the sum over the pairs of one part of a neighbour list gives.
struct PairKernelResult {
  /// Energy in quanta of ``ExactSum``.
  var energy: Int64 = 0
  /// Σ T ⊗ F over segments, T the multiple of the lattice vectors, F the force on the segment's atom.
  var imageForces = [SIMD4<Int64>](repeating: .zero, count: 3)
  /// A pair that is nearer than the potential allows, in the order of the list.
  var tooNear: (first: Int32, second: Int32)?
}

/// Sums over the pairs of one part of a list.
///
/// - Parameters:
///   - part: The pairs.
///   - images: Images of the cell, as multiples of the lattice vectors.
///   - shifts: Where those images are, Å.
///   - positions: In the order of the list, Å; the fourth entry is zero.
///   - kinds: In the order of the list.
///   - kindCount: Number of kinds.
///   - starts: Where the table of a pair of kinds begins; negative for pairs that do not interact.
///   - cores: Square of the distance below which a pair of kinds is too near, Å².
///   - table: The functions.
///   - forces: Sums of forces in quanta, in the order of the list; added to.
/// - Returns: The energy and what the derivative by strain needs.
func sumPairs(
  _ part: NeighbourList.Part, images: [SIMD3<Int32>], shifts: [SIMD3<Double>],
  positions: UnsafePointer<SIMD4<Double>>, kinds: [Int32], kindCount: Int, starts: [Int],
  cores: [Double], table: PairTable, forces: UnsafeMutablePointer<SIMD4<Int64>>
) -> PairKernelResult {
  var result = PairKernelResult()
  let limit = table.squareOfCutoff
  let magic = SIMD4<Double>(repeating: ExactSum.magic)
  let magicBits = SIMD4<Int64>(repeating: Int64(bitPattern: ExactSum.magic.bitPattern))
  let scale = ExactSum.scale
  let firstInterval = PairTable.firstInterval
  let mask: UInt64 = ~((1 << UInt64(PairTable.discardedBits)) &- 1)
  unsafe table.coefficients.withUnsafeBufferPointer { coefficients in
    unsafe part.partners.withUnsafeBufferPointer { partners in
      guard let all = partners.baseAddress, let base = coefficients.baseAddress
      else { return }
      for segment in part.segments {
        let i = Int(segment.atom)
        let pair = Int(kinds[i]) &* kindCount &+ Int(segment.kind)
        guard starts[pair] >= 0 else { continue }
        let function = unsafe base + starts[pair]
        let core = cores[pair]
        let shift = shifts[Int(segment.image)]
        let own = unsafe positions[i] - SIMD4(shift, 0)
        var sum = SIMD4<Int64>.zero
        let list = unsafe all + Int(segment.start)
        for k in 0..<Int(segment.count) {
          let j = unsafe Int(truncatingIfNeeded: list[k])
          let d = unsafe positions[j] - own
          let r2 = d.x * d.x + d.y * d.y + d.z * d.z
          if r2 >= limit { continue }
          if r2 < core {
            result.tooNear = (segment.atom, Int32(truncatingIfNeeded: j))
            continue
          }
          let bits = r2.bitPattern
          let interval =
            Int(truncatingIfNeeded: bits >> UInt64(PairTable.discardedBits)) &- firstInterval
          let t = r2 - Double(bitPattern: bits & mask)
          let c = unsafe function + 6 &* interval
          var value = unsafe c[5]
          var slope = value
          unsafe value = value * t + c[4]
          slope = slope * t + value
          unsafe value = value * t + c[3]
          slope = slope * t + value
          unsafe value = value * t + c[2]
          slope = slope * t + value
          unsafe value = value * t + c[1]
          slope = slope * t + value
          unsafe value = value * t + c[0]
          // The force on i, 2 (dE/dr²) d, and the energy in the fourth place.
          var term = (2 * scale * slope) * d
          term.w = scale * value
          let quanta = unsafe unsafeBitCast(term + magic, to: SIMD4<Int64>.self) &- magicBits
          sum &+= quanta
          unsafe forces[j] &-= quanta
        }
        unsafe forces[i] &+= sum
        // Each pair's energy once: the partners took it away, the atom has it twice.
        result.energy &+= sum.w
        let image = images[Int(segment.image)]
        if image != .zero {
          result.imageForces[0] &+= SIMD4(repeating: Int64(image.x)) &* sum
          result.imageForces[1] &+= SIMD4(repeating: Int64(image.y)) &* sum
          result.imageForces[2] &+= SIMD4(repeating: Int64(image.z)) &* sum
        }
      }
    }
  }
  return result
}
