public import Crystal

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Which sites may exchange their species.
public struct ExchangeRules: Sendable {
  /// Active sites in pools.
  ///
  /// Only sites of one pool exchange. Pools with fewer than two sites are allowed and idle.
  public let pools: [[Int32]]

  /// For each active site a bit mask of the species that may sit on it.
  public let allowed: [UInt32]

  /// Pairs of near sites of one pool, which are proposed more often than others; may be empty, and a
  /// pair that is listed twice is proposed twice as often.
  public let nearPairs: [Pair]

  /// Φ of a pair that is not among ``nearPairs`` is at most this, eV/e².
  public let farInteraction: Double

  /// Two active sites.
  public struct Pair: Hashable, Sendable {
    /// One site.
    public var first: Int32
    /// The other.
    public var second: Int32

    /// Two sites.
    public init(_ first: Int32, _ second: Int32) {
      self.first = first
      self.second = second
    }
  }

  /// Rules.
  ///
  /// - Parameters:
  ///   - pools: Indices of active sites; every site is in at most one pool.
  ///   - allowed: Bit s is set if species s may sit on the site; n entries.
  ///   - nearPairs: Pairs of near sites of one pool.
  ///   - farInteraction: A bound on Φ of all other pairs in pools, eV/e².
  public init(
    pools: [[Int32]], allowed: [UInt32], nearPairs: [Pair] = [],
    farInteraction: Double = .infinity
  ) {
    self.pools = pools
    self.allowed = allowed
    self.nearPairs = nearPairs
    self.farInteraction = farInteraction
  }

  /// Whether two sites may exchange the species a and b that sit on them, and differ in them.
  @inline(__always)
  func allows(_ i: Int, _ a: UInt8, _ j: Int, _ b: UInt8) -> Bool {
    a != b && allowed[i] >> b & allowed[j] >> a & 1 == 1
  }
}

extension ExchangeRules {
  /// Near pairs per site in the mean: the first shells of neighbours.
  static let nearPairsPerSite = 6

  /// Rules whose near pairs are those that interact most strongly, in whole shells of equal pairs.
  ///
  /// - Parameters:
  ///   - pools: Indices of active sites; every site is in at most one pool.
  ///   - allowed: Bit s is set if species s may sit on the site; n entries.
  ///   - table: The interactions.
  /// - Complexity: O(n² log n).
  public init(pools: [[Int32]], allowed: [UInt32], table: InteractionTable) {
    var pairs: [(interaction: Double, pair: Pair)] = []
    for pool in pools {
      for (position, first) in pool.enumerated() {
        for second in pool[..<position] {
          let interaction = table.coulomb[Int(first) * table.siteCount + Int(second)]
          pairs.append((interaction, Pair(first, second)))
        }
      }
    }
    let sorted = pairs.map(\.interaction).sorted(by: >)
    let count = min(ExchangeRules.nearPairsPerSite * allowed.count, pairs.count)
    // Equal up to the rounding of the sums.
    let last = count == 0 ? .infinity : sorted[count - 1] - 1e-6
    self.init(
      pools: pools, allowed: allowed,
      nearPairs: pairs.filter { $0.interaction >= last }.map(\.pair), farInteraction: last)
  }
}

extension LatticeState {
  /// Proposes exchanges of random pairs of sites, near pairs more often than others, and accepts
  /// them by the Metropolis criterion, while the temperature falls geometrically.
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
    proposals: Int, start: Double, end: Double, rules: ExchangeRules,
    using stream: inout RandomStream
  ) -> Int {
    guard let pairs = PairProposals(rules), proposals > 0 else { return 0 }
    precondition(start > 0 && end > 0, "kT must be positive")
    // The temperature is updated once per block; a block is short on the scale of the schedule.
    let block = max(1, min(1024, proposals / 64))
    let cooling = pow(end / start, Double(block) / Double(max(block, proposals - block)))
    var temperature = start
    var accepted = 0
    var left = proposals
    while left > 0 {
      let size = min(block, left)
      left -= size
      accepted +=
        chargeBlock(size, temperature, pairs, rules, &stream)
        ?? generalBlock(size, temperature, pairs, rules, &stream)
      temperature *= cooling
    }
    return accepted
  }

  /// Proposals at one temperature, for any table.
  mutating func generalBlock(
    _ size: Int, _ temperature: Double, _ pairs: PairProposals, _ rules: ExchangeRules,
    _ stream: inout RandomStream
  ) -> Int {
    var accepted = 0
    for _ in 0..<size {
      let (i, j) = pairs.pair(stream.next())
      guard rules.allows(i, arrangement[i], j, arrangement[j]) else { continue }
      let difference = exchangeDifference(i, j)
      guard isAccepted(difference, temperature, &stream) else { continue }
      exchange(i, j, difference: difference)
      accepted += 1
    }
    return accepted
  }

  /// The same on pointers, where species meet through their charges alone; nil for any other table.
  mutating func chargeBlock(
    _ size: Int, _ temperature: Double, _ pairs: PairProposals, _ rules: ExchangeRules,
    _ stream: inout RandomStream
  ) -> Int? {
    unsafe withChargeKernel { kernel in
      var (change, accepted) = (0.0, 0)
      for _ in 0..<size {
        let (i, j) = pairs.pair(stream.next())
        guard unsafe rules.allows(i, kernel.arrangement[i], j, kernel.arrangement[j]) else {
          continue
        }
        let difference = unsafe kernel.difference(i, j)
        guard isAccepted(difference, temperature, &stream) else { continue }
        unsafe kernel.exchange(i, j)
        change += difference
        accepted += 1
      }
      return (change, accepted)
    }
  }
}

/// The Metropolis criterion; certain rejections draw no number.
@inline(__always)
private func isAccepted(
  _ difference: Double, _ temperature: Double, _ stream: inout RandomStream
) -> Bool {
  if difference <= 0 { return true }
  if difference > 40 * temperature { return false }
  return stream.uniform() < exp(-difference / temperature)
}
