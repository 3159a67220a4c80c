public import Crystal
internal import Foundation
public import Handoff

/// Runs calculations as jobs, from a record that any later process can go on with.
///
/// What became of a job is read from the files that it leaves in its calculation folder (``JobTrace``); the
/// scheduler is asked only about those that left none.
public final class SubmitRun {
  /// The settings of the jobs, those of the record with the changes that were asked for.
  public let settings: JobSettings

  /// The folder of the record.
  public let folder: String

  /// The calculation folders that this run is about.
  public let folders: [SubmitFolders.Folder]

  /// What was doubtful in the last step.
  public internal(set) var warnings: [String] = []

  let record: SubmitRecord
  var ledger: JobLedger
  /// The indices of the calculations of this run.
  var chosen: [Int] = []
  let local = LocalJobs()
  /// Tasks that were started on this machine by this process.
  var started: Set<LocalJobs.Key> = []
  /// Whether the attempts that another process began on this machine are known.
  var isExamined = false
  /// When a job was missed first that left no ending, by attempt.
  var missedSince: [Int: ContinuousClock.Instant] = [:]
  /// Tasks of a job array at most, once Slurm was asked.
  var largestArray: Int?
  /// Eight digits that tell the arrays of this record from all others.
  let token: String
  private let lock: SubmitLock

  /// How long a job may be missed before it counts as killed, s: files of other machines are seen late.
  static let patience = 3.0

  /// Opens or creates a record.
  ///
  /// - Parameters:
  ///   - folders: The calculation folders.
  ///   - folder: The folder of the record; nil for `jobs` beside the calculations.
  ///   - change: Changes the settings of the record, which begin with the defaults.
  /// - Throws: ``InputError`` or ``InputErrors`` for settings that cannot be used, a record that another
  ///   process works with, and calculations whose jobs another record knows.
  public init(
    _ folders: SubmitFolders, in folder: String? = nil, changing change: (inout JobSettings) -> Void
  ) throws {
    self.folders = folders.folders
    self.folder = try folder.map(SubmitFolders.absolute) ?? folders.record()
    let isNew = !FileManager.default.fileExists(atPath: "\(self.folder)/\(SubmitRecord.fileName)")
    if isNew {
      // Nothing is written for settings that are refused.
      var settings = JobSettings()
      change(&settings)
      try SubmitRun.check(settings, folders.folders)
      let contents = (try? FileManager.default.contentsOfDirectory(atPath: self.folder)) ?? []
      guard contents.allSatisfy({ $0 == "lock" }) else {
        throw InputError(
          "the folder holds no record of jobs, but other files", at: self.folder,
          hint: "choose another --out")
      }
    }
    let output = try OutputFolder(self.folder, existing: .use)
    lock = try SubmitLock(output.file("lock"))
    record = try SubmitRecord(path: output.file(SubmitRecord.fileName))
    ledger = try record.ledger()
    var settings =
      try record.value("settings").map { try jsonValue(JobSettings.self, from: $0) }
      ?? JobSettings()
    let before = settings.scheduler
    change(&settings)
    settings.template = settings.template.map(SubmitFolders.absolute)
    if !isNew { try SubmitRun.check(settings, folders.folders) }
    if settings.scheduler != before, !ledger.open.isEmpty {
      throw InputError(
        "\(ledger.open.count) jobs of this record belong to \(before.rawValue)", at: "--scheduler",
        hint: "wait for them, or call them off with --cancel")
    }
    self.settings = settings
    try record.set("settings", try compactJSON(settings))
    if let known = try record.value("token") {
      token = known
    } else {
      let digits = String(UInt32.random(in: .min ... .max), radix: 16)
      token = String(repeating: "0", count: 8 - digits.count) + digits
      try record.set("token", token)
    }
    try register()
  }

  /// Checks settings before anything is written.
  private static func check(
    _ settings: JobSettings, _ folders: [SubmitFolders.Folder]
  ) throws {
    try settings.validate()
    _ = try script(settings, seconds: settings.seconds, folder: "/")
    var problems: [InputError] = []
    for folder in folders {
      do throws(InputError) {
        _ = try task(folder.path, name: folder.name, settings, attempt: 1)
      } catch {
        problems.append(error)
      }
    }
    guard problems.isEmpty else { throw InputErrors(problems) }
    if settings.scheduler == .slurm {
      do {
        try Slurm.checkPrograms()
      } catch {
        throw error.inputError
      }
    }
  }

