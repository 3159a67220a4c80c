internal import Analysis
internal import Crystal
internal import Dynamics
internal import Energetics
internal import Engines
internal import Report
internal import StructureIO

/// Melt–quenched models from a structure file to a folder of results.
public struct AmorphousRun {
  /// Settings.
  public let specification: AmorphousSpecification

  /// What is doubtful, one sentence each.
  public let warnings: [String]

  private let inputs: [String: String]
  private let isResumed: Bool
  private let start: String

  /// What has been done.
  public struct Progress: Sendable {
    /// Model and segment.
    public var place: String
    /// Steps of the segment so far, and in all; of a relaxation so far only.
    public var step: Int
    /// Steps of the segment; nil for a relaxation.
    public var steps: Int?
    /// Temperature, K; nil for a relaxation.
    public var temperature: Double?
    /// Energy, eV.
    public var energy: Double
  }

  /// A run that was asked to stop; it can be resumed.
  public struct Interrupted: Error, Sendable {}

  /// Reads and checks a structure.
  ///
  /// - Throws: ``InputError`` or ``InputErrors`` with what is wrong.
  public init(_ specification: AmorphousSpecification) throws {
    try specification.validate()
    self.specification = specification
    start = specification.energy.structure
    inputs = [start: sha256(try readText(start))]
    isResumed = false
    let modelled = try ModelledStructure(specification.energy, charges: .present)
    warnings = modelled.warnings
    (modelled.model as? any Engine)?.stop()
    if modelled.atoms.count < 2 {
      throw InputError("\(modelled.atoms.count) atoms, expected 2 or more", at: start)
    }
    try checkExchanges(modelled.structure)
  }

  /// Plans the exchanges of the schedule before anything moves.
  ///
  /// - Throws: ``InputError`` or ``InputErrors`` for ions that are not there, or that the model lacks.
  private func checkExchanges(_ start: Structure) throws {
    var structure = start
    for segment in specification.schedule.segments {
      guard case .exchange(let from, let to, let fraction) = segment.action else { continue }
      structure = try exchanged(structure, self.start, from, to, fraction, seed: specification.seed)
      guard energy.engine == nil else { continue }
      _ = try ForceFieldSetup(
        structure, model: energy.model, charges: energy.charges(of: structure), file: self.start)
    }
    let elements = Set(start.species.map(\.element)).union(structure.species.map(\.element))
    for element in try energy.chargesByElement().keys.sorted() where !elements.contains(element) {
      throw InputError(
        "\(element) has a charge but neither occurs nor comes in an exchange", at: "--charges")
    }
  }

  /// Takes up the run in a folder.
  ///
  /// - Throws: ``InputError`` or ``InputErrors`` if there is no such run.
  public init(resuming folder: OutputFolder) throws {
    let manifest = try Manifest<AmorphousSpecification>(in: folder, command: "amorphous")
    try manifest.specification.validate()
    specification = manifest.specification
    inputs = manifest.inputs
    start = folder.file(MeltState.start)
    isResumed = true
    warnings = []
  }

  /// Makes all models, or those that are left.
  ///
  /// - Parameters:
  ///   - folder: New, or the one that is resumed.
  ///   - warn: Called with what the user ought to know before the atoms move.
  ///   - progress: Called after every step.
  ///   - shouldStop: Asked after every step; true ends the run with ``Interrupted``.
  /// - Returns: The results of all models.
  /// - Throws: ``InputError`` with a diagnosis if a guard stops a model, or a file cannot be written;
  ///   ``Interrupted`` if asked to stop; what the model throws.
  public func callAsFunction(
    in folder: OutputFolder, warn: (String) -> Void = { _ in },
    progress: (Progress) -> Void = { _ in }, shouldStop: () -> Bool = { false }
  ) throws -> AmorphousResult {
    var manifest = Manifest(
      cellgen: cellgenVersion, command: "amorphous", specification: specification,
      seed: specification.seed, inputs: inputs, started: timestamp())
    let clock = ContinuousClock()
    let began = clock.now
    if !isResumed {
      try folder.write(jsonText(manifest), to: OutputFolder.manifestName)
      let structure = try StructureFile.read(start).structure
      try folder.write(ExtendedXYZ.write(structure), to: MeltState.start)
    }
    var results: [AmorphousModel] = []
    for (number, variant) in specification.variants.enumerated() {
      let place =
        variant.name.isEmpty
        ? folder : try OutputFolder(folder.file(variant.name), existing: .use)
      let end = try follow(
        variant, isFirst: number == 0, in: place, from: folder.file(MeltState.start), warn,
        progress, shouldStop)
      results.append(
        try AmorphousModel(
          name: variant.name, folder: place, file: place.file(end.file),
          start: folder.file(MeltState.start), doubtsOnTheWay: end.doubts))
    }
    let result = AmorphousResult(specification: specification, models: results)
    try result.write(to: folder)
    manifest.wall_s = (clock.now - began) / .seconds(1)
    manifest.finished = timestamp()
    try folder.write(jsonText(manifest), to: OutputFolder.manifestName)
    return result
  }

  /// The energy of what cellgen does itself.
  ///
  /// With LAMMPS that is the same model built in: LAMMPS runs dynamics as a whole, and would have to be
  /// started anew for every step of a relaxation.
  var energy: EnergySpecification {
    var energy = specification.energy
    if energy.engine?.usesModel ?? false { energy.engine = nil }
    return energy
  }

