internal import Arrangement
internal import Crystal
internal import Energetics

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Starts a search from arrangements that repeat within the supercell.
///
/// Low energies mostly belong to ordered arrangements with a small repeat unit, which a random start
/// in a large supercell does not find. Random subgroups of the translations are drawn, their
/// ``RepeatUnit``s are annealed, and the solution of the lowest energy is unfolded. Numbers that a
/// subgroup does not divide are rounded in the unit and made up at random sites afterwards. An anneal
/// of the whole problem that starts below the melting of the order lets go of the repetition where
/// that pays.
struct PeriodicSeed: Sendable {
  /// Proposals per site of the whole problem, for all anneals of repeat units together.
  var budget = 2500

  /// Proposals per site of a repeat unit, drawn with equal weight on each decade: many fast anneals
  /// find small units, few slow ones large units.
  var proposalsPerSite = 1000.0...8000.0

  /// What a unit costs at least, in proposals per site of the whole problem: it has to be folded.
  var overhead = 50

  /// Proposals per site of the whole problem after numbers were made up at random sites.
  var repairProposalsPerSite = 100

  /// Proposals per site of the whole problem at the end.
  var finalProposalsPerSite = 200

  /// kT at the end and the start of the anneals of units, in units of the exchange scale: order
  /// forms at 0.01 to 0.03, and isovalent species find their places below.
  var temperatures = 0.004...0.03

  /// The same for the whole problem, where order is to be kept.
  var coolTemperatures = 0.002...0.008

  /// - Returns: An arrangement with the numbers of every pool.
  func callAsFunction(in space: SearchSpace, using stream: inout RandomStream) -> [UInt8] {
    let n = space.problem.activeSites.count
    var best: (energy: Double, arrangement: [UInt8])?
    var left = budget * n
    while left > 0 {
      let unit = randomUnit(in: space, using: &stream)
      let small = randomArrangement(unit, space, using: &stream)
      let range = proposalsPerSite
      let perSite = range.lowerBound * pow(range.upperBound / range.lowerBound, stream.uniform())
      let proposals = min(left, Int(perSite) * small.arrangement.count)
      left -= max(proposals, overhead * n)
      var state = LatticeState(table: unit.table, arrangement: small.arrangement)
      anneal(&state, proposals, temperatures, unit.rules, space, using: &stream)
      var candidate = (
        energy: state.energy * Double(unit.order), arrangement: unit.unfolded(state.arrangement)
      )
      if !small.isExact {
        left -= repairProposalsPerSite * n
        candidate = repaired(candidate.arrangement, in: space, using: &stream)
      }
      if candidate.energy < best?.energy ?? .infinity { best = candidate }
    }
    guard let best else { return space.problem.randomArrangement(using: &stream) }
    var state = LatticeState(table: space.table, arrangement: best.arrangement)
    state.descend(space.rules)
    let quenched = (energy: state.energy, arrangement: state.arrangement)
    anneal(
      &state, finalProposalsPerSite * n, coolTemperatures, space.rules, space, using: &stream)
    return state.energy < quenched.energy ? state.arrangement : quenched.arrangement
  }

  /// Lowers the temperature through a range given in exchange scales, and descends.
  private func anneal(
    _ state: inout LatticeState, _ proposals: Int, _ range: ClosedRange<Double>,
    _ rules: ExchangeRules, _ space: SearchSpace, using stream: inout RandomStream
  ) {
    state.metropolis(
      proposals: proposals, start: range.upperBound * space.exchangeScale,
      end: range.lowerBound * space.exchangeScale, rules: rules, using: &stream)
    state.descend(rules)
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
    anneal(
      &state, repairProposalsPerSite * arrangement.count, coolTemperatures, space.rules, space,
      using: &stream)
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
