internal import Arrangement
internal import BigInt
internal import Crystal
internal import Search

/// Ranks the arrangements of one problem with one energy model.
struct Ranking: Sendable {
  let problem: ArrangementProblem
  let energy: EnergyModelChoice
  let specification: RankSpecification
  let space: SearchSpace
  let total, distinct: BigUInt

  /// A ranking between two steps, as it is written down to be resumed.
  struct State: Codable, Sendable {
    var search: BranchAndBound.State
    /// Individuals of the genetic search that came first.
    var evaluations: Int
  }

  /// Generations of the genetic search before branch and bound, and of one that has to do alone.
  private static let generations = (before: 20, alone: 150)

  /// Prepares a ranking; with a separation, ions nearer than it, Å, on sites that may be empty are
  /// penalised.
  init(
    _ problem: ArrangementProblem, _ energy: EnergyModelChoice, _ specification: RankSpecification,
    separation: Double? = nil
  ) throws {
    self.problem = problem
    self.energy = energy
    self.specification = specification
    space = try SearchSpace(problem, potentials: energy.potentials, separation: separation)
    let count = ArrangementCount(problem, space.symmetry.permutations)
    total = count.total
    distinct = count.distinct
  }

  var method: Forecast.Method {
    problem.activeSites.count > BranchAndBound.siteLimit
      ? .geneticSearch : distinct <= Forecast.exhaustiveLimit ? .exhaustive : .branchAndBound
  }

  /// Arrangements of a window at most.
  static let windowLimit = 100_000

  private var extent: RankedList.Extent {
    if let window = specification.window {
      return .window(window, limit: Ranking.windowLimit)
    }
    return .count(Int(min(BigUInt(specification.top), distinct)))
  }

  /// Runs to a proof or to the limit of nodes.
  ///
  /// - Parameters:
  ///   - start: A state to go on from.
  ///   - threads: Branches that are explored at the same time; no effect on the result.
  ///   - step: Called after every wave; false stops.
  /// - Returns: The last state.
  /// - Throws: What `step` throws.
  func run(
    from start: State? = nil, threads: Int, step: (State) throws -> Bool = { _ in true }
  ) async throws -> State {
    let search = BranchAndBound(space)
    var state: State
    if let start {
      state = start
    } else {
      let found = await firstArrangements(threads: threads)
      state = State(
        search: search.start(extent, known: found), evaluations: found.count)
      guard try step(state) else { return state }
    }
    guard method != .geneticSearch else { return state }
    while !state.search.isProved && state.search.nodes < specification.nodes {
      state.search = await search.next(
        after: state.search, nodes: specification.nodes, threads: threads)
      guard try step(state) else { break }
    }
    return state
  }

  /// Low arrangements from a short genetic search; none where all are looked at anyway.
  private func firstArrangements(threads: Int) async -> [[UInt8]] {
    if method == .exhaustive { return [] }
    let genetic = GeneticAlgorithm(
      space: space, parameters: GeneticAlgorithm.Parameters(), seed: specification.seed)
    var (population, individuals) = await genetic.start(threads: threads)
    let generations =
      method == .geneticSearch ? Ranking.generations.alone : Ranking.generations.before
    while population.generation < generations {
      let (next, more) = await genetic.next(after: population, threads: threads)
      population = next
      individuals += more
    }
    return individuals.filter { !$0.isDuplicate }.map(\.genes)
  }
}
