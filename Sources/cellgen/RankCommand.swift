import ArgumentParser
import Arrangement
import Crystal
import Foundation
import Report
import Workflow

/// `cellgen rank`.
struct RankCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rank",
    abstract: "Find the lowest distinct arrangements, with a proof or a gap.",
    discussion: """
      Small problems are looked at completely; larger ones by branch and bound, which leaves out what \
      cannot be low enough and ends with a proof, or with a gap after --nodes. No two of the results \
      are symmetry copies. Beyond 512 active sites a genetic search finds low arrangements, and a bound \
      says how far they may be off.

      Examples:

        cellgen rank problem.yaml --top 10
        cellgen rank problem.yaml --supercell 2x2x2 --window 0.5 --stability
        cellgen rank disordered.cif --supercell auto --model ewald
        cellgen rank problem.yaml --top 20 --energy lattice --relax ions
        cellgen rank --resume rank --nodes 100000000

      With --energy (a built-in model) or --engine (a program, see cellgen energy --help) the list is \
      evaluated again as whole structures, relaxed as --relax says; both orders are shown, and \
      evaluated.csv has them, energies.csv the new energies.

      Results: energies.csv, ranking.csv, structures/, figures/ and report.html. Equal settings and seed \
      give the same bytes for any number of threads, also after an interruption and --resume.
      """)

  @OptionGroup var problem: ProblemOptions

  @Option(help: "Lowest distinct arrangements that are wanted (default: 10).")
  var top: Int?

  @Option(
    help: ArgumentHelp(
      "All distinct arrangements within so much of the lowest instead [eV per cell].",
      valueName: "eV"))
  var window: Double?

  @Option(help: "Nodes of branch and bound at most (default: 10000000).")
  var nodes: Int?

  @Flag(help: "Rank with other charges and the other energy model, too, and say what stays.")
  var stability = false

  @Option(
    help: ArgumentHelp(
      "Oxidation states to compare with, such as Mg=2,Mn=4; may be repeated.", valueName: "list"))
  var otherOxidation: [String] = []

  @OptionGroup var evaluation: EvaluationOptions

  @Option(help: "Seed of the search for low arrangements to begin with (default: 1).")
  var seed: UInt64?

  @Option(help: "Threads (default: all cores); no effect on any result.")
  var threads: Int?

  @Option(help: ArgumentHelp("Go on with the ranking in this folder.", valueName: "folder"))
  var resume: String?

  @OptionGroup var output: OutputOptions

  func validate() throws {
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads is \(threads), expected 1 to 1024")
    }
    if let top, !(1...10_000).contains(top) {
      throw ValidationError("--top is \(top), expected 1 to 10000")
    }
    if let nodes, nodes < 0 { throw ValidationError("--nodes is negative") }
    if let window, !(window >= 0 && window < 1e6) {
      throw ValidationError("--window is \(window), expected 0 to 1000000 eV")
    }
    if top != nil && window != nil {
      throw ValidationError("--top and --window exclude each other")
    }
    if resume != nil {
      try output.checkResuming(
        isChanged: problem.choice != ProblemChoice() || top != nil || window != nil
          || !evaluation.isEmpty || seed != nil || stability || !otherOxidation.isEmpty,
        allowed: ["--nodes", "--threads", "the limits of the engine"])
    }
    if resume == nil { try evaluation.engine.checkLimits() }
  }

  func run() async throws {
    let console = Console(quiet: output.quiet)
    let run: RankRun
    let folder: OutputFolder
    if let resume {
      folder = try OutputFolder(resume, existing: .resume)
      run = try RankRun(resuming: folder, nodes: nodes, limits: evaluation.engine.limits)
      console.note("Resuming the ranking in \(resume).")
    } else {
      var specification = RankSpecification()
      specification.problem = problem.choice
      if let top { specification.top = top }
      specification.window = window
      if let nodes { specification.nodes = nodes }
      specification.stability = stability
      specification.evaluation = try evaluation.makeSpecification()
      specification.otherOxidation = otherOxidation
      if let seed { specification.seed = seed }
      run = try RankRun(specification)
      folder = try OutputFolder(output.out ?? "rank", existing: output.force ? .replace : .refuse)
      problem.announce(console)
    }
    for note in run.notes { console.note("note: \(note)") }
    for warning in run.warnings { console.warn(warning) }
    console.note(
      "\(run.problem.composition): \(run.distinctText) distinct arrangements of \(run.totalText) on "
        + "\(run.problem.activeSites.count) sites, total charge "
        + "\(fixed(run.problem.ledger.totalCharge, 2)) e. Results in \(folder.path)/.")
    let interruption = Interruption()
    let clock = ContinuousClock()
    let began = clock.now
    var last: ContinuousClock.Instant?
    let result: RankResult
    do {
      result = try await run(
        in: folder, threads: threads ?? ProcessInfo.processInfo.activeProcessorCount,
        progress: { progress in
          let now = clock.now
          guard progress.best.isFinite else { return }
          if let last, (now - last) / .seconds(1) < console.progressInterval { return }
          last = now
          console.progress(
            "\(progress.nodes) nodes  best \(progress.best.isNaN ? "–" : fixed(progress.best, 4)) eV  nothing else below "
              + "\(fixed(progress.lowerBound, 4)) eV  \(progress.open) branches  "
              + "\(fixed(progress.rate / 1e3, 0))k nodes/s")
        }, announce: { console.note($0) },
        evaluated: { done, count in console.progress("structure \(done) of \(count) evaluated") },
        shouldStop: { interruption.isRequested })
    } catch let stop as RankRun.Interrupted {
      console.endProgress()
      console.warn(
        "interrupted after \(stop.nodes) nodes; go on with: cellgen rank --resume \(folder.path)")
      throw ExitCode(130)
    }
    console.endProgress()
    let seconds = (clock.now - began) / .seconds(1)
    if output.json {
      print(
        try jsonText(result.json(folder: folder.path, wallTime: seconds)), terminator: "")
      return
    }
    print(run.problem.ledgerTable.text)
    print(result.table().text)
    if let table = result.stabilityTable { print(table.text) }
    print(result.verdict)
    if let remark = result.tieRemark { print(remark) }
    print("Energy model: \(run.energy.caveat)")
    if let evaluated = result.evaluated {
      print("\n" + evaluated.table().text)
      if let table = evaluated.summary.failedTable { print(table.text) }
      print(evaluated.summary.text)
      print("Energy model: \(evaluated.summary.caveat)")
    }
    print("Results in \(folder.path)/ after \(duration(seconds)); see \(folder.path)/report.html")
  }
}
