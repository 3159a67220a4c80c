import ArgumentParser
import Crystal
import Engines
import Handoff
import Report
import Workflow

/// `cellgen submit`.
struct SubmitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "submit",
    abstract: "Run calculation folders as jobs of Slurm, or some at a time here.",
    discussion: """
      Runs the command of each folder's calculation.json, or --command, in the folder. Many folders \
      become one job array. A folder that holds calculation folders stands for all of them.

      The record of the jobs (jobs/jobs.sqlite beside the folders) goes on with what is there: the same \
      command submits what is missing, tries again what failed, and shows how far everything is. It may \
      die at any time; the jobs write down themselves how they end (job/N/ in each folder), and no \
      attempt runs twice. Settings are kept in the record; later calls may change them.

      Examples, the first three on a cluster:

        cellgen submit dft --time 12:00:00 --tasks 16 --account mg \\
          --command 'srun pw.x -in pw.in' --modules qe/7.3 --at-once 20
        cellgen submit dft --watch
        cellgen submit dft --cancel
        cellgen submit dft --scheduler local --at-once 2

      The script of an array begins like this; --template takes a file of your own in the same language, \
      where {{ run }} is the line that runs one calculation:

        #SBATCH --ntasks={{ tasks }}
        {% if time %}
        #SBATCH --time={{ time }}
        {% endif %}
        {{ run }}

      Other variables are nodes, cpus, account, partition and modules (a list). Exit status 2 if \
      calculations have failed for good; each is named with the last lines of its log.
      """)

  @Argument(
    help: ArgumentHelp(
      "Calculation folders, or folders that hold some.", valueName: "folder"))
  var folders: [String]

  @OptionGroup var job: JobOptions

  @Flag(help: "Wait until all calculations have ended, with progress.")
  var watch = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Time between two looks at Slurm (default: 30) [s].", valueName: "time"))
  var interval: Double?

  @Flag(help: "Call off all jobs of these folders.")
  var cancel = false

  @Flag(help: "Try those again that have failed for good, or were called off.")
  var resume = false

  @Flag(help: "Print the scripts and submit nothing.")
  var dryRun = false

  @Option(
    help: ArgumentHelp(
      "Folder for the record (default: jobs beside the calculations).", valueName: "folder"))
  var out: String?

  @Flag(help: "Print one JSON object on standard output and nothing else.")
  var json = false

  @Flag(help: "Print no progress and no remarks.")
  var quiet = false

  func validate() throws {
    if let interval, !(interval >= 0.05 && interval <= 3600) {
      throw ValidationError("--interval is \(interval), expected 0.05 to 3600 s")
    }
    let modes = [(cancel, "--cancel"), (resume, "--resume"), (dryRun, "--dry-run")]
      .filter(\.0).map(\.1)
    if modes.count > 1 {
      throw ValidationError("\(modes.joined(separator: " and ")) exclude each other")
    }
    if cancel || dryRun, watch {
      throw ValidationError("--watch does not go with \(modes[0])")
    }
    if dryRun, json { throw ValidationError("--json does not go with --dry-run") }
  }

  func run() throws {
    let console = Console(quiet: quiet)
    let chosen = try SubmitFolders(folders)
    if dryRun {
      print(try submissionText(chosen, in: out, changing: job.change), terminator: "")
      return
    }
    let run = try SubmitRun(chosen, in: out, changing: job.change)
    if cancel {
      let count = try run.cancel()
      console.note(
        "\(count) calculation\(count == 1 ? "" : "s") called off; --resume starts them anew")
      try show(run.result(), console)
      return
    }
    if resume { try run.restart() }
    let isLocal = run.settings.scheduler == .local
    if watch || isLocal {
      try self.watch(run, console)
    } else {
      if try !run.step() { throw InputErrors(run.warnings.map { InputError($0) }) }
      try run.settle()
    }
    let result = run.result()
    try show(result, console)
    if result.progress.left > 0 {
      console.note("the jobs go on by themselves; cellgen submit with the same folders looks again")
    }
    if !result.failures.isEmpty { throw ExitCode(2) }
  }

  private func watch(_ run: SubmitRun, _ console: Console) throws {
    let interruption = Interruption()
    var meter = JobMeter(console: console)
    let isComplete = try run.watch(
      interval: interval ?? 30, isInterrupted: { interruption.isRequested },
      progress: { progress in
        for warning in run.warnings { console.warn(warning) }
        meter.show(progress)
      })
    console.endProgress()
    guard !isComplete else { return }
    console.warn("interrupted: \(run.progress().summary)")
    let folders = self.folders.map(CommandTemplate.quoted).joined(separator: " ")
    let place = out.map { " --out \(CommandTemplate.quoted($0))" } ?? ""
    console.note(
      run.settings.scheduler == .local
        ? "the jobs were ended; go on with: cellgen submit \(folders)\(place)"
        : "the jobs go on; watch them again with: cellgen submit \(folders)\(place) --watch\n"
          + "call them off with: cellgen submit \(folders)\(place) --cancel")
    throw ExitCode(130)
  }

  private func show(_ result: SubmitResult, _ console: Console) throws {
    if json {
      print(try jsonText(result.json), terminator: "")
    } else {
      let table = result.table()
      if !table.rows.isEmpty { print(table.text) }
      if table.rows.count < result.outcomes.count {
        console.note(
          "\(table.rows.count) of \(result.outcomes.count) calculations shown; --json has all")
      }
      print(result.progress.summary)
    }
    if !result.failures.isEmpty {
      let count = result.failures.count
      console.warn(
        "\(count) calculation\(count == 1 ? " has" : "s have") failed:\n\(result.failureText)")
    }
  }
}
