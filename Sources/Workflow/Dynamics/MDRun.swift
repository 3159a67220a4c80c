internal import Crystal
internal import Dynamics
internal import Energetics
internal import Engines
internal import StructureIO

/// A molecular dynamics run from a structure file to a folder of results.
public struct MDRun {
  /// Settings.
  public let specification: MDSpecification

  /// What is doubtful, one sentence each.
  public var warnings: [String] { modelled.warnings }

  /// What happened to the programs of an engine that the user ought to know, one sentence each.
  public var remarks: [String] { modelled.remarks }

  let modelled: ModelledStructure
  private let settings: DynamicsSettings
  let inputs: [String: String]
  private let isResumed: Bool

  /// Names of the files.
  enum Name {
    static let start = "start.extxyz"
    static let trajectory = "trajectory.extxyz"
    static let log = "thermo.csv"
  }

  /// What has been done.
  public struct Progress: Sendable {
    /// Steps done.
    public var step: Int
    /// Steps of the whole run.
    public var steps: Int
    /// Temperature, K.
    public var temperature: Double
    /// Energy, eV.
    public var energy: Double
    /// Pressure, GPa.
    public var pressureGPa: Double
    /// Steps per second since the run began or was resumed.
    public var rate: Double
    /// Time to the last step at this pace, s.
    public var timeLeft: Double
  }

  /// A run that was asked to stop; it can be resumed once it has begun to move.
  public struct Interrupted: Error, Sendable {
    /// Steps so far; nil before the motion has begun.
    public let step: Int?
  }

  /// Reads and checks a structure.
  ///
  /// - Parameters:
  ///   - specification: Settings.
  ///   - isInterrupted: Whether an engine should end in the middle of a step; asked several times a
  ///     second.
  /// - Throws: ``InputError`` or ``InputErrors`` with what is wrong.
  public init(
    _ specification: MDSpecification, isInterrupted: @escaping () -> Bool = { false }
  ) throws {
    try specification.validate()
    let file = specification.energy.structure
    try self.init(
      specification, path: file, inputs: [file: sha256(try readText(file))], isResumed: false,
      isInterrupted: isInterrupted)
  }

  /// Takes up the run in a folder.
  ///
  /// - Parameters:
  ///   - folder: The folder.
  ///   - isInterrupted: As for a new run.
  /// - Throws: ``InputError`` or ``InputErrors`` if there is no such run.
  public init(
    resuming folder: OutputFolder, isInterrupted: @escaping () -> Bool = { false }
  ) throws {
    let manifest = try Manifest<MDSpecification>(in: folder, command: "md")
    try manifest.specification.validate()
    try self.init(
      manifest.specification, path: folder.file(Name.start), inputs: manifest.inputs,
      isResumed: true, isInterrupted: isInterrupted)
  }

  private init(
    _ specification: MDSpecification, path: String, inputs: [String: String], isResumed: Bool,
    isInterrupted: @escaping () -> Bool
  ) throws {
    self.specification = specification
    let files = try specification.energy.modelFiles()
    try checkUnchanged(files, since: inputs)
    self.inputs = inputs.merging(files) { $1 }
    self.isResumed = isResumed
    let modelled = try ModelledStructure(
      specification.energy, path: path,
      stress: specification.cell == .fixed ? .optional : .required, isInterrupted: isInterrupted)
    self.modelled = modelled
    let sites = try FixedSites.sites(specification.fixed, of: modelled.structure)
    var settings = specification.settings
    settings.fixedAtoms = modelled.atoms.indices.filter { sites.contains(modelled.atoms[$0]) }
    self.settings = settings
    let massless = modelled.atoms.filter { modelled.structure.species[$0].element.mass <= 0 }
    if let first = massless.first {
      throw InputError(
        "site \(first + 1) is a dummy atom, which has no mass", at: path,
        hint: "give every site an element")
    }
    if specification.velocities == .file, modelled.velocities == nil {
      throw InputError(
        "there is no column \(Column.Name.velocity) of three numbers", at: path,
        hint: "leave out --velocities file")
    }
    if modelled.atoms.count < 2 {
      throw InputError("one atom alone does not move, expected 2 or more", at: path)
    }
    if settings.fixedAtoms.count == modelled.atoms.count {
      throw InputError("every atom is fixed: nothing can move", at: "--fix")
    }
  }

