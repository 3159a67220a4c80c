public import Crystal

/// Exchanges of pairs of sites at one temperature, prepared once for many calls.
///
/// Pairs are proposed with probabilities that do not depend on the arrangement; together with the
/// Metropolis criterion that is detailed balance, so the arrangements visited at one temperature are
/// those of the canonical ensemble.
public struct ExchangeSampler: Sendable {
  /// Which sites may exchange.
  public let rules: ExchangeRules

  /// Sites that have another one in their pool.
  public let mobileSiteCount: Int

  let pairs: PairProposals?

  /// Prepares proposals.
  public init(_ rules: ExchangeRules) {
    self.rules = rules
    pairs = PairProposals(rules)
    mobileSiteCount = rules.pools.filter { $0.count > 1 }.reduce(0) { $0 + $1.count }
  }

  /// A pair of sites as it would be proposed; nil if no pool has two sites.
  public func pair(using stream: inout RandomStream) -> (Int, Int)? {
    pairs?.pair(stream.next())
  }
}

extension LatticeState {
  /// Proposes exchanges at one temperature and accepts them by the Metropolis criterion.
  ///
  /// - Parameters:
  ///   - proposals: Number of pairs that are tried; pairs of equal species count.
  ///   - thermalEnergy: kT, eV, positive.
  ///   - sampler: Which sites may exchange.
  ///   - stream: Random numbers.
  /// - Returns: The number of accepted exchanges.
  /// - Complexity: O(1) per proposal, O(n) per accepted exchange of different charges.
  /// - Reference: N. Metropolis et al., J. Chem. Phys. 21, 1087 (1953).
  @discardableResult
  public mutating func sample(
    proposals: Int, thermalEnergy: Double, sampler: ExchangeSampler,
    using stream: inout RandomStream
  ) -> Int {
    guard let pairs = sampler.pairs else { return 0 }
    precondition(thermalEnergy > 0, "kT must be positive")
    return chargeBlock(proposals, thermalEnergy, pairs, sampler.rules, &stream)
      ?? generalBlock(proposals, thermalEnergy, pairs, sampler.rules, &stream)
  }
}

extension ExchangeRules {
  /// Whether two sites of an arrangement have different species and may exchange them.
  public func allows(_ arrangement: [UInt8], _ i: Int, _ j: Int) -> Bool {
    allows(i, arrangement[i], j, arrangement[j])
  }
}
