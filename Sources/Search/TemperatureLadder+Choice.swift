internal import Arrangement
internal import Crystal
internal import Energetics

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

extension TemperatureLadder {
  /// Places temperatures between the ends so that neighbours overlap.
  static func choose(
    _ trials: [Trial], _ limits: Limits, floor: Double, _ notes: inout [String]
  ) -> [Double] {
    var high = trials.first?.temperature ?? 1
    for trial in trials {
      if trial.acceptance < hotAcceptance { break }
      high = trial.temperature
    }
    let frozen = trials.first { $0.temperature < high && $0.acceptance <= coldAcceptance }
    var low = frozen?.temperature ?? max(trials.last?.temperature ?? high, min(floor, high))
    if let highest = limits.highest { high = highest }
    if let lowest = limits.lowest { low = lowest }
    // A prescribed end beyond the other one that was found takes that along.
    if low > high { if limits.highest == nil { high = low } else { low = high } }
    if low == high || limits.count == 1 {
      return [limits.lowest ?? low]
    }

    // Λ(T) = ∫ √(C/k) / 1.466 d ln T from below: one temperature for each unit.
    let points = trials.reversed().map { trial in
      (
        x: log(trial.temperature),
        density: max(
          (max(0, trial.heatCapacity) / Constants.boltzmann).squareRoot() / stepScale, 1 / log(2.0))
      )
    }
    func density(_ x: Double) -> Double {
      guard let upper = points.firstIndex(where: { $0.x >= x }) else {
        return points.last?.density ?? 1
      }
      if upper == 0 { return points[0].density }
      let (a, b) = (points[upper - 1], points[upper])
      return a.density + (b.density - a.density) * (x - a.x) / (b.x - a.x)
    }
    let cells = 2000
    let width = (log(high) - log(low)) / Double(cells)
    var cumulative = [0.0]
    for cell in 0..<cells {
      let x = log(low) + (Double(cell) + 0.5) * width
      cumulative.append(cumulative[cell] + density(x) * width)
    }
    let total = cumulative[cells]
    let wanted = max(2, Int((total - 1e-9).rounded(.up)) + 1)
    let count = limits.count ?? min(wanted, largestCount)
    if count < wanted {
      notes.append(
        "\(wanted) temperatures would overlap well, \(count) are used: exchanges between them will be "
          + "rarer")
    }
    var cell = 0
    return (0..<count).map { k in
      if k == 0 { return low }
      if k == count - 1 { return high }
      let target = total * Double(k) / Double(count - 1)
      while cumulative[cell + 1] < target { cell += 1 }
      let part = (target - cumulative[cell]) / (cumulative[cell + 1] - cumulative[cell])
      return exp(log(low) + (Double(cell) + part) * width)
    }
  }

  /// One walker of the preliminary anneal.
  struct TrialWalk: Sendable {
    var acceptances: [Double] = []
    var energies: [Double] = []
    var variances: [Double] = []
    /// Of the stable arrangement at the end, eV.
    var lowestEnergy = 0.0
    /// Lowest change of energy by one exchange there that is not zero, eV; nil if there is none.
    var excitation: Double?

    init(_ ensemble: Ensemble, grid: [Double], index: Int) {
      let problem = ensemble.space.problem
      // The same for every seed: temperatures belong to the problem, not to the run.
      var stream = RandomStream(seed: 0, purpose: "temperature ladder", index: index)
      var walker = LatticeWalker(
        ensemble, arrangement: problem.randomArrangement(using: &stream))
      for temperature in grid {
        let kT = Constants.boltzmann * temperature
        walker = LatticeWalker(ensemble, arrangement: walker.state.arrangement)
        for _ in 0..<TemperatureLadder.settling {
          walker.sweep(thermalEnergy: kT, using: &stream)
        }
        let start = walker.grandEnergy
        var (sum, squares, acceptance) = (0.0, 0.0, 0.0)
        let count = Double(TemperatureLadder.measured)
        for _ in 0..<TemperatureLadder.measured {
          walker.sweep(thermalEnergy: kT, using: &stream)
          let energy = walker.grandEnergy - start
          sum += energy
          squares += energy * energy
          acceptance += TrialWalk.acceptance(walker.state, ensemble, kT, using: &stream) / count
        }
        acceptances.append(acceptance)
        energies.append(start + sum / count)
        variances.append(max(0, squares / count - sum / count * (sum / count)))
      }
      var state = walker.state
      state.descend(ensemble.space.rules)
      lowestEnergy = ensemble.grandEnergy(state.arrangement, energy: state.energy)
      excitation = TrialWalk.lowestExcitation(state, ensemble.space.rules)
    }

    /// Mean acceptance of trial exchanges of different species that change the energy.
    private static func acceptance(
      _ state: LatticeState, _ ensemble: Ensemble, _ kT: Double, using stream: inout RandomStream
    ) -> Double {
      var (sum, count) = (0.0, 0)
      for _ in 0..<50 {
        guard let (i, j) = ensemble.sampler.pair(using: &stream) else { break }
        guard ensemble.space.rules.allows(state.arrangement, i, j) else { continue }
        let difference = state.exchangeDifference(i, j)
        if difference.magnitude < smallest { continue }
        sum += min(1, exp(-difference / kT))
        count += 1
      }
      return count > 0 ? sum / Double(count) : 0
    }

    /// The lowest change of energy by an exchange that is not zero, eV.
    private static func lowestExcitation(
      _ state: LatticeState, _ rules: ExchangeRules
    ) -> Double? {
      var lowest: Double?
      for pool in rules.pools {
        for (position, first) in pool.enumerated() {
          for second in pool[..<position] {
            let (i, j) = (Int(first), Int(second))
            guard rules.allows(state.arrangement, i, j) else { continue }
            let difference = state.exchangeDifference(i, j)
            if difference > smallest { lowest = min(lowest ?? difference, difference) }
          }
        }
      }
      return lowest
    }

    /// Changes of energy below this are none, eV.
    private static let smallest = 1e-6
  }
}
