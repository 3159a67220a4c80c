internal import Energetics

/// Configurations that wait for a program, and what came of the others.
struct Batch {
  /// The results so far.
  private(set) var results: [Result<Evaluation, EngineError>?]

  /// The configurations that wait, in the order in which they are given out.
  private(set) var waiting: [Int]

  /// The reasons of the attempts that failed, per configuration.
  private(set) var failures: [[String]]

  /// The client on which a configuration failed last.
  private var lastClient: [Int: Int] = [:]

  private var unsolved: Int
  private let attempts: Int

  /// - Parameters:
  ///   - count: Number of configurations.
  ///   - attempts: How often each is tried.
  init(count: Int, attempts: Int) {
    results = [Result<Evaluation, EngineError>?](repeating: nil, count: count)
    waiting = Array((0..<count).reversed())
    failures = [[String]](repeating: [], count: count)
    unsolved = count
    self.attempts = attempts
  }

  /// Whether every configuration has a result.
  var isDone: Bool { unsolved == 0 }

  /// The next configuration for a client.
  ///
  /// - Parameters:
  ///   - client: The number of the client.
  ///   - hasOthers: Whether another client may take those on which this one has failed.
  /// - Returns: nil if there is none.
  mutating func next(for client: Int, hasOthers: Bool) -> Int? {
    let index = waiting.lastIndex { !hasOthers || lastClient[$0] != client }
    return index.map { waiting.remove(at: $0) }
  }

  /// Stores a result of a configuration that was given out.
  mutating func finish(_ item: Int, _ result: Result<Evaluation, EngineError>) {
    if results[item] == nil { unsolved -= 1 }
    results[item] = result
  }

  /// Stores that an attempt failed.
  ///
  /// - Returns: True if it was the last one.
  mutating func fail(_ item: Int, on client: Int, _ reason: String) -> Bool {
    failures[item].append(reason)
    lastClient[item] = client
    guard failures[item].count >= attempts else {
      waiting.append(item)
      return false
    }
    finish(item, .failure(.failed(attempts: failures[item])))
    return true
  }

  /// Gives up what has no result yet.
  mutating func failRest(_ error: EngineError) {
    for item in results.indices where results[item] == nil {
      results[item] = .failure(error)
    }
    waiting = []
    unsolved = 0
  }
}
