import ArgumentParser
import BigInt
import Crystal
import Foundation
import Workflow

/// `cellgen enumerate`.
struct EnumerateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "enumerate",
    abstract: "List every distinct arrangement once, with its degeneracy and its space group.",
    discussion: """
      The cost follows the number of distinct arrangements, not of all: millions take seconds. The list \
      is one file: CSV with a character for each active site, or packed (a name that does not end in \
      .csv); cellgen convert expands it into structures. A complete list is compared with the exact \
      count. Numbers in the problem file may be ranges (counts: {8a: {Mg: 0..8}}) or open (counts: all).

      Examples:

        cellgen enumerate problem.yaml --out all.csv
        cellgen enumerate problem.yaml --supercell 2x2x1 --sample 1000 --out some.csv
        cellgen enumerate problem.yaml --up-to 4 --out derivatives.csv
        cellgen convert all.csv --select 1-10 --out structures
      """)

  @OptionGroup var problem: ProblemOptions

  @Option(
    help: ArgumentHelp(
      "All distinct supercells with up to so many cells, without what repeats in them.",
      valueName: "cells"))
  var upTo: Int?

  @Option(help: "Stop after so many arrangements.")
  var limit: Int?

  @Option(
    help: ArgumentHelp(
      "So many distinct arrangements instead of all, every one equally likely.",
      valueName: "number"))
  var sample: Int?

  @Option(help: "Seed of the sample (default: a new one, which is printed).")
  var seed: UInt64?

  @Option(help: "Threads (default: all cores); no effect on any byte.")
  var threads: Int?

  @Option(help: ArgumentHelp("Go on with this list.", valueName: "file"))
  var resume: String?

  @Option(
    help: ArgumentHelp("The list: .csv, or any other name for packed bits.", valueName: "file"))
  var out: String?

  @Flag(help: "Replace the file that is there.")
  var force = false

  @Flag(help: "Print one JSON object on standard output and nothing else.")
  var json = false

  @Flag(help: "Print no progress and no remarks.")
  var quiet = false

  func validate() throws {
    for (value, name) in [(limit, "limit"), (sample, "sample"), (threads, "threads")] {
      if let value, value < 1 {
        throw ValidationError("--\(name) is \(value), expected at least 1")
      }
    }
    if let upTo, !(1...64).contains(upTo) {
      throw ValidationError("--up-to is \(upTo), expected 1 to 64 cells")
    }
    if sample != nil && (limit != nil || upTo != nil) {
      throw ValidationError("--sample goes neither with --limit nor with --up-to")
    }
    if seed != nil && sample == nil {
      throw ValidationError("--seed is of use only with --sample")
    }
    let isChanged =
      problem.choice != ProblemChoice() || out != nil || sample != nil || limit != nil
      || upTo != nil || seed != nil || force
    if resume != nil && isChanged {
      throw ValidationError(
        "--resume takes all settings from the list; only --threads, --json and --quiet go with it")
    }
  }

  func run() async throws {
    let console = Console(quiet: quiet)
    let run: EnumerateRun
    let path: String
    if let resume {
      path = resume
      run = try EnumerateRun(resuming: resume)
      console.note("Resuming \(resume).")
    } else {
      path = out ?? "arrangements.csv"
      problem.announce(console)
      var specification = EnumerateSpecification()
      specification.problem = problem.choice
      specification.upTo = upTo
      specification.limit = limit
      specification.sample = sample
      specification.seed = seed ?? UInt64.random(in: 0..<1_000_000_000)
      specification.format = path.hasSuffix(".csv") ? .csv : .compact
      run = try EnumerateRun(specification)
      if sample != nil { console.note("Seed \(specification.seed).") }
      try checkPath(path)
    }
    for note in run.notes { console.note("note: \(note)") }
    for warning in run.warnings { console.warn(warning) }
    console.note(
      "\(readable(run.distinct)) distinct arrangements"
        + (upTo == nil
          ? " of \(readable(run.total))." : " that do not repeat in smaller supercells."))
    if run.expected > EnumerateCommand.sensibleLimit {
      throw InputError(
        "a list of \(readable(run.expected)) arrangements is out of reach",
        hint: "take some with --sample 1000 or --limit 1000000, or the lowest with cellgen rank")
    }
    let interruption = Interruption()
    let clock = ContinuousClock()
    let began = clock.now
    let result: EnumerateRun.Result
    do {
      result = try await run(
        to: path, resume: resume != nil,
        threads: threads ?? ProcessInfo.processInfo.activeProcessorCount,
        progress: { progress in
          let left = max(0, progress.expected - Double(progress.written)) / max(1, progress.rate)
          console.progress(
            "\(progress.written) of \(fixed(progress.expected, 0)) arrangements  "
              + "\(fixed(progress.rate / 1e6, 2)) million/s  \(duration(left)) left")
        }, shouldStop: { interruption.isRequested })
    } catch let stop as EnumerateRun.Interrupted {
      console.endProgress()
      console.warn(
        "interrupted after \(stop.written) arrangements; go on with: cellgen enumerate --resume \(path)"
      )
      throw ExitCode(130)
    }
    console.endProgress()
    let seconds = (clock.now - began) / .seconds(1)
    if json {
      print(try jsonText(run.json(result, wallTime: seconds)), terminator: "")
    } else {
      print(
        result.isComplete
          ? "\(result.written) distinct arrangements that stand for \(result.degeneracySum), as the exact "
            + "count says" + (upTo == nil ? "" : "; none repeats within its supercell")
          : "\(result.written) of \(readable(run.distinct)) distinct arrangements")
      print("Written to \(path) (\(result.bytes) bytes) after \(duration(seconds))")
    }
  }

  /// Lists beyond this are a mistake: a week of work, tens of terabytes.
  private static let sensibleLimit = 1_000_000_000_000

  private func checkPath(_ path: String) throws {
    if FileManager.default.fileExists(atPath: path), !force {
      throw InputError(
        "the file exists", at: path, hint: "choose another --out, or replace it with --force")
    }
    if FileManager.default.fileExists(atPath: "\(path).progress"), !force {
      throw InputError(
        "an enumeration into this file was begun", at: path,
        hint: "go on with --resume \(path), or begin anew with --force")
    }
  }
}
