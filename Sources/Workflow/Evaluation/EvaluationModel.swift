internal import Arrangement
internal import Crystal
internal import Engines

/// What gives the energies of the arrangements of a problem: checked, and its files read once, when a run
/// begins.
struct EvaluationModel: Sendable {
  /// Which evaluations.
  let specification: EvaluationSpecification

  /// The built-in model; nil for an engine.
  let forceField: ForceFieldSetup.Model?

  /// The calculations of another code; nil for a built-in model or an engine.
  let jobs: JobEvaluation?

  /// What is doubtful, one sentence each.
  let warnings: [String]

  /// What the model can tell and what it cannot.
  let caveat: String

  /// SHA-256 of the files that the energies depend on, by path.
  let inputs: [String: String]

  /// Checks that a model knows all atoms of a problem, or that an engine can be made.
  ///
  /// - Throws: ``InputErrors`` with charges or parameters that are missing; what making an engine throws.
  init(_ problem: ArrangementProblem, _ specification: EvaluationSpecification) throws {
    try specification.validate()
    self.specification = specification
    var stream = RandomStream(seed: 0, purpose: "model check")
    let structure = problem.structure(of: problem.randomArrangement(using: &stream))
    if let jobs = specification.jobs {
      self.jobs = try JobEvaluation(jobs, example: structure)
      forceField = nil
      inputs = [:]
      warnings = []
      caveat = "energies of \(specification.description)"
      return
    }
    jobs = nil
    guard let name = specification.model else {
      forceField = nil
      inputs = try EvaluationModel.digests(specification)
      // A Python without ASE or a place in use shows up here, before anything is written.
      try specification.engine?.makeEngine().stop()
      warnings = []
      caveat = "energies of \(specification.description)"
      return
    }
    let model = try ForceFieldSetup.Model(named: name)
    forceField = model
    if case .potentials(_, text: let text?) = model {
      inputs = [name: sha256(text)]
    } else {
      inputs = [:]
    }
    let setup = try ForceFieldSetup(structure, model: model, file: "--energy")
    warnings = setup.warnings
    caveat = "\(specification.description); \(setup.caveat)"
  }

  /// SHA-256 of the start structure of an engine, by path.
  private static func digests(
    _ specification: EvaluationSpecification
  ) throws(InputError) -> [String: String] {
    guard let path = specification.engine?.start else { return [:] }
    return [path: sha256(try readText(path))]
  }

  /// Makes the engine; nil for a built-in model.
  ///
  /// - Throws: ``InputError`` or ``InputErrors`` if it cannot be made, or its start structure has changed
  ///   since the run began.
  func makeEngine(isInterrupted: @escaping () -> Bool) throws -> (any Engine)? {
    guard let choice = specification.engine else { return nil }
    let engine = try choice.makeEngine(
      stress: specification.relaxing == .cell ? .required : .optional, isInterrupted: isInterrupted)
    try checkUnchanged(EvaluationModel.digests(specification), since: inputs)
    return engine
  }
}
