internal import Crystal
internal import Dynamics
internal import Energetics
internal import Engines

extension MeltMotion {
  /// Where LAMMPS works; removed when it is done, and left for its log if it fails.
  private static let workName = "lammps"

  /// Moves the atoms in one run of LAMMPS from the beginning of the segment to its end.
  ///
  /// A segment that was broken off begins again: the random numbers of LAMMPS begin with a run, so only
  /// whole segments give the same bytes.
  ///
  /// - Throws: ``MeltGuards/Failure``; ``InputError`` for what LAMMPS says went wrong;
  ///   ``AmorphousRun/Interrupted``; what the model throws.
  func lammps(
    _ modelled: ModelledStructure, _ state: MeltState, _ files: MeltFiles, _ place: String,
    _ warn: (String) -> Void, _ progress: (AmorphousRun.Progress) -> Void, _ shouldStop: () -> Bool
  ) throws -> End {
    let energy = run.specification.energy
    guard let engine = energy.engine, let setup = modelled.setup else {
      preconditionFailure("an engine that evaluates a built-in model")
    }
    if isFirst {
      let forces = try modelled.model.evaluate(modelled.configuration).forces
      try checkTimeStep(modelled, forces: forces, warn)
    }
    var work = LAMMPSDynamics(
      model: try setup.lammpsModel(
        cutoff: energy.cutoff, accuracy: energy.accuracy ?? ForceFieldSetup.usualAccuracy),
      settings: settings, schedule: schedule)
    work.logInterval = lineInterval
    work.frameInterval = run.specification.frameInterval
    work.patience = engine.limits.evaluationSeconds

    // A LAMMPS that has outlived its cellgen loses the folder that it works in, and disturbs no other.
    try files.folder.remove(MeltMotion.workName)
    let folder = try OutputFolder(files.folder.file(MeltMotion.workName), existing: .use)
    let species = modelled.configuration.species
    let mass = species.reduce(0) { $0 + $1.element.mass }
    let velocities =
      modelled.velocities
      ?? maxwellVelocities(
        species, temperature: motion.temperature.from,
        degreesOfFreedom: max(1, 3 * species.count - 3), seed: seed)
    func time(_ step: Int) -> Double { state.time + Double(step) * timeStep }
    var guards: MeltGuards?
    var nextCheck = checkInterval
    var lastEnergy = 0.0
    let result: LAMMPSDynamics.Result
    do {
      result = try work.run(
        in: folder.path, from: modelled.configuration, velocities: velocities,
        program: LAMMPSProgram(processes: engine.lammpsProcesses ?? 1),
        progress: { row in
          let reading = MeltReading(row)
          lastEnergy = row.energy
          guard row.step > 0 else {
            guards = MeltGuards(
              self, startVolume: state.startVolume, atoms: species.count, reading)
            return
          }
          if row.step >= nextCheck {
            try guards?.check(reading)
            nextCheck += checkInterval
          }
          if row.step.isMultiple(of: run.specification.logInterval) || row.step == steps {
            try files.log(reading, segment, mass: mass, time: time(row.step))
          }
          progress(
            AmorphousRun.Progress(
              place: place, step: row.step, steps: steps, temperature: row.temperature,
              energy: row.energy))
        },
        frames: { frame in
          let step = frame.row.step
          // The last comes with all its digits.
          guard step > 0, step < steps else { return }
          try files.frame(
            modelled.structure(at: frame.configuration), energy: frame.row.energy, segment,
            time: time(step))
        }, isInterrupted: shouldStop)
    } catch EngineError.interrupted {
      try files.folder.remove(MeltMotion.workName)
      throw AmorphousRun.Interrupted()
    } catch let error as InputError {
      throw InputError("in \(segment): \(error.message)", at: error.location, hint: error.hint)
    }
    try files.frame(
      modelled.structure(at: result.configuration), energy: lastEnergy, segment,
      time: time(steps))
    try files.folder.remove(MeltMotion.workName)
    return End(
      configuration: result.configuration, velocities: result.velocities, energy: lastEnergy)
  }

  /// Steps between lines of LAMMPS: all that the log and the trajectory need, and enough for the guards.
  private var lineInterval: Int {
    let both = greatestCommonDivisor(
      run.specification.logInterval, run.specification.frameInterval)
    return (1...max(1, min(both, checkInterval))).last { both.isMultiple(of: $0) } ?? 1
  }
}
