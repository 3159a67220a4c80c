import Dispatch
import Foundation
import Synchronization

/// Turns the first Ctrl-C (or SIGTERM) into a request to stop at the next safe point; a second one
/// ends the program at once.
final class Interruption {
  private let isRaised: Flag
  private let sources: [any DispatchSourceSignal]

  private final class Flag: Sendable {
    let value = Mutex(false)
  }

  init() {
    let flag = Flag()
    isRaised = flag
    sources = [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        flag.value.withLock { isSet in
          if isSet { _exit(130) }
          isSet = true
        }
      }
      source.resume()
      return source
    }
  }

  /// Whether the work should stop.
  var isRequested: Bool { isRaised.value.withLock { $0 } }
}
