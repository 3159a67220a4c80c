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
    let ranges = pools.reduce(into: [Range<Int>]()) { ranges, pool in
      let lower = ranges.last?.upperBound ?? 0
      ranges.append(lower..<(lower + pool.count))
    }
    let rangeOfSite = zip(pools, ranges).flatMap { Array(repeating: $1, count: $0.count) }
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
        chargeBlock(size, temperature, sites, rangeOfSite, rules.allowed, &stream)
        ?? generalBlock(size, temperature, sites, rangeOfSite, rules.allowed, &stream)
      temperature *= cooling
    }
    return accepted
  }

  /// Proposals at one temperature, for any table.
  private mutating func generalBlock(
    _ size: Int, _ temperature: Double, _ sites: [Int32], _ rangeOfSite: [Range<Int>],
    _ allowed: [UInt32], _ stream: inout RandomStream
  ) -> Int {
    var accepted = 0
    for _ in 0..<size {
      let (first, second) = twoIndices(stream.next(), sites.count, rangeOfSite)
      let (i, j) = (Int(sites[first]), Int(sites[second]))
      let (a, b) = (arrangement[i], arrangement[j])
      if a == b || allowed[i] >> b & 1 == 0 || allowed[j] >> a & 1 == 0 { continue }
      let difference = exchangeDifference(i, j)
      guard isAccepted(difference, temperature, &stream) else { continue }
      exchange(i, j, difference: difference)
      accepted += 1
    }
    return accepted
  }

  /// The same on pointers, where species meet through their charges alone; nil for any other table.
  private mutating func chargeBlock(
    _ size: Int, _ temperature: Double, _ sites: [Int32], _ rangeOfSite: [Range<Int>],
    _ allowed: [UInt32], _ stream: inout RandomStream
  ) -> Int? {
    unsafe withChargeKernel { kernel in
      var (change, accepted) = (0.0, 0)
      for _ in 0..<size {
        let (first, second) = twoIndices(stream.next(), sites.count, rangeOfSite)
        let (i, j) = (Int(sites[first]), Int(sites[second]))
        let (a, b) = unsafe (kernel.arrangement[i], kernel.arrangement[j])
        if a == b || allowed[i] >> b & 1 == 0 || allowed[j] >> a & 1 == 0 { continue }
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

/// Two positions of one pool from one draw: the bias is below n/2³² of each probability.
@inline(__always)
private func twoIndices(
  _ bits: UInt64, _ count: Int, _ rangeOfSite: [Range<Int>]
) -> (Int, Int) {
  let first = Int(((bits & 0xFFFF_FFFF) &* UInt64(truncatingIfNeeded: count)) >> 32)
  let range = rangeOfSite[first]
  let second = ((bits >> 32) &* UInt64(truncatingIfNeeded: range.count)) >> 32
  return (first, range.lowerBound &+ Int(second))
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
