internal import Arrangement
internal import Crystal
internal import Energetics

/// The active sites of a supercell modulo a subgroup of its translations: one site per orbit.
///
/// Arrangements that repeat under the subgroup are arrangements of the repeat unit, with a folded
/// interaction table and numbers divided by the order of the subgroup. Searching them costs as little
/// as searching a small cell, and every solution is one of the supercell. The trivial subgroup gives
/// the supercell itself.
struct RepeatUnit: Sendable {
  /// Orbit of each active site of the supercell.
  let orbitOfSite: [Int]

  /// One active site of each orbit.
  let representatives: [Int]

  /// Order of the subgroup: copies of the unit in the supercell.
  let order: Int

  /// Energies per unit.
  let table: InteractionTable

  /// Orbits that exchange their species, by pool of the problem.
  let pools: [[Int]]

  /// The same for the inner loops.
  let rules: ExchangeRules

  /// Orbits of the active sites under a subgroup of the translations.
  struct Orbits: Sendable {
    /// Orbit of each active site of the supercell.
    var orbitOfSite: [Int] = []
    /// The first site of each orbit.
    var representatives: [Int] = []

    /// The orbits under the subgroup that some permutations generate; all orbits have one size.
    init(of generators: [[Int]], siteCount n: Int) {
      orbitOfSite = [Int](repeating: -1, count: n)
      for i in 0..<n where orbitOfSite[i] < 0 {
        var members = [i]
        orbitOfSite[i] = representatives.count
        while let site = members.popLast() {
          for generator in generators where orbitOfSite[generator[site]] < 0 {
            orbitOfSite[generator[site]] = representatives.count
            members.append(generator[site])
          }
        }
        representatives.append(i)
      }
    }

    /// Sites per orbit.
    var order: Int { orbitOfSite.count / max(1, representatives.count) }
  }

  /// The repeat unit of a problem with given orbits.
  init(_ space: SearchSpace, _ orbits: Orbits) {
    let orbitOfSite = orbits.orbitOfSite
    representatives = orbits.representatives
    order = orbits.order
    self.orbitOfSite = orbitOfSite
    let isWhole = order == 1
    table = isWhole ? space.table : space.table.folded(orbitOfSite: orbitOfSite, order: order)
    pools = space.problem.pools.map { pool in
      isWhole ? pool.sites : Array(Set(pool.sites.map { orbitOfSite[$0] })).sorted()
    }
    // Near sites of the supercell are near in the unit, unless they are copies of one another.
    let nearPairs = space.rules.nearPairs.map { pair in
      ExchangeRules.Pair(
        Int32(orbitOfSite[Int(pair.first)]), Int32(orbitOfSite[Int(pair.second)]))
    }
    rules =
      isWhole
      ? space.rules
      : ExchangeRules(
        pools: pools.map { $0.map(Int32.init) },
        allowed: representatives.map { space.problem.allowed[$0] },
        nearPairs: nearPairs.filter { $0.first != $0.second })
  }

  /// What the arrangement puts on the orbits.
  func folded(_ arrangement: [UInt8]) -> [UInt8] { representatives.map { arrangement[$0] } }

  /// The arrangement of the supercell that repeats one of the unit.
  func unfolded(_ arrangement: [UInt8]) -> [UInt8] { orbitOfSite.map { arrangement[$0] } }
}