  /// Brings the calculations of this run into the record.
  private func register() throws(InputError) {
    var indices: [String: Int] = [:]
    for (index, calculation) in ledger.calculations.enumerated() {
      indices[calculation.folder] = index
    }
    var added: [Int] = []
    var attempts: [Int] = []
    for folder in folders {
      if let index = indices[folder.path] {
        chosen.append(index)
        continue
      }
      let index = ledger.calculations.count
      // Attempts that another record knows: one that succeeded counts, one that has not ended may run.
      var success: Int?
      for number in JobTrace.attempts(in: folder.path) {
        let trace = JobTrace(folder: folder.path, attempt: number)
        if trace.exit == "0" { success = number }
        guard trace.exit != nil else {
          throw InputError(
            "attempt \(number) was begun by another record of jobs, and has not ended",
            at: folder.name,
            hint: "go on with that record; if nothing runs there any more, remove "
              + JobTrace.path(folder.name, number))
        }
      }
      ledger.calculations.append(JobLedger.Calculation(folder: folder.path))
      added.append(index)
      chosen.append(index)
      if let success {
        var attempt = JobLedger.Attempt(calculation: index, number: success, array: 0, task: 0)
        attempt.ending = .done
        attempts.append(ledger.append(attempt))
      }
    }
    try record.write(added, of: ledger)
    try record.write(attempts: attempts, of: ledger)
  }

  /// Lets calculations that failed, or were called off, be tried anew.
  public func restart() throws(InputError) {
    ledger.restart(chosen, retries: settings.retries)
    try record.write(chosen, of: ledger)
  }

  /// Looks what became of the jobs, and submits what has to be submitted.
  ///
  /// - Returns: False if Slurm did not answer, and nothing was submitted for that reason.
  /// - Throws: ``InputError`` if Slurm refuses, and for files that cannot be written.
  @discardableResult public func step() throws -> Bool {
    warnings = []
    do {
      try refresh()
      try submit()
      if settings.scheduler == .local { try startWaiting() }
      return true
    } catch let error as SlurmError {
      guard case .silent = error else { throw error.inputError }
      warnings.append(error.description)
      return false
    }
  }

  /// Takes steps until every calculation has ended, or the work is interrupted.
  ///
  /// Jobs of Slurm go on after an interruption; those on this machine are ended, and count as not tried.
  ///
  /// - Parameters:
  ///   - interval: Time between two looks at Slurm, s.
  ///   - isInterrupted: Asked several times a second.
  ///   - progress: Told after each step.
  /// - Returns: Whether every calculation has ended.
  /// - Throws: As ``step()``.
  public func watch(
    interval: Double, isInterrupted: () -> Bool, progress: (SubmitProgress) -> Void
  ) throws -> Bool {
    let wait = settings.scheduler == .local ? min(interval, 0.05) : interval
    while true {
      try step()
      let state = self.progress()
      progress(state)
      if state.left == 0 { return true }
      if isInterrupted() {
        try interruptLocal()
        return false
      }
      let end = ContinuousClock.now + .seconds(wait)
      while ContinuousClock.now < end, !isInterrupted() { usleep(20_000) }
    }
  }

  /// Looks once more while jobs are missed that left no ending.
  public func settle() throws {
    let end = ContinuousClock.now + .seconds(SubmitRun.patience + 1)
    while !missedSince.isEmpty, ContinuousClock.now < end {
      usleep(200_000)
      try step()
    }
  }

  /// Stores how an attempt ended.
  func end(_ index: Int, _ ending: JobEnding, _ detail: String = "") throws(InputError) {
    missedSince[index] = nil
    ledger.update(index) { attempt in
      attempt.ending = ending
      attempt.detail = detail
      attempt.isRunning = false
    }
    try record.write(attempts: [index], of: ledger)
  }

  /// The folder of a job array.
  func arrayFolder(_ number: Int) -> String { "\(folder)/\(number)" }

  /// The name of a job array in Slurm.
  func arrayName(_ number: Int) -> String { "cellgen-\(token)-\(number)" }
}
