internal import Arrangement
internal import Crystal
internal import Energetics

/// Starts a search from arrangements that repeat within the supercell.
///
/// Low energies mostly belong to ordered arrangements with a small repeat unit, which a random start
/// in a large supercell does not find. A random subgroup of the translations is drawn, its
/// ``RepeatUnit`` is annealed, and the solution is unfolded. Numbers that the subgroup does not divide
/// are rounded in the unit and made up at random sites afterwards.
struct PeriodicSeed: Sendable {
  /// Proposals per site of the repeat unit and attempt.
  var proposalsPerSite = 2000

  /// Proposals per attempt at most.
  var proposalLimit = 250_000

  /// Units that are tried; the one with the lowest energy is unfolded.
  var attempts = 10

  /// Proposals per site of the whole problem after numbers were made up at random sites.
  var repairProposalsPerSite = 100

  /// kT at the start and the end, in units of the exchange scale.
  var start = 0.05

  /// See ``start``.
  var end = 0.004

  /// - Returns: An arrangement with the numbers of every pool.
  func callAsFunction(in space: SearchSpace, using stream: inout RandomStream) -> [UInt8] {
    var best: (energy: Double, arrangement: [UInt8])?
    for _ in 0..<attempts {
      let unit = randomUnit(in: space, using: &stream)
      let small = randomArrangement(unit, space, using: &stream)
      var state = LatticeState(table: unit.table, arrangement: small.arrangement)
      state.metropolis(
        proposals: min(proposalsPerSite * state.arrangement.count, proposalLimit), start: start * space.exchangeScale,
        end: end * space.exchangeScale, rules: unit.rules, using: &stream)
      var candidate = (
        energy: state.energy * Double(unit.order), arrangement: unit.unfolded(state.arrangement)
      )
      if !small.isExact { candidate = repaired(candidate.arrangement, in: space, using: &stream) }
      if candidate.energy < best?.energy ?? .infinity { best = candidate }
    }
    return best?.arrangement ?? space.problem.randomArrangement(using: &stream)
  }

  /// The repeat unit of a random subgroup, preferably one that divides all numbers.
  private func randomUnit(in space: SearchSpace, using stream: inout RandomStream) -> RepeatUnit {
    let translations = space.symmetry.activeTranslations
    var orbits = RepeatUnit.Orbits(of: [], siteCount: space.problem.activeSites.count)
    for _ in 0..<12 {
      let generators = (0...stream.integer(below: 3)).map { _ in
        translations[stream.integer(below: translations.count)]
      }
      orbits = RepeatUnit.Orbits(of: generators, siteCount: space.problem.activeSites.count)
      let divides = space.problem.pools.allSatisfy { pool in
        pool.counts.allSatisfy { $0.isMultiple(of: orbits.order) }
      }
      if divides && orbits.order > 1 { break }
    }
    return RepeatUnit(space, orbits)
  }

  /// A random arrangement of a repeat unit with numbers as near as possible to the problem's.
  private func randomArrangement(
    _ unit: RepeatUnit, _ space: SearchSpace, using stream: inout RandomStream
  ) -> (arrangement: [UInt8], isExact: Bool) {
    // A random arrangement of the supercell respects what each site allows; its species are then
    // exchanged for what rounding demands.
    var arrangement = unit.folded(space.problem.randomArrangement(using: &stream))
    var isExact = true
    for (pool, sites) in zip(space.problem.pools, unit.pools) {
      var counts = pool.counts.map { $0 / unit.order }
      var rests = pool.counts.indices.flatMap {
        [Int](repeating: $0, count: pool.counts[$0] % unit.order)
      }
      if !rests.isEmpty { isExact = false }
      stream.shuffle(&rests)
      for species in rests.prefix(sites.count - counts.reduce(0, +)) { counts[species] += 1 }
      if !repairNumbers(&arrangement, sites, counts, unit.rules.allowed, using: &stream) {
        isExact = false
      }
    }
    return (arrangement, isExact)
  }

  /// The arrangement with the numbers of every pool, after a short anneal that starts cool.
  private func repaired(
    _ arrangement: [UInt8], in space: SearchSpace, using stream: inout RandomStream
  ) -> (energy: Double, arrangement: [UInt8]) {
    var arrangement = arrangement
    for pool in space.problem.pools {
      let isRepaired = repairNumbers(
        &arrangement, pool.sites, pool.counts, space.problem.allowed, using: &stream)
      // What the labels allow can leave numbers that no single change mends.
      if !isRepaired { arrangement = space.problem.randomArrangement(using: &stream) }
    }
    var state = LatticeState(table: space.table, arrangement: arrangement)
    state.metropolis(
      proposals: repairProposalsPerSite * arrangement.count, start: start * space.exchangeScale,
      end: end * space.exchangeScale, rules: space.rules, using: &stream)
    return (state.energy, state.arrangement)
  }

  /// Changes species at random sites of a pool until it has its numbers.
  ///
  /// - Returns: Whether that was possible by single changes.
  private func repairNumbers(
    _ arrangement: inout [UInt8], _ sites: [Int], _ counts: [Int], _ allowed: [UInt32],
    using stream: inout RandomStream
  ) -> Bool {
    var excess = counts.map { -$0 }
    for site in sites { excess[Int(arrangement[site])] += 1 }
    var order = sites
    stream.shuffle(&order)
    for site in order where excess[Int(arrangement[site])] > 0 {
      let options = excess.indices.filter {
        excess[$0] < 0 && allowed[site] >> UInt32($0) & 1 == 1
      }
      guard !options.isEmpty else { continue }
      let choice = options[stream.integer(below: options.count)]
      excess[Int(arrangement[site])] -= 1
      excess[choice] += 1
      arrangement[site] = UInt8(choice)
    }
    return excess.allSatisfy { $0 == 0 }
  }
}
