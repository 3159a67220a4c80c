public import Arrangement
internal import Crystal
internal import Energetics

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// A genetic algorithm over arrangements, with operators that keep the composition by construction.
///
/// Every generation keeps its elites and fills up with children of the survivors. Children are
/// refined by exchanges at falling temperature (a memetic algorithm) and recognised up to symmetry,
/// so that no arrangement enters twice.
///
/// All random numbers are keyed by (seed, generation, index of the child): a run can stop after any
/// generation and go on from its population with the same result, on any number of threads.
///
/// Reference: the defaults of population, elites, survival and rates are those of the program behind
/// Nakahara et al., MgxZnMnO3 (GmAte.py); it has neither refinement nor symmetry.
public struct GeneticAlgorithm: Sendable {
  /// The arrangements and their energies.
  public let space: SearchSpace

  /// Sizes and rates.
  public let parameters: Parameters

  /// The seed of the run.
  public let seed: UInt64

  /// Sizes and rates of a genetic algorithm.
  public struct Parameters: Hashable, Sendable, Codable {
    /// Individuals per generation.
    public var population = 24
    /// Best individuals that pass unchanged.
    public var elites = 3
    /// Fraction of the population, best first, that may become parents.
    public var survival = 0.6
    /// Probability of a two-point crossover.
    public var twoPoint = 0.4
    /// Probability of a uniform crossover.
    public var uniform = 0.4
    /// Probability of a cut-and-splice crossover in space; the rest are mutated copies.
    public var splice = 0.1
    /// Probability per site that it exchanges its species with a random other one; nil for
    /// ``defaultMutation(siteCount:)``.
    public var mutation: Double?
    /// Exchanges tried to refine each child, per active site; 0 for none.
    public var refinement = 20
    /// How the first generation is made.
    public var start = Start.periodic

    /// The defaults.
    public init() {}

    /// Two exchanges per child, as more would destroy what a large cell has inherited, and at most
    /// 0.02 per site.
    public static func defaultMutation(siteCount: Int) -> Double {
      min(0.02, 2 / Double(max(1, siteCount)))
    }
  }

  /// How the first generation is made.
  public enum Start: String, Hashable, Sendable, Codable, CaseIterable {
    /// Random arrangements.
    case random
    /// Annealed arrangements that repeat within the supercell.
    case periodic
  }

  /// One arrangement that was evaluated.
  public struct Individual: Hashable, Sendable {
    /// Number of the individual in the run, from 0.
    public var id: Int
    /// Generation in which it appeared.
    public var generation: Int
    /// Species index of each active site.
    public var genes: [UInt8]
    /// Energy, eV per cell.
    public var energy: Double
    /// Equal for symmetry copies only.
    public var key: ArrangementKey
    /// Number of symmetry copies, itself included.
    public var degeneracy: Int
    /// How it was made: `periodic`, `random`, `two-point`, `uniform`, `splice`, `mutation`.
    public var origin: String
    /// Numbers of its parents.
    public var parents: [Int]
    /// Whether a symmetry copy was known before; then it does not join the population.
    public var isDuplicate: Bool
  }

  /// The state of a run between two generations.
  public struct Population: Sendable {
    /// Number of the generation, from 0.
    public var generation: Int
    /// The living, best first.
    public var members: [Individual]
    /// Keys of all that was ever evaluated.
    public var seen: Set<ArrangementKey>
    /// Individuals evaluated so far, duplicates included.
    public var evaluations: Int
    /// Symmetry copies met so far.
    public var duplicates: Int
    /// The generation in which the best one appeared.
    public var lastImprovement: Int

    /// A state, for example one that was read back.
    public init(
      generation: Int, members: [Individual], seen: Set<ArrangementKey>, evaluations: Int,
      duplicates: Int, lastImprovement: Int
    ) {
      self.generation = generation
      self.members = members
      self.seen = seen
      self.evaluations = evaluations
      self.duplicates = duplicates
      self.lastImprovement = lastImprovement
    }
  }

  /// A decrease of the energy that counts as progress, eV per cell.
  public static let improvementThreshold = 1e-6

  /// kT at the start of a refinement, and at its end, in units of the exchange scale: order melts at
  /// 0.02 to 0.05.
  static let refinementTemperatures = 0.001...0.02

  /// Children this far above the best at most are made stable, in units of the exchange scale.
  static let descentMargin = 0.02

  /// A run.
  public init(space: SearchSpace, parameters: Parameters = Parameters(), seed: UInt64) {
    self.space = space
    self.parameters = parameters
    self.seed = seed
  }

  /// Makes and evaluates the first generation.
  ///
  /// - Parameter threads: Individuals evaluated at the same time.
  /// - Returns: The population, and all individuals in the order of their numbers.
  public func start(threads: Int) async -> (Population, [Individual]) {
    advance(
      nil, with: await candidates(after: nil, count: placeCount(after: nil), threads: threads))
  }

