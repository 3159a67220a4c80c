import Handoff
import Testing

@Suite struct JobLedgerTests {
  /// Some calculations, none of which was tried.
  private func ledger(_ count: Int) -> JobLedger {
    var ledger = JobLedger()
    ledger.calculations = (0..<count).map { JobLedger.Calculation(folder: "/c/\($0)") }
    return ledger
  }

  /// Adds an attempt with an ending.
  private func attempt(
    _ ledger: inout JobLedger, _ calculation: Int, _ ending: JobEnding?, array: Int = 1
  ) {
    let number = ledger.attempts(of: calculation).count + 1
    let index = ledger.append(
      JobLedger.Attempt(calculation: calculation, number: number, array: array, task: 1))
    ledger.update(index) { $0.ending = ending }
  }

  @Test("a calculation is tried as often as it may be, and a late success counts")
  func tries() {
    var ledger = ledger(1)
    #expect(ledger.state(of: 0, retries: 1) == .waiting)
    attempt(&ledger, 0, nil)
    #expect(ledger.state(of: 0, retries: 1) == .queued)
    ledger.update(0) { $0.isRunning = true }
    #expect(ledger.state(of: 0, retries: 1) == .running)
    ledger.update(0) { $0.ending = .killed }
    #expect(ledger.state(of: 0, retries: 1) == .waiting)
    attempt(&ledger, 0, .failed)
    #expect(ledger.state(of: 0, retries: 1) == .failed)
    #expect(ledger.state(of: 0, retries: 2) == .waiting)
    ledger.restart([0], retries: 1)
    #expect(ledger.state(of: 0, retries: 1) == .waiting && ledger.tries(of: 0) == 0)
    attempt(&ledger, 0, .nodeFailed)
    #expect(ledger.state(of: 0, retries: 1) == .waiting)
    ledger.update(0) { $0.ending = .done }
    #expect(ledger.state(of: 0, retries: 1) == .done)
  }

  @Test("what was called off waits until it is started anew")
  func cancelling() {
    var ledger = ledger(2)
    for index in 0..<2 {
      ledger.calculations[index].isCancelled = true
      attempt(&ledger, index, index == 0 ? .cancelled : .done)
    }
    #expect(ledger.state(of: 0, retries: 0) == .cancelled)
    #expect(ledger.state(of: 1, retries: 0) == .done)
    ledger.restart([0, 1], retries: 0)
    #expect(ledger.state(of: 0, retries: 0) == .waiting)
  }

  @Test("the time limit grows with each attempt that ran out of time")
  func times() {
    var ledger = ledger(3)
    attempt(&ledger, 0, .timedOut)
    attempt(&ledger, 0, .timedOut)
    attempt(&ledger, 1, .failed)
    var settings = JobSettings()
    settings.seconds = 100
    let batches = ledger.batches([0, 1, 2], settings, largest: 1000)
    #expect(batches.map(\.seconds) == [225, 100])
    #expect(batches.map(\.calculations) == [[0], [1, 2]])
  }

  @Test("job arrays share what may run at the same time")
  func limits() {
    var ledger = ledger(30)
    var settings = JobSettings()
    #expect(
      ledger.batches(Array(0..<30), settings, largest: 12).map(\.calculations.count) == [12, 12, 6])
    #expect(ledger.batches([3], settings, largest: 12).map(\.limit) == [nil])
    settings.atOnce = 5
    #expect(ledger.batches(Array(0..<30), settings, largest: 12).map(\.limit) == [2, 2, 1])
    settings.atOnce = 2
    #expect(ledger.batches(Array(0..<30), settings, largest: 12).map(\.limit) == [1, 1])
    // An array that holds all places leaves none, until it has fewer tasks left.
    ledger.arrays[1] = JobLedger.JobArray(
      number: 1, scheduler: .slurm, count: 3, limit: 2, seconds: nil)
    for index in 0..<3 { attempt(&ledger, index, nil) }
    #expect(ledger.batches(Array(0..<30), settings, largest: 1000).isEmpty)
    for index in 0..<2 { ledger.update(index) { $0.ending = .killed } }
    let later = ledger.batches(Array(0..<30), settings, largest: 1000)
    #expect(later.map(\.limit) == [1] && later[0].calculations.count == 29)
  }

  @Test("an array that was refused leaves no trace")
  func refused() {
    var ledger = ledger(2)
    let before = ledger
    ledger.arrays[1] = JobLedger.JobArray(
      number: 1, scheduler: .slurm, count: 2, limit: nil, seconds: nil)
    for index in 0..<2 { attempt(&ledger, index, nil) }
    #expect(ledger.open == [0, 1] && ledger.nextArray == 2)
    ledger.removeArray(1)
    #expect(ledger.attempts == before.attempts && ledger.nextArray == 1)
    #expect(ledger.state(of: 1, retries: 0) == .waiting)
  }
}
