internal import Crystal
internal import Foundation
public import Handoff

extension SubmitRun {
  /// The script of a job array.
  static func script(
    _ settings: JobSettings, seconds: Int?, folder: String
  ) throws(InputError) -> String {
    let file = settings.template
    let text = try file.map(readText) ?? JobTemplate.shipped
    return try JobTemplate(text, file: file ?? "slurm.sh")
      .script(settings, seconds: seconds, folder: folder)
  }

  /// What is run in a calculation folder.
  static func task(
    _ folder: String, name: String, _ settings: JobSettings, attempt: Int
  ) throws(InputError) -> JobTask {
    let path = "\(folder)/\(CalculationRecord.fileName)"
    guard FileManager.default.fileExists(atPath: path) else {
      guard let command = settings.command else {
        throw InputError(
          "there is no \(CalculationRecord.fileName) in this folder, nor in those in it", at: name,
          hint: "say what to run there with --command")
      }
      return JobTask(folder: folder, attempt: attempt, command: command, printed: nil)
    }
    let calculation: CalculationRecord
    do {
      calculation = try jsonValue(CalculationRecord.self, from: readText(path))
    } catch {
      throw (error as? InputError)
        ?? InputError(
          "this is not what cellgen input writes", at: "\(name)/\(CalculationRecord.fileName)")
    }
    guard settings.command != nil || !calculation.command.isEmpty else {
      throw InputError("the command is empty", at: "\(name)/\(CalculationRecord.fileName)")
    }
    return JobTask(
      folder: folder, attempt: attempt,
      command: settings.command ?? TaskScript.command(calculation.command),
      printed: calculation.code.printedFile)
  }

  /// Submits what waits, as far as there is room.
  func submit() throws {
    try findLateSuccesses()
    let isSlurm = settings.scheduler == .slurm
    guard chosen.contains(where: { ledger.state(of: $0, retries: settings.retries) == .waiting })
    else { return }
    if isSlurm, largestArray == nil { largestArray = try Slurm.largestArray() }
    let batches = ledger.batches(chosen, settings, largest: largestArray ?? .max)
    for batch in batches { try submit(batch) }
  }

  /// A job that was missed for a while may have ended well after all.
  private func findLateSuccesses() throws(InputError) {
    for index in chosen where ledger.state(of: index, retries: settings.retries) == .waiting {
      let path = ledger.calculations[index].folder
      for position in ledger.positions(of: index) {
        let trace = JobTrace(folder: path, attempt: ledger.attempts[position].number)
        if trace.exit == "0" { try end(position, .done) }
      }
    }
  }

  private func submit(_ batch: JobBatch) throws {
    let number = ledger.nextArray
    let array = JobLedger.JobArray(
      number: number, scheduler: settings.scheduler, count: batch.calculations.count,
      limit: batch.limit, seconds: batch.seconds)
    var attempts: [JobLedger.Attempt] = []
    var tasks: [JobTask] = []
    for index in batch.calculations {
      let path = ledger.calculations[index].folder
      let next =
        max(
          JobTrace.attempts(in: path).last ?? 0, ledger.attempts(of: index).last?.number ?? 0) + 1
      attempts.append(
        JobLedger.Attempt(
          calculation: index, number: next, array: number, task: attempts.count + 1))
      tasks.append(try SubmitRun.task(path, name: path, settings, attempt: next))
    }
    let output = try OutputFolder(folder, existing: .use)
    try output.remove("\(number)")
    let script = try SubmitRun.script(
      settings, seconds: batch.seconds, folder: arrayFolder(number))
    try output.write(TaskScript.text(tasks), to: "\(number)/\(TaskScript.name)")
    try output.write(script, to: "\(number)/\(Slurm.scriptName)")
    ledger.arrays[number] = array
    let added = attempts.map { ledger.append($0) }
    try record.write(attempts: added, array: array, of: ledger)
    if settings.scheduler == .slurm { try send(number) }
  }

  /// Hands a job array that is written down to Slurm.
  func send(_ number: Int) throws {
    guard var array = ledger.arrays[number] else { return }
    do {
      array.job = try Slurm.submit(
        in: arrayFolder(number), name: arrayName(number), count: array.count, limit: array.limit)
    } catch {
      if case .refused = error {
        ledger.removeArray(number)
        try record.removeArray(number)
      }
      throw error
    }
    ledger.arrays[number] = array
    try record.write(attempts: [], array: array, of: ledger)
  }
}

/// What a submission would hand to the scheduler, for a look beforehand; nothing is written.
///
/// - Parameters:
///   - folders: The calculation folders.
///   - folder: The folder of the record; nil for `jobs` beside the calculations.
///   - change: Changes the settings, which begin with the defaults.
/// - Returns: The line that submits, and both scripts.
/// - Throws: ``InputError`` or ``InputErrors`` for settings and folders that cannot be used.
public func submissionText(
  _ folders: SubmitFolders, in folder: String? = nil, changing change: (inout JobSettings) -> Void
) throws -> String {
  var settings = JobSettings()
  change(&settings)
  try settings.validate()
  let place = try folder.map(SubmitFolders.absolute) ?? folders.record()
  let array = "\(place)/1"
  let tasks = try folders.folders.map {
    try SubmitRun.task($0.path, name: $0.name, settings, attempt: 1)
  }
  let script = try SubmitRun.script(settings, seconds: settings.seconds, folder: array)
  let line = TaskScript.command(
    Slurm.submission(name: "cellgen", count: tasks.count, limit: settings.atOnce))
  return (settings.scheduler == .slurm ? "# \(line)\n\n" : "")
    + "# \(array)/\(Slurm.scriptName)\n\(script)\n# \(array)/\(TaskScript.name)\n"
    + TaskScript.text(tasks)
}
