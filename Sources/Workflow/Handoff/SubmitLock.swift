internal import Crystal
internal import Foundation
internal import Handoff

/// Keeps a second process away from a record of jobs, as long as this one lives.
final class SubmitLock {
  private let file: Int32

  /// Takes the lock.
  ///
  /// - Parameter path: A file for it.
  /// - Throws: ``InputError`` if another process has it.
  init(_ path: String) throws(InputError) {
    // Jobs on this machine must not inherit it: they may outlive this process.
    file = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    guard file >= 0 else {
      throw InputError(
        "the file cannot be written: \(unsafe String(cString: strerror(errno)))", at: path)
    }
    guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
      let reason = errno
      let owner = (try? readText(path))?.trimmingCharacters(in: .whitespacesAndNewlines) ?? ""
      close(file)
      guard reason == EWOULDBLOCK else {
        throw InputError(
          "the file cannot be locked: \(unsafe String(cString: strerror(reason)))", at: path)
      }
      throw InputError(
        "another cellgen submit works with this record\(owner.isEmpty ? "" : ": \(owner)")",
        at: (path as NSString).deletingLastPathComponent,
        hint: "wait for it, or end it with Ctrl-C first")
    }
    let text = Array(
      "process \(ProcessInfo.processInfo.processIdentifier) on \(ProcessIdentity.host)\n"
        .utf8)
    ftruncate(file, 0)
    // Only for the message above.
    _ = unsafe write(file, text, text.count)
  }

  deinit { close(file) }
}
