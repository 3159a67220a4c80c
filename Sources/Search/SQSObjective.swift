public import Arrangement
public import Crystal

/// How far the short-range order of an arrangement is from a target.
///
///     O = Σ_s w_s Σ_(i,j) (α_s(i, j) - t_s)²                                 [dimensionless]
///
/// over the shells s of a ``ShellTable``. In a shell within one group of sites the sum runs over the
/// pairs of different species i < j, which determine those of like species; in a shell between two
/// groups over all pairs. Species that do not occur are left out. O is 0 where every shell has its
/// target.
///
/// Reference: quasirandom structures, A. Zunger, S.-H. Wei, L. G. Ferreira and J. E. Bernard, Phys.
/// Rev. Lett. 65, 353 (1990).
public struct SQSObjective: Sendable {
  /// The short-range order.
  public let order: WarrenCowley

  /// Target and weight of each shell.
  public let goals: [Goal]

  /// Target and weight of a shell.
  public struct Goal: Hashable, Sendable, Codable {
    /// Target t of α; 0 is a random arrangement.
    public var target: Double
    /// Weight w, not negative.
    public var weight: Double

    /// A goal.
    public init(target: Double = 0, weight: Double = 1) {
      self.target = target
      self.weight = weight
    }
  }

  /// One term: how a pair count becomes a contribution.
  private struct Term: Sendable {
    var shell: Int
    var first: Int
    var second: Int
    /// α = 1 - count × factor.
    var factor: Double
    var goal: Goal
  }
  private let terms: [Term]

  /// O below this is 0.
  public static let zero = 1e-12

  /// Targets for the shells of a table.
  ///
  /// - Parameters:
  ///   - problem: The sites and the numbers of species.
  ///   - table: The shells that count.
  ///   - goals: One per shell of the table; nil for target 0 and the weight r₁/r of a shell at the
  ///     distance r, where r₁ is the shortest distance of all.
  /// - Throws: ``InputErrors`` if there is not one goal per shell, a number is out of range or no
  ///   pair of different species occurs.
  public init(
    _ problem: ArrangementProblem, table: ShellTable, goals: [Goal]? = nil
  ) throws(InputErrors) {
    let nearest = table.shells.map(\.distance).min() ?? 1
    let goals = goals ?? table.shells.map { Goal(weight: nearest / $0.distance) }
    var problems: [InputError] = []
    if goals.count != table.shells.count {
      problems.append(
        InputError("\(goals.count) targets for \(table.shells.count) shells", at: "targets"))
    }
    for (k, goal) in goals.enumerated() {
      if !(goal.weight >= 0 && goal.weight.isFinite) {
        problems.append(
          InputError(
            "weight \(goal.weight), expected 0 or a positive number", at: "shell \(k + 1)"))
      }
      if !(goal.target <= 1 && goal.target.isFinite) {
        problems.append(
          InputError("target \(goal.target), expected a number up to 1", at: "shell \(k + 1)"))
      }
    }
    if !problems.isEmpty { throw InputErrors(problems) }
    let order = WarrenCowley(problem, table: table)
    // The numbers of a pool are those of the problem in every arrangement.
    let m = problem.species.count
    let compositions = table.groups.map { group in
      let pool = problem.pools[group.pool]
      return (0..<m).map { Double(pool.counts[$0]) / Double(pool.sites.count) }
    }
    terms = order.terms.compactMap { term in
      let shell = table.shells[term.shell]
      if shell.first == shell.second && term.first == term.second { return nil }
      let product =
        compositions[shell.first][term.first] * compositions[shell.second][term.second]
      if product == 0 || goals[term.shell].weight == 0 { return nil }
      return Term(
        shell: term.shell, first: term.first, second: term.second,
        factor: 1 / (product * Double(shell.pairs)), goal: goals[term.shell])
    }
    guard !terms.isEmpty else {
      throw InputErrors([
        InputError(
          "no pair of different species occurs in a shell with a weight", at: "shells",
          hint: "add shells, or use a composition with two species on the sites")
      ])
    }
    self.order = order
    self.goals = goals
  }

  /// O of counted pairs.
  public func value(_ counts: PairCounts) -> Double {
    var sum = 0.0
    for term in terms {
      let count = Double(counts.count(term.shell, term.first, term.second))
      let deviation = 1 - count * term.factor - term.goal.target
      sum += term.goal.weight * deviation * deviation
    }
    return sum
  }

  /// O of an arrangement.
  public func value(of arrangement: [UInt8]) -> Double { value(counts(arrangement)) }

  /// The pairs of an arrangement.
  func counts(_ arrangement: [UInt8]) -> PairCounts {
    PairCounts(
      table: order.table, speciesCount: order.species.count, arrangement: arrangement)
  }
}
