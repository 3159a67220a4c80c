internal import Arrangement
internal import Crystal
internal import Energetics
internal import Engines

/// Energies of the arrangements of one problem from whole structures, each up to symmetry once and for
/// all.
final class ArrangementEvaluator {
  /// What was evaluated up to now, by key.
  private(set) var known: [ArrangementKey: ArrangementEvaluation] = [:]

  /// What an engine failed on in an earlier run, for lack of time or memory perhaps: it is evaluated again
  /// when it is asked for.
  private var failedBefore: Set<ArrangementKey> = []

  /// What gives the energies.
  let model: EvaluationModel

  private let problem: ArrangementProblem
  private let record: EvaluationRecord
  private let pool: RelaxationPool
  private let isInterrupted: () -> Bool
  private let engine: (any Engine)?
  private let folder: OutputFolder

  /// An evaluator that knows what is in a record.
  ///
  /// - Parameters:
  ///   - problem: What is arranged.
  ///   - model: What gives the energies.
  ///   - record: Where evaluations are written.
  ///   - folder: The folder of the run.
  ///   - threads: Built-in models evaluated at the same time; no effect on any result.
  ///   - isInterrupted: Whether the work should end; asked several times a second.
  ///   - announce: Is told how programs connect, if people start them.
  /// - Throws: ``InputError`` if the engine cannot be made or the record cannot be read.
  init(
    _ problem: ArrangementProblem, _ model: EvaluationModel, record: EvaluationRecord,
    in folder: OutputFolder,
    threads: Int, isInterrupted: @escaping () -> Bool,
    announce: (String) -> Void
  ) throws {
    self.problem = problem
    self.model = model
    self.record = record
    self.folder = folder
    self.isInterrupted = isInterrupted
    pool = RelaxationPool(
      relaxation: model.specification.relaxation, threads: threads,
      clients: model.specification.engine?.limits.clients ?? 1)
    for evaluation in try record.all() {
      known[evaluation.key] = evaluation
      if evaluation.ending == .failed, model.forceField == nil {
        failedBefore.insert(evaluation.key)
      }
    }
    engine = try model.makeEngine(isInterrupted: isInterrupted)
    if let address = (engine as? IPIServer)?.address {
      announce("waiting for i-PI clients on \(address):\n\(address.instructions)")
    }
  }

  deinit { engine?.stop() }

  /// Evaluates arrangements that are not known yet, and those that an engine failed on in an earlier run.
  ///
  /// - Parameters:
  ///   - arrangements: In canonical form; copies of one another count once.
  ///   - progress: Is told how many of how many are done.
  /// - Returns: What came of each, in their order.
  /// - Throws: ``EngineError`` if no program is left or the work was interrupted; what had been
  ///   evaluated by then is recorded.
  func callAsFunction(
    _ arrangements: [(genes: [UInt8], key: ArrangementKey)],
    progress: (_ done: Int, _ count: Int) -> Void = { _, _ in }
  ) throws -> [ArrangementEvaluation] {
    var isListed: Set<ArrangementKey> = []
    let new = arrangements.filter {
      (known[$0.key] == nil || failedBefore.contains($0.key)) && isListed.insert($0.key).inserted
    }
    if let jobs = model.jobs {
      try evaluate(new, jobs, progress: progress)
      return arrangements.compactMap { known[$0.key] }
    }
    let items = try new.map { try item(problem.structure(of: $0.genes)) }
    var done = 0
    try pool(items, engine: engine, isInterrupted: isInterrupted) { index, outcome in
      let (genes, key) = new[index]
      guard var evaluation = ArrangementEvaluation(outcome, genes: genes, key: key) else { return }
      try record.append(evaluation)
      // Positions are in the record, where there is room for them.
      evaluation.relaxed = nil
      known[key] = evaluation
      failedBefore.remove(key)
      done += 1
      progress(done, new.count)
    }
    return arrangements.compactMap { known[$0.key] }
  }

  /// Evaluates arrangements as jobs, all at once.
  private func evaluate(
    _ new: [(genes: [UInt8], key: ArrangementKey)], _ jobs: JobEvaluation,
    progress: (_ done: Int, _ count: Int) -> Void
  ) throws {
    let items = new.map {
      (
        name: String(sha256($0.key.description).prefix(16)),
        structure: problem.structure(of: $0.genes)
      )
    }
    var last = -1
    let outcomes = try jobs(items, in: folder, isInterrupted: isInterrupted) {
      // Every look at the jobs is told; only news are passed on.
      if $0 != last { progress($0, new.count) }
      last = $0
    }
    for ((genes, key), outcome) in zip(new, outcomes) {
      guard var evaluation = ArrangementEvaluation(outcome, genes: genes, key: key) else {
        continue
      }
      try record.append(evaluation)
      evaluation.relaxed = nil
      known[key] = evaluation
      failedBefore.remove(key)
    }
  }

  /// Evaluates again what an engine failed on in an earlier run.
  ///
  /// - Parameter progress: Is told how many of how many are done.
  /// - Returns: What came of them this time, in the order of keys.
  /// - Throws: As for any arrangements.
  func retry(progress: (_ done: Int, _ count: Int) -> Void) throws -> [ArrangementEvaluation] {
    try self(
      sorted.filter { failedBefore.contains($0.key) }.map { (genes: $0.genes, key: $0.key) },
      progress: progress)
  }

  /// What was evaluated up to now, in the order of keys.
  var sorted: [ArrangementEvaluation] {
    known.values.map { (text: $0.key.description, value: $0) }.sorted { $0.text < $1.text }
      .map(\.value)
  }

  /// An arrangement that was evaluated with where its atoms went.
  func complete(_ key: ArrangementKey) throws -> ArrangementEvaluation? {
    var evaluation = known[key]
    evaluation?.relaxed = try record.geometry(of: key)
    return evaluation
  }

  private func item(_ structure: Structure) throws -> RelaxationPool.Item {
    guard let model = model.forceField else {
      return RelaxationPool.Item(configuration: Configuration(structure), setup: nil)
    }
    let setup = try ForceFieldSetup(structure, model: model, file: "--energy")
    var configuration = Configuration(structure)
    configuration.species = setup.species
    return RelaxationPool.Item(configuration: configuration, setup: setup)
  }
}
