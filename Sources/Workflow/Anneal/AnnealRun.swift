public import Arrangement
internal import Crystal
public import Engines
internal import Search
internal import Symmetry

/// Equilibrium at temperatures, or quasirandom structures, from a problem to a folder of results.
public struct AnnealRun: Sendable {
  /// Settings.
  public let specification: AnnealSpecification

  /// The problem.
  public let problem: ArrangementProblem

  /// Which energies count.
  public let energy: EnergyModelChoice

  /// What was assumed, one sentence each.
  public let notes: [String]

  /// What the user ought to know before the results, one sentence each.
  public let warnings: [String]

  /// What is done.
  let method: Method
  let problemText: String
  let inputs: [String: String]

  /// What gives the energies of whole structures; nil for the lattice energy.
  let model: EvaluationModel?

  /// What is done, with everything that it needs.
  enum Method: Sendable {
    case tempering(Ensemble, ShellTable?)
    /// Energies are those of the space, if there are any.
    case quasirandom(SQSSearch, SearchSpace?)
  }

  static let problemName = "problem.yaml"

  /// What has been done.
  public struct Progress: Sendable {
    /// Rounds done.
    public var round: Int
    /// Rounds of the whole run.
    public var rounds: Int
    /// Whether averages have not begun yet.
    public var isEquilibrating: Bool
    /// The lowest energy so far, eV/atom; with chemical potentials of E - Σ μ N; with `sqs` the
    /// objective; nil before the first round.
    public var best: Double?
    /// Proposals so far.
    public var evaluations: Int
    /// Proposals per second since the run began or was resumed.
    public var rate: Double
    /// Time to the last round at this pace, s.
    public var timeLeft: Double
  }

  /// A run that was asked to stop; it can be resumed.
  public struct Interrupted: Error, Sendable {
    /// Rounds so far.
    public let round: Int
  }

  /// Reads and checks a problem.
  ///
  /// - Throws: ``InputErrors`` with everything that is wrong.
  public init(_ specification: AnnealSpecification) throws {
    try specification.validate()
    let loaded = try specification.problem.load()
    try self.init(
      specification, loaded.file, text: loaded.text, inputs: [loaded.name: loaded.digest],
      notes: loaded.notes)
  }

  /// Takes up the run in a folder.
  ///
  /// - Parameters:
  ///   - folder: The folder.
  ///   - rounds: Another number of rounds that count, not below those done; nil for the same.
  ///   - limits: Other limits of the engine.
  /// - Throws: ``InputError`` or ``InputErrors`` if there is no such run.
  public init(
    resuming folder: OutputFolder, rounds: Int? = nil, limits: EngineLimits.Changes = .init()
  ) throws {
    var manifest = try Manifest<AnnealSpecification>(in: folder, command: "anneal")
    if let rounds { manifest.specification.rounds = rounds }
    try EvaluationSpecification.change(&manifest.specification.evaluation, limits)
    try manifest.specification.validate()
    let text = try folder.read(AnnealRun.problemName)
    try self.init(
      manifest.specification,
      ProblemFile(parsing: text, file: folder.file(AnnealRun.problemName)), text: text,
      inputs: manifest.inputs, notes: [])
  }

  private init(
    _ specification: AnnealSpecification, _ file: ProblemFile, text: String,
    inputs: [String: String], notes: [String]
  ) throws {
    guard file.ranges.isEmpty else {
      throw InputError(
        "the numbers are ranges, expected exact ones", at: "counts",
        hint: "give exact numbers; with --chemical-potential the numbers of its elements change")
    }
    let problem = try ArrangementProblem(file.specification)
    guard !problem.activeSites.isEmpty else {
      throw InputError(
        "every site is fixed: there is nothing to arrange", hint: "allow several species on a site")
    }
    self.specification = specification
    self.problem = problem
    energy = file.energy
    problemText = text
    var warnings = problem.ledger.warnings
    let shells =
      specification.shells > 0
      ? try ShellTable(problem, shellCount: specification.shells) : nil
    switch specification.objective {
    case .energy:
      warnings += try energy.check(problem)
      let space = try SearchSpace(problem, potentials: energy.potentials)
      var potentials: [Element: Double] = [:]
      for (symbol, value) in specification.chemicalPotentials {
        guard let element = Element(symbol: symbol) else {
          throw InputError("there is no element \"\(symbol)\"", at: "chemical potentials")
        }
        potentials[element] = value
      }
      method = .tempering(try Ensemble(space, chemicalPotentials: potentials), shells)
    case .sqs:
      var space: SearchSpace?
      do {
        warnings += try energy.check(problem)
        space = try SearchSpace(problem, potentials: energy.potentials)
      } catch let errors as InputErrors {
        // Short-range order needs no energies.
        warnings.append(
          "no energies: \(errors.problems.first?.message ?? "the energy model does not apply")")
      }
      warnings += AnnealRun.mixedPools(problem)
      method = .quasirandom(
        try AnnealRun.search(
          problem, specification, shells, symmetry: space?.symmetry ?? ProblemSymmetry(problem)),
        space)
    }
    model = try specification.evaluation.map { try EvaluationModel(problem, $0) }
    warnings += model?.warnings ?? []
    let files = model?.inputs ?? [:]
    try checkUnchanged(files, since: inputs)
    self.inputs = inputs.merging(files) { $1 }
    self.warnings = warnings
    self.notes = notes + problem.ledger.notes
  }

  /// Sets of sites for which a target of 0 is not a random arrangement, one sentence each.
  private static func mixedPools(_ problem: ArrangementProblem) -> [String] {
    let labels = problem.activeLabels
    return problem.pools.compactMap { pool in
      guard Set(pool.sites.map { problem.allowed[$0] }).count > 1 else { return nil }
      let names = Set(pool.sites.map { labels[$0] }).sorted().joined(separator: ", ")
      return
        "\(names) share numbers of species that not all of them allow: short-range order is relative "
        + "to the common composition, and 0 is out of reach; give counts for each label"
    }
  }

  private static func search(
    _ problem: ArrangementProblem, _ specification: AnnealSpecification, _ shells: ShellTable?,
    symmetry: ProblemSymmetry
  ) throws -> SQSSearch {
    guard let shells else { throw InputError("0 shells, expected at least 1", at: "--shells") }
    let nearest = shells.shells.map(\.distance).min() ?? 1
    let goals = try specification.goals(
      names: shells.shells.map(shells.name),
      defaultWeights: shells.shells.map { nearest / $0.distance })
    var parameters = SQSSearch.Parameters()
    parameters.replicas = specification.replicas
    parameters.sweepsPerRound = specification.sweeps
    parameters.rounds = specification.rounds
    parameters.collected = specification.top
    return try SQSSearch(
      problem, symmetry: symmetry,
      objective: SQSObjective(problem, table: shells, goals: goals), parameters: parameters,
      seed: specification.seed)
  }
}

extension ShellTable {
  /// The labels of a shell, such as `8a-16d`.
  func sites(_ shell: Shell) -> String {
    "\(groups[shell.first].name)-\(groups[shell.second].name)"
  }

  /// A shell for messages: `8a-16d 3.524 Å`.
  func name(_ shell: Shell) -> String { "\(sites(shell)) \(fixed(shell.distance, 3)) Å" }
}
