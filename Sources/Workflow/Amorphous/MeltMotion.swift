internal import Crystal
internal import Dynamics
internal import Energetics
internal import Engines
internal import StructureIO

/// One segment of molecular dynamics of a melt–quench.
struct MeltMotion {
  let run: AmorphousRun
  let segment: String
  let motion: MeltSchedule.Motion
  let timeStep: Double
  let seed: UInt64
  /// Whether nothing has moved before, so that the time step is looked at.
  let isFirst: Bool

  /// The seed of a segment of a model.
  static func seed(_ seed: UInt64, _ segment: Int) -> UInt64 {
    var stream = RandomStream(seed: seed, purpose: "amorphous segment", index: segment)
    return stream.next()
  }

  var steps: Int { max(1, Int((motion.time / timeStep).rounded())) }

  var schedule: Schedule {
    let pressure = motion.pressureGPa ?? Schedule.Ramp(0)
    return Schedule([
      .init(
        steps: steps, temperature: motion.temperature,
        pressure: .init(
          from: pressure.from * UnitFactor.gigapascal,
          to: pressure.to * UnitFactor.gigapascal))
    ])
  }

  var settings: DynamicsSettings {
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
    _ warn: (String) -> Void, _ progress: (AmorphousRun.Progress) -> Void, _ shouldStop: () -> Bool
  ) throws -> Structure {
    let modelled = try ModelledStructure(
      run.energy, path: file, charges: .present,
      stress: settings.barostat == nil ? .optional : .required)
    defer { (modelled.model as? any Engine)?.stop() }
    do {
      let end =
        run.specification.energy.engine?.usesModel ?? false
        ? try lammps(modelled, state, files, place, warn, progress, shouldStop)
        : try builtIn(modelled, &state, files, place, warn, progress, shouldStop)
      var structure = modelled.structure(at: end.configuration)
      structure.set(modelled.column(Column.Name.velocity, end.velocities))
      structure.info.append(Structure.InfoEntry("energy", "\(end.energy)"))
      return structure
    } catch let failure as MeltGuards.Failure {
      throw InputError(failure.diagnosis, at: files.folder.path, hint: failure.hint)
    }
  }

  /// Where a segment ends.
  struct End {
    var configuration: Configuration
    /// Å/fs.
    var velocities: [SIMD3<Double>]
    /// eV.
    var energy: Double
  }

  /// Tells what is doubtful about the time step.
  func checkTimeStep(
    _ modelled: ModelledStructure, forces: [SIMD3<Double>], _ warn: (String) -> Void
  ) throws {
    guard isFirst else { return }
    let mode = try FastestMode(modelled.configuration, forces: forces, model: modelled.model)
    if let doubt = mode.doubt(about: timeStep) { warn(doubt) }
  }

  /// Steps between checks by the guards.
  var checkInterval: Int { max(1, Int(MeltGuards.interval / timeStep)) }

  /// Moves the atoms with the built-in dynamics, and with an engine if there is one.
  private func builtIn(
    _ modelled: ModelledStructure, _ state: inout MeltState, _ files: MeltFiles, _ place: String,
    _ warn: (String) -> Void, _ progress: (AmorphousRun.Progress) -> Void, _ shouldStop: () -> Bool
  ) throws -> End {
    let dynamics: MolecularDynamics
    if let saved = state.dynamics {
      dynamics = try MolecularDynamics(
        saved, species: modelled.configuration.species, settings: settings, schedule: schedule,
        model: modelled.model)
    } else {
      dynamics = try MolecularDynamics(
        modelled.configuration, velocities: modelled.velocities, settings: settings,
        schedule: schedule, model: modelled.model)
      try checkTimeStep(modelled, forces: dynamics.state.forces, warn)
    }
    var guards = MeltGuards(
      self, startVolume: state.startVolume, atoms: modelled.atoms.count, MeltReading(dynamics))
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
        if step.isMultiple(of: checkInterval) { try guards.check(MeltReading(dynamics)) }
        if step.isMultiple(of: run.specification.logInterval) || step == steps {
          try files.log(
            MeltReading(dynamics), segment, mass: dynamics.mass,
            time: state.time + Double(step) * timeStep)
        }
        if step.isMultiple(of: run.specification.frameInterval) || step == steps {
          try files.frame(
            modelled.structure(at: dynamics.configuration), energy: dynamics.state.energy, segment,
            time: state.time + Double(step) * timeStep)
        }
        progress(
          AmorphousRun.Progress(
            place: place, step: step, steps: steps, temperature: dynamics.temperature,
            energy: dynamics.state.energy))
      }
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
    return End(
      configuration: try dynamics.configuration, velocities: dynamics.state.velocities,
      energy: dynamics.state.energy)
  }
}
