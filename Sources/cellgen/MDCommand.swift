public import ArgumentParser
import Crystal
public import Dynamics
public import Workflow

/// `cellgen md`.
struct MDCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "md",
    abstract: "Molecular dynamics of a structure with a built-in model.",
    discussion: """
      Moves the atoms at a temperature, and with --cell the cell at a pressure. --time takes one or more \
      stretches; --temperature, --pressure and --shear-stress take a value for each or one for all, and \
      ramps such as 300..900. --thermostat none keeps the energy; langevin is random forces and friction \
      (BAOAB), nose-hoover a Nosé-Hoover chain. The cell has inertia (Martyna-Tobias-Klein) and never turns. \
      The conserved quantity in the log shows whether the time step is short enough; a warning is given if \
      it is long for the fastest vibration.

      Charges come from --charges, else from the column initial_charges, else from the oxidation states \
      in the file; published sets of potentials may have their own.

      Example:

        cellgen prototype rocksalt --supercell 1x1x1
        cellgen md prototype/host.extxyz --temperature 300 --time 50fs
        cellgen md prototype/host.extxyz --time 20fs,20fs \\
          --temperature 300..900,900 --out heat

      Results: trajectory.extxyz with velocities [Å/fs], thermo.csv, final.extxyz, figures/ and \
      summary.json. Equal settings and seed give the same bytes, also after an interruption and --resume; \
      only the times in manifest.json differ.
      """)

  @Argument(help: ArgumentHelp("Structure file.", valueName: "file"))
  var structure: String?

  @OptionGroup var modelOptions: ModelOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Length, or lengths of stretches, such as 10ps or 500fs,1ns (default: 1ps).",
      valueName: "list"))
  var time: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Temperature of the stretches, such as 300 or 300..900,900 (default: 300) [K].",
      valueName: "list"))
  var temperature: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Pressure of the stretches, such as 0 or 0..1,1 (default: 0) [GPa].", valueName: "list"))
  var pressure: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Shear stress of the stretches, such as 0,0.05,0 (default: 0) [GPa].", valueName: "list"))
  var shearStress: String?

  @Option(help: "Component of the shear stress (default: xy).")
  var shearPlane: MDSpecification.ShearPlane?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Time step (default: 1) [fs].", valueName: "time"))
  var timeStep: Double?

  @Option(help: "What holds the temperature (default: langevin).")
  var thermostat: MDSpecification.Thermostat?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "1/friction, or period of the Nosé-Hoover chain (default: 100) [fs].", valueName: "time"))
  var thermostatTime: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Thermostats in a Nosé-Hoover chain (default: 3).", valueName: "number"))
  var chain: Int?

  @Option(
    help: "What random forces do to the total momentum: kept at zero, or free (default: kept).")
  var momentum: DynamicsSettings.Momentum?

  @Option(
    help: "How the cell may change: not, its volume, its shape at constant volume, or both.")
  var cell: CellFreedom?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Period of the barostat (default: 1000) [fs].", valueName: "time"))
  var barostatTime: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Steps after which the drift of the centre of mass is taken out (default: 100; 0 for never).",
      valueName: "steps"))
  var removeDrift: Int?

  @Option(
    help: "First velocities: a Maxwell distribution, or those of the file (default: maxwell).")
  var velocities: MDSpecification.Velocities?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Steps between frames of the trajectory (default: 100).", valueName: "steps")
  )
  var framesEvery: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Steps between lines of the log (default: 10).", valueName: "steps"))
  var logEvery: Int?

  @Option(
    help:
      "Positions in the trajectory: within the cell, or where atoms have gone (default: wrapped).")
  var positions: MDSpecification.Positions?

  @Option(help: FixedSiteWords.help)
  var fix: String?

  @Option(help: "Seed of the random numbers (default: a new one, which is printed).")
  var seed: UInt64?

  @Option(help: ArgumentHelp("Go on with the run in this folder.", valueName: "folder"))
  var resume: String?

  @OptionGroup var output: OutputOptions

  func validate() throws {
    try modelOptions.engine.checkModel(modelOptions.model)
    if resume != nil {
      let others: [Any?] = [
        structure, time, temperature, pressure, shearStress, shearPlane, timeStep,
        thermostat, thermostatTime, chain, momentum, cell, barostatTime, removeDrift, velocities,
        framesEvery, logEvery, positions, fix, seed,
      ]
      try output.checkResuming(
        isChanged: modelOptions.isGiven || others.contains { $0 != nil })
      return
    }
    try validated { try specification(seed: 0).validate() }
  }

  /// The settings of the command line.
  private func specification(seed: UInt64) throws -> MDSpecification {
    guard let structure else {
      throw InputError("a structure file is missing", hint: "cellgen md FILE, or --resume FOLDER")
    }
    var specification = MDSpecification(
      energy: modelOptions.energy(of: structure), times: try MDSpecification.times(time ?? "1ps"),
      temperatures: try MDSpecification.ramps(temperature ?? "300", of: "--temperature"),
      seed: seed)
    if let pressure {
      specification.pressuresGPa = try MDSpecification.ramps(pressure, of: "--pressure")
    }
    if let shearStress {
      specification.shearsGPa = try AnnealSpecification.numbers(shearStress, of: "--shear-stress")
    }
    if let shearPlane { specification.shearPlane = shearPlane }
    if let timeStep { specification.timeStep = timeStep }
    if let thermostat { specification.thermostat = thermostat }
    if let thermostatTime { specification.thermostatTime = thermostatTime }
    if let chain { specification.chainLength = chain }
    if let momentum { specification.momentum = momentum }
    if let cell { specification.cell = cell }
    if let barostatTime { specification.barostatTime = barostatTime }
    if let removeDrift { specification.driftRemoval = removeDrift }
    if let velocities { specification.velocities = velocities }
    if let framesEvery { specification.frameInterval = framesEvery }
    if let logEvery { specification.logInterval = logEvery }
    if let positions { specification.positions = positions }
    specification.fixed = FixedSiteWords.words(fix)
    return specification
  }

  func run() throws {
    let console = Console(quiet: output.quiet)
    let interruption = Interruption()
    let run: MDRun
    let folder: OutputFolder
    if let resume {
      folder = try OutputFolder(resume, existing: .resume)
      run = try MDRun(resuming: folder, isInterrupted: { interruption.isRequested })
      console.note("Resuming the run in \(resume).")
    } else {
      run = try MDRun(
        specification(seed: seed ?? UInt64.random(in: 0..<1_000_000_000)),
        isInterrupted: { interruption.isRequested })
      folder = try OutputFolder(output.out ?? "md", existing: output.force ? .replace : .refuse)
    }
    for warning in run.warnings { console.warn(warning) }
    console.note("Seed \(run.specification.seed). Results in \(folder.path)/.")
    let result: MDResult
    do {
      result = try run(
        in: folder, warn: { console.warn($0) }, progress: progressPrinter(console),
        shouldStop: { interruption.isRequested })
    } catch let stop as MDRun.Interrupted {
      console.endProgress()
      console.warn(
        stop.step.map {
          "interrupted after step \($0); go on with: cellgen md --resume \(folder.path)"
        } ?? "interrupted before the first step")
      throw ExitCode(130)
    }
    console.endProgress()
    for remark in run.remarks { console.warn(remark) }
    if output.json {
      print(try jsonText(result.json(folder: folder.path)), terminator: "")
    } else {
      print(result.text, terminator: "")
      print("Results in \(folder.path)/")
    }
  }

  private func progressPrinter(_ console: Console) -> (MDRun.Progress) -> Void {
    let clock = ContinuousClock()
    var last: ContinuousClock.Instant?
    return { progress in
      let now = clock.now
      if let last, (now - last) / .seconds(1) < console.progressInterval { return }
      last = now
      console.progress(
        "step \(progress.step)/\(progress.steps)  \(fixed(progress.temperature, 0)) K  "
          + "\(fixed(progress.energy, 4)) eV  \(fixed(progress.pressureGPa, 2)) GPa  "
          + "\(fixed(progress.rate, 1)) steps/s  \(duration(progress.timeLeft)) left")
    }
  }
}

extension MDSpecification.Thermostat: ExpressibleByArgument {}
extension MDSpecification.Velocities: ExpressibleByArgument {}
extension MDSpecification.Positions: ExpressibleByArgument {}
extension MDSpecification.ShearPlane: ExpressibleByArgument {}
extension DynamicsSettings.Momentum: ExpressibleByArgument {}
