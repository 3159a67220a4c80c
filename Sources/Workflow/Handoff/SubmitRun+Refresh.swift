internal import Crystal
internal import Foundation
internal import Handoff

extension SubmitRun {
  /// Looks what became of the attempts that have not ended.
  func refresh() throws {
    var missing: [(index: Int, trace: JobTrace)] = []
    for index in ledger.open {
      let attempt = ledger.attempts[index]
      let key = LocalJobs.Key(array: attempt.array, task: attempt.task)
      let isLocal = ledger.arrays[attempt.array]?.scheduler == .local
      // Thousands may wait for their turn on this machine: they have no files yet.
      if isLocal, isExamined, !started.contains(key), !attempt.isRunning { continue }
      let isChild = isLocal && local.isRunning(key)
      let trace = JobTrace(
        folder: ledger.calculations[attempt.calculation].folder, attempt: attempt.number)
      if let word = trace.exit {
        try end(index, exit: word)
      } else if isChild {
        ledger.update(index) { $0.isRunning = true }
      } else if isLocal {
        try examineLocal(index, trace, key)
      } else {
        missing.append((index, trace))
      }
    }
    isExamined = true
    if !missing.isEmpty { try ask(missing) }
  }

  /// Takes the word that a job left for how it ended.
  private func end(_ index: Int, exit word: String) throws(InputError) {
    let attempt = ledger.attempts[index]
    let folder = ledger.calculations[attempt.calculation].folder
    let printed = try? SubmitRun.task(folder, name: folder, settings, attempt: 1).printed
    var (ending, detail) = JobEnding.meaning(ofExit: word, printed: printed ?? nil)
    if ending == .failed, detail.hasPrefix("signal") {
      // Slurm, or this process, ended it, and its script lived long enough to say so.
      if let cause = cause(of: attempt) { (ending, detail) = (cause, "") }
    }
    try end(index, ending, detail)
  }

  /// Why a job was ended, if that is known.
  private func cause(of attempt: JobLedger.Attempt) -> JobEnding? {
    let key = LocalJobs.Key(array: attempt.array, task: attempt.task)
    if local.isOverrun(key) { return .timedOut }
    guard ledger.arrays[attempt.array]?.scheduler == .slurm else { return nil }
    let cause = SlurmTask.ending(inLog: schedulerLog(attempt))
    return cause == .killed ? nil : cause
  }

  /// What a job printed outside of its calculation.
  func schedulerLog(_ attempt: JobLedger.Attempt) -> String {
    let path = "\(arrayFolder(attempt.array))/\(attempt.task).log"
    let data = FileManager.default.contents(atPath: path) ?? Data()
    return String(decoding: data.suffix(20_000), as: UTF8.self)
  }

  /// Asks Slurm about attempts that left no ending.
  private func ask(_ missing: [(index: Int, trace: JobTrace)]) throws {
    let numbers = Set(missing.map { ledger.attempts[$0.index].array }).sorted()
    let names = Dictionary(uniqueKeysWithValues: numbers.map { (arrayName($0), $0) })
    var tasks: [LocalJobs.Key: SlurmTask] = [:]
    var jobs: [Int: String] = [:]
    for task in try Slurm.tasks(named: numbers.map(arrayName)) {
      guard let number = names[task.name] else { continue }
      let key = LocalJobs.Key(array: number, task: task.task)
      jobs[number] = task.job
      // Of an array that was submitted twice, one task has to run.
      if tasks[key]?.ending != nil || tasks[key] == nil { tasks[key] = task }
    }
    var sent: Set<Int> = []
    for number in numbers {
      guard var array = ledger.arrays[number], array.job == nil else { continue }
      let own = missing.filter { ledger.attempts[$0.index].array == number }
      array.job = jobs[number] ?? own.compactMap { $0.trace.start?.job }.first { !$0.isEmpty }
      if array.job != nil {
        ledger.arrays[number] = array
        try record.write(attempts: [], array: array, of: ledger)
      } else if own.count == array.count, own.allSatisfy({ !$0.trace.isClaimed }) {
        // The process that wanted to submit it died, or got no answer. Should it come twice, no attempt
        // begins twice.
        try send(number)
        sent.insert(number)
      }
    }
    for (index, trace) in missing {
      let attempt = ledger.attempts[index]
      let task = tasks[LocalJobs.Key(array: attempt.array, task: attempt.task)]
      // The answer was given before this was submitted.
      guard !sent.contains(attempt.array) else { continue }
      if let task, task.ending == nil {
        missedSince[index] = nil
        ledger.update(index) {
          $0.isRunning = task.isRunning
          $0.reason = task.reason
        }
      } else {
        let told = task?.ending.flatMap { $0 == .killed ? nil : $0 }
        try conclude(index, trace, told ?? cause(of: attempt) ?? .killed)
      }
    }
  }

  /// Counts an attempt as ended whose job is there no more, once it was missed long enough.
  func conclude(_ index: Int, _ trace: JobTrace, _ ending: JobEnding) throws(InputError) {
    let now = ContinuousClock.now
    let since = missedSince[index] ?? now
    missedSince[index] = since
    guard now - since >= .seconds(SubmitRun.patience) else { return }
    let attempt = ledger.attempts[index]
    let folder = ledger.calculations[attempt.calculation].folder
    guard FileManager.default.fileExists(atPath: folder) else {
      try end(index, ending, "the folder is gone")
      return
    }
    // A job that comes late after all finds that its attempt has an owner.
    if !trace.isClaimed, try !JobTrace.claim(folder, attempt.number) { return }
    guard try JobTrace.end(folder, attempt.number, ending) else { return }
    try end(index, ending, trace.isClaimed ? "" : "before it began")
  }
}
