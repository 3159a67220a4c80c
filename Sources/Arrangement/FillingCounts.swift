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

  /// For each pool the sets of species that may run out of positions although each of them does not.
  private let contested: [[SpeciesSet]]

  /// Several species that some positions of their pool do not allow.
  private struct SpeciesSet: Sendable {
    /// Bit mask.
    var species: UInt32
    /// For each position how many of the pool from here on allow any of them.
    var open: [Int]
  }

  /// Species of a pool up to which all their sets are looked at; beyond, some dead ends are noticed late.
  private static let setLimit = 8

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
    let (pools, masks) = (poolOfPosition, allowed)
    contested = problem.pools.enumerated().map { index, pool in
      let present = pool.counts.indices.filter { pool.counts[$0] > 0 }
      let positions = (0..<n).filter { pools[$0] == index }
      guard present.count > 2, present.count <= FillingCounts.setLimit,
        Set(positions.map { masks[$0] }).count > 1
      else { return [] }
      return (1..<(1 << present.count)).compactMap { subset in
        var set: UInt32 = 0
        for (k, s) in present.enumerated() where subset >> k & 1 == 1 { set |= 1 << UInt32(s) }
        // A set that every position serves never runs out.
        guard set.nonzeroBitCount > 1, !positions.allSatisfy({ masks[$0] & set != 0 }) else {
          return nil
        }
        var open = [Int](repeating: 0, count: n)
        var later = 0
        for p in positions.reversed() {
          if masks[p] & set != 0 { later += 1 }
          open[p] = later
        }
        return SpeciesSet(species: set, open: open)
      }
    }
  }

  /// Whether a species may come to a position: some are left, it is allowed, and the positions that
  /// follow can still take all the rest.
  ///
  /// That is so exactly if every set of species finds as many positions as are left of it (P. Hall, J.
  /// London Math. Soc. 10, 26, 1935).
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
    let sets = contested[poolOfPosition[position]]
    return sets.isEmpty || canServe(sets, species, position)
  }

  private func canServe(_ sets: [SpeciesSet], _ species: Int, _ position: Int) -> Bool {
    let base = poolOfPosition[position] * speciesCount
    return sets.allSatisfy { set in
      var rest = set.open[position] - (allowed[position] & set.species != 0 ? 1 : 0)
      if set.species >> UInt32(species) & 1 == 1 { rest += 1 }
      for s in 0..<speciesCount where set.species >> UInt32(s) & 1 == 1 { rest -= left[base + s] }
      return rest >= 0
    }
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
