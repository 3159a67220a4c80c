public import Arrangement
internal import Crystal
internal import Foundation
internal import Search

/// A genetic search of one composition, from a problem to a folder of results.
public struct GARun: Sendable {
  /// The problem.
  public let problem: ArrangementProblem

  /// The composition per formula unit; nil if the problem gives numbers only.
  public let formula: String?

  /// Which energies rank the arrangements.
  public let energy: EnergyModelChoice

  /// Settings.
  public let specification: GASpecification

  /// What the user ought to know before the results, one sentence each.
  public let warnings: [String]

  /// What a run has come to.
  public struct Progress: Sendable {
    /// Generation that was completed.
    public var generation: Int
    /// Generations at most.
    public var generations: Int
    /// Lowest energy so far, eV/atom.
    public var best: Double
    /// Individuals evaluated so far.
    public var evaluations: Int
    /// Individuals per second since the run began or was resumed.
    public var rate: Double
    /// Time to the last generation at this pace, s.
    public var timeLeft: Double
  }

  /// A run that was asked to stop; its record is complete up to its last generation.
  public struct Interrupted: Error, Sendable {
    /// The last complete generation.
    public let generation: Int
  }

  /// Checks a problem.
  ///
  /// - Throws: ``InputErrors`` or ``InputError`` with what does not fit.
  public init(_ file: ProblemFile, _ specification: GASpecification) throws {
    var request = file.specification
    if let formula = specification.composition {
      do {
        request.composition = try Composition(parsing: formula)
      } catch {
        throw error.inside("--composition")
      }
      if specification.sweep == nil { request.counts = [] }
    }
    if specification.round { request.rounding = .nearest }
    if specification.allowCharge { request.chargePolicy = .background }
    formula = request.composition.map { "\($0)" }
    energy = specification.model ?? file.energy
    problem = try ArrangementProblem(request)
    guard !problem.activeSites.isEmpty else {
      throw InputError(
        "every site is fixed: there is nothing to arrange", hint: "allow several species on a site")
    }
    warnings = problem.ledger.warnings + (try energy.check(problem))
    self.specification = specification
  }

  /// Searches, or goes on with a search, and writes all results into a folder.
  ///
  /// - Parameters:
  ///   - folder: Where the record is, or will be.
  ///   - threads: Individuals evaluated at the same time; no effect on any result.
  ///   - progress: Called after every generation.
  ///   - shouldStop: Asked after every generation; true ends the run with ``Interrupted``.
  /// - Returns: The result as it stands in `summary.json`.
  /// - Throws: ``InputError`` if a file cannot be written, ``Interrupted`` if asked to stop.
  public func callAsFunction(
    in folder: OutputFolder, threads: Int, progress: (Progress) -> Void = { _ in },
    shouldStop: () -> Bool = { false }
  ) async throws -> GAResult {
    let record = try RunRecord(path: folder.file("run.sqlite"))
    let space = try SearchSpace(problem, potentials: energy.potentials)
    let search = GeneticAlgorithm(
      space: space, parameters: specification.parameters, seed: specification.seed)
    let clock = ContinuousClock()
    let started = clock.now
    var population: GeneticAlgorithm.Population
    var evaluationsBefore = 0
    if let known = try record.population() {
      population = known
      evaluationsBefore = known.evaluations
    } else {
      let (first, individuals) = await search.start(threads: threads)
      population = first
      try record.append(first, individuals)
    }
    func report() {
      let seconds = max(1e-6, (clock.now - started) / .seconds(1))
      let rate = Double(population.evaluations - evaluationsBefore) / seconds
      let children = Double(
        max(1, specification.parameters.population - specification.parameters.elites))
      let left = Double(specification.generations - population.generation) * children
      progress(
        Progress(
          generation: population.generation, generations: specification.generations,
          best: (population.members.first?.energy ?? 0) / Double(problem.atomCount),
          evaluations: population.evaluations, rate: rate,
          timeLeft: rate > 0 ? left / rate : 0))
    }
    report()
    while population.generation < specification.generations && !isAtPlateau(population) {
      if shouldStop() { throw Interrupted(generation: population.generation) }
      let (next, individuals) = await search.next(after: population, threads: threads)
      population = next
      try record.append(population, individuals)
      report()
    }
    let result = try GAResult(
      run: self, space: space, population: population, individuals: record.individuals())
    try result.write(to: folder)
    try record.finish()
    return result
  }

  private func isAtPlateau(_ population: GeneticAlgorithm.Population) -> Bool {
    specification.plateau > 0
      && population.generation - population.lastImprovement >= specification.plateau
  }
}
