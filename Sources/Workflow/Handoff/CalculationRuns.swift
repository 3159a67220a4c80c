internal import Crystal
public import Handoff

/// Runs calculation folders as jobs to their end, and tells what became of each.
///
/// Folders that were run before with the same record are not run again; a call that was interrupted goes on
/// where it was.
///
/// - Parameters:
///   - folders: Calculation folders, as `cellgen input` makes them.
///   - settings: What a job is given.
///   - record: The folder of the record of jobs.
///   - interval: Time between two looks at Slurm, s.
///   - isInterrupted: Asked several times a second.
///   - progress: Told after each look.
/// - Returns: One outcome per folder, in their order; after an interruption, some are not final.
/// - Throws: ``InputError`` or ``InputErrors`` for folders and settings that cannot be used, and if Slurm
///   refuses.
public func runCalculations(
  _ folders: [String], settings: JobSettings, record: String, interval: Double = 30,
  isInterrupted: () -> Bool = { false }, progress: (SubmitProgress) -> Void = { _ in }
) throws -> [SubmitResult.Outcome] {
  let chosen = try SubmitFolders(folders)
  let run = try SubmitRun(chosen, in: record, changing: { $0 = settings })
  _ = try run.watch(interval: interval, isInterrupted: isInterrupted, progress: progress)
  return run.result().outcomes
}
