internal import Arrangement
internal import Crystal
internal import Energetics

extension ParallelTempering {
  /// Does the next round.
  ///
  /// - Parameters:
  ///   - state: The state before.
  ///   - threads: Temperatures at the same time; has no effect on the result.
  /// - Returns: The state after it.
  public func next(after state: State, threads: Int) async -> State {
    let round = state.round
    let isMeasured = round >= parameters.equilibrationRounds
    let best = state.collection.entries.first?.value ?? .infinity
    let results = await parallelMap(
      Array(temperatures.indices), width: max(1, min(threads, temperatures.count))
    ) { index in
      visit(state, index: index)
    }

    var next = state
    next.round = round + 1
    if round == parameters.equilibrationRounds { next.history.reset() }
    for (index, result) in results.enumerated() {
      next.evaluations += result.evaluations
      next.replicas[index].arrangement = result.arrangement
      next.replicas[index].energy = result.energy
      if isMeasured {
        next.replicas[index].series.append(result.measured)
        next.replicas[index].exchanges += result.exchanges
        next.replicas[index].insertions += result.insertions
      }
      for candidate in result.candidates { offer(candidate, to: &next.collection) }
    }
    if next.collection.entries.first?.value ?? .infinity < best - ParallelTempering.improvement {
      next.lastImprovement = round + 1
    }

    var energies = results.map(\.grandEnergy)
    var stream = RandomStream(seed: seed, purpose: "replica exchange", generation: round)
    next.history.attemptExchanges(
      energies: &energies, inverseTemperatures: inverseTemperatures, round: round, using: &stream
    ) { i, j in
      // Arrangements change places; what was measured stays with its temperature.
      (next.replicas[i].arrangement, next.replicas[j].arrangement) =
        (next.replicas[j].arrangement, next.replicas[i].arrangement)
      (next.replicas[i].energy, next.replicas[j].energy) =
        (next.replicas[j].energy, next.replicas[i].energy)
    }
    return next
  }

  /// A decrease of the energy that counts as progress, eV per cell.
  static let improvement = 1e-6

  /// An arrangement for the collection, with Ω, eV per cell.
  private struct Candidate: Sendable {
    var arrangement: [UInt8]
    var value: Double
  }

  /// What one temperature did in a round.
  private struct Visit: Sendable {
    var arrangement: [UInt8]
    var energy: Double
    var grandEnergy: Double
    var measured: [Double]
    var exchanges: LatticeWalker.Tally
    var insertions: LatticeWalker.Tally
    var evaluations: Int
    var candidates: [Candidate]
  }

  /// The sweeps of one temperature in a round.
  private func visit(_ state: State, index: Int) -> Visit {
    let (replica, round, reference) = (state.replicas[index], state.round, state.reference)
    let best = state.collection.entries.first?.value ?? .infinity
    var stream = RandomStream(seed: seed, purpose: "tempering", generation: round, index: index)
    var walker = LatticeWalker(ensemble, arrangement: replica.arrangement)
    let kT = Constants.boltzmann * temperatures[index]
    var sums = Measurement.EnergySums()
    var lowest = Candidate(arrangement: [], value: best - ParallelTempering.improvement)
    for _ in 0..<parameters.sweepsPerRound {
      walker.sweep(thermalEnergy: kT, using: &stream)
      let grand = walker.grandEnergy
      sums.add(energy: walker.state.energy - reference, grandEnergy: grand - reference)
      if grand < lowest.value {
        lowest = Candidate(arrangement: walker.state.arrangement, value: grand)
      }
    }
    var candidates: [Candidate] = []
    func collect(_ candidate: Candidate) {
      candidates += [candidate, stable(candidate.arrangement)]
    }
    if !lowest.arrangement.isEmpty { collect(lowest) }
    if isOffering(index, state.collection), (round + 1).isMultiple(of: parameters.collectionPeriod)
    {
      collect(Candidate(arrangement: walker.state.arrangement, value: walker.grandEnergy))
    }
    let isMeasured = round >= parameters.equilibrationRounds
    return Visit(
      arrangement: walker.state.arrangement, energy: walker.state.energy,
      grandEnergy: walker.grandEnergy,
      measured: isMeasured ? measurement.row(walker.state.arrangement, sums) : [],
      exchanges: walker.exchanges, insertions: walker.insertions,
      evaluations: walker.exchanges.tried + walker.insertions.tried, candidates: candidates)
  }

  /// Whether a temperature offers its arrangements: the coldest quarter, and all until the collection
  /// is full.
  private func isOffering(_ index: Int, _ collection: DistinctCollection) -> Bool {
    index < (temperatures.count + 3) / 4 || collection.entries.count < collection.capacity
  }

  /// The arrangement after exchanges that lower its energy, stable against every single one.
  private func stable(_ arrangement: [UInt8]) -> Candidate {
    var state = LatticeState(table: ensemble.space.table, arrangement: arrangement)
    state.descend(ensemble.space.rules)
    return Candidate(
      arrangement: state.arrangement,
      value: ensemble.grandEnergy(state.arrangement, energy: state.energy))
  }

  private func offer(_ candidate: Candidate, to collection: inout DistinctCollection) {
    let space = ensemble.space
    collection.insert(
      candidate.arrangement, value: candidate.value, form: space.symmetry.canonicalForm
    ) { arrangement in
      let energy = space.energy(arrangement)
      return (ensemble.grandEnergy(arrangement, energy: energy), energy)
    }
  }
}
