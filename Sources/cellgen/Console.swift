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

/// A time for people: `0.8 s`, `12 s`, `3 min 20 s`, `2 h 5 min`.
func duration(_ seconds: Double) -> String {
  let whole = Int(seconds.rounded(.toNearestOrEven))
  return switch whole {
  case ..<10: String(format: "%.1f s", seconds)
  case ..<120: "\(whole) s"
  case ..<7200: "\(whole / 60) min \(whole % 60) s"
  default: "\(whole / 3600) h \(whole % 3600 / 60) min"
  }
}

/// The different values in the order in which they first appear.
func orderedSet(_ values: [String]) -> [String] {
  var seen: Set<String> = []
  return values.filter { seen.insert($0).inserted }
}
