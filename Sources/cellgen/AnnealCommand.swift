public import ArgumentParser
import Arrangement
import Crystal
import Foundation
import Report
import Search
public import Workflow

/// `cellgen anneal`.
struct AnnealCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "anneal",
    abstract: "Site occupancies at temperatures, low arrangements and quasirandom structures.",
    discussion: """
      Metropolis sampling of the arrangements at several temperatures that exchange with each other \
      (parallel tempering). It gives mean occupancies of every label, short-range order, energy and heat \
      capacity at each temperature, with error bars, and the lowest distinct arrangements that it met. \
      Without --temperatures they are chosen from trial moves, from where everything moves to where the \
      arrangement freezes. The built-in model does not relax the ions, so temperatures of ordering come out \
      too high.

      With --chemical-potential atoms of an element come from a reservoir: they are inserted and removed \
      in moves that keep the charge. With --objective sqs the short-range order is brought near a target \
      instead: special quasirandom structures, for models of disorder.

      With --energy (a built-in model) or --engine (a program, see cellgen energy --help) the lowest \
      arrangements are evaluated again as whole structures, relaxed as --relax says; both orders are \
      shown, evaluated.csv has them, energies.csv the new energies.

      Without a problem file it works on \(BuiltInProblem.summary).

      Examples:

        cellgen anneal --rounds 20 --equilibration 10
        cellgen spinel --out host
        cellgen anneal host/problem.yaml --lowest 300 --out hot
        cellgen anneal host/problem.yaml --temperatures 1000,3000,9000 --out three
        cellgen anneal host/problem.yaml --chemical-potential Mg=0,Zn=1 --out open
        cellgen anneal host/problem.yaml --objective sqs --shells 1 --out random
        cellgen anneal --resume hot --rounds 3000

      Results: thermodynamics.csv, occupancy.csv, short_range_order.csv, energies.csv (or sqs.csv), \
      structures/, figures/ and report.html. Equal settings and seed give the same bytes for any number of \
      threads, also after an interruption and --resume; only the times in manifest.json differ.
      """)

  @OptionGroup var problem: ProblemOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Temperatures, ascending, such as 300,600,1200 (default: chosen from trial moves) [K].",
      valueName: "list"))
  var temperatures: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Lowest of the temperatures that are chosen [K].", valueName: "T"))
  var lowest: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Highest of the temperatures that are chosen [K].", valueName: "T"))
  var highest: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Number of temperatures that are chosen; with --objective sqs of replicas (default: 8).",
      valueName: "number"))
  var replicas: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Rounds that count (default: 2000; with --objective sqs 500). A run can go on with more.",
      valueName: "number"))
  var rounds: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Rounds before the averages begin (default: 500).", valueName: "number"))
  var equilibration: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Sweeps over all sites in a round (default: 20).", valueName: "number"))
  var sweeps: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Best distinct structures that are written (default: 10).", valueName: "number"))
  var top: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Shells of neighbours per pair of labels whose short-range order is measured (default: 3; 0 for none).",
      valueName: "number"))
  var shells: Int?

  @Option(
    help: ArgumentHelp(
      "Chemical potential of an element, such as Mg=-5.0: its number changes; may be repeated [eV/atom].",
      valueName: "element=eV"))
  var chemicalPotential: [String] = []

  @Option(help: "What decides: energy, or sqs for short-range order near a target.")
  var objective: AnnealSpecification.Objective?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Targets of the short-range order for sqs: one number, or one per shell (default: 0).",
      valueName: "list"))
  var target: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Weights of the shells for sqs: one number, or one per shell (default: falling with the distance).",
      valueName: "list"))
  var weight: String?

  @OptionGroup var evaluation: EvaluationOptions

  @Option(help: "Seed of the random numbers (default: a new one, which is printed).")
  var seed: UInt64?

  @Option(help: "Threads (default: all cores); no effect on any result.")
  var threads: Int?

  @Option(help: ArgumentHelp("Go on with the run in this folder.", valueName: "folder"))
  var resume: String?

  @OptionGroup var output: OutputOptions

  func validate() throws {
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads is \(threads), expected 1 to 1024")
    }
    if resume != nil {
      let others: [Any?] = [
        temperatures, lowest, highest, replicas, equilibration, sweeps, top, shells, objective,
        target, weight, seed,
      ]
      try output.checkResuming(
        isChanged: problem.choice != ProblemChoice() || !chemicalPotential.isEmpty
          || !evaluation.isEmpty || others.contains { $0 != nil },
        allowed: ["--rounds", "--threads", "the limits of the engine"])
      if let rounds, rounds < 1 {
        throw ValidationError("--rounds is \(rounds), expected 1 or more")
      }
      return
    }
    try evaluation.engine.checkLimits()
    try validated { try specification(seed: 0).validate() }
  }

  /// The settings of the command line.
  private func specification(seed: UInt64) throws -> AnnealSpecification {
    var specification = AnnealSpecification(seed: seed)
    specification.problem = problem.choice
    specification.objective = objective ?? .energy
    let list = AnnealSpecification.numbers
    if let temperatures { specification.temperatures = try list(temperatures, "--temperatures") }
    specification.ladder.lowest = lowest
    specification.ladder.highest = highest
    switch specification.objective {
    case .energy: specification.ladder.count = replicas
    case .sqs: if let replicas { specification.replicas = replicas }
    }
    specification.rounds =
      rounds ?? AnnealSpecification.defaultRounds(specification.objective)
    if let equilibration { specification.equilibration = equilibration }
    if let sweeps { specification.sweeps = sweeps }
    if let top { specification.top = top }
    if let shells { specification.shells = shells }
    specification.chemicalPotentials = try AnnealSpecification.chemicalPotentials(
      chemicalPotential)
    specification.evaluation = try evaluation.makeSpecification()
    if let target { specification.targets = try list(target, "--target") }
    if let weight { specification.weights = try list(weight, "--weight") }
    return specification
  }

  func run() async throws {
    let console = Console(quiet: output.quiet)
    let run: AnnealRun
    let folder: OutputFolder
    if let resume {
      folder = try OutputFolder(resume, existing: .resume)
      run = try AnnealRun(
        resuming: folder, rounds: rounds, limits: evaluation.engine.limits)
      console.note("Resuming the run in \(resume).")
    } else {
      run = try AnnealRun(specification(seed: seed ?? UInt64.random(in: 0..<1_000_000_000)))
      folder = try OutputFolder(output.out ?? "anneal", existing: output.force ? .replace : .refuse)
      problem.announce(console)
    }
    for note in run.notes { console.note("note: \(note)") }
    for warning in run.warnings { console.warn(warning) }
    console.note(
      "Seed \(run.specification.seed). \(run.problem.composition): "
        + "\(run.problem.activeSites.count) active sites, total charge "
        + "\(fixed(run.problem.ledger.totalCharge, 2)) e. Results in \(folder.path)/.")
    let interruption = Interruption()
    let clock = ContinuousClock()
    let began = clock.now
    let result: AnnealResult
    do {
      result = try await run(
        in: folder, threads: threads ?? ProcessInfo.processInfo.activeProcessorCount,
        announce: { console.note($0) }, progress: progressPrinter(console, run),
        evaluated: { done, count in console.progress("structure \(done) of \(count) evaluated") },
        shouldStop: { interruption.isRequested })
    } catch let stop as AnnealRun.Interrupted {
      console.endProgress()
      console.warn(
        "interrupted after round \(stop.round); go on with: cellgen anneal --resume \(folder.path)")
      throw ExitCode(130)
    }
    console.endProgress()
    for warning in result.warnings.dropFirst(run.warnings.count) { console.warn(warning) }
    let seconds = (clock.now - began) / .seconds(1)
    if output.json {
      print(
        try jsonText(result.json(folder: folder.path, wallTime: seconds)), terminator: "")
    } else {
      printTables(result, folder, seconds)
    }
  }

  private func progressPrinter(
    _ console: Console, _ run: AnnealRun
  ) -> (AnnealRun.Progress) -> Void {
    let clock = ContinuousClock()
    let isEnergy = run.specification.objective == .energy
    var last: ContinuousClock.Instant?
    return { progress in
      let now = clock.now
      if let last, (now - last) / .seconds(1) < console.progressInterval { return }
      last = now
      let stage = progress.isEquilibrating ? " (equilibration)" : ""
      let best =
        progress.best.map {
          isEnergy ? "best \(fixed($0, 5)) eV/atom  " : "objective \(fixed($0, 6))  "
        } ?? ""
      let left =
        progress.timeLeft.isFinite
        ? "  \(isEnergy ? "" : "at most ")\(duration(progress.timeLeft)) left" : ""
      console.progress(
        "round \(progress.round)/\(progress.rounds)\(stage)  \(best)"
          + "\(fixed(progress.rate / 1e6, 1)) million proposals/s\(left)")
    }
  }

  /// Temperatures and pairs of species that are printed.
  private static let (rows, pairs) = (12, 24)

  private func printTables(_ result: AnnealResult, _ folder: OutputFolder, _ seconds: Double) {
    print(result.run.problem.ledgerTable.text)
    if result.objective == nil {
      print(result.thermodynamicsTable(limit: AnnealCommand.rows).text)
      print(result.occupancyTable(limit: AnnealCommand.rows).text)
      if let table = result.amountTable(limit: AnnealCommand.rows) { print(table.text) }
      if result.averages.count > AnnealCommand.rows {
        print(
          "\(AnnealCommand.rows) of \(result.averages.count) temperatures; all are in the files.\n")
      }
    } else {
      let table = result.targetTable(limit: AnnealCommand.pairs)
      print(table.text)
      if table.rows.count == AnnealCommand.pairs { print("All pairs are in sqs.csv.\n") }
    }
    print(result.bestTable.text)
    print(result.bestOccupancyTable.text)
    print(result.verdict)
    if result.objective == nil {
      print("Energy model: \(result.run.energy.caveat)")
      if let evaluated = result.evaluated {
        print("\n" + evaluated.table().text)
        if let table = evaluated.summary.failedTable { print(table.text) }
        print(evaluated.summary.text)
        print("Energy model: \(evaluated.summary.caveat)")
      }
      print("Temperatures: \(AnnealResult.temperatureCaveat)")
    }
    print("Results in \(folder.path)/ after \(duration(seconds)); see \(folder.path)/report.html")
  }
}

extension AnnealSpecification.Objective: ExpressibleByArgument {}
