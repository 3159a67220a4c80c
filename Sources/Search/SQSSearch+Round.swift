internal import Arrangement
internal import Crystal
internal import Energetics

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

extension SQSSearch {
  /// What one temperature did in a round.
  struct Visit: Sendable {
    var last: [UInt8]
    /// Its objective.
    var value: Double
    var tried: Int
    /// The best arrangements of the sweeps, with their objectives.
    var candidates: [(arrangement: [UInt8], value: Double)]
  }

  /// The sweeps of one temperature in a round.
  func visit(_ arrangement: [UInt8], index: Int, round: Int) -> Visit {
    var stream = RandomStream(seed: seed, purpose: "quasirandom", generation: round, index: index)
    var counts = objective.counts(arrangement)
    var value = objective.value(counts)
    var best = (arrangement: arrangement, value: value)
    let proposals = parameters.sweepsPerRound * sampler.mobileSiteCount
    var tried = 0
    var saved: [Int] = []
    while tried < proposals, best.value > SQSObjective.zero {
      tried += 1
      guard let (i, j) = sampler.pair(using: &stream) else { break }
      guard sampler.rules.allows(counts.arrangement, i, j) else { continue }
      counts.saveNumbers(in: &saved)
      counts.exchange(i, j)
      let changed = objective.value(counts)
      // Certain moves draw no number.
      if changed > value, stream.uniform() >= exp((value - changed) / temperatures[index]) {
        counts.undoExchange(i, j, numbers: saved)
        continue
      }
      value = changed
      if value < best.value { best = (counts.arrangement, value) }
    }
    return Visit(
      last: counts.arrangement, value: value, tried: tried,
      candidates: [best, (counts.arrangement, value)])
  }

  /// A geometric series from the mean increase of the objective by an exchange in random
  /// arrangements to a thousandth of it, lowest first.
  static func temperatures(
    _ problem: ArrangementProblem, _ objective: SQSObjective, _ sampler: ExchangeSampler,
    _ count: Int
  ) -> [Double] {
    // The same for every seed: temperatures belong to the problem, not to the run.
    var stream = RandomStream(seed: 0, purpose: "quasirandom temperatures")
    var (sum, number) = (0.0, 0)
    for _ in 0..<20 {
      var counts = objective.counts(problem.randomArrangement(using: &stream))
      let value = objective.value(counts)
      for _ in 0..<50 {
        guard let (i, j) = sampler.pair(using: &stream),
          sampler.rules.allows(counts.arrangement, i, j)
        else { continue }
        counts.exchange(i, j)
        let increase = objective.value(counts) - value
        counts.exchange(i, j)
        if increase > SQSObjective.zero {
          sum += increase
          number += 1
        }
      }
    }
    let highest = number > 0 ? sum / Double(number) : 1
    let lowest = 1e-3 * highest
    if count == 1 { return [lowest] }
    return (0..<count).map { lowest * pow(highest / lowest, Double($0) / Double(count - 1)) }
  }
}
