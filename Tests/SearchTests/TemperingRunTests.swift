import Arrangement
import CellgenTestSupport
import Crystal
import Energetics
import Foundation
import Testing

@testable import Search

/// How runs behave: optima, interruptions, threads, temperatures and what is refused.
@Suite struct TemperingRunTests {
  /// Mg2+ on half of 8a, Mn3.5+, O2-, electrostatics only.
  private func halfFilled(_ supercell: String) throws -> SearchSpace {
    let cell = try SupercellMatrix(parsing: supercell)
    return try SearchSpace(
      ArrangementProblem(
        ProblemSpecification(
          parent: spinel(),
          allowed: spinelAllowed(["8a": ["Mg", "Va"], "16c": ["Va"], "16d": ["Mn"]]),
          supercell: cell,
          counts: [.init(label: "8a", counts: [element("Mg"): 4 * cell.cellCount])])),
      potentials: nil)
  }

  private func tempering(
    _ space: SearchSpace, seed: UInt64, equilibration: Int = 20, measurement: Int = 30,
    chemicalPotentials: [Element: Double] = [:], temperatures: [Double] = [15000, 30000, 70000],
    shells: ShellTable? = nil
  ) throws -> ParallelTempering {
    var parameters = ParallelTempering.Parameters()
    parameters.sweepsPerRound = 5
    parameters.equilibrationRounds = equilibration
    parameters.measurementRounds = measurement
    parameters.collectionPeriod = 5
    return try ParallelTempering(
      Ensemble(space, chemicalPotentials: chemicalPotentials), temperatures: temperatures,
      parameters: parameters, seed: seed, shells: shells)
  }

  // Mg0.5Mn2O4 from all 70 arrangements of the conventional cell.
  @Test("the optimum of the half-filled spinel is found", arguments: [1, 2, 3] as [UInt64])
  func optimum(seed: UInt64) async throws {
    let space = try halfFilled("1x1x1")
    let ladder = try await TemperatureLadder(Ensemble(space), threads: 2)
    let state = await run(
      try tempering(
        space, seed: seed, measurement: 80, temperatures: ladder.temperatures + [150_000]))
    let best = try #require(state.collection.entries.first)
    #expect(abs(best.energy + 1931.742605) < 1e-5)
    // All 70 arrangements, each in one entry.
    let distinct = Set(
      (0..<256).filter { $0.nonzeroBitCount == 4 }.map { mask in
        space.symmetry.canonicalForm((0..<8).map { UInt8(mask >> $0 & 1 == 1 ? 0 : 1) }).key
      })
    #expect(state.collection.entries.count == distinct.count)
    #expect(state.collection.entries.reduce(0) { $0 + $1.degeneracy } == 70)
  }

