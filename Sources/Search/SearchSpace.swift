public import Arrangement
internal import Crystal
public import Energetics

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Everything that a search over the arrangements of a problem needs, computed once.
public struct SearchSpace: Sendable {
  /// The problem.
  public let problem: ArrangementProblem

  /// Its symmetry.
  public let symmetry: ProblemSymmetry

  /// Its energies.
  public let table: InteractionTable

  /// Which sites exchange their species.
  public let rules: ExchangeRules

  /// Root mean square change of energy by the exchange of two random sites of a random arrangement,
  /// eV: the scale of all temperatures.
  public let exchangeScale: Double

  /// Prepares a search.
  ///
  /// - Parameters:
  ///   - problem: What is arranged.
  ///   - potentials: Short-range terms of the lattice energy; nil for electrostatics only.
  ///   - separation: Ions nearer than this, on sites that may be empty, get ``separationPenalty``, Å;
  ///     nil for none.
  /// - Throws: ``InputError`` if the parent has no symmetry that can be found.
  public init(
    _ problem: ArrangementProblem, potentials: PotentialSet?, separation: Double? = nil
  ) throws {
    self.problem = problem
    symmetry = try ProblemSymmetry(problem)
    let interactions = InteractionTable(
      lattice: problem.structure.lattice, positions: problem.structure.positions,
      fixedSpecies: problem.fixedSpecies, species: problem.species,
      translations: symmetry.translations, potentials: potentials)
    // Without the penalty, which is no energy.
    exchangeScale = SearchSpace.exchangeScale(problem, interactions)
    table =
      if let separation {
        interactions.penalizing(
          symmetry.emptiablePairs(of: problem, nearerThan: separation),
          by: SearchSpace.separationPenalty)
      } else {
        interactions
      }
    rules = ExchangeRules(
      pools: problem.pools.map { $0.sites.map(Int32.init) }, allowed: problem.allowed, table: table)
  }

  /// What two ions that are too near cost, eV: more than any arrangement gains by it.
  public static let separationPenalty = 1000.0

  /// The energy of an arrangement, eV per cell.
  public func energy(_ arrangement: [UInt8]) -> Double { table.energy(arrangement) }

  private static func exchangeScale(
    _ problem: ArrangementProblem, _ table: InteractionTable
  ) -> Double {
    // The same for every seed: temperatures belong to the problem, not to the run.
    var stream = RandomStream(seed: 0, purpose: "exchange scale")
    let state = LatticeState(
      table: table, arrangement: problem.randomArrangement(using: &stream))
    var (sum, count) = (0.0, 0)
    for pool in problem.pools where pool.sites.count > 1 {
      for _ in 0..<1000 {
        let i = pool.sites[stream.integer(below: pool.sites.count)]
        let j = pool.sites[stream.integer(below: pool.sites.count)]
        let difference = state.exchangeDifference(i, j)
        if state.arrangement[i] != state.arrangement[j] {
          sum += difference * difference
          count += 1
        }
      }
    }
    let scale = count > 0 ? (sum / Double(count)).squareRoot() : 0
    return scale > 0 ? scale : 1
  }
}
