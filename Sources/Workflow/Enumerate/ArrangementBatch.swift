internal import Arrangement

/// Arrangements that a segment of an enumeration found, not yet written.
struct ArrangementBatch: Sendable {
  /// Occupancies, record by record, packed as the format wants them.
  var occupancies: [UInt8] = []
  /// Number of symmetry copies of each.
  var degeneracies: [UInt32] = []
  /// For each the index in ``stabilizers`` of the permutations that leave it unchanged.
  var groups: [UInt16] = []
  /// Different sets of permutations, the trivial one first.
  var stabilizers: [[Int]] = [[0]]
  /// Beginnings that are left.
  var rest: [Enumeration.Beginning] = []

  private var indexOfStabilizer: [[Int]: UInt16] = [[0]: 0]

  /// Adds the arrangement of a walk.
  mutating func append(_ walk: CanonicalWalk, _ packing: Packing) {
    packing.append(walk, to: &occupancies)
    let order = walk.stabilizerOrder
    degeneracies.append(UInt32(truncatingIfNeeded: walk.group.order / order))
    guard order > 1 else {
      groups.append(0)
      return
    }
    append(stabilizer: walk.stabilizer)
  }

  /// Adds an arrangement that was made in another way.
  mutating func append(_ arrangement: [UInt8], stabilizer: [Int], _ packing: Packing) {
    packing.append(arrangement, to: &occupancies)
    degeneracies.append(UInt32(truncatingIfNeeded: packing.groupOrder / stabilizer.count))
    append(stabilizer: stabilizer)
  }

  private mutating func append(stabilizer: [Int]) {
    if let known = indexOfStabilizer[stabilizer] {
      groups.append(known)
    } else {
      let index = UInt16(truncatingIfNeeded: stabilizers.count)
      indexOfStabilizer[stabilizer] = index
      stabilizers.append(stabilizer)
      groups.append(index)
    }
  }

  /// How occupancies become bytes.
  struct Packing: Sendable {
    /// Bits for each site; 0 for one character.
    let bits: Int
    /// Position of each site in the walk.
    let positionOfSite: [Int]
    let groupOrder: Int

    init(_ problem: ArrangementProblem, _ group: OrderedGroup, _ format: ArrangementArchive.Format)
    {
      bits = format == .csv ? 0 : ArrangementArchive.bits(problem)
      var positions = [Int](repeating: 0, count: group.siteCount)
      for (p, site) in group.siteAtPosition.enumerated() { positions[site] = p }
      positionOfSite = positions
      groupOrder = group.order
    }

    /// Bytes of each arrangement.
    var width: Int { bits == 0 ? positionOfSite.count : (bits * positionOfSite.count + 7) / 8 }

    @inline(__always)
    func append(_ walk: CanonicalWalk, to bytes: inout [UInt8]) {
      pack(into: &bytes) { walk[positionOfSite[$0]] }
    }

    func append(_ arrangement: [UInt8], to bytes: inout [UInt8]) {
      pack(into: &bytes) { arrangement[$0] }
    }

    @inline(__always)
    private func pack(into bytes: inout [UInt8], _ species: (Int) -> UInt8) {
      if bits == 0 {
        for site in positionOfSite.indices {
          bytes.append(ArrangementArchive.characters[Int(species(site))])
        }
        return
      }
      var (word, used): (UInt32, Int) = (0, 0)
      for site in positionOfSite.indices {
        word |= UInt32(species(site)) << UInt32(used)
        used += bits
        while used >= 8 {
          bytes.append(UInt8(truncatingIfNeeded: word))
          word >>= 8
          used -= 8
        }
      }
      if used > 0 { bytes.append(UInt8(truncatingIfNeeded: word)) }
    }
  }
}
