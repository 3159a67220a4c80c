internal import Arrangement
public import Crystal

extension ParallelTempering {
  /// All that a run needs to go on after a round.
  public struct State: Hashable, Sendable, Codable {
    /// Rounds done, those of the equilibration included.
    public internal(set) var round = 0

    /// The arrangement at each temperature, lowest first.
    public internal(set) var replicas: [Replica]

    /// Exchanges between temperatures; since the end of the equilibration, once that is over.
    public internal(set) var history: ReplicaHistory

    /// Distinct arrangements of low energy met so far.
    public internal(set) var collection: DistinctCollection

    /// Proposals so far.
    public internal(set) var evaluations = 0

    /// Round in which the best arrangement so far was met.
    public internal(set) var lastImprovement = 0

    /// Measured energies are relative to this, eV per cell.
    let reference: Double
  }

  /// What happens at one temperature.
  public struct Replica: Hashable, Sendable, Codable {
    /// Species index of each active site.
    public internal(set) var arrangement: [UInt8]

    /// Its energy, eV per cell.
    public internal(set) var energy: Double

    /// Measured quantities; see ``Measurement``.
    var series: BlockSeries

    /// Exchanges of sites since the end of the equilibration.
    var exchanges = LatticeWalker.Tally()

    /// Moves that change the composition, since the end of the equilibration.
    var insertions = LatticeWalker.Tally()
  }

  /// The state before the first round: random arrangements with the numbers of the problem.
  public func start() -> State {
    let problem = ensemble.space.problem
    let replicas = temperatures.indices.map { index in
      var stream = RandomStream(seed: seed, purpose: "tempering start", index: index)
      let arrangement = problem.randomArrangement(using: &stream)
      return Replica(
        arrangement: arrangement, energy: ensemble.space.energy(arrangement),
        series: BlockSeries(width: measurement.width))
    }
    return State(
      replicas: replicas, history: ReplicaHistory(count: temperatures.count),
      collection: DistinctCollection(capacity: max(1, parameters.collected)),
      reference: replicas[0].energy)
  }

  /// Checks that a state that was read back belongs to this run.
  ///
  /// - Throws: ``InputError`` if it does not fit the problem, the temperatures or the averages.
  public func check(_ state: State) throws(InputError) {
    let problem = ensemble.space.problem
    let hint = "resume with the specification with which the run was started"
    guard state.replicas.count == temperatures.count else {
      throw InputError(
        "the state has \(state.replicas.count) temperatures, this run \(temperatures.count)",
        hint: hint)
    }
    let fits = state.replicas.allSatisfy { replica in
      ensemble.moves == nil
        ? problem.isValid(replica.arrangement) : problem.allows(replica.arrangement)
    }
    guard fits, state.round >= 0, state.history.isConsistent(count: temperatures.count),
      state.collection.entries.allSatisfy({ problem.allows($0.arrangement) })
    else {
      throw InputError("the arrangements of the state are not of this problem", hint: hint)
    }
    guard
      state.replicas.allSatisfy({
        $0.series.width == measurement.width && $0.series.isConsistent
      })
    else {
      throw InputError("the state has other averages than this run", hint: hint)
    }
  }
}

extension ArrangementProblem {
  /// Whether every site has a species that it allows, whatever the numbers.
  func allows(_ arrangement: [UInt8]) -> Bool {
    arrangement.count == activeSites.count
      && arrangement.indices.allSatisfy {
        arrangement[$0] < species.count && allowed[$0] >> arrangement[$0] & 1 == 1
      }
  }
}
