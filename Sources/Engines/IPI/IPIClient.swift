internal import Energetics

/// One client of an ``IPIServer``: its program, its connection, and what it is doing.
struct IPIClient {
  /// What a client is doing.
  enum Phase: Hashable {
    /// Nothing runs; it can be started.
    case stopped
    /// Its program was started and has not connected yet.
    case starting
    /// It waits for work.
    case idle
    /// It was asked for its state before work is given to it.
    case asked
    /// It has a configuration, and was asked for its state.
    case computing
    /// It was asked for the result.
    case fetching
    /// It has failed for a reason, and its program is not gone yet.
    case ending(String, Parting)
    /// It has failed too often, or went away and cannot be started by cellgen.
    case abandoned
  }

  /// How the program of a client that failed comes to its end.
  enum Parting {
    /// By itself, and may say why; it has a moment.
    case byItself
    /// It was asked to end and has a moment: `mpirun` takes its processes along, which a program that is
    /// killed cannot.
    case asked
  }

  /// What it works on.
  enum Work {
    /// The start structure, for clients that want to see it first; the result is not used.
    case start
    /// A configuration of the batch.
    case item(Int)
  }

  /// Its number, from 1.
  let number: Int

  /// Its own socket; nil for clients that were started by hand.
  let listener: Listener?

  /// What it is doing.
  var phase: Phase

  /// Its program, if cellgen started it.
  var child: ChildProcess?

  /// The connection to it.
  var connection: IPIConnection?

  /// What it works on, as it was sent.
  var work: (Work, ClientFrame.Sent)?

  /// When it has taken too long.
  var deadline: ContinuousClock.Instant?

  /// When it is asked for its state again.
  var askAgain: ContinuousClock.Instant?

  /// How often it asked to be initialised since the work was given to it.
  var initialisations = 0

  /// How often in a row it did not come to its first result.
  var startFailures = 0

  /// Whether it has to see the start structure first.
  var needsStart: Bool

  /// Whether a result without stress was remarked on.
  var remarkedOnStress = false

  /// Whether it works on something.
  var isBusy: Bool { work != nil }
}
