internal import Crystal

/// Why a program was ended from outside or gave up, as found in what it and the scheduler printed.
enum PrintedFailure {
  /// What is looked for, and what it means; the first that is found counts.
  private static let marks = [
    ("DUE TO TIME LIMIT", "the scheduler ended it at its time limit"),
    ("oom-kill", "it was killed because it took too much memory"),
    ("oom_kill", "it was killed because it took too much memory"),
    ("Out Of Memory", "it was killed because it took too much memory"),
    ("CANCELLED AT", "it was cancelled"),
    ("VERY BAD NEWS", "VASP gave up"),
    ("ZBRENT: fatal error", "VASP gave up"),
    ("Error EDDDAV", "VASP gave up"),
    ("I REFUSE TO CONTINUE WITH THIS SICK JOB", "VASP gave up"),
    ("Segmentation fault", "it crashed"),
    ("SIGSEGV", "it crashed"),
    ("forrtl: severe", "it crashed"),
    ("BAD TERMINATION", "it was ended from outside or crashed"),
    ("MPI_ABORT was invoked", "it gave up"),
  ]

  /// Looks into the files of a folder.
  ///
  /// - Returns: The reason with the line that tells it; nil if nothing is found.
  static func find(in folder: ResultFolder) -> String? {
    let printed = Set(SimulationCode.allCases.map(\.printedFile) + ["CRASH"])
    let names = folder.files.filter {
      printed.contains($0) || $0.hasPrefix("slurm-") || $0.hasSuffix(".err")
    }
    for name in names {
      let text = folder.ending(of: name, count: 1 << 16)
      for (mark, meaning) in marks {
        guard let position = text.first(mark) else { continue }
        let line = text.text(text.line(at: position)).prefix(120)
        return "\(meaning) (\(name): \(line))"
      }
    }
    return nil
  }
}
