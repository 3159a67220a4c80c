internal import Crystal
internal import Foundation
public import Handoff
public import Report

/// How many calculations are how far.
public struct SubmitProgress: Hashable, Sendable {
  /// Number of calculations by how far they are.
  public var counts: [JobState: Int] = [:]

  /// Number of all calculations.
  public var total = 0

  /// Number of calculations that are so far.
  public func count(_ state: JobState) -> Int { counts[state] ?? 0 }

  /// Number of calculations to which something will still happen.
  public var left: Int { counts.reduce(0) { $0 + ($1.key.isFinal ? 0 : $1.value) } }

  /// `3 of 50 done, 2 running, 45 queued`.
  public var summary: String {
    let others: [JobState] = [.running, .queued, .waiting, .failed, .cancelled]
    return
      (["\(count(.done)) of \(total) done"]
      + others.filter { count($0) > 0 }.map { "\(count($0)) \($0.rawValue)" })
      .joined(separator: ", ")
  }
}

/// What became of the calculations of a run.
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

  /// How many are how far.
  public var progress: SubmitProgress

  /// The folder of the record.
  public var record: String

  /// What runs the jobs.
  public var scheduler: JobScheduler

  /// Calculations that failed for good.
  public var failures: [Outcome] { outcomes.filter { $0.state == .failed } }

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
      let name = String(outcome.folder.map { $0.isNewline ? "⏎" : $0 })
      let head = "\(name): failed after \(tries): \(outcome.remark)\n"
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
          uniqueKeysWithValues: JobState.allCases.map {
            ($0.rawValue, .integer(progress.count($0)))
          })),
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
  /// How many calculations of this run are how far.
  public func progress() -> SubmitProgress {
    var progress = SubmitProgress(total: chosen.count)
    for index in chosen {
      progress.counts[ledger.state(of: index, retries: settings.retries), default: 0] += 1
    }
    return progress
  }

  /// What became of the calculations of this run, with the logs of those that failed for good.
  public func result() -> SubmitResult {
    SubmitResult(
      outcomes: zip(folders, chosen).map(outcome), progress: progress(), record: folder,
      scheduler: settings.scheduler)
  }

  private func outcome(of folder: SubmitFolders.Folder, _ index: Int) -> SubmitResult.Outcome {
    let state = ledger.state(of: index, retries: settings.retries)
    let attempts = ledger.attempts(of: index)
    var outcome = SubmitResult.Outcome(
      folder: folder.name, path: folder.path, state: state, attempts: attempts.count, job: "",
      remark: "")
    guard let last = attempts.last else { return outcome }
    outcome.job = ledger.arrays[last.array]?.job.map { "\($0)_\(last.task)" } ?? ""
    if let ending = last.ending {
      let isTold = [.done, .failed, .cancelled].contains(ending)
      outcome.remark = [isTold ? "" : ending.rawValue, last.detail].filter { !$0.isEmpty }
        .joined(separator: " ")
    } else if !last.isRunning {
      outcome.remark = last.reason
    }
    if state == .failed { complain(&outcome, last) }
    return outcome
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
