import Arrangement
import CellgenTestSupport
import Crystal
import Energetics
import Foundation
import Search
import Testing

func boltzmannFactor(_ energy: Double, _ temperature: Double) -> Double {
  exp(-energy / (Constants.boltzmann * temperature))
}

/// Runs rounds; nil for all that are left.
func run(
  _ tempering: ParallelTempering, from start: ParallelTempering.State? = nil, rounds: Int? = nil,
  threads: Int = 2
) async -> ParallelTempering.State {
  var state = start ?? tempering.start()
  for _ in 0..<(rounds ?? (tempering.totalRounds - state.round)) {
    state = await tempering.next(after: state, threads: threads)
  }
  return state
}

@Suite struct ParallelTemperingTests {
  private func parameters(
    _ equilibration: Int, _ measurement: Int, sweeps: Int = 4
  ) -> ParallelTempering.Parameters {
    var parameters = ParallelTempering.Parameters()
    parameters.sweepsPerRound = sweeps
    parameters.equilibrationRounds = equilibration
    parameters.measurementRounds = measurement
    return parameters
  }

  /// Whether an estimate agrees with an exact value within five of its errors, and says something.
  ///
  /// `rare` is what arrangements contribute that are too rare to be met in the run.
  private func expect(
    _ estimate: Estimate?, _ exact: Double, resolution: Double, rare: Double = 0, _ what: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let estimate = try #require(estimate, "\(what)", sourceLocation: sourceLocation)
    let error = try #require(estimate.error, "\(what)", sourceLocation: sourceLocation)
    #expect(estimate.isConverged, "\(what)", sourceLocation: sourceLocation)
    #expect(
      abs(estimate.mean - exact) <= 5 * error + rare + 1e-9,
      "\(what): \(estimate.mean) ± \(error), exact \(exact)", sourceLocation: sourceLocation)
    #expect(error < resolution, "\(what): error \(error)", sourceLocation: sourceLocation)
  }

  /// Compares everything that is averaged with exact sums.
  private func expectExact(
    _ tempering: ParallelTempering, _ state: ParallelTempering.State, _ exact: ExactEnsemble
  ) throws {
    let problem = exact.space.problem
    let order = try #require(tempering.order)
    let labels = problem.activeLabels
    for average in tempering.averages(state) {
      let t = average.temperature
      let unseen = 5 / Double(average.measurements)
      let energy = exact.mean(t) { exact.energies[$0] }
      let spread = exact.mean(t) { k in (exact.energies[k] - energy) * (exact.energies[k] - energy)
      }
      .squareRoot()
      try expect(average.energy, energy, resolution: 0.1 * spread, "energy at \(t) K")
      try expect(
        average.grandEnergy, exact.mean(t) { exact.grandEnergies[$0] }, resolution: 0.1 * spread,
        "grand energy at \(t) K")
      let heatCapacity = exact.heatCapacity(t)
      try expect(
        average.heatCapacity, heatCapacity, resolution: 0.2 * heatCapacity,
        "heat capacity at \(t) K")
      let atoms = Double(problem.fixedSpecies.compactMap { $0 }.count)
      let meanAtoms = exact.mean(t) { k in
        atoms + Double(exact.arrangements[k].count { !problem.species[Int($0)].isVacancy })
      }
      try expect(
        average.energyPerAtom, energy / meanAtoms, resolution: 1, "energy per atom at \(t) K")
      for occupancy in average.occupancies {
        let sites = labels.indices.filter { labels[$0] == occupancy.label }
        let fraction = exact.mean(t) { k in
          Double(
            sites.count { problem.species[Int(exact.arrangements[k][$0])] == occupancy.species })
            / Double(sites.count)
        }
        try expect(
          occupancy.fraction, fraction, resolution: 0.03, rare: unseen,
          "\(occupancy.species) on \(occupancy.label) at \(t) K")
      }
      for occupancy in average.elementOccupancies {
        let sum = average.occupancies.filter {
          $0.label == occupancy.label && $0.species.element == occupancy.species.element
        }.reduce(0) { $0 + $1.fraction.mean }
        #expect(abs(occupancy.fraction.mean - sum) < 1e-12)
      }
      // α = 1 - ⟨P⟩/(⟨c⟩⟨c⟩), with P counted afresh for every arrangement.
      for (term, measured) in zip(order.terms, average.shortRangeOrder) {
        let shell = order.table.shells[term.shell]
        let m = problem.species.count
        let compositions = exact.arrangements.map { order.compositions(of: $0) }
        let counts = exact.arrangements.map {
          PairCounts(table: order.table, speciesCount: m, arrangement: $0)
        }
        let fraction = exact.mean(t) { counts[$0].fraction(term.shell, term.first, term.second) }
        let first = exact.mean(t) { compositions[$0][shell.first * m + term.first] }
        let second = exact.mean(t) { compositions[$0][shell.second * m + term.second] }
        if first * second == 0 {
          #expect(measured.alpha == nil)
        } else if first * second > 0.01 {
          try expect(
            measured.alpha, 1 - fraction / (first * second), resolution: 0.5,
            rare: unseen / (first * second),
            "order of \(measured.first) and \(measured.second) in shell \(term.shell) at \(t) K")
        }
      }
    }
  }

  @Test(
    "canonical averages are those of the sum over all arrangements", arguments: [1, 2] as [UInt64])
  func canonical(seed: UInt64) async throws {
    let space = try SmallCell.mixed().space()
    let exact = ExactEnsemble(space)
    #expect(exact.arrangements.count == 420)  // 8!/(2! 2! 4!)
    let tempering = try ParallelTempering(
      Ensemble(space), temperatures: [30000, 50000, 100_000],
      parameters: parameters(200, 8000), seed: seed,
      shells: ShellTable(space.problem, shellCount: 2))
    let state = await run(tempering)
    try expectExact(tempering, state, exact)
    #expect(state.history.accepted.allSatisfy { $0 > 100 })
    #expect(state.history.roundTrips.reduce(0, +) > 10)
    // The lowest arrangements are all found; without symmetry there are as many as arrangements.
    let lowest = exact.energies.sorted().prefix(3)
    for (entry, energy) in zip(state.collection.entries, lowest) {
      #expect(abs(entry.energy - energy) < 1e-8)
    }
  }

  @Test("one temperature is the plain Metropolis method")
  func metropolis() async throws {
    let space = try SmallCell.mixed().space()
    let tempering = try ParallelTempering(
      Ensemble(space), temperatures: [30000], parameters: parameters(100, 8000), seed: 3,
      shells: ShellTable(space.problem, shellCount: 1, grouping: .pools))
    let state = await run(tempering)
    try expectExact(tempering, state, ExactEnsemble(space))
    #expect(state.history.attempted.isEmpty)
    #expect(tempering.averages(state)[0].exchangeRate == nil)
  }

  @Test("averages over compositions are those of the grand-canonical sum")
  func redox() async throws {
    let space = try SmallCell.redox().space()
    let mg = try element("Mg")
    let all = ExactEnsemble(space, chemicalPotentials: [mg: 0])
    // x Mg need 2 (x - 1) Mn3+: 4 × 1 + 6 × 6 + 4 × 1 arrangements.
    #expect(all.arrangements.count == 44)
    // Chosen so that the lowest of the smallest and the largest x are equally probable.
    func lowest(_ x: Int) -> Double {
      let atoms = all.arrangements.indices.filter { k in
        all.arrangements[k].count { space.problem.species[Int($0)].element == mg } == x
      }
      return atoms.map { all.energies[$0] }.min() ?? 0
    }
    let mu = (lowest(3) - lowest(1)) / 2
    let exact = ExactEnsemble(space, chemicalPotentials: [mg: mu])
    let ensemble = try Ensemble(space, chemicalPotentials: [mg: mu])
    #expect(
      ensemble.moves?.moves.map(\.description) == ["Va→Mg2+ on A, 2 × Mn4+→Mn3+ on B"])
    let tempering = try ParallelTempering(
      ensemble, temperatures: [20000, 40000, 90000], parameters: parameters(200, 8000), seed: 5,
      shells: ShellTable(space.problem, shellCount: 1))
    let state = await run(tempering)
    try expectExact(tempering, state, exact)
    let rates = tempering.averages(state).map(\.insertionAcceptance)
    #expect(rates.allSatisfy { ($0 ?? 0) > 0.001 })
  }

  @Test("with several reservoirs and classes of sites too")
  func reservoirs() async throws {
    let space = try SmallCell.exchange().space()
    let mu = try [element("Li"): -3.0, element("Mg"): -9.0]
    let exact = ExactEnsemble(space, chemicalPotentials: mu)
    let numbers = Set(
      exact.arrangements.map { a in
        a.count { space.problem.species[Int($0)].element.symbol == "Li" }
      })
    #expect(numbers == [0, 2, 4])
    let tempering = try ParallelTempering(
      Ensemble(space, chemicalPotentials: mu), temperatures: [15000, 30000, 80000],
      parameters: parameters(200, 10000), seed: 6,
      shells: ShellTable(space.problem, shellCount: 1, grouping: .pools))
    try expectExact(tempering, await run(tempering), exact)
  }
}
