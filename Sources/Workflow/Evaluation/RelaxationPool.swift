internal import Crystal
internal import Dynamics
internal import Energetics
internal import Engines
internal import Foundation

/// Evaluates or relaxes many structures side by side.
///
/// Built-in models use as many threads as there are. An engine is asked for the energies of all
/// relaxations at once, step by step, so that several clients share the work. What comes out depends on
/// neither number.
struct RelaxationPool {
  /// The relaxation; nil for the energy of the structures as they are.
  let relaxation: Relaxation?

  /// Built-in models evaluated at the same time.
  let threads: Int

  /// Copies of an engine's program, all of which are to have work.
  var clients = 1

  /// Relaxations that are under way with an engine at once.
  ///
  /// Few, so that results come, and are recorded, one after the other; but enough for several clients
  /// to have work until the last of a step is done.
  private var engineWidth: Int { clients == 1 ? 1 : 4 * clients }

  /// A structure to evaluate.
  struct Item: Sendable {
    /// Where the atoms are.
    var configuration: Configuration
    /// The built-in model; nil for an engine.
    var setup: ForceFieldSetup?
  }

  /// Evaluates structures.
  ///
  /// - Parameters:
  ///   - items: The structures.
  ///   - engine: Gives the energies of those without a built-in model.
  ///   - isInterrupted: Whether the work should end; asked several times a second.
  ///   - finished: Is told what came of each structure as soon as it is known, in any order.
  /// - Throws: ``EngineError`` if no program is left or the work was interrupted, and what `finished`
  ///   throws.
  func callAsFunction(
    _ items: [Item], engine: (any Engine)?, isInterrupted: () -> Bool,
    finished: (Int, RelaxationOutcome) throws -> Void
  ) throws {
    guard !items.isEmpty else { return }
    let workers = min(items.count, engine == nil ? threads : engineWidth)
    let exchange = EvaluationExchange(itemCount: items.count, workers: workers)
    let relaxation = relaxation
    for worker in 0..<workers {
      let thread = Thread {
        while let item = exchange.nextItem() {
          exchange.finish(
            item, RelaxationPool.outcome(of: items[item], relaxation, exchange, worker))
        }
        exchange.leave()
      }
      // The stack of a main thread: force fields keep small arrays there.
      thread.stackSize = 8 << 20
      thread.start()
    }
    var failure: (any Error)?
    func abort(_ error: any Error) {
      failure = failure ?? error
      exchange.stop()
    }
    // Nobody is left behind: after an error the workers end at their next step.
    while true {
      let news = exchange.waitForNews()
      for (item, outcome) in news.outcomes {
        if case .aborted(let error) = outcome {
          abort(error)
        } else {
          do { try finished(item, outcome) } catch { abort(error) }
        }
      }
      if isInterrupted() { abort(EngineError.interrupted) }
      if !news.questions.isEmpty {
        let answers =
          exchange.isStopped
          ? news.questions.map { _ in .failure(EngineError.interrupted) }
          : engine?.evaluate(news.questions.map(\.configuration)) ?? []
        for ((worker, _), answer) in zip(news.questions, answers) {
          exchange.answer(worker, answer)
        }
      }
      if news.isOver { break }
    }
    if let failure { throw failure }
  }

  /// Evaluates or relaxes one structure.
  private static func outcome(
    of item: Item, _ relaxation: Relaxation?, _ exchange: EvaluationExchange, _ worker: Int
  ) -> RelaxationOutcome {
    let model: any EnergyModel =
      item.setup?.makeModel(
        lattice: item.configuration.lattice, accuracy: ForceFieldSetup.accuracyToCompare, threads: 1
      )
      ?? SharedEngine(exchange, worker: worker)
    do {
      guard let relaxation else {
        let energy = try model.evaluate(item.configuration).energy
        return energy.isFinite
          ? .evaluated(energy: energy) : .failed("the energy is no number")
      }
      var first = Double.nan
      let isFixed = [Bool](repeating: false, count: item.configuration.positions.count)
      let (last, ending) = try relaxation(
        item.configuration, isFixed: isFixed, model: model
      ) { step in
        if step.number == 0 { first = step.evaluation.energy }
        return !exchange.isStopped
      }
      if ending == .stopped { return .aborted(.interrupted) }
      guard last.evaluation.energy.isFinite else { return .failed("the energy is no number") }
      return .relaxed(
        RelaxationOutcome.Relaxed(
          idealEnergy: first, energy: last.evaluation.energy, ending: ending, steps: last.number,
          configuration: last.configuration))
    } catch EngineError.failed(let attempts) {
      // Which copy of the program it was differs from run to run.
      let reason = attempts.last ?? "the evaluation failed"
      let text = reason.hasPrefix("client ") ? reason.drop { $0 != ":" }.dropFirst(2) : reason[...]
      return .failed(String(text))
    } catch EngineError.unsuitable(let reason) {
      return .failed(reason)
    } catch let error as EngineError {
      return .aborted(error)
    } catch {
      return .failed("\(error)")
    }
  }
}

/// What came of the evaluation of one structure.
enum RelaxationOutcome: Sendable {
  /// The energy of the structure as it is, eV.
  case evaluated(energy: Double)
  /// A relaxation.
  case relaxed(Relaxed)
  /// There is no energy; the reason.
  case failed(String)
  /// The work was broken off, and says nothing about the structure.
  case aborted(EngineError)

  /// The end of a relaxation.
  struct Relaxed: Sendable {
    /// Energy before, eV; nil if it is not known.
    var idealEnergy: Double?
    /// Energy after, eV.
    var energy: Double
    /// Why it ended.
    var ending: Relaxation.Ending
    /// Its steps.
    var steps: Int
    /// Where the atoms are at the end.
    var configuration: Configuration
  }
}
