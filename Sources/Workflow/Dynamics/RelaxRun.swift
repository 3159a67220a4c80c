internal import Crystal
public import Dynamics
internal import Energetics
internal import Engines
internal import Report
internal import StructureIO

/// A relaxation from a structure file to a folder of results.
public struct RelaxRun {
  /// Settings.
  public let specification: RelaxSpecification

  /// What is doubtful, one sentence each.
  public var warnings: [String] { modelled.warnings }

  /// What happened to the programs of an engine that the user ought to know, one sentence each.
  public var remarks: [String] { modelled.remarks }

  let modelled: ModelledStructure
  private let isFixed: [Bool]
  private let inputs: [String: String]

  /// Names of the files.
  enum Name {
    static let trajectory = "trajectory.extxyz"
    static let steps = "steps.csv"
  }

  /// A relaxation that was asked to stop before its first energy.
  public struct Interrupted: Error, Sendable {}

  /// Reads and checks a structure.
  ///
  /// - Parameters:
  ///   - specification: Settings.
  ///   - isInterrupted: Whether an engine should end in the middle of a step; asked several times a
  ///     second.
  /// - Throws: ``InputError`` or ``InputErrors`` with what is wrong.
  public init(
    _ specification: RelaxSpecification, isInterrupted: @escaping () -> Bool = { false }
  ) throws {
    try specification.validate()
    self.specification = specification
    modelled = try ModelledStructure(
      specification.energy, accuracy: ForceFieldSetup.accuracyToCompare,
      stress: specification.cell == .fixed ? .optional : .required, isInterrupted: isInterrupted)
    let sites = try FixedSites.sites(specification.fixed, of: modelled.structure)
    isFixed = modelled.atoms.map(sites.contains)
    if isFixed.allSatisfy({ $0 }), specification.cell == .fixed {
      throw InputError("every atom is fixed, and the cell: nothing can move", at: "--fix")
    }
    let file = specification.energy.structure
    inputs = try specification.energy.modelFiles()
      .merging([file: sha256(readText(file))]) { $1 }
  }

  /// Relaxes the structure and writes all results into a folder.
  ///
  /// - Parameters:
  ///   - folder: Where they go.
  ///   - progress: Called after every step.
  ///   - shouldStop: Asked after every step; true ends the relaxation where it is.
  /// - Returns: The result as it stands in `summary.json`.
  /// - Throws: ``InputError`` if a file cannot be written, ``Interrupted``, or what the model throws.
  public func callAsFunction(
    in folder: OutputFolder, progress: (Relaxation.Step) -> Void = { _ in },
    shouldStop: () -> Bool = { false }
  ) throws -> RelaxResult {
    var manifest = Manifest(
      cellgen: cellgenVersion, command: "relax", specification: specification, inputs: inputs,
      started: timestamp())
    let clock = ContinuousClock()
    let began = clock.now
    try folder.write(jsonText(manifest), to: OutputFolder.manifestName)
    let trajectory = try GrowingFile(folder.file(Name.trajectory), existing: .replace)
    var rows: [[String]] = []
    var first: Relaxation.Step?
    var points: [RelaxResult.Point] = []
    let (last, ending) = try relaxed { step in
      first = first ?? step
      try trajectory.write(frame(step))
      rows.append(row(step))
      points.append(
        RelaxResult.Point(
          step: step.number, enthalpy: step.enthalpy, force: step.largestForce))
      progress(step)
      return !shouldStop()
    }
    try trajectory.finish()
    let result = RelaxResult(
      self, first: first ?? last, last: last, ending: ending, points: points)
    try folder.write(csvText(header: RelaxRun.header, rows: rows), to: Name.steps)
    try result.write(to: folder)
    manifest.wall_s = (clock.now - began) / .seconds(1)
    manifest.finished = timestamp()
    try folder.write(jsonText(manifest), to: OutputFolder.manifestName)
    return result
  }

  /// Does all steps; an energy without a minimum becomes an error for the user.
  private func relaxed(
    follow: (Relaxation.Step) throws -> Bool
  ) throws -> (last: Relaxation.Step, ending: Relaxation.Ending) {
    var latest: Relaxation.Step?
    do {
      return try specification.relaxation(
        modelled.configuration, isFixed: isFixed, model: modelled.model
      ) { step in
        latest = step
        return try follow(step)
      }
    } catch EngineError.interrupted {
      // The step that had begun does not count.
      guard let latest else { throw Interrupted() }
      return (latest, .stopped)
    } catch let error where error is DynamicsError || error is ForceFieldError {
      throw InputError(
        "\(error)", at: specification.energy.structure,
        hint: specification.energy.model == "ewald"
          ? "point charges alone attract without limit: use --model lattice"
          : "the structure is too far from any that the model describes; pack atoms with larger "
            + "distances, or take a model with repulsion")
    }
  }

  private func frame(_ step: Relaxation.Step) throws -> String {
    var structure = modelled.structure(at: step.configuration)
    structure.set(modelled.column(Column.Name.force, step.evaluation.forces))
    structure.info.append(Structure.InfoEntry("energy", "\(step.evaluation.energy)"))
    structure.info.append(Structure.InfoEntry("step", "\(step.number)"))
    return try ExtendedXYZ.write(
      structure, at: structure.cartesianPositions.map(\.components))
  }

  private static let header = [
    "step", "energy_eV", "enthalpy_eV", "largest_force_eV_A", "largest_stress_GPa", "volume_A3",
    "a_A", "b_A", "c_A", "alpha_deg", "beta_deg", "gamma_deg",
  ]

  private func row(_ step: Relaxation.Step) -> [String] {
    let lattice = step.configuration.lattice
    let (l, a) = (lattice.lengths, lattice.anglesDegrees)
    let numbers = [
      step.evaluation.energy, step.enthalpy, step.largestForce,
      step.largestStress / UnitFactor.gigapascal, lattice.volume, l.x, l.y, l.z, a.x, a.y, a.z,
    ]
    return ["\(step.number)"] + numbers.map { "\($0)" }
  }
}