  @Test("in the supercell with 64 sites too, and not above eight times the cell's")
  func largeOptimum() async throws {
    let space = try halfFilled("2x2x2")
    let ensemble = try Ensemble(space)
    let ladder = try await TemperatureLadder(ensemble, threads: 2)
    let first = await TemperingRunTests.ladderAgain(ensemble)
    #expect(first == ladder)
    var parameters = ParallelTempering.Parameters()
    parameters.equilibrationRounds = 100
    parameters.measurementRounds = 400
    let tempering = try ParallelTempering(
      ensemble, temperatures: ladder.temperatures, parameters: parameters, seed: 1)
    let state = await run(tempering)
    let best = try #require(state.collection.entries.first)
    #expect(best.energy < -15453.9408 + 1e-3)
    for entry in state.collection.entries {
      #expect(space.problem.isValid(entry.arrangement))
      #expect(entry.energy == space.energy(entry.arrangement))
    }
    // Neighbours overlap, and nothing is stuck at the top.
    let averages = tempering.averages(state)
    let rates = averages.dropLast().compactMap(\.exchangeRate)
    #expect(rates.allSatisfy { $0 > 0.05 })
    #expect(rates.reduce(0, +) / Double(rates.count) > 0.2)
    #expect((averages.last?.acceptance ?? 0) > 0.05)
    #expect(
      zip(averages, averages.dropFirst()).allSatisfy { $0.energy.mean < $1.energy.mean + 0.1 })
  }

  private static func ladderAgain(_ ensemble: Ensemble) async -> TemperatureLadder? {
    try? await TemperatureLadder(ensemble, threads: 1)
  }

  /// The canonical and the semi-grand sample.
  private func samples() throws -> [ParallelTempering] {
    let redox = try SmallCell.redox().space()
    let mixed = try SmallCell.mixed().space()
    return [
      try tempering(mixed, seed: 7, shells: ShellTable(mixed.problem, shellCount: 2)),
      try tempering(redox, seed: 8, chemicalPotentials: [element("Mg"): -20]),
    ]
  }

  @Test("a run that goes on from a stored state is the unbroken run", arguments: [3, 20, 33])
  func resume(rounds: Int) async throws {
    for tempering in try samples() {
      let whole = await run(tempering)
      let half = await run(tempering, rounds: rounds)
      let stored = try JSONDecoder().decode(
        ParallelTempering.State.self, from: JSONEncoder().encode(half))
      #expect(stored == half)
      try tempering.check(stored)
      let rest = await run(tempering, from: stored)
      #expect(rest == whole)
      #expect(rest.round == tempering.totalRounds)
    }
  }

  @Test("one, two and five threads give the same states")
  func threads() async throws {
    for tempering in try samples() {
      let one = await run(tempering, threads: 1)
      #expect(await run(tempering, threads: 2) == one)
      #expect(await run(tempering, threads: 5) == one)
    }
  }

  @Test("other seeds give other runs, and the order of the temperatures does not matter")
  func seeds() async throws {
    let space = try SmallCell.mixed().space()
    let first = await run(try tempering(space, seed: 1))
    #expect(await run(try tempering(space, seed: 2)).replicas != first.replicas)
    let same = try tempering(space, seed: 1, temperatures: [70000, 15000, 30000])
    #expect(await run(same) == first)
  }

  @Test("energies of a state are those of its arrangements", arguments: [5, 40])
  func bookkeeping(rounds: Int) async throws {
    for tempering in try samples() {
      let state = await run(tempering, rounds: rounds)
      let space = tempering.ensemble.space
      for replica in state.replicas {
        #expect(abs(replica.energy - space.energy(replica.arrangement)) < 1e-8)
      }
      #expect(
        Set(state.collection.entries.map(\.arrangement)).count
          == state.collection.entries.count)
      let mobile = space.problem.pools.map(\.sites.count).reduce(0, +)
      let moves = tempering.ensemble.moves == nil ? 1 : 2
      #expect(state.evaluations == rounds * 3 * 5 * mobile * moves)
    }
  }

  @Test("a prescribed range and number of temperatures is kept")
  func limits() async throws {
    let ensemble = try Ensemble(SmallCell.mixed().space())
    let given = try await TemperatureLadder(
      ensemble, limits: .init(lowest: 300, highest: 90000, count: 7), threads: 2)
    #expect(given.temperatures.count == 7)
    #expect(given.temperatures.first == 300 && given.temperatures.last == 90000)
    #expect(zip(given.temperatures, given.temperatures.dropFirst()).allSatisfy { $0 < $1 })
    let one = try await TemperatureLadder(
      ensemble, limits: .init(lowest: 500, highest: 500), threads: 1)
    #expect(one.temperatures == [500])
    let free = try await TemperatureLadder(ensemble, threads: 1)
    #expect(free.temperatures.count > 2)
    // Steps are at most an octave.
    #expect(zip(free.temperatures, free.temperatures.dropFirst()).allSatisfy { $1 / $0 < 2.01 })
  }

  // erfc(½ √(C/k) Δln T) = 0.3: a constant heat capacity makes a geometric ladder.
  @Test("steps of the ladder follow from the heat capacity")
  func steps() {
    #expect(abs(erfc(TemperatureLadder.stepScale / 2) - 0.3) < 1e-4)
    func ladder(_ heatCapacity: (Double) -> Double, _ limits: TemperatureLadder.Limits) -> [Double]
    {
      let trials = (0..<30).map { k in
        let temperature = 20000 * exp2(-Double(k) / 4)
        return TemperatureLadder.Trial(
          temperature: temperature, acceptance: 0.5 * temperature / 20000, energy: 0,
          heatCapacity: heatCapacity(temperature) * Constants.boltzmann)
      }
      var notes: [String] = []
      let result = TemperatureLadder.choose(trials, limits, floor: 0, &notes)
      #expect(notes.isEmpty == (result.count < TemperatureLadder.largestCount))
      return result
    }
    let even = ladder({ _ in 100 }, .init(lowest: 1000, highest: 10000))
    #expect(even.count == Int((log(10) / 0.14657).rounded(.up)) + 1)
    for (a, b) in zip(even, even.dropFirst()) {
      #expect(abs(log(b / a) - log(10) / Double(even.count - 1)) < 1e-3)
    }
    // Without heat capacity an octave a step; a(T) ≥ 0.4 holds down to 20000 K / 2^(1/4).
    let sparse = ladder({ _ in 0 }, .init(lowest: 1000))
    #expect(sparse.count == 6 && abs((sparse.last ?? 0) - 20000 * exp2(-0.25)) < 1e-6)
    // Where the heat capacity is higher the steps are smaller.
    let peaked = ladder({ $0 > 3000 && $0 < 5000 ? 400 : 25 }, .init(lowest: 1000, highest: 10000))
    let near = zip(peaked, peaked.dropFirst()).filter { $0.0 > 3400 && $0.1 < 4600 }
    let far = zip(peaked, peaked.dropFirst()).filter { $0.0 > 6500 }
    #expect(near.allSatisfy { log($0.1 / $0.0) < 0.1 } && !near.isEmpty)
    #expect(far.allSatisfy { log($0.1 / $0.0) > 0.25 } && !far.isEmpty)
    #expect(ladder({ _ in 1e6 }, .init()).count == TemperatureLadder.largestCount)
  }

  @Test("a run that is too short says so")
  func warnings() async throws {
    let tempering = try tempering(
      SmallCell.mixed().space(), seed: 1, equilibration: 0, measurement: 3,
      temperatures: [300, 90000])
    #expect(!tempering.isFinished(tempering.start()))
    let state = await run(tempering)
    #expect(tempering.isFinished(state))
    let warnings = tempering.warnings(state)
    #expect(
      warnings.contains { $0.hasPrefix("at 90000.0 K the run is too short for the errors of") })
    #expect(warnings.contains { $0.hasPrefix("only 0.0 % of the exchanges between 300.0 K and") })
    #expect(warnings.contains { $0.hasPrefix("no replica has gone") })
  }

  @Test("a damaged state is refused, not a trap")
  func damaged() async throws {
    let tempering = try samples()[0]
    let data = try JSONEncoder().encode(await run(tempering, rounds: 30))
    let text = try #require(String(data: data, encoding: .utf8))
    let damages = [
      ("\"replicaAt\":[", "\"replicaAt\":[7,"), ("\"open\":\"", "\"open\":\"-----------"),
      ("\"squares\":\"", "\"squares\":\"-----------"), ("\"sums\":\"", "\"sums\":\"-----------"),
      ("\"arrangement\":[", "\"arrangement\":[200,"), ("\"roundTrips\":[", "\"roundTrips\":[0,"),
      ("\"blockLength\":", "\"blockLength\":-"), ("\"attempted\":[", "\"attempted\":[0,"),
    ]
    for (whole, broken) in damages {
      #expect(text.contains(whole))
      let damaged = try JSONDecoder().decode(
        ParallelTempering.State.self,
        from: Data(text.replacingOccurrences(of: whole, with: broken).utf8))
      #expect(throws: InputError.self, "\(whole)") { try tempering.check(damaged) }
    }
  }

  private func message(_ body: () async throws -> Void) async -> String {
    do {
      try await body()
      return ""
    } catch { return "\(error)" }
  }

  @Test("what makes no sense is refused")
  func refused() async throws {
    let space = try SmallCell.mixed().space()
    let ensemble = try Ensemble(space)
    func refusal(_ temperatures: [Double], sweeps: Int = 1) async -> String {
      await message {
        var parameters = ParallelTempering.Parameters()
        parameters.sweepsPerRound = sweeps
        _ = try ParallelTempering(
          ensemble, temperatures: temperatures, parameters: parameters, seed: 1)
      }
    }
    #expect(await refusal([]) == "temperatures: no temperature is given")
    #expect(await refusal([-300]) == "temperatures: -300.0 K, expected 0.001 to 1e7")
    #expect(await refusal([.nan]).contains("nan K, expected"))
    #expect(await refusal([300, 300]) == "temperatures: 300.0 K is given twice")
    #expect(
      await refusal([300], sweeps: 0) == "sweeps per round: 0, expected 1 to 1000000000")
    #expect(
      await message {
        _ = try await TemperatureLadder(
          ensemble, limits: .init(lowest: 900, highest: 300, count: 0), threads: 1)
      }
        == "the lowest temperature 900.0 K is above the highest, 300.0 K\n"
        + "0 temperatures, expected 1 to 1000")
    let single = try SearchSpace(
      ArrangementProblem(
        ProblemSpecification(
          parent: spinel(),
          allowed: spinelAllowed(["8a": ["Mg", "Va"], "16c": ["Va"], "16d": ["Mn"]]),
          counts: [.init(label: "8a", counts: [element("Mg"): 8])])), potentials: nil)
    #expect(await message { _ = try Ensemble(single) }.contains("there is a single arrangement"))
    let other = try tempering(space, seed: 1, temperatures: [15000])
    #expect(
      await message { try other.check(tempering(space, seed: 1).start()) }.contains(
        "the state has 3 temperatures, this run 1"))
    let redox = try tempering(SmallCell.redox().space(), seed: 1)
    #expect(
      await message { try redox.check(tempering(space, seed: 1).start()) }.contains(
        "not of this problem"))
  }
}
