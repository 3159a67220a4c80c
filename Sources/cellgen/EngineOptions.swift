import ArgumentParser
import Engines

/// Which program outside cellgen gives the energies; the same for every command that takes one.
struct EngineOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Program for the energies: ase:CALCULATOR, ipi:COMMAND, ipi:NAME, command:COMMAND or, not in searches, lammps:N.",
      valueName: "engine"))
  var engine: String?

  @Option(
    help: ArgumentHelp(
      "Copies of the program that share the work (default: 1).", valueName: "number"))
  var clients: Int?

  @Option(
    help: ArgumentHelp("Longest time of one evaluation (default: 3600) [s].", valueName: "time"))
  var engineTimeLimit: Double?

  @Option(
    help: ArgumentHelp(
      "Longest time until the program is ready (default: 300) [s].", valueName: "time"))
  var engineStartLimit: Double?

  @Option(
    help: ArgumentHelp(
      "How often an evaluation that fails is tried (default: 3).", valueName: "number"))
  var engineAttempts: Int?

  @Option(
    help: ArgumentHelp(
      "Structure in the program's own input, in its order of atoms; evaluated first.",
      valueName: "file"))
  var engineStructure: String?

  @Option(
    help: ArgumentHelp(
      "Python with ASE (default: .venv-engines/bin/python, else python3).", valueName: "path"))
  var python: String?

  /// The engine; nil if none was asked for.
  var specification: EngineSpecification? {
    guard let engine else { return nil }
    var specification = EngineSpecification(engine)
    specification.limits.apply(limits)
    specification.start = engineStructure
    specification.python = python
    return specification
  }

  /// The limits that were given.
  var limits: EngineLimits.Changes {
    var limits = EngineLimits.Changes()
    limits.clients = clients
    limits.evaluationSeconds = engineTimeLimit
    limits.startSeconds = engineStartLimit
    limits.attempts = engineAttempts
    return limits
  }

  /// Refuses limits without an engine.
  func checkLimits() throws {
    if engine == nil, !limits.isEmpty {
      throw ValidationError(
        "--clients, --engine-time-limit, --engine-start-limit and --engine-attempts need --engine")
    }
  }

  /// Refuses limits without an engine, and a model beside an engine that has its own.
  func checkModel(_ model: String?) throws {
    try checkLimits()
    if let specification, !specification.usesModel, model != nil {
      throw ValidationError("give either --model or --engine; only lammps takes a model")
    }
  }

  func validate() throws {
    let others: [(name: String, isGiven: Bool)] = [
      ("engine-structure", engineStructure != nil), ("python", python != nil),
    ]
    if engine == nil, let other = others.first(where: \.isGiven) {
      throw ValidationError("--\(other.name) needs --engine")
    }
  }
}
