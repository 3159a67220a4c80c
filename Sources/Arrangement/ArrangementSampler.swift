internal import BigInt
internal import Symmetry

/// Draws distinct arrangements, every one equally likely, without listing them.
///
/// A permutation is drawn with a probability proportional to the number of arrangements that it leaves
/// unchanged, then one of these: J. D. Dixon and H. S. Wilf, J. Algorithms 4, 205 (1983).
public struct ArrangementSampler: Sendable {
  private let count: ArrangementCount
  private let poolOfSite: [Int]
  /// Arrangements that each class of permutations leaves unchanged, times its size.
  private let weights: [BigUInt]
  private let total: BigUInt
  /// Ways to colour the cycles of the classes that were drawn, pool by pool.
  private var colourings: [Int: [ColouringCount]] = [:]

  /// Prepares the draws; counts once.
  public init(_ count: ArrangementCount) {
    self.count = count
    poolOfSite = ArrangementCount.poolOfSite(count.problem)
    weights = count.classes.map { BigUInt($0.members.count) * count.unchanged($0.type) }
    total = weights.reduce(0, +)
  }

  /// The next arrangement.
  ///
  /// - Returns: An arrangement in no special form; its class of symmetry copies is what is uniform.
  public mutating func draw(using stream: inout some RandomNumberGenerator) -> [UInt8] {
    var draw = BigUInt.randomInteger(lessThan: max(1, total), using: &stream)
    var chosen = 0
    while chosen < weights.count - 1, draw >= weights[chosen] {
      draw -= weights[chosen]
      chosen += 1
    }
    let (type, members) = (count.classes[chosen].type, count.classes[chosen].members)
    let g = members[Int.random(in: 0..<members.count, using: &stream)]
    let cycles = CycleType.cycles(of: count.permutations.permutation(g))
    let pools = count.problem.pools
    var counters =
      colourings[chosen]
      ?? pools.indices.map { pool in ColouringCount(type.cycles.filter { $0.pool == pool }) }
    var arrangement = [UInt8](repeating: 0, count: count.permutations.width)
    for (index, pool) in pools.enumerated() {
      let colours = counters[index].random(pool.counts, using: &stream)
      for (kind, species) in zip(counters[index].kinds, colours) {
        let members = cycles.filter { cycle in
          poolOfSite[cycle[0]] == index && cycle.count == kind.length
            && cycle.reduce(UInt32.max, { $0 & count.problem.allowed[$1] }) == kind.allowed
        }
        for (cycle, colour) in zip(members, species) {
          for site in cycle { arrangement[site] = colour }
        }
      }
    }
    colourings[chosen] = counters
    return arrangement
  }
}
