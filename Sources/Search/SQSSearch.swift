public import Arrangement
public import Crystal
internal import Energetics

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// A search for special quasirandom structures: arrangements whose short-range order is nearest to a
/// target.
///
/// Parallel tempering with the objective in place of the energy. Its temperatures belong to the
/// objective: the highest accepts an average increase by an exchange in a random arrangement with
/// probability e⁻¹, the lowest is 1000 times below, and the others form a geometric series.
///
/// All random numbers are keyed by (seed, round, temperature); a run can stop after any round and go
/// on from its ``State`` with the same bytes, on any number of threads.
public struct SQSSearch: Sendable {
  /// What is minimised.
  public let objective: SQSObjective

  /// Sizes.
  public let parameters: Parameters

  /// The seed of the run.
  public let seed: UInt64

  /// The temperatures of the objective, lowest first.
  public let temperatures: [Double]

  let problem: ArrangementProblem
  private let symmetry: ProblemSymmetry
  let sampler: ExchangeSampler

  /// Sizes of a search.
  public struct Parameters: Hashable, Sendable, Codable {
    /// Number of temperatures.
    public var replicas = 8
    /// Sweeps between two attempts to exchange temperatures.
    public var sweepsPerRound = 20
    /// Rounds of a whole run.
    public var rounds = 500
    /// Distinct arrangements that are kept.
    public var collected = 10

    /// The defaults.
    public init() {}
  }

  /// All that a search needs to go on after a round.
  public struct State: Hashable, Sendable, Codable {
    /// Rounds done.
    public internal(set) var round = 0
    /// The arrangement at each temperature, lowest first.
    public internal(set) var arrangements: [[UInt8]]
    /// Exchanges between temperatures.
    public internal(set) var history: ReplicaHistory
    /// The best distinct arrangements; values and energies are objectives.
    public internal(set) var collection: DistinctCollection
    /// Exchanges tried so far.
    public internal(set) var evaluations = 0
    /// Round in which the best arrangement so far was met.
    public internal(set) var lastImprovement = 0

    /// Whether the objective is 0: nothing can be better.
    public var isSolved: Bool {
      (collection.entries.first?.value ?? .infinity) <= SQSObjective.zero
    }
  }

  /// Prepares a search.
  ///
  /// - Parameters:
  ///   - problem: What is arranged.
  ///   - symmetry: Its symmetry.
  ///   - objective: What is minimised.
  ///   - parameters: Sizes.
  ///   - seed: The seed of the run.
  /// - Throws: ``InputErrors`` if a size is out of range or nothing can be exchanged.
  public init(
    _ problem: ArrangementProblem, symmetry: ProblemSymmetry, objective: SQSObjective,
    parameters: Parameters = Parameters(), seed: UInt64
  ) throws(InputErrors) {
    var problems: [InputError] = []
    let bounds: [(Int, ClosedRange<Int>, String)] = [
      (parameters.replicas, 1...1000, "replicas"),
      (parameters.sweepsPerRound, 1...ParallelTempering.most, "sweeps per round"),
      (parameters.rounds, 0...ParallelTempering.most, "rounds"),
      (parameters.collected, 1...ParallelTempering.most, "collected arrangements"),
    ]
    for (value, range, place) in bounds where !range.contains(value) {
      problems.append(
        InputError("\(value), expected \(range.lowerBound) to \(range.upperBound)", at: place))
    }
    if !problem.hasExchanges {
      problems.append(
        InputError(
          "no two sites can exchange different species: there is a single arrangement",
          hint: "allow more species on a label, a larger supercell or another composition"))
    }
    if !problems.isEmpty { throw InputErrors(problems) }
    self.problem = problem
    self.symmetry = symmetry
    self.objective = objective
    self.parameters = parameters
    self.seed = seed
    sampler = ExchangeSampler(
      ExchangeRules(
        pools: problem.pools.map { $0.sites.map(Int32.init) }, allowed: problem.allowed))
    temperatures = SQSSearch.temperatures(problem, objective, sampler, parameters.replicas)
  }

  /// The best distinct arrangements of a state, with α of every term of the order.
  public func results(
    _ state: State
  ) -> [(entry: DistinctCollection.Entry, alpha: [Double?])] {
    state.collection.entries.map { ($0, objective.order.parameters(of: $0.arrangement)) }
  }

  /// The state before the first round: random arrangements.
  public func start() -> State {
    let arrangements = temperatures.indices.map { index in
      var stream = RandomStream(seed: seed, purpose: "quasirandom start", index: index)
      return problem.randomArrangement(using: &stream)
    }
    return State(
      arrangements: arrangements, history: ReplicaHistory(count: temperatures.count),
      collection: DistinctCollection(capacity: parameters.collected))
  }

  /// Checks that a state that was read back belongs to this search.
  ///
  /// - Throws: ``InputError`` if it does not fit the problem or the number of replicas.
  public func check(_ state: State) throws(InputError) {
    guard state.arrangements.count == temperatures.count,
      state.history.isConsistent(count: temperatures.count), state.round >= 0,
      (state.arrangements + state.collection.entries.map(\.arrangement))
        .allSatisfy(problem.isValid)
    else {
      throw InputError(
        "the state is not of this problem, or has another number of replicas",
        hint: "resume with the specification with which the run was started")
    }
  }

  /// Does the next round.
  ///
  /// - Parameters:
  ///   - state: The state before; if it is solved, the round is skipped.
  ///   - threads: Replicas at the same time; has no effect on the result.
  /// - Returns: The state after it.
  public func next(after state: State, threads: Int) async -> State {
    if state.isSolved { return state }
    let results = await parallelMap(
      Array(temperatures.indices), width: max(1, min(threads, temperatures.count))
    ) { index in
      visit(state.arrangements[index], index: index, round: state.round)
    }
    var next = state
    next.round += 1
    let best = state.collection.entries.first?.value ?? .infinity
    for (index, result) in results.enumerated() {
      next.arrangements[index] = result.last
      next.evaluations += result.tried
      for (arrangement, value) in result.candidates {
        next.collection.insert(
          arrangement, value: value, form: symmetry.canonicalForm
        ) { canonical in
          let value = objective.value(of: canonical)
          return (value, value)
        }
      }
    }
    if (next.collection.entries.first?.value ?? .infinity) < best - SQSObjective.zero {
      next.lastImprovement = next.round
    }
    var values = results.map(\.value)
    var stream = RandomStream(
      seed: seed, purpose: "quasirandom exchange", generation: state.round)
    next.history.attemptExchanges(
      energies: &values, inverseTemperatures: temperatures.map { 1 / $0 }, round: state.round,
      using: &stream
    ) { i, j in next.arrangements.swapAt(i, j) }
    return next
  }
}
