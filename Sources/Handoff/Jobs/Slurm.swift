public import Crystal
internal import Engines

/// Why Slurm did not do what it was asked for.
public enum SlurmError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A program is not installed.
  case missing(String)
  /// It refused; its words and a hint.
  case refused(program: String, words: String, hint: String?)
  /// It did not answer, and may have done it or not; its words.
  case silent(program: String, words: String)

  /// What happened, and what to do.
  public var description: String { inputError.description }

  /// The same as a problem of what the user gave.
  public var inputError: InputError {
    switch self {
    case .missing(let program):
      InputError(
        "there is no \(program) on the search path", at: "--scheduler slurm",
        hint: "run this where jobs are submitted on the cluster, or use --scheduler local")
    case .refused(let program, let words, let hint):
      InputError("\(program) refused: \(words)", hint: hint)
    case .silent(let program, let words):
      InputError(
        "\(program) got no answer: \(words)",
        hint: "nothing is lost: the same command goes on once Slurm answers again")
    }
  }
}

/// The programs of Slurm.
public enum Slurm {
  /// The file of a job array that is submitted.
  public static let scriptName = "job.sh"

  /// The arguments with which a job array is submitted; they overrule what the script says.
  public static func submission(name: String, count: Int, limit: Int?) -> [String] {
    [
      "sbatch", "--parsable", "--job-name=\(name)",
      "--array=1-\(count)\(limit.map { "%\($0)" } ?? "")", "--output=%a.log",
      "--open-mode=append", "--no-requeue", scriptName,
    ]
  }

  /// Checks that the programs are installed.
  ///
  /// - Throws: ``SlurmError/missing(_:)`` for the first that is not.
  public static func checkPrograms() throws(SlurmError) {
    for name in ["sbatch", "squeue", "scancel", "scontrol"] where Program.path(of: name) == nil {
      throw .missing(name)
    }
  }

  /// Submits the job array in a folder.
  ///
  /// - Returns: Its number.
  /// - Throws: ``SlurmError``.
  public static func submit(
    in folder: String, name: String, count: Int, limit: Int?
  ) throws(SlurmError) -> String {
    let answer = try call(submission(name: name, count: count, limit: limit), in: folder)
    guard let job = SlurmTask.job(in: answer.output) else {
      throw .silent(program: "sbatch", words: words(answer.output + answer.errors))
    }
    return job
  }

  /// The tasks of job arrays, with those that ended a short time ago.
  ///
  /// - Throws: ``SlurmError``.
  public static func tasks(named names: [String]) throws(SlurmError) -> [SlurmTask] {
    var tasks: [SlurmTask] = []
    // A line of arguments has a limit.
    for start in stride(from: 0, to: names.count, by: 500) {
      let part = names[start..<min(start + 500, names.count)]
      let answer = try call([
        "squeue", "-h", "-r", "-t", "all", "-n", part.joined(separator: ","), "-o",
        SlurmTask.format,
      ])
      tasks += SlurmTask.tasks(in: answer.output)
    }
    return tasks
  }

  /// Ends tasks of job arrays, `17_3`; those that have ended already do not matter.
  ///
  /// - Throws: ``SlurmError``.
  public static func cancel(_ tasks: [String]) throws(SlurmError) {
    for start in stride(from: 0, to: tasks.count, by: 500) {
      _ = try call(["scancel", "-Q"] + tasks[start..<min(start + 500, tasks.count)])
    }
  }

  /// The largest number of tasks of one job array: `MaxArraySize` of Slurm, less one.
  ///
  /// - Throws: ``SlurmError``.
  public static func largestArray() throws(SlurmError) -> Int {
    let answer = try call(["scontrol", "show", "config"])
    for line in answer.output.split(separator: "\n") where line.hasPrefix("MaxArraySize") {
      let value = line.split(separator: "=").last.flatMap { Int($0.filter { !$0.isWhitespace }) }
      if let value { return max(1, value - 1) }
    }
    return 1000
  }

  /// Words of Slurm when its controller cannot be asked.
  private static let silences = [
    "unable to contact", "socket timed out", "connection refused", "connection failure",
    "zero bytes", "standby mode", "temporarily unavailable", "timed out", "connection reset",
    "no route to host", "unexpected message received",
  ]

  private static func call(
    _ arguments: [String], in folder: String = "/"
  ) throws(SlurmError) -> ProgramCall {
    let program = arguments[0]
    guard let path = Program.path(of: program) else { throw .missing(program) }
    let answer: ProgramCall
    do {
      answer = try ProgramCall([path] + arguments.dropFirst(), in: folder)
    } catch {
      throw .silent(program: program, words: error.description)
    }
    guard answer.status != 0 else { return answer }
    let said = words(answer.errors)
    guard answer.status != nil, !silences.contains(where: said.lowercased().contains) else {
      throw .silent(program: program, words: said.isEmpty ? "it was ended" : said)
    }
    throw .refused(
      program: program, words: said.isEmpty ? "exit status \(answer.status ?? 0)" : said,
      hint: hint(for: said.lowercased()))
  }

  /// Complaints on one line, without the program's name before each.
  private static func words(_ text: String) -> String {
    text.split(whereSeparator: \.isNewline).map { line in
      var line = line
      for prefix in ["sbatch: ", "squeue: ", "scancel: ", "scontrol: ", "error: ", "fatal: "]
      where line.hasPrefix(prefix) { line = line.dropFirst(prefix.count) }
      return String(line)
    }.joined(separator: "; ")
  }

  private static func hint(for words: String) -> String? {
    let hints = [
      ("qos", "you may submit fewer jobs at once, or shorter ones: give fewer folders, or --time"),
      (
        "account",
        "give an account that you may use with --account; sacctmgr show user -s lists them"
      ),
      ("partition", "give a partition with --partition; sinfo lists them"),
      ("array specification", "the cluster takes fewer tasks in one job array"),
      ("submit limit", "give fewer folders, or wait until some jobs have ended"),
      ("time limit", "give a shorter --time, or another --partition"),
      ("configuration is not available", "ask for fewer --nodes, --tasks or --cpus"),
      ("configuration source", "this machine does not belong to a cluster: use --scheduler local"),
    ]
    return hints.first { words.contains($0.0) }?.1
  }
}
