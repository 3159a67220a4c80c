internal import Crystal
internal import Foundation
public import Handoff
public import Report

/// How far the calculations of a run are.
public struct SubmitResult: Sendable {
  /// One calculation.
  public struct Outcome: Hashable, Sendable {
    /// The folder as it was given.
    public var folder: String
    /// Its absolute path.
    public var path: String
    /// How far it is.
    public var state: JobState
    /// How often it was tried, the present attempt included.
    public var attempts: Int
    /// The job of the last attempt: `17_3` in Slurm.
    public var job: String
    /// How the last attempt ended, or why it waits.
    public var remark: String
    /// The file in which the last attempt complained; nil if there is none.
    public var log: String?
    /// The last lines of that file; only for what has failed for good.
    public var lastLines: [String] = []
  }

  /// The calculations in the order in which they were given.
  public var outcomes: [Outcome]

  /// Number of calculations by how far they are.
  public var counts: [JobState: Int]

  /// The folder of the record.
  public var record: String

  /// What runs the jobs.
  public var scheduler: JobScheduler

  /// Whether nothing more will happen.
  public var isFinal: Bool { outcomes.allSatisfy { $0.state.isFinal } }

  /// Calculations that failed for good.
  public var failures: [Outcome] { outcomes.filter { $0.state == .failed } }

  /// Number of calculations that are so far.
  public func count(_ state: JobState) -> Int { counts[state] ?? 0 }

  /// `3 of 50 done, 2 running, 45 queued`.
  public var summary: String {
    let others: [JobState] = [.running, .queued, .waiting, .failed, .cancelled]
    return
      (["\(count(.done)) of \(outcomes.count) done"]
      + others.filter { count($0) > 0 }.map { "\(count($0)) \($0.rawValue)" })
      .joined(separator: ", ")
  }

  /// The calculations as a table; of many, only those that are running, have failed, or were tried again.
  ///
  /// - Parameter most: How many are shown without leaving any out.
  /// - Returns: A table with a row per calculation.
  public func table(most: Int = 40) -> Table {
    let shown =
      outcomes.count <= most
      ? outcomes
      : Array(
        outcomes.filter { [.running, .failed].contains($0.state) || $0.attempts > 1 }
          .prefix(most))
    var table = Table(columns: ["calculation", "state", "attempts", "job", "remark"])
    for outcome in shown {
      table.append([
        outcome.folder, outcome.state.rawValue, "\(outcome.attempts)", outcome.job, outcome.remark,
      ])
    }
    return table
  }

  /// What failed for good: each folder with its log and the last lines of it.
  public var failureText: String {
    failures.map { outcome in
      let tries = outcome.attempts == 1 ? "1 attempt" : "\(outcome.attempts) attempts"
      let head = "\(outcome.folder): failed after \(tries): \(outcome.remark)\n"
      guard let log = outcome.log else { return head }
      return head + "  \(log)\n" + outcome.lastLines.map { "    \($0)\n" }.joined()
    }.joined()
  }

  /// The result as one JSON object.
  public var json: JSONValue {
    .object([
      "cellgen": .text(cellgenVersion), "record": .text(record),
      "scheduler": .text(scheduler.rawValue),
      "counts": .object(
        Dictionary(
          uniqueKeysWithValues: JobState.allCases.map { ($0.rawValue, .integer(count($0))) })),
      "calculations": .array(
        outcomes.map { outcome in
          .object([
            "folder": .text(outcome.folder), "path": .text(outcome.path),
            "state": .text(outcome.state.rawValue), "attempts": .integer(outcome.attempts),
            "job": .text(outcome.job), "remark": .text(outcome.remark),
            "log": .optional(outcome.log), "last_lines": .texts(outcome.lastLines),
          ])
        }),
    ])
  }
}

extension SubmitRun {
  /// How far the calculations of this run are.
  public func result() -> SubmitResult {
    var counts: [JobState: Int] = [:]
    let outcomes = zip(folders, chosen).map { folder, index in
      let state = ledger.state(of: index, retries: settings.retries)
      counts[state, default: 0] += 1
      let attempts = ledger.attempts(of: index)
      var outcome = SubmitResult.Outcome(
        folder: folder.name, path: folder.path, state: state, attempts: attempts.count, job: "",
        remark: "")
      guard let last = attempts.last else { return outcome }
      let job = ledger.arrays[last.array]?.job.map { "\($0)_\(last.task)" }
      outcome.job = job ?? ""
      if let ending = last.ending {
        let isPlain = state == .done || state == .cancelled
        let words = [isPlain ? "" : ending == .failed ? "" : ending.rawValue, last.detail]
        outcome.remark = words.filter { !$0.isEmpty }.joined(separator: " ")
      } else {
        outcome.remark = last.isRunning ? "" : last.reason
      }
      if state == .failed { complain(&outcome, last) }
      return outcome
    }
    return SubmitResult(
      outcomes: outcomes, counts: counts, record: folder, scheduler: settings.scheduler)
  }

  /// Adds the log of an attempt that failed, the first of those that say something.
  private func complain(_ outcome: inout SubmitResult.Outcome, _ last: JobLedger.Attempt) {
    var logs = [JobTrace.log(outcome.path, last.number)]
    if let task = try? SubmitRun.task(outcome.path, name: "", settings, attempt: 1),
      let printed = task.printed
    {
      logs.append("\(outcome.path)/\(printed)")
    }
    if last.array > 0 { logs.append("\(arrayFolder(last.array))/\(last.task).log") }
    outcome.log = logs.first { FileManager.default.fileExists(atPath: $0) }
    for log in logs {
      let data = FileManager.default.contents(atPath: log) ?? Data()
      let lines = String(decoding: data.suffix(4000), as: UTF8.self)
        .split(whereSeparator: \.isNewline).filter { $0.contains { !$0.isWhitespace } }
      guard !lines.isEmpty else { continue }
      outcome.log = log
      outcome.lastLines = lines.suffix(8).map(String.init)
      return
    }
  }
}
