public import Energetics

/// A program outside cellgen that evaluates configurations, or several copies of it that share the
/// work.
///
/// Copies that die, hang or answer nonsense are replaced and what they worked on is tried again; only
/// a configuration that fails every time is an error, and the others go on. What comes out depends on
/// the configurations alone, not on which copy evaluated which.
public protocol Engine: EnergyModel {
  /// Evaluates configurations.
  ///
  /// - Parameter batch: Configurations in any number.
  /// - Returns: One result per configuration, in their order.
  func evaluate(_ batch: [Configuration]) -> [Result<Evaluation, EngineError>]

  /// All that happened besides plain evaluations, in order.
  var events: [EngineEvent] { get }

  /// Ends the programs that were started, and removes sockets and temporary files.
  ///
  /// Every later evaluation fails.
  func stop()
}

extension Engine {
  /// Evaluates one configuration.
  ///
  /// - Throws: ``EngineError``.
  public func evaluate(_ configuration: Configuration) throws -> Evaluation {
    try evaluate([configuration])[0].get()
  }
}

/// What becomes of a result without stress.
public enum StressDemand: Sendable {
  /// Its stress counts as zero, and the events say so.
  case optional
  /// It is an error: where the cell changes, no stress is not zero stress.
  case required
}

/// How many copies of a program run, and how patiently they are waited for.
public struct EngineLimits: Hashable, Codable, Sendable {
  /// Copies of the program.
  public var clients = 1

  /// Longest time of one evaluation, s.
  public var evaluationSeconds = 3600.0

  /// Longest time until a program is ready, s.
  public var startSeconds = 300.0

  /// How often a configuration is tried, and how often in a row a program may fail to start.
  public var attempts = 3

  /// One copy that may take an hour for an evaluation.
  public init() {}
}

extension EngineLimits {
  /// Limits that take the place of others; they decide what fails, and no energy.
  public struct Changes: Hashable, Sendable {
    /// Copies of the program.
    public var clients: Int?

    /// Longest time of one evaluation, s.
    public var evaluationSeconds: Double?

    /// Longest time until a program is ready, s.
    public var startSeconds: Double?

    /// How often a configuration is tried.
    public var attempts: Int?

    /// No changes.
    public init() {}

    /// Whether all stays.
    public var isEmpty: Bool { self == Changes() }
  }

  /// Takes up changes.
  public mutating func apply(_ changes: Changes) {
    clients = changes.clients ?? clients
    evaluationSeconds = changes.evaluationSeconds ?? evaluationSeconds
    startSeconds = changes.startSeconds ?? startSeconds
    attempts = changes.attempts ?? attempts
  }
}
