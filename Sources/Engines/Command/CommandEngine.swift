internal import Crystal
public import Energetics
internal import Foundation

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// An engine that runs a program once per structure.
///
/// The program reads the structure from an extxyz file and writes energy, forces and stress into
/// another, as ASE does, or into a JSON object; see ``CommandResult``. Several run at a time.
public final class CommandEngine: Engine {
  /// The places of a command line.
  static let places = ["in", "out", "folder", "client"]

  /// All that happened besides plain evaluations, in order.
  public private(set) var events: [EngineEvent] = []

  /// Whether the work should end; asked several times a second.
  public var isInterrupted: () -> Bool = { false }

  /// What becomes of a result without stress.
  public var stress = StressDemand.optional

  private let program: any EvaluationProgram
  private let limits: EngineLimits
  private let folder: TemporaryFolder
  private let clock = ContinuousClock()
  private let began = ContinuousClock().now
  private var isStopped = false
  private var remarkedOnStress = false

  /// A program that is running.
  private struct Job {
    let item: Int
    let child: ChildProcess
    let place: String
    let deadline: ContinuousClock.Instant
  }

  /// An engine.
  ///
  /// - Parameters:
  ///   - template: The command line with {in} and {out}; {folder} is a folder for scratch files,
  ///     {client} the number of the copy.
  ///   - limits: How many run at a time, and how long.
  /// - Throws: ``InputError`` if there is no room for temporary files.
  public convenience init(
    _ template: CommandTemplate, limits: EngineLimits = EngineLimits()
  ) throws {
    try self.init(TemplateProgram(template: template), limits: limits)
  }

  /// An engine that runs LAMMPS once per structure.
  ///
  /// - Parameters:
  ///   - model: The interactions.
  ///   - program: LAMMPS.
  ///   - limits: How many run at a time, and how long.
  /// - Throws: ``InputError`` if there is no room for temporary files.
  public convenience init(
    _ model: LAMMPSModel, program: LAMMPSProgram, limits: EngineLimits = EngineLimits()
  ) throws {
    try self.init(LAMMPSEvaluation(model, program: program), limits: limits)
  }

  init(_ program: any EvaluationProgram, limits: EngineLimits) throws {
    self.program = program
    self.limits = limits
    folder = try TemporaryFolder()
  }

  /// Evaluates configurations, several at a time.
  ///
  /// - Parameter batch: Configurations in any number.
  /// - Returns: One result per configuration, in their order.
  public func evaluate(_ batch: [Configuration]) -> [Result<Evaluation, EngineError>] {
    var work = Batch(count: batch.count, attempts: limits.attempts)
    if isStopped { work.failRest(.noClients("the engine was stopped")) }
    var jobs = [Job?](repeating: nil, count: limits.clients)
    while !work.isDone {
      if isInterrupted() { work.failRest(.interrupted) }
      for slot in jobs.indices where jobs[slot] == nil {
        guard let item = work.next(for: slot + 1, hasOthers: false) else { break }
        do {
          jobs[slot] = try start(item, batch[item], client: slot + 1)
        } catch {
          fail(item, slot + 1, "\(error)", &work)
        }
      }
      // The programs take far longer than this nap.
      usleep(2000)
      for slot in jobs.indices {
        guard let job = jobs[slot], let outcome = outcome(of: job, batch[job.item]) else {
          continue
        }
        jobs[slot] = nil
        switch outcome {
        case .success(let result): work.finish(job.item, accepted(result))
        case .failure(let reason): fail(job.item, slot + 1, reason.text, &work)
        }
      }
    }
    ChildProcess.endGently(jobs.compactMap { $0?.child })
    return work.results.map { $0 ?? .failure(.interrupted) }
  }

  /// Removes the temporary files.
  public func stop() {
    isStopped = true
    folder.remove()
  }

  private struct Reason: Error {
    let text: String
  }

  private func start(_ item: Int, _ configuration: Configuration, client: Int) throws -> Job {
    let place = folder.file("client-\(client)")
    try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
    let command = try program.prepare(configuration, in: place, client: client)
    return Job(
      item: item, child: try ChildProcess(command, log: "\(place)/log"), place: place,
      deadline: clock.now + .seconds(limits.evaluationSeconds))
  }

  /// What came of a program; nil while it runs.
  private func outcome(
    of job: Job, _ configuration: Configuration
  ) -> Result<CommandResult, Reason>? {
    guard let ending = job.child.ending else {
      guard clock.now >= job.deadline else { return nil }
      job.child.endGently()
      let limit = "it took longer than \(fixed(limits.evaluationSeconds, 2)) s"
      return .failure(Reason(text: limit + job.child.tail))
    }
    // Whatever the program left running goes with it.
    job.child.end()
    guard ending == .exited(0) else {
      let log = FileManager.default.contents(atPath: "\(job.place)/log") ?? Data()
      let complaint = program.complaint(in: String(decoding: log, as: UTF8.self))
      return .failure(Reason(text: complaint ?? "\(ending)\(job.child.tail)"))
    }
    do {
      let result = try program.result(in: job.place, for: configuration)
      if let flaw = result.evaluation.flaw { return .failure(Reason(text: flaw + job.child.tail)) }
      return .success(result)
    } catch {
      return .failure(Reason(text: "\(error)\(job.child.tail)"))
    }
  }

  /// A result as it counts.
  private func accepted(_ result: CommandResult) -> Result<Evaluation, EngineError> {
    guard !result.hasStress else { return .success(result.evaluation) }
    // Another attempt would give none either.
    guard stress == .optional else { return .failure(.noStress("the program gives no stress")) }
    if !remarkedOnStress {
      remarkedOnStress = true
      note(.incomplete, 1, "it gives no stress, which is taken for zero")
    }
    return .success(result.evaluation)
  }

  private func fail(_ item: Int, _ client: Int, _ text: String, _ work: inout Batch) {
    note(.failed, client, text)
    if work.fail(item, on: client, text) {
      note(.abandoned, client, "structure \(item + 1) of the batch is given up")
    }
  }

  private func note(_ kind: EngineEvent.Kind, _ client: Int, _ text: String) {
    events.append(
      EngineEvent(
        kind: kind, client: client, seconds: (clock.now - began) / .seconds(1), text: text))
  }
}
