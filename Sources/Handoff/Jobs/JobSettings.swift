public import Crystal

/// What runs the jobs.
public enum JobScheduler: String, Codable, Hashable, Sendable, CaseIterable {
  /// Slurm, by job arrays.
  case slurm
  /// This machine, some at a time.
  case local
}

/// What a job is given, and what it runs.
public struct JobSettings: Hashable, Sendable {
  /// What runs the jobs.
  public var scheduler = JobScheduler.slurm

  /// Nodes of a job; nil for what the scheduler gives.
  public var nodes: Int?

  /// Tasks of a job: processes of MPI.
  public var tasks = 1

  /// Cores for each task.
  public var cpus = 1

  /// Wall time of a job at most, s; nil for the limit of the partition, on this machine for none.
  public var seconds: Int?

  /// The account that is charged; nil for the user's own.
  public var account: String?

  /// The partition; nil for the default one.
  public var partition: String?

  /// Modules that are loaded before the command.
  public var modules: [String] = []

  /// A line for the shell that runs in each folder; nil for the command of its `calculation.json`.
  public var command: String?

  /// Jobs that run at the same time at most; nil for no limit, on this machine for as many as there are
  /// cores for.
  public var atOnce: Int?

  /// How often a job that failed is tried again.
  public var retries = 2

  /// By what the time limit grows after a job that ran out of time.
  public var timeFactor = 1.5

  /// A file in place of the job script that comes with cellgen.
  public var template: String?

  /// One task on one core.
  public init() {}

  /// Checks everything that can be checked without a folder.
  ///
  /// - Throws: ``InputErrors`` with all that is wrong.
  public func validate() throws(InputErrors) {
    var problems: [InputError] = []
    func check(_ value: Int?, _ range: ClosedRange<Int>, _ option: String) {
      guard let value, !range.contains(value) else { return }
      problems.append(
        InputError(
          "\(value), expected \(range.lowerBound) to \(range.upperBound)", at: "--\(option)"))
    }
    check(nodes, 1...100_000, "nodes")
    check(tasks, 1...10_000_000, "tasks")
    check(cpus, 1...100_000, "cpus")
    check(atOnce, 1...1_000_000, "at-once")
    check(retries, 0...100, "retries")
    if !(1...10).contains(timeFactor) {
      problems.append(InputError("\(timeFactor), expected 1 to 10", at: "--time-factor"))
    }
    let names = [("account", account), ("partition", partition)]
    for (option, name) in names + modules.map({ ("modules", $0) }) {
      guard let name, !JobSettings.isName(name) else { continue }
      problems.append(
        InputError(
          "\"\(JobSettings.printable(name))\" is no name", at: "--\(option)",
          hint: "names have letters, digits and the characters . _ - + @ / , :"))
    }
    if let command {
      if !command.contains(where: { !$0.isWhitespace }) {
        problems.append(InputError("the command is empty", at: "--command"))
      }
      if command.contains("\0") {
        problems.append(InputError("the command has a null character", at: "--command"))
      }
    }
    guard problems.isEmpty else { throw InputErrors(problems) }
  }

  /// Whether a text can stand in a line of `#SBATCH`, and names an account, partition or module.
  private static func isName(_ text: String) -> Bool {
    text.first.map { $0 != "-" } ?? false
      && text.allSatisfy {
        $0.isASCII && ($0.isLetter || $0.isNumber || "._-+@/,:".contains($0))
      }
  }

  /// A text on one line.
  static func printable(_ text: String) -> String {
    String(text.map { $0.isNewline ? "⏎" : $0 })
  }
}

/// Keys: `scheduler`, `nodes`, `tasks`, `cpus`, `time_s`, `account`, `partition`, `modules`, `command`,
/// `at_once`, `retries`, `time_factor`, `template`.
extension JobSettings: Codable {
  private enum CodingKeys: String, CodingKey {
    case scheduler, nodes, tasks, cpus, account, partition, modules, command, retries, template
    case seconds = "time_s"
    case atOnce = "at_once"
    case timeFactor = "time_factor"
  }
}
