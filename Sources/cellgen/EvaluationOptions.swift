public import ArgumentParser
import Engines
import Handoff
public import Workflow

/// How whole structures are evaluated in a search; the same for every search.
struct EvaluationOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Energies of whole structures: lattice, ewald, universal, a set of potentials or a file; jobs:vasp, jobs:qe, jobs:cp2k, jobs:abinit or jobs:lammps.",
      valueName: "model"))
  var energy: String?

  @Option(
    help: ArgumentHelp(
      "Settings of --energy jobs:…: preset, pseudopotentials, scheduler, command, at_once and others, in YAML.",
      valueName: "file"))
  var jobs: String?

  @OptionGroup var engine: EngineOptions

  @Option(
    help: ArgumentHelp(
      "What relaxes before the energy counts: none, ions or cell (default: none).",
      valueName: "what"))
  var relax: EvaluationSpecification.Relaxing?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Largest force at the end of a relaxation (default: 0.05) [eV/Å].", valueName: "force"))
  var forceTolerance: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Largest stress at the end of a relaxation of the cell (default: 0.1) [GPa].",
      valueName: "stress"))
  var stressTolerance: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Steps of a relaxation at most (default: 300).", valueName: "number"))
  var relaxSteps: Int?

  /// What was asked for; nil for the lattice energy.
  func makeSpecification() throws -> EvaluationSpecification? {
    var specification: EvaluationSpecification
    if let energy, energy.hasPrefix(EvaluationOptions.jobPrefix) {
      return try jobSpecification(energy)
    }
    if let engine = engine.specification {
      specification = EvaluationSpecification(engine: engine)
    } else if let energy {
      specification = EvaluationSpecification(model: energy)
    } else {
      return nil
    }
    if let relax { specification.relaxing = relax }
    if let forceTolerance { specification.force = forceTolerance }
    if let stressTolerance { specification.stressGPa = stressTolerance }
    if let relaxSteps { specification.steps = relaxSteps }
    return specification
  }

  /// Whether whole structures are evaluated.
  var isGiven: Bool { energy != nil || engine.engine != nil }

  private static let jobPrefix = "jobs:"

  private func jobSpecification(_ energy: String) throws -> EvaluationSpecification {
    let name = String(energy.dropFirst(EvaluationOptions.jobPrefix.count))
    guard let code = SimulationCode(rawValue: name) else {
      let codes = SimulationCode.allCases.map { "jobs:\($0.rawValue)" }
      throw ValidationError("--energy \(energy): expected \(codes.joined(separator: ", "))")
    }
    guard let jobs else {
      throw ValidationError(
        "--energy \(energy) needs --jobs FILE with the settings, such as: {preset: "
          + "\(CalculationPreset.usual), scheduler: slurm, tasks: 16}")
    }
    return try EvaluationSpecification(
      jobs: JobSpecification(parsing: readText(jobs), file: jobs, code: code))
  }

  /// Whether nothing was given.
  var isEmpty: Bool {
    energy == nil && jobs == nil && engine.engine == nil && relax == nil && forceTolerance == nil
      && stressTolerance == nil && relaxSteps == nil
  }

  func validate() throws {
    if energy != nil, engine.engine != nil {
      throw ValidationError("give either --energy or --engine")
    }
    if let energy, energy.hasPrefix(EvaluationOptions.jobPrefix) {
      if relax != nil || forceTolerance != nil || stressTolerance != nil || relaxSteps != nil {
        throw ValidationError(
          "--relax and its tolerances do not go with \(energy): the file of --jobs says what relaxes"
        )
      }
    } else if jobs != nil {
      throw ValidationError("--jobs needs --energy jobs:CODE")
    }
    let specification = try makeSpecification()
    if specification == nil, !isEmpty {
      throw ValidationError(
        "--relax and its tolerances need --energy or --engine: the lattice energy moves no atom")
    }
    let tolerances: [(name: String, isGiven: Bool)] = [
      ("force-tolerance", forceTolerance != nil), ("stress-tolerance", stressTolerance != nil),
      ("relax-steps", relaxSteps != nil),
    ]
    if (relax ?? EvaluationSpecification.Relaxing.none) == EvaluationSpecification.Relaxing.none,
      let other = tolerances.first(where: \.isGiven)
    {
      throw ValidationError("--\(other.name) needs --relax ions or --relax cell")
    }
    if relax == .ions, stressTolerance != nil {
      throw ValidationError("--stress-tolerance needs --relax cell")
    }
    try validated { try specification?.validate() }
  }
}

extension EvaluationSpecification.Relaxing: ExpressibleByArgument {}
