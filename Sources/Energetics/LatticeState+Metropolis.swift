public import Crystal

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Which sites may exchange their species.
public struct ExchangeRules: Sendable {
  /// Active sites in pools; only sites of one pool exchange. Pools with fewer than two sites are
  /// allowed and idle.
  public let pools: [[Int32]]

  /// For each active site a bit mask of the species that may sit on it.
  public let allowed: [UInt32]

  /// Rules.
  ///
  /// - Parameters:
  ///   - pools: Indices of active sites; every site is in at most one pool.
  ///   - allowed: Bit s is set if species s may sit on the site; n entries.
  public init(pools: [[Int32]], allowed: [UInt32]) {
    self.pools = pools
    self.allowed = allowed
  }
}

extension LatticeState {
  /// Proposes exchanges of random pairs of sites and accepts them by the Metropolis criterion, while
  /// the temperature falls geometrically.
  ///
  /// - Parameters:
  ///   - proposals: Number of pairs that are tried; pairs of equal species count.
  ///   - start: kT of the first proposal, eV, positive.
  ///   - end: kT of the last proposal, eV, positive.
  ///   - rules: Which sites may exchange.
  ///   - stream: Random numbers.
  /// - Returns: The number of accepted exchanges.
  /// - Complexity: O(1) per proposal, O(n) per accepted exchange of different charges.
  /// - Reference: N. Metropolis et al., J. Chem. Phys. 21, 1087 (1953); S. Kirkpatrick, C. D. Gelatt
  ///   and M. P. Vecchi, Science 220, 671 (1983).
  @discardableResult
  public mutating func metropolis(
    proposals: Int, start: Double, end: Double, rules: ExchangeRules, using stream: inout RandomStream
  ) -> Int {
    let pools = rules.pools.filter { $0.count > 1 }
    guard !pools.isEmpty, proposals > 0 else { return 0 }
    precondition(start > 0 && end > 0, "kT must be positive")
    // Pools are drawn in proportion to their sizes.
    let sites = pools.flatMap { $0 }
    let poolOfSite = pools.enumerated().flatMap { Array(repeating: $0.offset, count: $0.element.count) }
    let single = pools.count == 1
    let count = UInt64(sites.count)
    // The temperature is updated once per block; a block is short on the scale of the schedule.
    let block = max(1, min(1024, proposals / 64))
    let cooling = pow(end / start, Double(block) / Double(max(block, proposals - block)))
    var temperature = start
    var accepted = 0
    var left = proposals
    while left > 0 {
      let size = min(block, left)
      left -= size
      for _ in 0..<size {
        // Two indices from one draw: the bias is below n/2³² of each probability.
        let bits = stream.next()
        let first = Int(((bits & 0xFFFF_FFFF) &* count) >> 32)
        let i = Int(sites[first])
        let j: Int
        if single {
          j = Int(sites[Int(((bits >> 32) &* count) >> 32)])
        } else {
          let pool = pools[poolOfSite[first]]
          j = Int(pool[Int(((bits >> 32) &* UInt64(pool.count)) >> 32)])
        }
        let (a, b) = (arrangement[i], arrangement[j])
        if a == b || rules.allowed[i] >> b & 1 == 0 || rules.allowed[j] >> a & 1 == 0 { continue }
        let difference = exchangeDifference(i, j)
        if difference > 0 {
          if difference > 40 * temperature { continue }
          if stream.uniform() >= exp(-difference / temperature) { continue }
        }
        exchange(i, j, difference: difference)
        accepted += 1
      }
      temperature *= cooling
    }
    return accepted
  }
}
