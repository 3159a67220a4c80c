/// A task of a job array, as Slurm sees it.
public struct SlurmTask: Hashable, Sendable {
  /// The name of the array.
  public var name: String
  /// The number of the job array.
  public var job: String
  /// The number of the task in it, from 1.
  public var task: Int
  /// The state, such as `PENDING`.
  public var state: String
  /// Why it waits, such as `JobArrayTaskLimit`.
  public var reason: String

  /// The columns that are asked for: name, array and task, state, reason.
  static let format = "%j|%i|%T|%r"

  /// Reads what `squeue -h -r -o '%j|%i|%T|%r'` prints.
  ///
  /// - Parameter text: One task a line; other lines are left out, and so are jobs that are no arrays.
  /// - Returns: The tasks in the order of the lines.
  public static func tasks(in text: String) -> [SlurmTask] {
    text.split(separator: "\n").compactMap { line in
      let words = line.split(separator: "|", omittingEmptySubsequences: false)
      guard words.count >= 4 else { return nil }
      let parts = words[1].split(separator: "_", omittingEmptySubsequences: false)
      guard parts.count == 2, !parts[0].isEmpty, parts[0].allSatisfy(\.isNumber),
        let task = Int(parts[1])
      else { return nil }
      return SlurmTask(
        name: String(words[0]), job: String(parts[0]), task: task,
        state: words[2].filter { !$0.isWhitespace },
        reason: words[3...].joined(separator: "|"))
    }
  }

  /// Reads what `sbatch --parsable` prints: `17`, or `17;cluster`; remarks may stand before it.
  ///
  /// - Returns: The number of the job; nil if there is none.
  public static func job(in text: String) -> String? {
    guard let line = text.split(whereSeparator: \.isNewline).last,
      let word = line.split(separator: ";").first,
      !word.isEmpty, word.allSatisfy({ $0.isASCII && $0.isNumber })
    else { return nil }
    return String(word)
  }

  /// States in which a task will run no more.
  private static let endings: [String: JobEnding] = [
    "COMPLETED": .killed, "FAILED": .killed, "CANCELLED": .killed, "REVOKED": .killed,
    "SPECIAL_EXIT": .killed, "TIMEOUT": .timedOut, "DEADLINE": .timedOut,
    "NODE_FAIL": .nodeFailed, "BOOT_FAIL": .nodeFailed, "PREEMPTED": .nodeFailed,
    "OUT_OF_MEMORY": .outOfMemory,
  ]

  /// How it ended, if the job itself did not say; nil while it may still run.
  public var ending: JobEnding? { SlurmTask.endings[state] }

  /// Whether it has begun.
  public var isRunning: Bool {
    !["PENDING", "CONFIGURING", "REQUEUED", "REQUEUE_HOLD", "RESV_DEL_HOLD"].contains(state)
  }

  /// How a job ended by what Slurm wrote at the end of its log: `*** JOB 5 ON node CANCELLED AT … DUE TO
  /// TIME LIMIT ***`.
  public static func ending(inLog text: String) -> JobEnding? {
    for line in text.split(separator: "\n").reversed() where line.contains("***") {
      if line.contains("DUE TO TIME LIMIT") { return .timedOut }
      if line.contains("DUE TO NODE FAILURE") || line.contains("DUE TO PREEMPTION") {
        return .nodeFailed
      }
      if line.contains("CANCELLED") { return .killed }
    }
    return text.contains("oom-kill") || text.contains("oom_kill") ? .outOfMemory : nil
  }
}
