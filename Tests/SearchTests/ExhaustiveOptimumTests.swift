import Arrangement
import Crystal
import Energetics
import Search
import Testing

/// Optima that are known from all arrangements of small cells.
@Suite struct ExhaustiveOptimumTests {
  /// Fraction of the seeds that must find the optimum.
  private let requiredSeeds = 95

  @Test(
    "the optima of enumerated cells are found from at least 95 of 100 seeds",
    arguments: EnumeratedCell.names)
  func enumerated(name: String) async throws {
    let given = try EnumeratedCell.named(name)
    let optimum = given.lowest[0].energy_eV
    let found = try await seedsThatFind(optimum, in: SearchSpace(given.problem(), potentials: nil))
    print("\(name): \(found) of 100 seeds find \(optimum) eV")
    #expect(found >= requiredSeeds)
  }

  // Mg0.5Mn2O4 with half of 8a filled, from all 70 arrangements: -1931.7426 eV.
  @Test("the optimum of a spinel with half of 8a filled is found from at least 95 of 100 seeds")
  func halfFilledSpinel() async throws {
    let problem = try ArrangementProblem(
      ProblemSpecification(
        parent: spinel(),
        allowed: spinelAllowed(["8a": ["Mg", "Va"], "16c": ["Va"], "16d": ["Mn"]]),
        counts: [.init(label: "8a", counts: [element("Mg"): 4])]))
    let found = try await seedsThatFind(-1931.7426, in: SearchSpace(problem, potentials: nil))
    print("half-filled 8a: \(found) of 100 seeds find -1931.7426 eV")
    #expect(found >= requiredSeeds)
  }

  /// Of 100 short runs from random arrangements, how many reach an energy and none goes below, eV.
  private func seedsThatFind(_ optimum: Double, in space: SearchSpace) async throws -> Int {
    var parameters = GeneticAlgorithm.Parameters()
    parameters.population = 8
    parameters.start = .random
    var found = 0
    for seed in 0..<100 as Range<UInt64> {
      let algorithm = GeneticAlgorithm(space: space, parameters: parameters, seed: seed)
      var (population, _) = await algorithm.start(threads: 2)
      for _ in 0..<5 { (population, _) = await algorithm.next(after: population, threads: 2) }
      let best = try #require(population.members.first).energy
      #expect(best > optimum - 1e-3)
      if best < optimum + 1e-3 { found += 1 }
    }
    return found
  }
}
