import Arrangement
import Crystal
import Energetics
import Search
import Testing

@Suite struct LatticeStateTests {
  @Test(
    "the energy that Metropolis keeps is the energy of the arrangement", arguments: Sample.allCases)
  func bookkeeping(sample: Sample) throws {
    let space = try sample.space()
    var stream = RandomStream(seed: 1, purpose: "bookkeeping test")
    var state = LatticeState(
      table: space.table, arrangement: space.problem.randomArrangement(using: &stream))
    let accepted = state.metropolis(
      proposals: 20_000, start: 0.5 * space.exchangeScale, end: 0.01 * space.exchangeScale,
      rules: space.rules, using: &stream)
    #expect(accepted > 100)
    #expect(space.problem.isValid(state.arrangement))
    #expect(abs(state.energy - space.energy(state.arrangement)) < 1e-6)
  }

  @Test("a difference is that of two full energies", arguments: Sample.allCases)
  func differences(sample: Sample) throws {
    let space = try sample.space()
    var stream = RandomStream(seed: 2, purpose: "difference test")
    let state = LatticeState(
      table: space.table, arrangement: space.problem.randomArrangement(using: &stream))
    for _ in 0..<50 {
      let (i, j) = (
        stream.integer(below: state.arrangement.count),
        stream.integer(below: state.arrangement.count)
      )
      var other = state.arrangement
      other.swapAt(i, j)
      let difference = space.energy(other) - state.energy
      #expect(abs(state.exchangeDifference(i, j) - difference) < 1e-7)
    }
  }

  @Test(
    "after a descent no exchange of two sites lowers the energy",
    arguments: Sample.allCases, [1, 2, 3] as [UInt64])
  func stability(sample: Sample, seed: UInt64) throws {
    let space = try sample.space()
    var stream = RandomStream(seed: seed, purpose: "descent test")
    let start = space.problem.randomArrangement(using: &stream)
    // With and without the knowledge of what is near.
    let plain = ExchangeRules(pools: space.rules.pools, allowed: space.rules.allowed)
    for rules in [space.rules, plain] {
      var state = LatticeState(table: space.table, arrangement: start)
      #expect(state.descend(rules) > 0)
      #expect(space.problem.isValid(state.arrangement))
      #expect(abs(state.energy - space.energy(state.arrangement)) < 1e-6)
      #expect(lowestDifference(state, space.problem) > -1e-6)
    }
  }

  /// The naive twin: every pair of every pool, by the plain difference.
  private func lowestDifference(_ state: LatticeState, _ problem: ArrangementProblem) -> Double {
    var lowest = 0.0
    for pool in problem.pools {
      for i in pool.sites {
        for j in pool.sites where j < i {
          let (a, b) = (state.arrangement[i], state.arrangement[j])
          guard problem.allowed[i] >> b & 1 == 1, problem.allowed[j] >> a & 1 == 1 else { continue }
          lowest = min(lowest, state.exchangeDifference(i, j))
        }
      }
    }
    return lowest
  }
}
