/// How an attempt at a calculation ended.
public enum JobEnding: String, Codable, Hashable, Sendable, CaseIterable {
  /// The command ended with exit status 0, and printed something where it has to.
  case done
  /// The command ended with another exit status, or printed nothing.
  case failed
  /// It was there no more, and had not ended by itself.
  case killed
  /// The time limit was reached.
  case timedOut = "timed out"
  /// The node failed, or was taken away.
  case nodeFailed = "node failed"
  /// More memory was needed than there was.
  case outOfMemory = "out of memory"
  /// It was called off with `--cancel`.
  case cancelled

  /// Whether it counts as a try that went wrong.
  public var isFailure: Bool { self != .done && self != .cancelled }

  /// What the word in the file `exit` of an attempt means.
  ///
  /// - Parameters:
  ///   - word: The exit status, `empty`, or an ending that was written for a job that could not.
  ///   - printed: The file that must not be empty.
  /// - Returns: The ending, and what can be said about it besides.
  public static func meaning(
    ofExit word: String, printed: String?
  ) -> (ending: JobEnding, detail: String) {
    if word == "0" { return (.done, "") }
    if word == "empty" {
      return (.failed, "exit status 0, but \(printed ?? "its output") is empty")
    }
    if let ending = JobEnding(rawValue: word) { return (ending, "") }
    guard let status = Int(word) else { return (.failed, "ended with \"\(word)\"") }
    // A shell gives 128 and the number of the signal.
    return (
      .failed, status > 128 && status < 160 ? "signal \(status - 128)" : "exit status \(word)"
    )
  }
}
