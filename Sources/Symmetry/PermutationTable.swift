/// Permutations of a set of sites, each once, in a flat table.
///
/// Entry `images[p × width + i]` is the position in ``sites`` that position i is moved to by
/// permutation p. For the exchange of two sites: [0, 1, 1, 0].
public struct PermutationTable: Sendable {
  /// The sites that are permuted, as indices into the supercell.
  public let sites: [Int]

  /// Number of different permutations, the order of the group that acts on the sites.
  public let count: Int

  /// The permutations 0 ..< `translationCount` are the translations, the identity first.
  public let translationCount: Int

  /// How many operations act on the sites like each of the permutations.
  public let kernelOrder: Int

  /// The images, permutation by permutation.
  public let images: [UInt16]

  /// Entries that are not taken for a mistake: 4 GiB.
  public static let entryLimit = 1 << 31

  /// Number of sites.
  public var width: Int { sites.count }

  /// The image of each position under a permutation.
  public func permutation(_ index: Int) -> ArraySlice<UInt16> {
    images[(index * width)..<((index + 1) * width)]
  }

  /// Multiplies every turn by every translation, shift(turn(i)), and keeps what differs.
  init(sites: [Int], turns: [[UInt16]], shifts: [[UInt16]]) {
    // Operations that act alike differ by the kernel, so equal shifts, and turns that are equal up
    // to a shift, are left out before the products are formed.
    var seen: Set<[UInt16]> = []
    let distinctShifts = shifts.filter { seen.insert($0).inserted }
    var distinctTurns: [[UInt16]] = []
    for turn in turns {
      let isKnown = distinctTurns.contains { known in
        distinctShifts.contains { shift in
          turn.indices.allSatisfy { shift[Int(known[$0])] == turn[$0] }
        }
      }
      if !isKnown { distinctTurns.append(turn) }
    }
    var images: [UInt16] = []
    images.reserveCapacity(distinctTurns.count * distinctShifts.count * sites.count)
    for turn in distinctTurns {
      for shift in distinctShifts {
        for image in turn { images.append(shift[Int(image)]) }
      }
    }
    self.sites = sites
    self.images = images
    self.translationCount = distinctShifts.count
    self.count = distinctTurns.count * distinctShifts.count
    self.kernelOrder = count > 0 ? turns.count * shifts.count / count : 1
  }
}