  /// Does all steps, or those that are left, and writes all results into a folder.
  ///
  /// - Parameters:
  ///   - folder: New, or the one that is resumed.
  ///   - warn: Called with what the user ought to know before the first step.
  ///   - progress: Called after every step.
  ///   - shouldStop: Asked after every step; true ends the run with ``Interrupted``.
  /// - Returns: The result as it stands in `summary.json`.
  /// - Throws: ``InputError`` if a file cannot be written or the motion blows up, ``Interrupted`` if
  ///   asked to stop, or what the model throws.
  public func callAsFunction(
    in folder: OutputFolder, warn: (String) -> Void = { _ in },
    progress: (Progress) -> Void = { _ in }, shouldStop: () -> Bool = { false }
  ) throws -> MDResult {
    var manifest = Manifest(
      cellgen: cellgenVersion, command: "md", specification: specification,
      seed: specification.seed, inputs: inputs, started: timestamp())
    let clock = ContinuousClock()
    let began = clock.now
    let dynamics: MolecularDynamics
    let files: MDFiles
    if isResumed {
      let state = try MDState(in: folder, atoms: modelled.atoms.count)
      dynamics = try MolecularDynamics(
        state.dynamics, species: modelled.configuration.species,
        settings: settings, schedule: specification.schedule, model: modelled.model)
      files = try MDFiles(
        folder, trajectoryBytes: state.trajectoryBytes, logBytes: state.logBytes)
    } else {
      try folder.write(jsonText(manifest), to: OutputFolder.manifestName)
      try folder.write(ExtendedXYZ.write(modelled.structure), to: Name.start)
      do {
        dynamics = try MolecularDynamics(
          modelled.configuration,
          velocities: specification.velocities == .file ? modelled.velocities : nil,
          settings: settings,
          schedule: specification.schedule, model: modelled.model)
        let mode = try FastestMode(
          modelled.configuration, forces: dynamics.state.forces, model: modelled.model)
        if let doubt = mode.doubt(about: specification.timeStep) { warn(doubt) }
      } catch EngineError.interrupted {
        throw Interrupted(step: nil)
      }
      files = try MDFiles(folder, trajectoryBytes: 0, logBytes: 0)
      try files.begin(self)
      try files.record(dynamics, self)
    }
    try follow(dynamics, files, progress: progress, shouldStop: shouldStop)
    let result = try MDResult(self, dynamics, log: folder.read(Name.log))
    try result.write(to: folder)
    manifest.wall_s = (clock.now - began) / .seconds(1)
    manifest.finished = timestamp()
    try folder.write(jsonText(manifest), to: OutputFolder.manifestName)
    return result
  }

  /// Does steps until the last, and writes down every few seconds what it takes to go on.
  private func follow(
    _ dynamics: MolecularDynamics, _ files: MDFiles, progress: (Progress) -> Void,
    shouldStop: () -> Bool
  ) throws {
    let clock = ContinuousClock()
    let (began, first) = (clock.now, dynamics.state.step)
    let steps = specification.schedule.steps
    // Saving may take its time for large states: at most a twentieth of all.
    var (saved, pause) = (clock.now, Duration.seconds(5))
    func save(_ state: DynamicsState? = nil) throws {
      let before = clock.now
      try files.save(state ?? dynamics.state)
      saved = clock.now
      pause = max(.seconds(5), (saved - before) * 20)
    }
    try save()
    while dynamics.state.step < steps {
      if shouldStop() {
        try save()
        throw Interrupted(step: dynamics.state.step)
      }
      if clock.now - saved > pause { try save() }
      // Built-in models answer at once, and need no way back.
      let before = modelled.model is any Engine ? dynamics.state : nil
      do {
        try dynamics.advance()
      } catch let error as EngineError {
        // The step that had begun is begun again.
        if let before { try save(before) }
        let step = (before ?? dynamics.state).step
        guard error != .interrupted else { throw Interrupted(step: step) }
        throw InputError(
          "after step \(step): \(error)", at: "--engine",
          hint: "go on with cellgen md --resume \(files.folder.path)")
      } catch let error as DynamicsError {
        throw InputError(
          "\(error)", at: files.folder.path,
          hint: "relax the structure first, or take a smaller --time-step")
      } catch let error as ForceFieldError {
        throw InputError(
          "after step \(dynamics.state.step): \(error)", at: files.folder.path,
          hint: "the model has collapsed: lower the temperature, take a smaller --time-step, or a "
            + "model with repulsion at short distances")
      }
      try files.record(dynamics, self)
      let seconds = max(1e-6, (clock.now - began) / .seconds(1))
      let rate = Double(dynamics.state.step - first) / seconds
      progress(
        Progress(
          step: dynamics.state.step, steps: steps, temperature: dynamics.temperature,
          energy: dynamics.state.energy,
          pressureGPa: dynamics.pressure / UnitFactor.gigapascal, rate: rate,
          timeLeft: Double(steps - dynamics.state.step) / rate))
    }
    try save()
  }
}
