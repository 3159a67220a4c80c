/// Why a configuration has no energy.
public enum EngineError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The program was started for other atoms.
  case composition(found: String, expected: String)
  /// No program can take it; the reason.
  case unsuitable(String)
  /// The program gives no stress where one is needed; how that shows.
  case noStress(String)
  /// Every attempt failed; one reason per attempt.
  case failed(attempts: [String])
  /// No program is left, or none came; the reason.
  case noClients(String)
  /// The work was stopped on request.
  case interrupted

  /// What happened, and what to do.
  public var description: String {
    switch self {
    case .composition(let found, let expected):
      "the engine was started for \(expected), this structure is \(found)\n"
        + "hint: one engine evaluates arrangements of one composition"
    case .unsuitable(let reason): reason
    case .noStress(let sign):
      "\(sign), and the cell is to change: make the program compute its stress, or keep the cell fixed"
    case .failed(let attempts):
      attempts.count == 1
        ? "the evaluation failed: \(attempts[0])"
        : "the evaluation failed \(attempts.count) times\n"
          + attempts.enumerated().map { "attempt \($0 + 1): \($1)" }.joined(separator: "\n")
    case .noClients(let reason): reason
    case .interrupted: "interrupted"
    }
  }
}

/// Something that happened to one copy of a program.
public struct EngineEvent: Hashable, Sendable, CustomStringConvertible {
  /// What it was.
  public enum Kind: String, Hashable, Codable, Sendable {
    /// A program was started.
    case started
    /// A program is connected.
    case connected
    /// A program failed, died or took too long.
    case failed
    /// A configuration failed every time.
    case abandoned
    /// A result lacks something.
    case incomplete
  }

  /// What it was.
  public var kind: Kind

  /// The number of the copy, from 1.
  public var client: Int

  /// When, s after the engine was made.
  public var seconds: Double

  /// What happened, half a sentence.
  public var text: String

  /// `client 2: …`.
  public var description: String { "client \(client): \(text)" }
}
