import Foundation

/// Writes for people: remarks and progress on standard error, so that standard output stays clean.
final class Console: Sendable {
  private let isQuiet: Bool
  /// Whether standard error is a terminal, on which a progress line can be drawn over.
  private let isTerminal: Bool

  init(quiet: Bool) {
    isQuiet = quiet
    isTerminal = isatty(FileHandle.standardError.fileDescriptor) == 1
  }

  /// A remark; left out when quiet.
  func note(_ text: String) {
    if !isQuiet { write("\(clearLine)\(text)\n") }
  }

  /// A warning; printed even when quiet.
  func warn(_ text: String) {
    write("\(clearLine)warning: \(text)\n")
  }

  /// The present state of long work: drawn over on a terminal, a plain line elsewhere.
  func progress(_ text: String) {
    if !isQuiet { write(isTerminal ? "\(clearLine)\(text)" : "\(text)\n") }
  }

  /// How often progress is worth a line, s.
  var progressInterval: Double { isTerminal ? 0.1 : 5 }

  /// Ends a progress line.
  func endProgress() {
    if !isQuiet && isTerminal { write(clearLine) }
  }

  private var clearLine: String { isTerminal ? "\r\u{1B}[2K" : "" }

  private func write(_ text: String) {
    FileHandle.standardError.write(Data(text.utf8))
  }
}
