public import ArgumentParser
import Engines
public import Workflow

/// How whole structures are evaluated in a search; the same for every search.
struct EvaluationOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Energies of whole structures from a built-in model: lattice, ewald, universal, a set of potentials or a file.",
      valueName: "model"))
  var energy: String?

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
  var specification: EvaluationSpecification? {
    var specification: EvaluationSpecification
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

  /// Whether nothing was given.
  var isEmpty: Bool {
    energy == nil && engine.engine == nil && relax == nil && forceTolerance == nil
      && stressTolerance == nil && relaxSteps == nil
  }

  func validate() throws {
    if energy != nil, engine.engine != nil {
      throw ValidationError("give either --energy or --engine")
    }
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
