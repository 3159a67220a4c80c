import Arrangement
import CellgenTestSupport
import Crystal
import Foundation
import Search
import Testing

@Suite struct SQSSearchTests {
  /// A simple cubic supercell with Mg on some of its sites and Zn on the others.
  private func problem(_ supercell: String, mg: Int) throws -> ArrangementProblem {
    var parent = Structure(
      lattice: try .cubic(4), species: [Species(.dummy)], positions: [Fractional(0, 0, 0)])
    parent.labels = ["M"]
    return try ArrangementProblem(
      ProblemSpecification(
        parent: parent, allowed: [[element("Mg"), element("Zn")]],
        supercell: SupercellMatrix(parsing: supercell),
        counts: [.init(label: "M", counts: [element("Mg"): mg])], chargePolicy: .background))
  }

  private func search(
    _ problem: ArrangementProblem, goals: [SQSObjective.Goal]? = nil, shells: Int = 3,
    rounds: Int = 60, seed: UInt64 = 1
  ) throws -> SQSSearch {
    var parameters = SQSSearch.Parameters()
    parameters.replicas = 4
    parameters.rounds = rounds
    return try SQSSearch(
      problem, symmetry: ProblemSymmetry(problem),
      objective: SQSObjective(
        problem, table: ShellTable(problem, shellCount: shells), goals: goals),
      parameters: parameters, seed: seed)
  }

  private func run(
    _ search: SQSSearch, from start: SQSSearch.State? = nil, rounds: Int? = nil, threads: Int = 2
  ) async -> SQSSearch.State {
    var state = start ?? search.start()
    for _ in 0..<(rounds ?? search.parameters.rounds - state.round) {
      state = await search.next(after: state, threads: threads)
    }
    return state
  }

  /// The naive twin: Σ w (α - t)² from α of the whole arrangement.
  private func naive(_ objective: SQSObjective, _ arrangement: [UInt8]) -> Double {
    zip(objective.order.terms, objective.order.parameters(of: arrangement)).reduce(0) { sum, pair in
      let shell = objective.order.table.shells[pair.0.shell]
      if shell.first == shell.second && pair.0.first == pair.0.second { return sum }
      guard let alpha = pair.1 else { return sum }
      let goal = objective.goals[pair.0.shell]
      return sum + goal.weight * (alpha - goal.target) * (alpha - goal.target)
    }
  }

  @Test(
    "the best objective is that of all arrangements",
    arguments: [("2x2x2", 4), ("2x2x3", 4), ("1x2x5", 3)])
  func exhaustive(supercell: String, mg: Int) async throws {
    let problem = try problem(supercell, mg: mg)
    let search = try search(problem)
    let n = problem.activeSites.count
    var best = Double.infinity
    for mask in 0..<(1 << n) where mask.nonzeroBitCount == mg {
      let arrangement = (0..<n).map { UInt8(mask >> $0 & 1 == 1 ? 0 : 1) }
      let value = search.objective.value(of: arrangement)
      #expect(abs(value - naive(search.objective, arrangement)) < 1e-12)
      best = min(best, value)
    }
    let state = await run(search)
    #expect(abs((state.collection.entries.first?.value ?? .infinity) - best) < 1e-12)
    for (entry, alpha) in search.results(state) {
      #expect(problem.isValid(entry.arrangement))
      #expect(entry.value == search.objective.value(of: entry.arrangement))
      #expect(alpha.count == search.objective.order.terms.count)
    }
  }

  @Test("the default targets are 0 with weights that fall with the distance")
  func defaults() throws {
    let objective = try search(problem("2x2x2", mg: 4)).objective
    #expect(objective.goals.map(\.target) == [0, 0, 0])
    for (goal, squared) in zip(objective.goals, [1.0, 2, 3]) {
      #expect(abs(goal.weight - 1 / squared.squareRoot()) < 1e-12)
    }
  }

  // Alternating species have α = -1, 1, -1, and then the objective is 0: the search stops at once.
  @Test("a target that can be reached ends the search")
  func solved() async throws {
    let problem = try problem("4x4x4", mg: 32)
    let goals = [-1.0, 1, -1].map { SQSObjective.Goal(target: $0) }
    let search = try search(problem, goals: goals, rounds: 400)
    let state = await run(search)
    #expect(state.isSolved)
    #expect(state.round < 400)
    #expect((state.collection.entries.first?.degeneracy ?? 0) == 2)
    let alphas = try #require(search.results(state).first).alpha.compactMap { $0 }
    for (term, alpha) in zip(search.objective.order.terms, alphas) where term.first != term.second {
      #expect(abs(alpha - goals[term.shell].target) < 1e-12)
    }
  }

  // Half of the pairs of every shell can be unlike in 64 sites: α = 0 exactly.
  @Test("random targets are reached in three shells of 64 sites")
  func quasirandom() async throws {
    let search = try search(problem("4x4x4", mg: 32), rounds: 500)
    let state = await run(search)
    #expect(state.isSolved)
  }

  @Test("threads and interruptions do not matter, seeds do")
  func determinism() async throws {
    let problem = try problem("2x3x4", mg: 7)
    let search = try search(problem, rounds: 20)
    let whole = await run(search, threads: 1)
    #expect(await run(search, threads: 3) == whole)
    let half = await run(search, rounds: 9)
    let stored = try JSONDecoder().decode(SQSSearch.State.self, from: JSONEncoder().encode(half))
    try search.check(stored)
    #expect(await run(search, from: stored) == whole)
    let other = try self.search(problem, rounds: 20, seed: 2)
    #expect(await run(other).arrangements != whole.arrangements)
    #expect(throws: InputError.self) {
      try self.search(self.problem("2x2x2", mg: 4)).check(stored)
    }
  }

  @Test("what makes no sense is refused")
  func refused() throws {
    let problem = try problem("2x2x2", mg: 4)
    func message(_ body: () throws -> SQSSearch) -> String {
      do {
        _ = try body()
        return ""
      } catch { return "\(error)" }
    }
    typealias Goal = SQSObjective.Goal
    #expect(
      message { try search(problem, goals: [Goal()]) } == "targets: 1 targets for 3 shells")
    #expect(
      message {
        try search(problem, goals: [Goal(weight: -1), Goal(target: 2), Goal(target: .nan)])
      } == """
        shell 1: weight -1.0, expected 0 or a positive number
        shell 2: target 2.0, expected a number up to 1
        shell 3: target nan, expected a number up to 1
        """)
    #expect(
      message { try search(problem, goals: [Goal(weight: 0), Goal(weight: 0), Goal(weight: 0)]) }
        .contains("no pair of different species"))
    #expect(message { try search(self.problem("2x2x2", mg: 8)) }.contains("no pair of different"))
    #expect(
      message { try search(problem, rounds: -1) } == "rounds: -1, expected 0 to 1000000000")
  }
}
