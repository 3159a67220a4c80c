import ArgumentParser
import Crystal
import Workflow

/// `cellgen amorphous`.
struct AmorphousCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "amorphous",
    abstract: "Amorphous models by melting and quenching, with guards against nonsense.",
    discussion: """
      Follows a schedule of segments: molecular dynamics with temperatures and ramps, relaxations, ion \
      exchange. Schedules that come with cellgen: quick, kawaguchi2025, choyal2025, yang2024; --show \
      prints one as a start for your own file. The start may be a crystal, a random packing or \
      particles.

      Guards stop a model with a diagnosis: temperature runaway, energy drift, collapse or explosion, \
      lost or overlapping atoms, a melt that is still crystalline. The report holds density, partial \
      radial distribution functions, neighbours, angles, and says whether the model is amorphous. The \
      exit status is 2 if it is not, or if something else is doubtful.

      With --engine lammps:N LAMMPS runs each segment of dynamics as a whole, on N processes, with the \
      model that --model names; relaxations are cellgen's own. --resume begins with the segment that was \
      not finished.

      Examples:

        cellgen prototype rutile --supercell 3x3x4
        cellgen amorphous prototype/host.extxyz --model matsui-akaogi --seed 1
        cellgen amorphous --show kawaguchi2025
      """)

  @Argument(help: ArgumentHelp("Structure file.", valueName: "file"))
  var structure: String?

  @Option(
    help: ArgumentHelp("Schedule: a name or a file *.yaml (default: quick).", valueName: "name"))
  var schedule: String?

  @Option(help: ArgumentHelp("Print a schedule and nothing else.", valueName: "name"))
  var show: String?

  @Option(help: ArgumentHelp("Models with seeds of their own (default: 1).", valueName: "number"))
  var models: Int?

  @Option(
    help: ArgumentHelp(
      "Quench rates, one model or set of models each, such as 50,100,200 [K/ps].",
      valueName: "list"))
  var quenchRates: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Factor on all times of the schedule (default: 1).", valueName: "factor"))
  var timeScale: Double?

  @Option(
    help: ArgumentHelp(
      "Afterwards exchange ions, such as Li:Mg, and relax the cell.", valueName: "from:to"))
  var exchange: String?

  @OptionGroup var modelOptions: ModelOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Steps between frames of the trajectory (default: 500).", valueName: "steps"))
  var framesEvery: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Steps between lines of the log (default: 50).", valueName: "steps"))
  var logEvery: Int?

  @Option(help: "Seed of the random numbers (default: a new one, which is printed).")
  var seed: UInt64?

  @Option(help: ArgumentHelp("Go on with the run in this folder.", valueName: "folder"))
  var resume: String?

  @OptionGroup var output: OutputOptions

  func validate() throws {
    if let show {
      try validated { _ = try MeltSchedule.text(named: show) }
      return
    }
    if resume != nil {
      let others: [Any?] = [
        structure, schedule, models, quenchRates, timeScale, exchange, framesEvery, logEvery, seed,
      ]
      try output.checkResuming(
        isChanged: modelOptions.isGiven || others.contains { $0 != nil })
      return
    }
    try modelOptions.engine.checkModel(modelOptions.model)
    try validated { try specification(seed: 0).validate() }
  }

  /// The settings of the command line.
  private func specification(seed: UInt64) throws -> AmorphousSpecification {
    guard let structure else {
      throw InputError(
        "a structure file is missing", hint: "cellgen amorphous FILE, or --resume FOLDER")
    }
    let name = schedule ?? "quick"
    var plan = try MeltSchedule(parsing: MeltSchedule.text(named: name), file: name)
    if let timeScale {
      guard timeScale > 0, timeScale <= 1000 else {
        throw InputError("\(timeScale), expected more than 0", at: "--time-scale")
      }
      plan = plan.scalingTimes(by: timeScale)
    }
    if let exchange { plan = try plan.exchanging(exchange) }
    var specification = AmorphousSpecification(
      energy: modelOptions.energy(of: structure), schedule: plan, seed: seed)
    if let models { specification.models = models }
    if let quenchRates {
      specification.quenchRates = try AnnealSpecification.numbers(
        quenchRates, of: "--quench-rates")
    }
    if let framesEvery { specification.frameInterval = framesEvery }
    if let logEvery { specification.logInterval = logEvery }
    return specification
  }

  func run() throws {
    if let show {
      print(try MeltSchedule.text(named: show), terminator: "")
      return
    }
    let console = Console(quiet: output.quiet)
    let run: AmorphousRun
    let folder: OutputFolder
    if let resume {
      folder = try OutputFolder(resume, existing: .resume)
      run = try AmorphousRun(resuming: folder)
      console.note("Resuming the run in \(resume).")
    } else {
      run = try AmorphousRun(
        specification(seed: seed ?? UInt64.random(in: 0..<1_000_000_000)))
      folder = try OutputFolder(
        output.out ?? "amorphous", existing: output.force ? .replace : .refuse)
    }
    for warning in run.warnings { console.warn(warning) }
    console.note("Seed \(run.specification.seed). Results in \(folder.path)/.")
    let interruption = Interruption()
    let result: AmorphousResult
    do {
      result = try run(
        in: folder, warn: { console.warn($0) }, progress: progressPrinter(console),
        shouldStop: { interruption.isRequested })
    } catch is AmorphousRun.Interrupted {
      console.endProgress()
      console.warn("interrupted; go on with: cellgen amorphous --resume \(folder.path)")
      throw ExitCode(130)
    }
    console.endProgress()
    if output.json {
      print(try jsonText(result.json(folder: folder.path)), terminator: "")
    } else {
      print(result.text, terminator: "")
      print("Results in \(folder.path)/, with report.html")
    }
    let doubts = result.models.flatMap(\.doubts)
    for doubt in doubts { console.warn(doubt) }
    if !doubts.isEmpty { throw ExitCode(2) }
  }

  private func progressPrinter(_ console: Console) -> (AmorphousRun.Progress) -> Void {
    let clock = ContinuousClock()
    var last: ContinuousClock.Instant?
    return { progress in
      let now = clock.now
      if let last, (now - last) / .seconds(1) < console.progressInterval { return }
      last = now
      let steps = progress.steps.map { "/\($0)" } ?? ""
      let heat = progress.temperature.map { "  \(fixed($0, 0)) K" } ?? ""
      console.progress(
        "\(progress.place)  step \(progress.step)\(steps)\(heat)  \(fixed(progress.energy, 3)) eV")
    }
  }
}
