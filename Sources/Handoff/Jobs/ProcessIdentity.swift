internal import Engines
internal import Foundation

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Whether a process that another one started still runs.
package enum ProcessIdentity {
  /// The name of this machine, as `uname -n` has it.
  package static var host: String {
    var name = [CChar](repeating: 0, count: 256)
    guard unsafe gethostname(&name, name.count - 1) == 0 else { return "" }
    return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// When a process began, in the units of the system; nil if there is none of this number.
  ///
  /// Linux counts ticks of its clock since the machine was started (field 22 of `/proc/N/stat`); elsewhere
  /// `ps` tells the date.
  static func beginning(of process: Int32) -> String? {
    guard kill(process, 0) == 0 || errno == EPERM else { return nil }
    #if canImport(Glibc)
      guard let data = FileManager.default.contents(atPath: "/proc/\(process)/stat") else {
        return nil
      }
      // The name of the program, in parentheses, may have spaces.
      let text = String(decoding: data, as: UTF8.self)
      guard let end = text.lastIndex(of: ")") else { return nil }
      let words = text[text.index(after: end)...].split(separator: " ")
      // One that has ended and waits for its parent to notice runs no more.
      guard words.count > 19, words[0] != "Z" else { return nil }
      return String(words[19])
    #else
      let answer = try? ProgramCall(["/bin/ps", "-o", "lstart=", "-p", "\(process)"])
      let text = answer?.output.trimmingCharacters(in: .whitespacesAndNewlines) ?? ""
      return text.isEmpty ? nil : text
    #endif
  }

  /// Whether the process of an attempt runs on this machine.
  static func isAlive(_ start: JobTrace.Start) -> Bool {
    start.host == host && beginning(of: start.process) == start.began
  }
}
