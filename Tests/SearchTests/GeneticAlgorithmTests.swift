import Arrangement
import Crystal
import Energetics
import Foundation
import Testing

@testable import Search

@Suite struct GeneticAlgorithmTests {
  /// Runs some generations; everything that must hold in each of them is checked.
  private func run(
    _ algorithm: GeneticAlgorithm, generations: Int, threads: Int,
    from start: GeneticAlgorithm.Population? = nil
  ) async -> (GeneticAlgorithm.Population, [GeneticAlgorithm.Individual]) {
    var everyone: [GeneticAlgorithm.Individual] = []
    var population: GeneticAlgorithm.Population
    if let start {
      population = start
    } else {
      (population, everyone) = await algorithm.start(threads: threads)
    }
    for _ in 0..<generations {
      let before = population
      let (next, made) = await algorithm.next(after: population, threads: threads)
      population = next
      everyone += made
      #expect(population.generation == before.generation + 1)
      #expect(population.evaluations == before.evaluations + made.count)
      #expect(made.map(\.id) == Array(before.evaluations..<population.evaluations))
      #expect((population.members.first?.energy ?? 0) <= (before.members.first?.energy ?? 0))
    }
    let space = algorithm.space
    for individual in everyone {
      #expect(space.problem.isValid(individual.genes))
      #expect(individual.energy == space.energy(individual.genes))
      #expect(individual.key == space.symmetry.canonicalForm(individual.genes).key)
    }
    let members = population.members
    #expect(members.count <= algorithm.parameters.population)
    #expect(zip(members, members.dropFirst()).allSatisfy { $0.energy <= $1.energy })
    #expect(Set(members.map(\.key)).count == members.count)
    return (population, everyone)
  }

  private var small: GeneticAlgorithm.Parameters {
    var parameters = GeneticAlgorithm.Parameters()
    parameters.population = 8
    parameters.start = .random
    return parameters
  }

  @Test("one and three threads give the same individuals", arguments: Sample.allCases)
  func threads(sample: Sample) async throws {
    let algorithm = GeneticAlgorithm(space: try sample.space(), parameters: small, seed: 7)
    let (one, everyone) = await run(algorithm, generations: 6, threads: 1)
    let (three, same) = await run(algorithm, generations: 6, threads: 3)
    #expect(everyone == same)
    #expect(one.members == three.members && one.seen == three.seen)
  }

  @Test("periodic starts do not depend on the number of threads either")
  func periodicThreads() async throws {
    var parameters = small
    parameters.start = .periodic
    parameters.population = 4
    let algorithm = GeneticAlgorithm(
      space: try Sample.separate.space(), parameters: parameters, seed: 7)
    let (_, everyone) = await run(algorithm, generations: 1, threads: 1)
    let (_, same) = await run(algorithm, generations: 1, threads: 3)
    #expect(everyone == same)
  }

  @Test("a run that goes on from a population is the unbroken run", arguments: Sample.allCases)
  func resume(sample: Sample) async throws {
    let algorithm = GeneticAlgorithm(space: try sample.space(), parameters: small, seed: 8)
    let (whole, everyone) = await run(algorithm, generations: 6, threads: 2)
    let (half, first) = await run(algorithm, generations: 3, threads: 2)
    let copy = GeneticAlgorithm.Population(
      generation: half.generation, members: half.members, seen: half.seen,
      evaluations: half.evaluations, duplicates: half.duplicates,
      lastImprovement: half.lastImprovement)
    let (rest, second) = await run(algorithm, generations: 3, threads: 2, from: copy)
    #expect(first + second == everyone)
    #expect(rest.members == whole.members && rest.duplicates == whole.duplicates)
    #expect(rest.lastImprovement == whole.lastImprovement)
  }

  @Test("other seeds give other individuals")
  func seeds() async throws {
    let space = try Sample.host.space()
    let (first, _) = await GeneticAlgorithm(space: space, parameters: small, seed: 1)
      .start(threads: 1)
    let (second, _) = await GeneticAlgorithm(space: space, parameters: small, seed: 2)
      .start(threads: 1)
    #expect(first.members.map(\.genes) != second.members.map(\.genes))
  }

  @Test("populations larger than the number of distinct arrangements work")
  func crowded() async throws {
    let parent = try spinel()
    let problem = try ArrangementProblem(
      ProblemSpecification(
        parent: parent,
        allowed: spinelAllowed(["8a": ["Mg", "Va"], "16c": ["Va"], "16d": ["Mn"]]),
        counts: [.init(label: "8a", counts: [element("Mg"): 1])]))
    let space = try SearchSpace(problem, potentials: nil)
    for start in GeneticAlgorithm.Start.allCases {
      var parameters = GeneticAlgorithm.Parameters()
      parameters.start = start
      let algorithm = GeneticAlgorithm(space: space, parameters: parameters, seed: 1)
      let (population, everyone) = await run(algorithm, generations: 3, threads: 2)
      #expect(population.members.count == 1)
      #expect(population.members[0].degeneracy == 8)
      #expect(everyone.filter { !$0.isDuplicate }.count == 1)
    }
  }

  @Test("without refinement it is a classical algorithm that improves on random arrangements")
  func classical() async throws {
    var parameters = GeneticAlgorithm.Parameters()
    parameters.start = .random
    parameters.refinement = 0
    let space = try Sample.host.space()
    let algorithm = GeneticAlgorithm(space: space, parameters: parameters, seed: 1)
    var (population, first) = await algorithm.start(threads: 2)
    let start = try #require(population.members.first).energy
    for _ in 0..<100 { (population, _) = await algorithm.next(after: population, threads: 2) }
    let best = try #require(population.members.first).energy
    #expect(first.count == 24)
    #expect(best < start - 2 * space.exchangeScale)
    #expect(population.lastImprovement > 50)
  }

  @Test("the mutation rate gives about two exchanges and is never above 0.02")
  func mutationRate() {
    typealias Parameters = GeneticAlgorithm.Parameters
    #expect(Parameters().mutation == nil)
    #expect(Parameters.defaultMutation(siteCount: 8) == 0.02)
    #expect(Parameters.defaultMutation(siteCount: 1000) == 0.002)
  }

  @Test("parameters survive a round trip through JSON", arguments: [nil, 0.05])
  func coding(mutation: Double?) throws {
    var parameters = GeneticAlgorithm.Parameters()
    parameters.mutation = mutation
    let data = try JSONEncoder().encode(parameters)
    #expect(try JSONDecoder().decode(GeneticAlgorithm.Parameters.self, from: data) == parameters)
  }
}
