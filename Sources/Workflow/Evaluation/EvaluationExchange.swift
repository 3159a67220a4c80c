internal import Dispatch
internal import Energetics
internal import Engines
internal import Synchronization

/// Where relaxations that run side by side meet: each takes the next structure, leaves results, and asks
/// for energies if an engine gives them.
final class EvaluationExchange: Sendable {
  /// What has happened since somebody looked.
  struct News {
    /// Structures that are done, with what came of them.
    var outcomes: [(item: Int, outcome: RelaxationOutcome)]
    /// Configurations whose energy is asked for, by worker; empty unless every worker waits.
    var questions: [(worker: Int, configuration: Configuration)]
    /// Whether every worker has left.
    var isOver: Bool
  }

  private struct State {
    var nextItem = 0
    var working: Int
    var isStopped = false
    var outcomes: [(item: Int, outcome: RelaxationOutcome)] = []
    var questions: [(worker: Int, configuration: Configuration)] = []
    var answers: [Int: Result<Evaluation, EngineError>] = [:]
  }

  private let itemCount: Int
  private let state: Mutex<State>
  private let news = DispatchSemaphore(value: 0)
  private let replies: [DispatchSemaphore]

  init(itemCount: Int, workers: Int) {
    self.itemCount = itemCount
    state = Mutex(State(working: workers))
    replies = (0..<workers).map { _ in DispatchSemaphore(value: 0) }
  }

  // MARK: - For workers

  /// The next structure; nil if there is none left, or the work was stopped.
  func nextItem() -> Int? {
    state.withLock { state in
      guard !state.isStopped, state.nextItem < itemCount else { return nil }
      state.nextItem += 1
      return state.nextItem - 1
    }
  }

  /// Leaves what came of a structure.
  func finish(_ item: Int, _ outcome: RelaxationOutcome) {
    state.withLock { $0.outcomes.append((item, outcome)) }
    news.signal()
  }

  /// A worker has no more to do.
  func leave() {
    state.withLock { $0.working -= 1 }
    news.signal()
  }

  /// Waits for the energy of a configuration.
  func ask(_ worker: Int, _ configuration: Configuration) throws(EngineError) -> Evaluation {
    state.withLock { $0.questions.append((worker, configuration)) }
    news.signal()
    replies[worker].wait()
    let answer = state.withLock { $0.answers.removeValue(forKey: worker) }
    return try (answer ?? .failure(.interrupted)).get()
  }

  // MARK: - For the one who looks after them

  var isStopped: Bool { state.withLock { $0.isStopped } }

  /// No more structures are begun.
  func stop() { state.withLock { $0.isStopped = true } }

  /// Waits for something to happen, a fifth of a second at most.
  func waitForNews() -> News {
    _ = news.wait(timeout: .now() + .milliseconds(200))
    return state.withLock { state in
      let outcomes = state.outcomes
      state.outcomes = []
      var questions: [(worker: Int, configuration: Configuration)] = []
      // The engine gets all questions at once, so that its clients share them.
      if state.questions.count == state.working {
        questions = state.questions.sorted { $0.worker < $1.worker }
        state.questions = []
      }
      return News(outcomes: outcomes, questions: questions, isOver: state.working == 0)
    }
  }

  /// Gives an energy to the worker that asked for it.
  func answer(_ worker: Int, _ result: Result<Evaluation, EngineError>) {
    state.withLock { $0.answers[worker] = result }
    replies[worker].signal()
  }
}

/// The energies of an engine for one of several relaxations.
final class SharedEngine: EnergyModel {
  private let exchange: EvaluationExchange
  private let worker: Int

  init(_ exchange: EvaluationExchange, worker: Int) {
    self.exchange = exchange
    self.worker = worker
  }

  func evaluate(_ configuration: Configuration) throws -> Evaluation {
    try exchange.ask(worker, configuration)
  }
}
