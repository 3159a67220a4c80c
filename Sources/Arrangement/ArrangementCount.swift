public import BigInt
public import Symmetry

/// The exact numbers of arrangements, of all and of those that symmetry tells apart.
///
/// By Burnside's lemma the number of distinct arrangements is the mean number of arrangements that a
/// permutation of the group leaves unchanged, and those are counted from its cycles:
///
///     distinct = 1/|G| Σ_g |{σ : σ(g(i)) = σ(i) for all i}|
///
/// G. Pólya, Acta Math. 68, 145 (1937), for several species, several sets of sites and given numbers.
public struct ArrangementCount: Sendable {
  /// Order of the group that acts on the active sites.
  public let groupOrder: Int

  let problem: ArrangementProblem
  let permutations: PermutationTable
  /// Permutations of each type of cycles, in a fixed order.
  let classes: [PermutationClass]

  struct PermutationClass: Sendable {
    var type: CycleType
    var members: [Int]
  }

  /// Sorts a group by its cycles.
  ///
  /// - Parameters:
  ///   - problem: What is arranged.
  ///   - permutations: The group, from ``ProblemSymmetry``.
  /// - Complexity: O(group order × n).
  public init(_ problem: ArrangementProblem, _ permutations: PermutationTable) {
    self.problem = problem
    self.permutations = permutations
    groupOrder = permutations.count
    let pool = ArrangementCount.poolOfSite(problem)
    var indexOfType: [CycleType: Int] = [:]
    var classes: [PermutationClass] = []
    for g in 0..<permutations.count {
      let type = CycleType(
        orbits: CycleType.cycles(of: permutations.permutation(g)), poolOfSite: pool,
        allowed: problem.allowed)
      if let index = indexOfType[type] {
        classes[index].members.append(g)
      } else {
        indexOfType[type] = classes.count
        classes.append(PermutationClass(type: type, members: [g]))
      }
    }
    self.classes = classes
  }

  /// The number of all arrangements.
  public var total: BigUInt {
    guard let identity = classes.first(where: { $0.members.contains(0) }) else { return 1 }
    return unchanged(identity.type)
  }

  /// The number of arrangements that are not symmetry copies of each other.
  public var distinct: BigUInt {
    let sum = classes.reduce(into: BigUInt(0)) {
      $0 += BigUInt($1.members.count) * unchanged($1.type)
    }
    return sum / BigUInt(groupOrder)
  }

  /// The number of distinct arrangements that no translation of the parent leaves unchanged: those
  /// that are not already arrangements of a smaller cell.
  ///
  /// Arrangements that repeat are taken out by Möbius inversion over the subgroups H of the group of
  /// translations T, of which only products of elementary abelian groups count:
  ///
  ///     primitive = 1/|G| Σ_g Σ_H μ(1, H) |{σ unchanged by g and by H}|
  public var primitive: BigUInt {
    let pool = ArrangementCount.poolOfSite(problem)
    let subgroups = TranslationSubgroups(permutations).weighted
    var sum = BigInt(0)
    var known: [CycleType: BigUInt] = [:]
    for g in 0..<groupOrder {
      let own = permutations.permutation(g)
      for subgroup in subgroups {
        let type = CycleType(
          orbits: orbits(of: [own] + subgroup.generators.map { permutations.permutation($0) }),
          poolOfSite: pool, allowed: problem.allowed)
        let number = known[type] ?? unchanged(type)
        known[type] = number
        sum += BigInt(subgroup.moebius) * BigInt(number)
      }
    }
    return sum.magnitude / BigUInt(groupOrder)
  }

  /// Arrangements that are unchanged by a permutation of a type.
  func unchanged(_ type: CycleType) -> BigUInt {
    var product: BigUInt = 1
    for (index, pool) in problem.pools.enumerated() where !product.isZero {
      var count = ColouringCount(type.cycles.filter { $0.pool == index })
      product *= count(pool.counts)
    }
    return product
  }

  /// One of the distinct arrangements, every one equally likely.
  ///
  /// For many keep an ``ArrangementSampler``.
  ///
  /// - Returns: An arrangement in no special form; its class of symmetry copies is what is uniform.
  public func randomDistinct(using stream: inout some RandomNumberGenerator) -> [UInt8] {
    var sampler = ArrangementSampler(self)
    return sampler.draw(using: &stream)
  }

  static func poolOfSite(_ problem: ArrangementProblem) -> [Int] {
    var pool = [Int](repeating: 0, count: problem.activeSites.count)
    for (index, members) in problem.pools.enumerated() {
      for site in members.sites { pool[site] = index }
    }
    return pool
  }
}

/// The orbits of sites under several permutations together.
func orbits(of permutations: [ArraySlice<UInt16>]) -> [[Int]] {
  let n = permutations.first?.count ?? 0
  var orbitOfSite = [Int](repeating: -1, count: n)
  var orbits: [[Int]] = []
  for start in 0..<n where orbitOfSite[start] < 0 {
    orbitOfSite[start] = orbits.count
    var members = [start]
    var next = 0
    while next < members.count {
      for permutation in permutations {
        let image = Int(permutation[permutation.startIndex + members[next]])
        if orbitOfSite[image] < 0 {
          orbitOfSite[image] = orbits.count
          members.append(image)
        }
      }
      next += 1
    }
    orbits.append(members)
  }
  return orbits
}
