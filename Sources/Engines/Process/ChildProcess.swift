package import Crystal
internal import Foundation

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// A program that runs beside this one, in a process group of its own, so that it can be ended together
/// with all that it started.
///
/// What it prints goes to a file. Foundation's `Process` makes no group and needs a thread to wait.
package final class ChildProcess {
  /// How a program ended.
  package enum Ending: Hashable, CustomStringConvertible {
    /// By itself, with an exit code.
    case exited(Int32)
    /// By a signal.
    case killed(Int32)

    package var description: String {
      switch self {
      case .exited(let code): "it ended with exit code \(code)"
      case .killed(let signal): "it was ended by signal \(signal)"
      }
    }
  }

  private let id: pid_t
  private let log: String
  private var found: Ending?

  /// Starts a program.
  ///
  /// - Parameters:
  ///   - command: A line for `/bin/sh`.
  ///   - log: The file for all that it prints.
  /// - Throws: ``InputError`` if no process can be made.
  package init(_ command: String, log: String) throws(InputError) {
    self.log = log
    #if canImport(Glibc)
      var actions = unsafe posix_spawn_file_actions_t()
      var attributes = posix_spawnattr_t()
    #else
      var actions: posix_spawn_file_actions_t?
      var attributes: posix_spawnattr_t?
    #endif
    unsafe posix_spawn_file_actions_init(&actions)
    unsafe posix_spawnattr_init(&attributes)
    defer {
      unsafe posix_spawn_file_actions_destroy(&actions)
      unsafe posix_spawnattr_destroy(&attributes)
    }
    unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    unsafe posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    unsafe posix_spawn_file_actions_adddup2(&actions, 1, 2)
    // Signals that cellgen ignores or handles keep their usual meaning in the program.
    var defaults = sigset_t()
    unsafe sigemptyset(&defaults)
    for signal in [SIGINT, SIGTERM, SIGPIPE] { unsafe sigaddset(&defaults, signal) }
    unsafe posix_spawnattr_setsigdefault(&attributes, &defaults)
    // Threads of a queue block signals, and a program would inherit that: it could not be asked to end.
    var blocked = sigset_t()
    unsafe sigemptyset(&blocked)
    unsafe posix_spawnattr_setsigmask(&attributes, &blocked)
    unsafe posix_spawnattr_setpgroup(&attributes, 0)
    let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK
    unsafe posix_spawnattr_setflags(&attributes, Int16(flags))

    let environment = ProcessInfo.processInfo.environment.sorted { $0.key < $1.key }
      .map { "\($0.key)=\($0.value)" }
    let words = ["/bin/sh", "-c", command]
    let arguments = unsafe words.map { unsafe strdup($0) } + [nil]
    let variables = unsafe environment.map { unsafe strdup($0) } + [nil]
    defer {
      unsafe (arguments + variables).forEach { unsafe free($0) }
    }
    var id: pid_t = 0
    let status = unsafe posix_spawn(&id, words[0], &actions, &attributes, arguments, variables)
    guard status == 0 else {
      throw InputError("no process can be started: \(systemMessage(status))")
    }
    self.id = id
  }

  /// How it ended; nil while it runs.
  package var ending: Ending? {
    if found == nil {
      var status: Int32 = 0
      if unsafe waitpid(id, &status, WNOHANG) == id {
        found = status & 0x7f == 0 ? .exited((status >> 8) & 0xff) : .killed(status & 0x7f)
      }
    }
    return found
  }

  /// Sends a signal to the program and to all that it started.
  func signal(_ number: Int32) { kill(-id, number) }

  /// Ends it at once, with all that it started.
  package func end() {
    signal(SIGKILL)
    guard found == nil else { return }
    // A killed process is gone within moments, unless it waits for a device that does not answer.
    for _ in 0..<200 where ending == nil { usleep(5000) }
  }

  /// Asks it to end, and ends it if it has not after a second.
  ///
  /// `mpirun` puts its processes into groups of their own, and only it can end them.
  package func endGently() { ChildProcess.endGently([self]) }

  /// Asks programs to end, and ends those that have not after a second.
  package static func endGently(_ programs: [ChildProcess]) {
    for program in programs where program.ending == nil { program.signal(SIGTERM) }
    for _ in 0..<200 where programs.contains(where: { $0.ending == nil }) { usleep(5000) }
    for program in programs { program.end() }
  }

  /// The last lines that it printed, indented; empty if there are none.
  var tail: String {
    guard let handle = FileHandle(forReadingAtPath: log) else { return "" }
    defer { try? handle.close() }
    let size = (try? handle.seekToEnd()) ?? 0
    try? handle.seek(toOffset: size > 2000 ? size - 2000 : 0)
    let data = (try? handle.readToEnd()) ?? Data()
    let lines = String(decoding: data, as: UTF8.self).split(whereSeparator: \.isNewline)
      .filter { $0.contains { !$0.isWhitespace } }
    return lines.suffix(10).map { "\n    \($0)" }.joined()
  }
}

/// The system's words for an error number.
func systemMessage(_ number: Int32) -> String {
  guard let text = unsafe strerror(number) else { return "error \(number)" }
  return unsafe String(cString: text)
}
