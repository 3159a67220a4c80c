/// Draws pairs of sites: three of four are near pairs, the others any two sites of a pool.
///
/// At low temperature hardly any exchange over a distance is accepted, while ions still hop between
/// near sites; without the others the species of one charge would not find their places.
///
/// The probability of a pair does not depend on the arrangement, so that an exchange and its reverse
/// are proposed equally often, and the Metropolis criterion alone gives detailed balance.
struct PairProposals {
  /// The sites of all pools, and for each of them the range of its pool.
  private let sites: [Int32]
  private let rangeOfSite: [Range<Int>]
  private let nearPairs: [ExchangeRules.Pair]

  /// Nil if no pool has two sites.
  init?(_ rules: ExchangeRules) {
    let pools = rules.pools.filter { $0.count > 1 }
    if pools.isEmpty { return nil }
    // Pools are drawn in proportion to their sizes.
    sites = pools.flatMap { $0 }
    var ranges: [Range<Int>] = []
    for pool in pools {
      let lower = ranges.last?.upperBound ?? 0
      ranges += [Range<Int>](repeating: lower..<(lower + pool.count), count: pool.count)
    }
    rangeOfSite = ranges
    nearPairs = rules.nearPairs
  }

  /// A pair from one draw: the bias is below n/2³⁰ of each probability.
  @inline(__always)
  func pair(_ bits: UInt64) -> (Int, Int) {
    if bits & 3 != 0, !nearPairs.isEmpty {
      let pair = nearPairs[PairProposals.index(bits >> 32, nearPairs.count)]
      return (Int(pair.first), Int(pair.second))
    }
    let first = PairProposals.index(bits & 0xFFFF_FFFF, sites.count)
    let range = rangeOfSite[first]
    let second = range.lowerBound &+ PairProposals.index(bits >> 32, range.count)
    return (Int(sites[first]), Int(sites[second]))
  }

  @inline(__always)
  private static func index(_ bits: UInt64, _ count: Int) -> Int {
    Int(truncatingIfNeeded: (bits &* UInt64(truncatingIfNeeded: count)) >> 32)
  }
}
