/// One thing that is wrong with what a user gave: where, what was found and expected, and a hint.
public struct InputError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Where the problem is: `file:line`, a key path in a specification, or an option; nil if there
  /// is only one place it could be.
  public var location: String?

  /// What was found and what was expected, one sentence in lower case without a full stop.
  public var message: String

  /// What to do next, where that can be guessed.
  public var hint: String?

  /// Describes a problem.
  public init(_ message: String, at location: String? = nil, hint: String? = nil) {
    self.location = location
    self.message = message
    self.hint = hint
  }

  /// The problem as printed: `location: message`, then a line `hint: …`.
  public var description: String {
    let head = location.map { "\($0): \(message)" } ?? message
    return hint.map { "\(head)\nhint: \($0)" } ?? head
  }

  /// The same problem found inside `outer`, for example a key inside a file.
  public func inside(_ outer: String) -> InputError {
    InputError(message, at: location.map { "\(outer): \($0)" } ?? outer, hint: hint)
  }
}

/// All that is wrong with one file or specification, so that it can be mended in one go.
public struct InputErrors: Error, Hashable, Sendable, CustomStringConvertible {
  /// The problems in the order of their places.
  public var problems: [InputError]

  /// Collects problems.
  public init(_ problems: [InputError]) {
    self.problems = problems
  }

  /// One problem a line, each with its hint below.
  public var description: String {
    problems.map(\.description).joined(separator: "\n")
  }
}

/// The candidate that is most probably meant by `name`, by edit distance, or nil if none is near.
///
/// - Parameters:
///   - name: What the user wrote.
///   - candidates: What would have been accepted.
/// - Returns: The nearest candidate within a third of its length, ignoring case.
public func nearestMatch(to name: String, among candidates: [String]) -> String? {
  let scored = candidates.map { (candidate: $0, distance: editDistance(name, $0)) }
  guard let best = scored.min(by: { $0.distance < $1.distance }) else { return nil }
  return best.distance <= max(1, best.candidate.count / 3) ? best.candidate : nil
}

/// Number of insertions, deletions, replacements and exchanges of neighbours that turn `a` into `b`,
/// ignoring case.
private func editDistance(_ a: String, _ b: String) -> Int {
  let (a, b) = (Array(a.lowercased()), Array(b.lowercased()))
  var (before, row) = ([Int](), Array(0...b.count))
  for i in a.indices {
    var next = [i + 1]
    for j in b.indices {
      var least = min(row[j] + (a[i] == b[j] ? 0 : 1), next[j] + 1, row[j + 1] + 1)
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { least = min(least, before[j - 1] + 1) }
      next.append(least)
    }
    (before, row) = (row, next)
  }
  return row[b.count]
}
