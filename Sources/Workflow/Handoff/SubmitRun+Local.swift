internal import Crystal
internal import Foundation
internal import Handoff

extension SubmitRun {
  /// Looks at an attempt on this machine that is no child of this process, and has left no ending.
  func examineLocal(_ index: Int, _ trace: JobTrace, _ key: LocalJobs.Key) throws(InputError) {
    let attempt = ledger.attempts[index]
    let folder = ledger.calculations[attempt.calculation].folder
    if trace.isClaimed, trace.start == nil {
      // It is about to say who it is, or died before.
      ledger.update(index) { $0.isRunning = true }
      try conclude(index, trace, .killed)
    } else if let start = trace.start {
      // A child of this process, or of one that died.
      guard try LocalJobs.isAlive(start, folder: folder) else {
        try concludeNow(index, trace, local.isOverrun(key) ? .timedOut : .killed)
        return
      }
      ledger.update(index) { $0.isRunning = true }
      guard let limit = ledger.arrays[attempt.array]?.seconds else { return }
      let path = JobTrace.path(folder, attempt.number) + "/started"
      let attributes = try? FileManager.default.attributesOfItem(atPath: path)
      guard let began = attributes?[.modificationDate] as? Date,
        -began.timeIntervalSinceNow >= Double(limit)
      else { return }
      LocalJobs.end(start)
      try concludeNow(index, trace, .timedOut)
    } else if started.contains(key) {
      try concludeNow(index, trace, .killed)
    }
  }

  /// Counts an attempt as ended whose process is known to be gone.
  private func concludeNow(
    _ index: Int, _ trace: JobTrace, _ ending: JobEnding
  ) throws(InputError) {
    missedSince[index] = .now - .seconds(SubmitRun.patience)
    try conclude(index, trace, ending)
  }

  /// Jobs on this machine at the same time.
  private var mostLocal: Int {
    let cores = ProcessInfo.processInfo.activeProcessorCount
    return settings.atOnce ?? max(1, cores / (settings.tasks * settings.cpus))
  }

  /// Starts jobs on this machine as far as there is room.
  func startWaiting() throws(InputError) {
    var room = mostLocal - ledger.open.count { ledger.attempts[$0].isRunning }
    for index in ledger.open where room > 0 {
      let attempt = ledger.attempts[index]
      let key = LocalJobs.Key(array: attempt.array, task: attempt.task)
      guard let array = ledger.arrays[attempt.array], array.scheduler == .local,
        !attempt.isRunning, !started.contains(key)
      else { continue }
      try local.start(key, in: arrayFolder(array.number), seconds: array.seconds)
      started.insert(key)
      ledger.update(index) { $0.isRunning = true }
      room -= 1
    }
  }

  /// Ends the jobs on this machine; they count as not tried.
  func interruptLocal() throws(InputError) {
    guard settings.scheduler == .local else { return }
    local.end()
    for index in ledger.open where ledger.attempts[index].isRunning {
      try endLocal(index)
      try callOff(index)
    }
  }

  /// Ends the job of an attempt, whichever process of this machine started it.
  func endLocal(_ index: Int) throws(InputError) {
    let attempt = ledger.attempts[index]
    let folder = ledger.calculations[attempt.calculation].folder
    let trace = JobTrace(folder: folder, attempt: attempt.number)
    guard let start = trace.start, trace.exit == nil else { return }
    if try LocalJobs.isAlive(start, folder: folder) { LocalJobs.end(start) }
  }

  /// Stores that an attempt was called off whose job is gone, unless it has ended by itself.
  func callOff(_ index: Int) throws(InputError) {
    let attempt = ledger.attempts[index]
    let folder = ledger.calculations[attempt.calculation].folder
    guard FileManager.default.fileExists(atPath: folder) else {
      try end(index, .cancelled, "the folder is gone")
      return
    }
    _ = try JobTrace.claim(folder, attempt.number)
    let isOurs = try JobTrace.end(folder, attempt.number, .cancelled)
    let word = JobTrace(folder: folder, attempt: attempt.number).exit
    try end(index, !isOurs && word == "0" ? .done : .cancelled)
  }
}