  /// Does the segments of one model.
  ///
  /// - Returns: Where it ended.
  private func follow(
    _ variant: AmorphousSpecification.Variant, isFirst: Bool, in folder: OutputFolder,
    from start: String, _ warn: (String) -> Void, _ progress: (Progress) -> Void,
    _ shouldStop: () -> Bool
  ) throws -> MeltState {
    var state: MeltState
    if isResumed, folder.has(MeltState.name) {
      state = try jsonValue(MeltState.self, from: folder.read(MeltState.name))
    } else {
      let structure = try StructureFile.read(start).structure
      state = MeltState(startVolume: structure.lattice.volume)
    }
    let files = try MeltFiles(folder, state)
    let segments = variant.schedule.segments
    let prefix = variant.name.isEmpty ? "" : "\(variant.name): "
    while state.segment < segments.count {
      let segment = segments[state.segment]
      let file = state.file == MeltState.start ? start : folder.file(state.file)
      let result: Structure
      var doubts: [String] = []
      switch segment.action {
      case .dynamics(let motion):
        let work = MeltMotion(
          run: self, segment: segment.name, motion: motion, timeStep: variant.schedule.timeStep,
          seed: MeltMotion.seed(variant.seed, state.segment),
          isFirst: isFirst && state.time == 0)
        result = try work(
          file, &state, files, place: "\(prefix)\(segment.name)", warn, progress, shouldStop)
        state.time += motion.time
      case .relax(let cell, let force, let steps):
        let (relaxed, ending) = try relax(
          file, cell, force, steps, place: "\(prefix)\(segment.name)", progress, shouldStop)
        result = relaxed
        if ending != .converged {
          doubts.append(
            "\(segment.name) did not reach forces of \(force) eV/Å (\(ending.rawValue))")
        }
      case .exchange(let from, let to, let fraction):
        let before = try StructureFile.read(file).structure
        result = try exchanged(before, file, from, to, fraction, seed: variant.seed)
      }
      do {
        try MeltGuards.check(result, after: segment.name)
      } catch let failure as MeltGuards.Failure {
        throw InputError(failure.diagnosis, at: folder.path, hint: failure.hint)
      }
      try checkMelt(segment, result, variant.schedule, start, folder)
      state.file = "\(state.segment + 1)-\(segment.name).extxyz"
      try folder.write(ExtendedXYZ.write(result), to: state.file)
      state.segment += 1
      state.dynamics = nil
      state.doubts += doubts
      try files.save(&state)
    }
    return state
  }

  /// Stops a run that has not melted: whatever follows would be a crystal.
  private func checkMelt(
    _ segment: MeltSchedule.Segment, _ structure: Structure, _ schedule: MeltSchedule,
    _ start: String, _ folder: OutputFolder
  ) throws {
    guard case .dynamics(let motion) = segment.action, !motion.isQuench else { return }
    let hottest = schedule.segments.map { segment in
      if case .dynamics(let motion) = segment.action { return motion.temperature.to }
      return 0
    }.max()
    guard motion.temperature.to == hottest else { return }
    let order = try AmorphousModel.crystallinity(structure, start: start)
    let atoms = structure.species.count { !$0.isVacancy }
    guard !order.isAmorphous(atoms: atoms) else { return }
    throw InputError(
      "still crystalline after \(segment.name): \(AmorphousModel.describe(order, atoms: atoms))",
      at: folder.path,
      hint: "melt it hotter or longer; \(fixed(motion.temperature.to, 0)) K for "
        + "\(fixed(motion.time / 1000, 1)) ps are not enough with this model")
  }

  private func relax(
    _ file: String, _ cell: CellFreedom, _ force: Double, _ steps: Int, place: String,
    _ progress: (Progress) -> Void, _ shouldStop: () -> Bool
  ) throws -> (structure: Structure, ending: Relaxation.Ending) {
    let modelled = try ModelledStructure(
      energy, path: file, charges: .present, stress: cell == .fixed ? .optional : .required)
    defer { (modelled.model as? any Engine)?.stop() }
    var relaxation = Relaxation()
    relaxation.cell = cell
    relaxation.criteria.force = force
    relaxation.criteria.stress = 0.1 * UnitFactor.gigapascal
    relaxation.criteria.steps = steps
    let isFixed = [Bool](repeating: false, count: modelled.atoms.count)
    let (last, ending) = try relaxation(
      modelled.configuration, isFixed: isFixed, model: modelled.model
    ) { step in
      progress(
        Progress(place: place, step: step.number, energy: step.evaluation.energy))
      return !shouldStop()
    }
    if ending == .stopped { throw Interrupted() }
    var structure = modelled.structure(at: last.configuration)
    structure.info.append(Structure.InfoEntry("energy", "\(last.evaluation.energy)"))
    return (structure, ending)
  }

  private func exchanged(
    _ structure: Structure, _ file: String, _ from: [String], _ to: [String], _ fraction: Double,
    seed: UInt64
  ) throws -> Structure {
    var exchange = ExchangeSpecification(structure: file, from: from, to: to)
    exchange.fraction = fraction
    exchange.round = true
    exchange.seed = seed
    return try IonExchange(exchange, structure).randomStructure()
  }
}
