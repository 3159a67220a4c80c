/// How many of each species are still to be placed while positions are filled in order.
///
/// A value that walks share as a starting point; the walk itself keeps ``left`` up to date.
public struct FillingCounts: Sendable {
  /// Number of species, m.
  public let speciesCount: Int

  /// The pool of each position.
  public let poolOfPosition: [Int]

  /// For each position a bit mask of the species that may sit on it.
  public let allowed: [UInt32]

  /// Numbers left, pool by pool, species by species.
  public var left: [Int]

  /// For each position and species: how many positions of the same pool from here on allow it.
  public let open: [Int]

  /// The counts of a problem with its sites in the order of a group.
  public init(_ problem: ArrangementProblem, _ group: OrderedGroup) {
    let (n, m) = (problem.activeSites.count, problem.species.count)
    speciesCount = m
    var pool = [Int](repeating: 0, count: n)
    for (index, members) in problem.pools.enumerated() {
      for site in members.sites { pool[site] = index }
    }
    poolOfPosition = group.siteAtPosition.map { pool[$0] }
    allowed = group.siteAtPosition.map { problem.allowed[$0] }
    left = problem.pools.flatMap(\.counts)
    var open = [Int](repeating: 0, count: n * m)
    var later = [Int](repeating: 0, count: problem.pools.count * m)
    for p in (0..<n).reversed() {
      for s in 0..<m {
        if allowed[p] >> UInt32(s) & 1 == 1 { later[poolOfPosition[p] * m + s] += 1 }
        open[p * m + s] = later[poolOfPosition[p] * m + s]
      }
    }
    self.open = open
  }

  /// Whether a species may come to a position: some are left, it is allowed, and the positions that
  /// follow can still take the rest of every species.
  @inline(__always)
  public func canPlace(_ species: Int, at position: Int) -> Bool {
    let base = poolOfPosition[position] &* speciesCount
    guard left[base &+ species] > 0, allowed[position] >> UInt32(species) & 1 == 1 else {
      return false
    }
    let row = position &* speciesCount
    for s in 0..<speciesCount where s != species {
      // A position that allows s but takes another species is lost for s.
      let rest = open[row &+ s] &- Int(allowed[position] >> UInt32(s) & 1)
      if left[base &+ s] > rest { return false }
    }
    return true
  }

  /// Takes one of a species for a position.
  @inline(__always)
  public mutating func take(_ species: Int, at position: Int) {
    left[poolOfPosition[position] &* speciesCount &+ species] &-= 1
  }

  /// Gives it back.
  @inline(__always)
  public mutating func giveBack(_ species: Int, at position: Int) {
    left[poolOfPosition[position] &* speciesCount &+ species] &+= 1
  }
}
