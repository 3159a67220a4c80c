public import ArgumentParser
public import Handoff

/// What jobs are given; the same for every command that submits some.
struct JobOptions: ParsableArguments {
  @Option(help: "What runs the jobs (default: slurm).")
  var scheduler: JobScheduler?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Nodes of a job (default: what Slurm gives).", valueName: "number"))
  var nodes: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Tasks of a job, processes of MPI (default: 1).", valueName: "number"))
  var tasks: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Cores for each task (default: 1).", valueName: "number"))
  var cpus: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Time limit of a job as Slurm has it: minutes, 2:00:00, 1-12:00:00 (default: that of the partition).",
      valueName: "time"))
  var time: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Account that is charged.", valueName: "name"))
  var account: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Partition (default: that of the cluster).", valueName: "name"))
  var partition: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Modules to load, separated by commas.", valueName: "names"))
  var modules: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "A line for the shell, run in each folder as it stands here (default: the command of calculation.json).",
      valueName: "line"))
  var command: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Jobs that run at the same time at most (default: any number; here, as many as there are cores for).",
      valueName: "number"))
  var atOnce: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "How often a job is tried again that failed, was killed or ran out of time (default: 2).",
      valueName: "number"))
  var retries: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "By what the time limit grows after a job that ran out of time (default: 1.5).",
      valueName: "factor"))
  var timeFactor: Double?

  @Option(help: ArgumentHelp("Job script in place of the one here.", valueName: "file"))
  var template: String?

  /// Changes settings where options are given.
  func change(_ settings: inout JobSettings) {
    if let scheduler { settings.scheduler = scheduler }
    if let nodes { settings.nodes = nodes }
    if let tasks { settings.tasks = tasks }
    if let cpus { settings.cpus = cpus }
    if let time { settings.seconds = JobTime.seconds(time) }
    if let account { settings.account = account }
    if let partition { settings.partition = partition }
    if let modules { settings.modules = commaSeparated(modules) }
    if let command { settings.command = command }
    if let atOnce { settings.atOnce = atOnce }
    if let retries { settings.retries = retries }
    if let timeFactor { settings.timeFactor = timeFactor }
    if let template { settings.template = template }
  }

  func validate() throws {
    if let time, JobTime.seconds(time) == nil {
      throw ValidationError(
        "--time is \"\(time)\", expected minutes, hours:minutes:seconds or days-hours:minutes:seconds"
      )
    }
    try validated {
      var settings = JobSettings()
      change(&settings)
      try settings.validate()
    }
  }
}

extension JobScheduler: ExpressibleByArgument {}
