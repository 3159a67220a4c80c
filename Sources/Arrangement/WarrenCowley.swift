public import Crystal

/// The short-range order parameters of an arrangement, shell by shell.
///
///     α(s, t) = 1 - P(s, t) / (c(s) c(t))
///
/// P(s, t) is the fraction of the pairs of the shell with s on the site of group A and t on that of
/// group B. c(s) is the composition of the pool to which A belongs, c(t) of that of B: vacancies
/// count as a species. 0 is a random arrangement, negative for a preferred pair; for unlike species a
/// positive value is clustering. With P(s, t) = c(s) P(t | s) this is Cowley's 1 - P(t | s) / c(t).
///
/// A random arrangement of n sites of one pool has the mean -1/(n - 1) for unlike species, not 0,
/// in shells without images of a site itself.
///
/// Reference: J. M. Cowley, Phys. Rev. 77, 669 (1950).
public struct WarrenCowley: Sendable {
  /// The shells.
  public let table: ShellTable

  /// The parameters: by shell, then by species; each pair once where A and B are the same group.
  public let terms: [Term]

  /// The species of the problem.
  public let species: [Species]

  /// One pair of species in one shell.
  public struct Term: Hashable, Sendable {
    /// Index into ``ShellTable/shells``.
    public var shell: Int
    /// Species index on the site of group A.
    public var first: Int
    /// Species index on the site of group B.
    public var second: Int
  }

  /// Parameters for all species that the sites of a shell allow.
  public init(_ problem: ArrangementProblem, table: ShellTable) {
    self.table = table
    species = problem.species
    var allowed = [UInt32](repeating: 0, count: table.groups.count)
    for (g, group) in table.groups.enumerated() {
      for site in group.sites { allowed[g] |= problem.allowed[site] }
    }
    var terms: [Term] = []
    for (k, shell) in table.shells.enumerated() {
      for s in species.indices where allowed[shell.first] >> UInt32(s) & 1 == 1 {
        for t in species.indices where allowed[shell.second] >> UInt32(t) & 1 == 1 {
          if shell.first != shell.second || s <= t {
            terms.append(Term(shell: k, first: s, second: t))
          }
        }
      }
    }
    self.terms = terms
  }

  /// Composition of the pool of each group, groups × m: `c[group × m + species]`.
  public func compositions(of arrangement: [UInt8]) -> [Double] {
    let m = species.count
    var numbers: [Int: [Int]] = [:]
    for group in table.groups {
      for site in group.sites {
        numbers[group.pool, default: [Int](repeating: 0, count: m)][Int(arrangement[site])] += 1
      }
    }
    return table.groups.flatMap { group in
      let counts = numbers[group.pool] ?? []
      let total = counts.reduce(0, +)
      return counts.map { Double($0) / Double(max(1, total)) }
    }
  }

  /// P(s, t) of every term.
  public func fractions(_ counts: PairCounts) -> [Double] {
    terms.map { counts.fraction($0.shell, $0.first, $0.second) }
  }

  /// α of a term from its pair fraction; nil where one of the species does not occur.
  ///
  /// - Parameters:
  ///   - term: Shell and species.
  ///   - fraction: P(s, t).
  ///   - compositions: As ``compositions(of:)`` gives them.
  /// - Returns: α, dimensionless.
  public func parameter(_ term: Term, fraction: Double, compositions: [Double]) -> Double? {
    let shell = table.shells[term.shell]
    let m = species.count
    let product =
      compositions[shell.first * m + term.first] * compositions[shell.second * m + term.second]
    return product > 0 ? 1 - fraction / product : nil
  }

  /// α of every term; nil where one of the species does not occur.
  public func parameters(of arrangement: [UInt8]) -> [Double?] {
    let counts = PairCounts(
      table: table, speciesCount: species.count, arrangement: arrangement)
    let compositions = compositions(of: arrangement)
    return terms.map { term in
      parameter(
        term, fraction: counts.fraction(term.shell, term.first, term.second),
        compositions: compositions)
    }
  }
}
