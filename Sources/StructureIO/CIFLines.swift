extension CIFLoop {
  /// The line on which each row starts, from 1; fewer entries than rows if the text ends before.
  ///
  /// gemmi tells the line of a loop only, and a message that names the row lets a user mend it.
  func rowLines(in file: [UInt8]) -> [Int] {
    var tokens = CIFTokens(file, line: line)
    guard let first = tokens.next() else { return [] }
    let isLoop =
      String(decoding: file[first.range], as: UTF8.self).lowercased() == "loop_"
    if isLoop { for _ in 0..<width { _ = tokens.next() } }
    var lines: [Int] = []
    lines.reserveCapacity(rows)
    for _ in 0..<rows {
      guard let value = tokens.next() else { break }
      lines.append(value.line)
      for _ in 1..<max(1, width) { _ = tokens.next() }
    }
    return lines
  }
}

/// The words, quoted texts and text fields of a CIF that is known to be valid, with their lines.
private struct CIFTokens {
  private let bytes: [UInt8]
  private var position: Int
  private var line: Int

  /// Starts at the beginning of a line, from 1.
  init(_ bytes: [UInt8], line: Int) {
    self.bytes = bytes
    self.line = 1
    position = 0
    while self.line < line, position < bytes.count {
      if bytes[position] == newline { self.line += 1 }
      position += 1
    }
  }

  /// The next token; comments are skipped.
  mutating func next() -> (range: Range<Int>, line: Int)? {
    while position < bytes.count {
      if bytes[position] == UInt8(ascii: "#") {
        skip { $0 == newline }
      } else if isSpace(bytes[position]) {
        advance()
      } else {
        break
      }
    }
    guard position < bytes.count else { return nil }
    let (start, firstLine) = (position, line)
    let byte = bytes[position]
    if byte == UInt8(ascii: ";"), start == 0 || bytes[start - 1] == newline {
      advance()
      while position < bytes.count,
        !(bytes[position] == UInt8(ascii: ";") && bytes[position - 1] == newline)
      {
        advance()
      }
      advance()
    } else if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") {
      advance()
      // A quote ends a value only before white space.
      while position < bytes.count,
        !(bytes[position] == byte
          && (position + 1 == bytes.count || isSpace(bytes[position + 1])))
      {
        advance()
      }
      advance()
    } else {
      skip(until: isSpace)
    }
    return (start..<min(position, bytes.count), firstLine)
  }

  private mutating func skip(until isEnd: (UInt8) -> Bool) {
    while position < bytes.count, !isEnd(bytes[position]) { advance() }
  }

  private mutating func advance() {
    guard position < bytes.count else { return }
    if bytes[position] == newline { line += 1 }
    position += 1
  }
}

private let newline = UInt8(ascii: "\n")
