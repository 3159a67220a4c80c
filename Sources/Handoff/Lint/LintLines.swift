internal import Crystal

/// The lines of a text, each with its number.
struct LintLines {
  /// Line i has the number i + 1.
  let lines: [Substring]

  init(_ text: String) {
    // By bytes: Swift takes the two of a DOS line end for one character.
    lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      .map { Substring($0.last == UInt8(ascii: "\r") ? $0.dropLast() : $0) }
  }

  /// The words of a line, numbered from 1; none if there is no such line.
  func words(_ number: Int) -> [String] {
    guard number >= 1, number <= lines.count else { return [] }
    return lintWords(lines[number - 1])
  }
}

/// The words of a text, separated by white space.
func lintWords(_ text: some StringProtocol) -> [String] {
  String(text).utf8.split(whereSeparator: isSpaceByte).map { String(Substring($0)) }
}

private func isSpaceByte(_ byte: UInt8) -> Bool { byte == 32 || (9...13).contains(byte) }

/// A line up to the first of the marks of a comment.
func withoutComment(_ line: Substring, _ marks: Character...) -> Substring {
  line.prefix { !marks.contains($0) }
}

/// A text without white space at its ends.
func trimmedText(_ text: some StringProtocol) -> String {
  var text = Substring(String(text))
  while text.first?.isWhitespace == true { text.removeFirst() }
  while text.last?.isWhitespace == true { text.removeLast() }
  return String(text)
}

/// A text without the quotes around it.
func unquoted(_ text: String) -> String {
  let text = trimmedText(text)
  guard text.count >= 2, let first = text.first, first == text.last, "\"'".contains(first) else {
    return text
  }
  return String(text.dropFirst().dropLast())
}

/// Words with repeats written out: `2*0.6 5` becomes 0.6, 0.6, 5.
///
/// - Returns: The words; nil if a repeat is absurdly long.
func expandedRepeats(_ words: [String]) -> [String]? {
  var expanded: [String] = []
  for word in words {
    let parts = word.split(separator: "*", maxSplits: 1, omittingEmptySubsequences: false)
    if parts.count == 2, let count = Int(parts[0]), count >= 0, !parts[1].isEmpty {
      guard expanded.count + count <= 10_000_000 else { return nil }
      expanded += [String](repeating: String(parts[1]), count: count)
    } else {
      expanded.append(word)
    }
  }
  return expanded
}

/// The element whose symbol a name begins with, such as `Mn` of `Mn1`, `Mn_pv` or `mn-up`.
func leadingElement(_ name: some StringProtocol) -> Element? {
  let letters = name.prefix { $0.isLetter && $0.isASCII }
  func element(_ count: Int) -> Element? {
    guard letters.count >= count else { return nil }
    let symbol = letters.prefix(count)
    return Element(symbol: symbol.prefix(1).uppercased() + symbol.dropFirst().lowercased())
  }
  if letters.count <= 2 { return element(letters.count) ?? element(1) }
  return element(2) ?? element(1)
}

/// "1 atom", "2 atoms".
func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