  /// Makes and evaluates the next generation.
  ///
  /// - Parameters:
  ///   - population: The generation before.
  ///   - threads: Individuals evaluated at the same time.
  /// - Returns: The new population, and its new individuals in the order of their numbers.
  public func next(
    after population: Population, threads: Int
  ) async -> (Population, [Individual]) {
    let count = placeCount(after: population)
    return advance(
      population, with: await candidates(after: population, count: count, threads: threads))
  }

  /// New individuals in a generation.
  ///
  /// - Parameter population: The generation before; nil for the first.
  /// - Returns: How many.
  public func placeCount(after population: Population?) -> Int {
    population == nil
      ? parameters.population : max(1, parameters.population - parameters.elites)
  }

  /// Makes individuals of a generation, with energies of the table.
  ///
  /// - Parameters:
  ///   - population: The generation before; nil for the first.
  ///   - count: How many; the first of them are the same for every number.
  ///   - threads: Individuals made at the same time.
  /// - Returns: Individuals without a number.
  public func candidates(
    after population: Population?, count: Int, threads: Int
  ) async -> [Individual] {
    guard let population else {
      return await parallelMap(Array(0..<count), width: threads) { firstIndividual($0) }
    }
    let generation = population.generation + 1
    return await parallelMap(Array(0..<count), width: threads) { index in
      var stream = RandomStream(
        seed: seed, purpose: "child", generation: generation, index: index)
      return child(of: population, generation: generation, using: &stream)
    }
  }

  private func firstIndividual(_ index: Int) -> Individual {
    var stream = RandomStream(seed: seed, purpose: "first generation", index: index)
    let evaluated: Evaluated
    switch parameters.start {
    case .periodic:
      let genes = PeriodicSeed()(in: space, using: &stream)
      evaluated = Evaluated(arrangement: genes, energy: space.energy(genes))
    case .random:
      let genes = space.problem.randomArrangement(using: &stream)
      let whole = RepeatUnit(space, RepeatUnit.Orbits(of: [], siteCount: genes.count))
      evaluated = refined(genes, whole, below: .infinity, using: &stream)
    }
    return individual(evaluated, origin: parameters.start.rawValue, parents: [], generation: 0)
  }

  private func child(
    of population: Population, generation: Int, using stream: inout RandomStream
  ) -> Individual {
    let survivors = max(
      1, Int((parameters.survival * Double(population.members.count)).rounded(.up)))
    let members = population.members.prefix(survivors)
    // Ranking selection: the probability falls linearly from the best to the last survivor.
    func parent() -> Individual {
      let (a, b) = (stream.integer(below: members.count), stream.integer(below: members.count))
      return members[min(a, b)]
    }
    let first = parent()
    var second: Individual?
    var origin = "mutation"
    let draw = stream.uniform()
    let limits: [(Crossover, Double)] = [
      (.twoPoint, parameters.twoPoint), (.uniform, parameters.twoPoint + parameters.uniform),
      (.splice, parameters.twoPoint + parameters.uniform + parameters.splice),
    ]
    let crossover = members.count > 1 ? limits.first { draw < $0.1 }?.0 : nil
    if let crossover {
      var other = parent()
      while other.id == first.id { other = members[stream.integer(below: members.count)] }
      // Shifted so that its order fits the first as well as it can.
      other.genes = aligned(other.genes, with: first.genes, using: &stream)
      second = other
      origin = crossover.rawValue
    }

    // Children keep the translations that both parents share, or a random part of them.
    let unit = sharedRepeatUnit([first.genes] + (second.map { [$0.genes] } ?? []), using: &stream)
    let parentGenes = unit.folded(first.genes)
    var genes = parentGenes
    if let crossover, let second {
      genes = crossover(
        genes, unit.folded(second.genes), pools: unit.pools,
        positions: unit.representatives.map {
          space.problem.structure.positions[space.problem.activeSites[$0]]
        }, using: &stream)
    }
    mutate(&genes, unit, atLeastOnce: genes == parentGenes, using: &stream)
    let best = population.members.first?.energy ?? .infinity
    return individual(
      refined(genes, unit, below: best, using: &stream), origin: origin,
      parents: [first.id] + (second.map { [$0.id] } ?? []), generation: generation)
  }

  /// Of some images of an arrangement by translations, the one that agrees best with another.
  private func aligned(
    _ genes: [UInt8], with other: [UInt8], using stream: inout RandomStream
  ) -> [UInt8] {
    let translations = space.symmetry.activeTranslations
    var best = (agreement: -1, genes: genes)
    for _ in 0..<min(16, translations.count) {
      let image = translations[stream.integer(below: translations.count)].map { genes[$0] }
      let agreement = zip(image, other).reduce(0) { $0 + ($1.0 == $1.1 ? 1 : 0) }
      if agreement > best.agreement { best = (agreement, image) }
    }
    return best.genes
  }

  /// The repeat unit of a random subgroup of the translations that leave all parents unchanged.
  private func sharedRepeatUnit(
    _ parents: [[UInt8]], using stream: inout RandomStream
  ) -> RepeatUnit {
    let shared = space.symmetry.activeTranslations.filter { translation in
      parents.allSatisfy { genes in
        translation.indices.allSatisfy { genes[translation[$0]] == genes[$0] }
      }
    }
    let generators =
      switch stream.integer(below: 4) {
      case 0: [[Int]]()
      case 1: [shared[stream.integer(below: shared.count)]]
      default: shared
      }
    return RepeatUnit(
      space, RepeatUnit.Orbits(of: generators, siteCount: space.problem.activeSites.count))
  }

