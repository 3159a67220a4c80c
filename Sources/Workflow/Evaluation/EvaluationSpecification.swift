public import Crystal
internal import Dynamics
public import Engines
internal import Handoff

/// How whole structures are evaluated in a search: by which model, and what relaxes.
public struct EvaluationSpecification: Codable, Hashable, Sendable {
  /// What moves before the energy counts.
  public enum Relaxing: String, Codable, Sendable, CaseIterable {
    /// Nothing: the energy of the ideal sites.
    case none
    /// The atoms, in a fixed cell.
    case ions
    /// The atoms and the cell.
    case cell
  }

  /// The built-in model: `ewald`, `lattice`, `universal`, a set of potentials or a file.
  public var model: String?

  /// The engine in place of a built-in model.
  public var engine: EngineSpecification?

  /// Calculations of another code, as jobs, in place of a built-in model.
  public var jobs: JobSpecification?

  /// What moves.
  public var relaxing = Relaxing.none

  /// Largest force at the end, eV/Å.
  public var force = 0.05

  /// Largest stress at the end, GPa.
  public var stressGPa = 0.1

  /// Steps at most.
  public var steps = 300

  /// Energies of ideal sites by a built-in model.
  public init(model: String) { self.model = model }

  /// Energies of ideal sites by an engine.
  public init(engine: EngineSpecification) { self.engine = engine }

  /// Energies by another code, whose calculations run as jobs.
  ///
  /// - Throws: ``InputErrors`` for a preset or values that cannot be used.
  public init(jobs: JobSpecification) throws {
    let calculation = try jobs.calculation()
    self.jobs = jobs
    relaxing = Relaxing(rawValue: calculation.relaxing.rawValue) ?? .none
    force = calculation.forceTolerance
  }

  /// The name of the model, engine or code.
  public var name: String {
    jobs.map { "jobs:\($0.code.rawValue)" } ?? engine?.engine ?? model ?? ""
  }

  /// What the energies belong to, half a sentence.
  public var description: String {
    if let jobs { return "\(name), \(jobs.input.settingsName)" }
    return switch relaxing {
    case .none: "\(name), ideal sites"
    case .ions: "\(name), atoms relaxed to \(force) eV/Å"
    case .cell: "\(name), atoms and cell relaxed to \(force) eV/Å and \(stressGPa) GPa"
    }
  }

  /// Checks everything that can be checked without a structure.
  ///
  /// - Throws: ``InputErrors`` with all that is wrong.
  public func validate() throws(InputErrors) {
    if let jobs {
      try jobs.jobs.validate()
      return
    }
    var problems: [InputError] = []
    if (model == nil) == (engine == nil) {
      problems.append(InputError("give either a model or an engine", at: "--energy"))
    }
    var relaxation = RelaxSpecification(energy: EnergySpecification(structure: ""))
    if let model { relaxation.energy.model = model }
    relaxation.energy.engine = engine
    relaxation.force = force
    relaxation.stressGPa = stressGPa
    relaxation.steps = steps
    do {
      try relaxation.validate()
    } catch {
      // A search has other steps, too.
      problems += error.problems.map {
        InputError(
          $0.message, at: $0.location == "--steps" ? "--relax-steps" : $0.location, hint: $0.hint)
      }
    }
    if engine?.usesModel ?? false {
      problems.append(
        InputError(
          "LAMMPS would evaluate the built-in models, which searches do without it", at: "--engine",
          hint: "write --energy lattice, or another model, in place of --engine"))
    }
    if engine?.hidesOrder ?? false {
      // The protocol tells no species, and arrangements mix them on the sites.
      problems.append(
        InputError(
          "the order of the atoms in the clients' own input is not known", at: "--engine",
          hint: "name that input with --engine-structure, or hand {structure} to the client in the "
            + "command line"))
    }
    if model == "ewald", relaxing != .none {
      problems.append(
        InputError(
          "point charges alone have no minimum", at: "--relax",
          hint: "use --energy lattice or another set of potentials"))
    }
    guard problems.isEmpty else { throw InputErrors(problems) }
  }

  /// Takes up other limits for a run that goes on.
  ///
  /// - Throws: ``InputError`` if there are limits but no engine.
  static func change(
    _ evaluation: inout EvaluationSpecification?, _ limits: EngineLimits.Changes
  ) throws(InputError) {
    guard !limits.isEmpty else { return }
    guard evaluation?.engine != nil else {
      throw InputError("limits of an engine are given, and this run has none", at: "--resume")
    }
    evaluation?.engine?.limits.apply(limits)
  }

  /// The relaxation that does this; nil if nothing moves.
  var relaxation: Relaxation? {
    guard relaxing != .none else { return nil }
    var relaxation = Relaxation()
    relaxation.cell = relaxing == .cell ? .full : .fixed
    relaxation.criteria.force = force
    relaxation.criteria.stress = stressGPa * UnitFactor.gigapascal
    relaxation.criteria.steps = steps
    return relaxation
  }
}
