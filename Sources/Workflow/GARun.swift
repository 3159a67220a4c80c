public import Arrangement
internal import Crystal
internal import Engines
internal import Foundation
internal import Search

/// A genetic search of one composition, from a problem to a folder of results.
public struct GARun: Sendable {
  /// The problem.
  public let problem: ArrangementProblem

  /// The composition per formula unit; nil if the problem gives numbers only.
  public let formula: String?

  /// The lattice energy, which ranks the arrangements if no other does.
  public let energy: EnergyModelChoice

  /// Settings.
  public let specification: GASpecification

  /// What the user ought to know before the results, one sentence each.
  public let warnings: [String]

  /// What gives the energies of whole structures; nil for the lattice energy.
  let model: EvaluationModel?

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
    /// Structures of the next generation that are evaluated, and how many there are; 0 between
    /// generations, and for the lattice energy.
    public var evaluated = (done: 0, count: 0)
  }

  /// A run that was asked to stop; its record is complete up to its last generation.
  public struct Interrupted: Error, Sendable {
    /// The last complete generation; -1 before the first.
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
    try specification.validateEvaluation()
    let problem = try ArrangementProblem(request)
    self.problem = problem
    guard !problem.activeSites.isEmpty else {
      throw InputError(
        "every site is fixed: there is nothing to arrange", hint: "allow several species on a site")
    }
    var energy = specification.model ?? file.energy
    var warnings = problem.ledger.warnings
    model = try specification.evaluation.map { try EvaluationModel(problem, $0) }
    if let model {
      warnings += model.warnings
      do {
        _ = try energy.check(problem)
      } catch let error as InputErrors where specification.model == nil {
        energy = .ewald
        if specification.prescreen > 1 {
          warnings.append(
            "candidates are screened by electrostatics alone: "
              + (error.problems.first?.message ?? "parameters are missing"))
        }
      }
    } else {
      warnings += try energy.check(problem)
    }
    self.energy = energy
    self.warnings = warnings
    self.specification = specification
  }

  /// Searches, or goes on with a search, and writes all results into a folder.
  ///
  /// - Parameters:
  ///   - folder: Where the record is, or will be.
  ///   - threads: Individuals evaluated at the same time; no effect on any result.
  ///   - progress: Called after every generation, and after every structure that takes long.
  ///   - announce: Is told how the programs of an engine connect, if people start them.
  ///   - shouldStop: Asked after every generation, and several times a second while an engine works;
  ///     true ends the run with ``Interrupted``.
  /// - Returns: The result as it stands in `summary.json`.
  /// - Throws: ``InputError`` if a file cannot be written or the engine fails altogether,
  ///   ``Interrupted`` if asked to stop.
  public func callAsFunction(
    in folder: OutputFolder, threads: Int, progress: (Progress) -> Void = { _ in },
    announce: (String) -> Void = { _ in }, shouldStop: @escaping () -> Bool = { false }
  ) async throws -> GAResult {
    let record = try RunRecord(path: folder.file("run.sqlite"))
    let space = try SearchSpace(problem, potentials: energy.potentials)
    let search = GeneticAlgorithm(
      space: space, parameters: specification.parameters, seed: specification.seed)
    let evaluator = try model.map { model in
      try ArrangementEvaluator(
        problem, model, record: EvaluationRecord(record.database), in: folder, threads: threads,
        isInterrupted: shouldStop, announce: announce)
    }
    let learner = specification.learn ? try EnergyLearner(space) : nil
    let clock = ContinuousClock()
    let started = clock.now
    var population = try record.population()
    let evaluationsBefore = population?.evaluations ?? 0
    func report(_ evaluated: (done: Int, count: Int) = (0, 0)) {
      let seconds = max(1e-6, (clock.now - started) / .seconds(1))
      let evaluations = population?.evaluations ?? 0
      let rate = Double(evaluations - evaluationsBefore) / seconds
      let generation = population?.generation ?? 0
      let left =
        Double(specification.generations - generation)
        * Double(search.placeCount(after: population))
      progress(
        Progress(
          generation: generation, generations: specification.generations,
          best: (population?.members.first?.energy ?? .nan) / Double(problem.atomCount),
          evaluations: evaluations, rate: rate, timeLeft: rate > 0 ? left / rate : 0,
          evaluated: evaluated))
    }
    func learn(after population: GeneticAlgorithm.Population) -> LearningFigures? {
      guard let learner, let evaluator else { return nil }
      // What an unfinished generation has evaluated does not count yet.
      learner.learn(from: evaluator.sorted.filter { population.seen.contains($0.key) })
      return LearningFigures(
        learner.model, generation: population.generation, atoms: problem.atomCount)
    }
    if let generation = population?.generation, let evaluator {
      let again = try evaluated(after: generation) {
        try evaluator.retry { report(($0, $1)) }
      }
      try record.update(again)
      population = try record.population()
    }
    if let population {
      _ = learn(after: population)
      report()
    }
    while !isComplete(population) {
      if let population, shouldStop() { throw Interrupted(generation: population.generation) }
      let (next, individuals) = try await generation(
        after: population, search, evaluator, learner, threads: threads
      ) { report(($0, $1)) }
      population = next
      try record.append(next, individuals, learn(after: next))
      report()
    }
    guard let population else { throw InputError("the run record has no individuals") }
    let result = try GAResult(
      run: self, population: population, individuals: record.individuals(),
      learning: specification.learn ? record.learning() : [], evaluator: evaluator)
    try result.write(to: folder)
    try record.finish()
    return result
  }

  /// Makes and evaluates a generation.
  private func generation(
    after population: GeneticAlgorithm.Population?, _ search: GeneticAlgorithm,
    _ evaluator: ArrangementEvaluator?, _ learner: EnergyLearner?, threads: Int,
    progress: (Int, Int) -> Void
  ) async throws -> (GeneticAlgorithm.Population, [GeneticAlgorithm.Individual]) {
    let places = search.placeCount(after: population)
    guard let evaluator else {
      return search.advance(
        population,
        with: await search.candidates(after: population, count: places, threads: threads))
    }
    var candidates = await search.candidates(
      after: population, count: places * specification.prescreen, threads: threads)
    // Symmetry copies are one structure, which does not depend on the copy that was met first.
    for index in candidates.indices {
      candidates[index].genes =
        search.space.symmetry.canonicalForm(candidates[index].genes).arrangement
    }
    if specification.prescreen > 1 {
      candidates = lowest(places, of: candidates, unlike: population?.seen ?? []) {
        learner?.estimate($0.genes) ?? $0.energy
      }
    }
    let evaluations = try evaluated(after: population?.generation ?? -1) {
      try evaluator(candidates.map { (genes: $0.genes, key: $0.key) }, progress: progress)
    }
    for (index, evaluation) in evaluations.enumerated() {
      candidates[index].energy = evaluation.fitness
    }
    if population == nil, let first = evaluations.first,
      evaluations.allSatisfy({ $0.energy == nil })
    {
      throw InputError(
        "not one of the \(evaluations.count) arrangements of the first generation has an energy; "
          + "the first: \(first.reason ?? "no reason is known")",
        at: specification.evaluation?.name)
    }
    return search.advance(population, with: candidates)
  }

  /// Evaluations; an engine that ends the work becomes what the run ends with.
  private func evaluated(
    after generation: Int, _ work: () throws -> [ArrangementEvaluation]
  ) throws -> [ArrangementEvaluation] {
    do {
      return try work()
    } catch EngineError.interrupted {
      throw Interrupted(generation: generation)
    } catch let error as EngineError {
      throw InputError(
        "\(error)", at: "--engine", hint: "what was evaluated is recorded: go on with --resume")
    }
  }

  /// The new arrangements that are lowest by an estimate, no two of them alike.
  private func lowest(
    _ count: Int, of candidates: [GeneticAlgorithm.Individual], unlike seen: Set<ArrangementKey>,
    estimate: (GeneticAlgorithm.Individual) -> Double
  ) -> [GeneticAlgorithm.Individual] {
    var isTaken = seen
    let new = candidates.filter { isTaken.insert($0.key).inserted }
    let estimates = new.map(estimate)
    let order = new.indices.sorted { (estimates[$0], $0) < (estimates[$1], $1) }
    return order.prefix(count).map { new[$0] }
  }

  private func isComplete(_ population: GeneticAlgorithm.Population?) -> Bool {
    guard let population else { return false }
    return population.generation >= specification.generations
      || specification.plateau > 0
        && population.generation - population.lastImprovement >= specification.plateau
  }
}