  /// Exchanges the species of sites with those of random others in their pool.
  private func mutate(
    _ genes: inout [UInt8], _ unit: RepeatUnit, atLeastOnce: Bool, using stream: inout RandomStream
  ) {
    let allowed = unit.rules.allowed
    let rate = parameters.mutation ?? Parameters.defaultMutation(siteCount: genes.count)
    func exchange(_ i: Int, _ j: Int) -> Bool {
      guard genes[i] != genes[j], allowed[i] >> genes[j] & 1 == 1, allowed[j] >> genes[i] & 1 == 1
      else { return false }
      genes.swapAt(i, j)
      return true
    }
    for pool in unit.pools where pool.count > 1 {
      var isChanged = !atLeastOnce
      for i in pool where stream.uniform() < rate {
        if exchange(i, pool[stream.integer(below: pool.count)]) { isChanged = true }
      }
      for _ in 0..<100 where !isChanged {
        let i = pool[stream.integer(below: pool.count)]
        isChanged = exchange(i, pool[stream.integer(below: pool.count)])
      }
    }
  }

  /// An arrangement of the whole problem and its energy, eV per cell.
  private struct Evaluated {
    var arrangement: [UInt8]
    var energy: Double
  }

  /// Refines an arrangement of a repeat unit and evaluates it; `best` is the lowest energy so far,
  /// eV per cell.
  private func refined(
    _ genes: [UInt8], _ unit: RepeatUnit, below best: Double, using stream: inout RandomStream
  ) -> Evaluated {
    guard parameters.refinement > 0 else {
      let arrangement = unit.unfolded(genes)
      return Evaluated(arrangement: arrangement, energy: space.energy(arrangement))
    }
    // From a quench to a partial melt, with equal weight on each decade.
    let range = GeneticAlgorithm.refinementTemperatures
    let start = range.lowerBound * pow(range.upperBound / range.lowerBound, stream.uniform())
    var state = LatticeState(table: unit.table, arrangement: genes)
    state.metropolis(
      proposals: parameters.refinement * space.problem.activeSites.count,
      start: start * space.exchangeScale, end: range.lowerBound * space.exchangeScale,
      rules: unit.rules, using: &stream)
    let comesNear =
      state.energy * Double(unit.order)
      < best + GeneticAlgorithm.descentMargin * space.exchangeScale
    if unit.order > 1 {
      state = LatticeState(table: space.table, arrangement: unit.unfolded(state.arrangement))
    }
    if comesNear { state.descend(space.rules) }
    // Energies belong to arrangements, to the last bit, not to the way there.
    state.refresh()
    return Evaluated(arrangement: state.arrangement, energy: state.energy)
  }

  private func individual(
    _ evaluated: Evaluated, origin: String, parents: [Int], generation: Int
  ) -> Individual {
    let canonical = space.symmetry.canonicalForm(evaluated.arrangement)
    return Individual(
      id: 0, generation: generation, genes: evaluated.arrangement, energy: evaluated.energy,
      key: canonical.key, degeneracy: canonical.degeneracy, origin: origin, parents: parents,
      isDuplicate: false)
  }

  /// Numbers new individuals, drops symmetry copies and composes the next generation.
  ///
  /// - Parameters:
  ///   - population: The generation before; nil for the first.
  ///   - made: The individuals; those of infinite energy are counted, but do not live.
  /// - Returns: The new population, and its new individuals in the order of their numbers.
  public func advance(
    _ population: Population?, with made: [Individual]
  ) -> (Population, [Individual]) {
    let population =
      population
      ?? Population(
        generation: -1, members: [], seen: [], evaluations: 0, duplicates: 0, lastImprovement: 0)
    var next = population
    next.generation += 1
    var numbered: [Individual] = []
    for var individual in made {
      individual.id = next.evaluations
      individual.isDuplicate = !next.seen.insert(individual.key).inserted
      next.evaluations += 1
      if individual.isDuplicate { next.duplicates += 1 }
      numbered.append(individual)
    }
    func isBetter(_ a: Individual, _ b: Individual) -> Bool {
      (a.energy, a.id) < (b.energy, b.id)
    }
    // Elites stay; children and the other survivors compete for the remaining places.
    let survivors = Int(
      (parameters.survival * Double(population.members.count)).rounded(.up))
    let old = population.members.prefix(max(parameters.elites, survivors))
    var members = Array(old) + numbered.filter { !$0.isDuplicate && $0.energy.isFinite }
    members.sort(by: isBetter)
    members = Array(members.prefix(parameters.population))
    let before = population.members.first?.energy ?? .infinity
    if let best = members.first,
      best.energy < before - GeneticAlgorithm.improvementThreshold
    {
      next.lastImprovement = next.generation
    }
    next.members = members
    return (next, numbered)
  }
}
