internal import Crystal
internal import Dynamics
internal import Energetics
internal import Engines
internal import Report
internal import StructureIO

/// One segment of molecular dynamics of a melt–quench.
struct MeltMotion {
  let run: AmorphousRun
  let segment: String
  let motion: MeltSchedule.Motion
  let timeStep: Double
  let seed: UInt64

  /// The seed of a segment of a model.
  static func seed(_ seed: UInt64, _ segment: Int) -> UInt64 {
    var stream = RandomStream(seed: seed, purpose: "amorphous segment", index: segment)
    return stream.next()
  }

  private var steps: Int { max(1, Int((motion.time / timeStep).rounded())) }

  private var schedule: Schedule {
    let pressure = motion.pressureGPa ?? Schedule.Ramp(0)
    return Schedule([
      .init(
        steps: steps, temperature: motion.temperature,
        pressure: .init(
          from: pressure.from * UnitFactor.gigapascal,
          to: pressure.to * UnitFactor.gigapascal))
    ])
  }

  private var settings: DynamicsSettings {
    var settings = DynamicsSettings(timeStep: timeStep, seed: seed)
    switch motion.thermostat {
    case .langevin: settings.thermostat = .langevin(time: motion.damping, .kept)
    case .noseHoover: settings.thermostat = .noseHoover(period: motion.damping, length: 3)
    case .none: settings.thermostat = .none
    }
    if motion.pressureGPa != nil, motion.cell != .fixed {
      settings.barostat = .init(cell: motion.cell, period: motion.pressureDamping)
    }
    settings.driftRemoval = 100
    return settings
  }

  /// Moves the atoms of a file.
  ///
  /// - Returns: The structure at the end, with velocities.
  func callAsFunction(
    _ file: String, _ state: inout MeltState, _ files: MeltFiles, place: String,
    _ progress: (AmorphousRun.Progress) -> Void, _ shouldStop: () -> Bool
  ) throws -> Structure {
    let modelled = try ModelledStructure(run.specification.energy, path: file)
    defer { (modelled.model as? any Engine)?.stop() }
    let dynamics: MolecularDynamics
    if let saved = state.dynamics {
      dynamics = try MolecularDynamics(
        saved, species: modelled.configuration.species, settings: settings, schedule: schedule,
        model: modelled.model)
    } else {
      dynamics = try MolecularDynamics(
        modelled.configuration, velocities: modelled.velocities, settings: settings,
        schedule: schedule, model: modelled.model)
    }
    var guards = MeltGuards(
      segment, motion, timeStep: timeStep, startVolume: state.startVolume, dynamics)
    let checkInterval = max(1, Int(MeltGuards.interval / timeStep))
    let clock = ContinuousClock()
    var saved = clock.now
    let pause = Duration.seconds(10)
    func save() throws {
      state.dynamics = dynamics.state
      try files.save(&state)
      saved = clock.now
    }
    do {
      while dynamics.state.step < steps {
        if shouldStop() {
          try save()
          throw AmorphousRun.Interrupted()
        }
        if clock.now - saved > pause { try save() }
        try dynamics.advance()
        let step = dynamics.state.step
        if step.isMultiple(of: checkInterval) { try guards.check(dynamics) }
        if step.isMultiple(of: run.specification.logInterval) || step == steps {
          try files.log(dynamics, segment, time: state.time + Double(step) * timeStep)
        }
        if step.isMultiple(of: run.specification.frameInterval) || step == steps {
          try files.frame(
            modelled.structure(at: dynamics.configuration), dynamics, segment,
            time: state.time + Double(step) * timeStep)
        }
        progress(
          AmorphousRun.Progress(
            place: place, step: step, steps: steps, temperature: dynamics.temperature,
            energy: dynamics.state.energy))
      }
    } catch let failure as MeltGuards.Failure {
      throw InputError(failure.diagnosis, at: files.folder.path, hint: failure.hint)
    } catch let error as ForceFieldError {
      throw InputError(
        "\(error), in \(segment) after step \(dynamics.state.step)", at: files.folder.path,
        hint:
          "the model has collapsed: lower the temperature, take a shorter time_step, or a model "
          + "with repulsion at short distances")
    } catch let error as DynamicsError {
      throw InputError(
        "\(error), in \(segment)", at: files.folder.path,
        hint: "relax the start first, or take a shorter time_step")
    }
    var structure = try modelled.structure(at: dynamics.configuration)
    structure.set(modelled.column(Column.Name.velocity, dynamics.state.velocities))
    structure.info.append(Structure.InfoEntry("energy", "\(dynamics.state.energy)"))
    return structure
  }
}

/// The files of a melt–quench that grow with it.
final class MeltFiles {
  let folder: OutputFolder
  private let trajectory: AppendedFile
  private let thermo: AppendedFile

  /// Names of the files.
  static let trajectoryName = "trajectory.extxyz"
  static let logName = "thermo.csv"

  static let header =
    "segment,step,time_fs,T_K,E_pot_eV,E_kin_eV,conserved_eV,P_GPa,volume_A3,density_g_cm3\n"

  /// Opens the files and cuts off what was written after the run was saved.
  init(_ folder: OutputFolder, _ state: MeltState) throws {
    self.folder = folder
    trajectory = try AppendedFile(
      folder.file(MeltFiles.trajectoryName), keeping: state.trajectoryBytes)
    thermo = try AppendedFile(folder.file(MeltFiles.logName), keeping: state.logBytes)
    if state.logBytes == 0 { try thermo.write(MeltFiles.header) }
  }

  /// Writes down what it takes to go on.
  func save(_ state: inout MeltState) throws {
    try trajectory.synchronize()
    try thermo.synchronize()
    state.trajectoryBytes = trajectory.length
    state.logBytes = thermo.length
    try folder.write(compactJSON(state), to: MeltState.name)
  }

  /// Adds a line to the log.
  func log(_ dynamics: MolecularDynamics, _ segment: String, time: Double) throws {
    let volume = dynamics.state.lattice.volume
    let numbers = [
      time, dynamics.temperature, dynamics.state.energy, dynamics.kineticEnergy,
      dynamics.conservedEnergy, dynamics.pressure / UnitFactor.gigapascal, volume,
      dynamics.mass / volume / UnitFactor.gramPerCubicCentimetre,
    ]
    try thermo.write(
      ([segment, "\(dynamics.state.step)"] + numbers.map(\.description)).joined(separator: ",")
        + "\n")
  }

  /// Adds a frame to the trajectory.
  func frame(
    _ structure: Structure, _ dynamics: MolecularDynamics, _ segment: String, time: Double
  ) throws {
    var structure = structure
    structure.info.removeAll { ["segment", "time_fs"].contains($0.key) }
    structure.info.append(Structure.InfoEntry("energy", "\(dynamics.state.energy)"))
    structure.info.append(Structure.InfoEntry("segment", segment))
    structure.info.append(Structure.InfoEntry("time_fs", "\(time)"))
    try trajectory.write(
      ExtendedXYZ.write(
        structure,
        at: structure.positions.map { structure.lattice.cartesian($0.wrapped).components }
      ))
  }
}
