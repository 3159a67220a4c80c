internal import Crystal
internal import Foundation
internal import Handoff

extension SubmitRun {
  /// Calls off all calculations of this run that have not ended.
  ///
  /// - Returns: How many were called off.
  /// - Throws: ``InputError`` if Slurm does not do it.
  public func cancel() throws -> Int {
    do {
      try refresh()
    } catch let error as SlurmError {
      throw error.inputError
    }
    let stopped = chosen.filter { !ledger.state(of: $0, retries: settings.retries).isFinal }
    for index in stopped { ledger.calculations[index].isCancelled = true }
    try record.write(stopped, of: ledger)
    let chosenSet = Set(stopped)
    let open = ledger.open.filter { chosenSet.contains(ledger.attempts[$0].calculation) }
    // What has not begun will not begin any more, whatever Slurm does.
    var running: [Int] = []
    for index in open {
      let attempt = ledger.attempts[index]
      let folder = ledger.calculations[attempt.calculation].folder
      let trace = JobTrace(folder: folder, attempt: attempt.number)
      if !trace.isClaimed, try JobTrace.claim(folder, attempt.number) {
        _ = try JobTrace.end(folder, attempt.number, .cancelled)
      } else {
        running.append(index)
      }
    }
    do {
      try stop(open)
      try waitForEnd(of: running)
    } catch let error as SlurmError {
      throw error.inputError
    }
    for index in open where ledger.attempts[index].ending == nil { try callOff(index) }
    return stopped.count
  }

  /// Ends the jobs of attempts.
  private func stop(_ open: [Int]) throws {
    var tasks: [String] = []
    for index in open {
      let attempt = ledger.attempts[index]
      guard let array = ledger.arrays[attempt.array] else { continue }
      if array.scheduler == .slurm, let job = array.job {
        tasks.append("\(job)_\(attempt.task)")
      } else if array.scheduler == .local {
        try endLocal(index)
      }
    }
    if !tasks.isEmpty { try Slurm.cancel(tasks) }
  }

  /// Waits until Slurm has ended jobs: it lets them end by themselves for a while.
  private func waitForEnd(of running: [Int]) throws {
    let slurm = running.filter {
      ledger.arrays[ledger.attempts[$0].array]?.scheduler == .slurm
    }
    guard !slurm.isEmpty else { return }
    let names = Set(slurm.map { arrayName(ledger.attempts[$0].array) }).sorted()
    let wanted = Set(
      slurm.map { "\(arrayName(ledger.attempts[$0].array)) \(ledger.attempts[$0].task)" })
    let end = ContinuousClock.now + .seconds(60)
    while ContinuousClock.now < end {
      let left = try Slurm.tasks(named: names)
        .contains { $0.ending == nil && wanted.contains("\($0.name) \($0.task)") }
      if !left { return }
      usleep(300_000)
    }
    throw InputError(
      "Slurm has not ended all jobs within a minute",
      hint: "the same command goes on with it later")
  }
}
