/// What has been submitted: calculations, their attempts, and the job arrays in which these run.
public struct JobLedger: Hashable, Sendable {
  /// A calculation folder.
  public struct Calculation: Hashable, Sendable {
    /// Its absolute path.
    public var folder: String
    /// Attempts before this number do not count as tries any more.
    public var firstCounted = 1
    /// Whether it was called off.
    public var isCancelled = false

    /// A calculation that was never tried.
    public init(folder: String) { self.folder = folder }
  }

  /// A job array.
  public struct JobArray: Hashable, Sendable {
    /// Its number, from 1.
    public var number: Int
    /// What runs it.
    public var scheduler: JobScheduler
    /// Number of its tasks.
    public var count: Int
    /// Tasks that run at the same time at most; nil for no limit.
    public var limit: Int?
    /// Wall time of a task at most, s; nil for no limit.
    public var seconds: Int?
    /// Its number in the scheduler; nil as long as that is not known.
    public var job: String?

    /// An array that is to be submitted.
    public init(number: Int, scheduler: JobScheduler, count: Int, limit: Int?, seconds: Int?) {
      self.number = number
      self.scheduler = scheduler
      self.count = count
      self.limit = limit
      self.seconds = seconds
    }
  }

  /// One attempt at a calculation.
  public struct Attempt: Hashable, Sendable {
    /// The index of the calculation.
    public var calculation: Int
    /// The number of the attempt, from 1.
    public var number: Int
    /// The number of the job array; 0 if it ran elsewhere.
    public var array: Int
    /// Its task in that array, from 1.
    public var task: Int
    /// How it ended; nil while it waits or runs.
    public var ending: JobEnding?
    /// What can be said about that besides.
    public var detail = ""
    /// Whether it has begun.
    public var isRunning = false
    /// Why it waits, in the scheduler's words.
    public var reason = ""

    /// An attempt that has not begun.
    public init(calculation: Int, number: Int, array: Int, task: Int) {
      self.calculation = calculation
      self.number = number
      self.array = array
      self.task = task
    }
  }

  /// The calculations, in the order in which they came.
  public var calculations: [Calculation] = []
  /// The job arrays by number.
  public var arrays: [Int: JobArray] = [:]
  /// All attempts, in the order in which they were submitted.
  public private(set) var attempts: [Attempt] = []
  /// The indices of the attempts of each calculation.
  private var attemptsOf: [Int: [Int]] = [:]

  /// Nothing.
  public init() {}

  /// Adds an attempt.
  ///
  /// - Returns: Its index.
  @discardableResult public mutating func append(_ attempt: Attempt) -> Int {
    attempts.append(attempt)
    attemptsOf[attempt.calculation, default: []].append(attempts.count - 1)
    return attempts.count - 1
  }

  /// Takes back what has not been submitted: the last attempts, all of one job array.
  public mutating func removeArray(_ number: Int) {
    while let last = attempts.last, last.array == number {
      attempts.removeLast()
      attemptsOf[last.calculation]?.removeLast()
    }
    arrays[number] = nil
  }

  /// Changes an attempt.
  public mutating func update(_ index: Int, _ change: (inout Attempt) -> Void) {
    change(&attempts[index])
  }

  /// The indices of the attempts that wait or run.
  public var open: [Int] { attempts.indices.filter { attempts[$0].ending == nil } }

  /// The attempts of a calculation.
  public func attempts(of calculation: Int) -> [Attempt] {
    positions(of: calculation).map { attempts[$0] }
  }

  /// The indices of the attempts of a calculation.
  public func positions(of calculation: Int) -> [Int] { attemptsOf[calculation] ?? [] }

  /// The number of the next job array.
  public var nextArray: Int { (arrays.keys.max() ?? 0) + 1 }
}
