internal import Crystal

/// Records of a table in text, with the line on which each starts (RFC 4180).
///
/// Fields are separated by commas, semicolons or tabs, whichever the first record has most of, and
/// may be quoted. Lines end with LF, CRLF or CR. Blank lines and lines that start with `#` are left
/// out, and so is a byte order mark.
struct DelimitedText {
  /// A record.
  struct Record: Hashable {
    let line: Int
    let fields: [String]
  }

  /// The records, the header first.
  let records: [Record]

  /// What separates the fields.
  let separator: Character

  /// What does not follow the rules; locations are line numbers.
  let problems: [InputError]

  /// Splits a text.
  init(_ text: String) {
    var bytes = Array(text.utf8)
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
    let separator = DelimitedText.separator(of: bytes)
    var scanner = Scanner(bytes: bytes, separator: separator)
    var records: [Record] = []
    var problems: [InputError] = []
    while let record = scanner.next(&problems) { records.append(record) }
    self.records = records
    self.separator = Character(Unicode.Scalar(separator))
    self.problems = problems
  }

  private static func separator(of bytes: [UInt8]) -> UInt8 {
    let candidates = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")]
    let lines = bytes.split { $0 == newline || $0 == carriageReturn }
    let header = lines.first { line in
      line.first != comment && line.contains { $0 != space && $0 != UInt8(ascii: "\t") }
    }
    var quoted = false
    var counts: [UInt8: Int] = [:]
    for byte in header ?? [] {
      if byte == quote { quoted.toggle() }
      if !quoted { counts[byte, default: 0] += 1 }
    }
    // A comma decides a tie, because it stands first.
    return candidates.max { (counts[$0] ?? 0) < (counts[$1] ?? 0) } ?? candidates[0]
  }
}

private let newline = UInt8(ascii: "\n")
private let carriageReturn = UInt8(ascii: "\r")
private let quote = UInt8(ascii: "\"")
private let comment = UInt8(ascii: "#")
private let space = UInt8(ascii: " ")

/// Reads one record after another.
private struct Scanner {
  let bytes: [UInt8]
  let separator: UInt8
  var position = 0
  var line = 1

  init(bytes: [UInt8], separator: UInt8) {
    self.bytes = bytes
    self.separator = separator
  }

  /// The next record that is neither blank nor a comment; nil at the end.
  mutating func next(_ problems: inout [InputError]) -> DelimitedText.Record? {
    while position < bytes.count {
      let start = line
      if bytes[position] == comment {
        while position < bytes.count, !isLineEnd(bytes[position]) { position += 1 }
        endLine()
        continue
      }
      var fields: [String] = []
      var endsRecord = false
      while !endsRecord {
        fields.append(field(&problems))
        if position < bytes.count, bytes[position] == separator {
          position += 1
        } else {
          endLine()
          endsRecord = true
        }
      }
      if fields.contains(where: { !$0.isEmpty }) {
        return DelimitedText.Record(line: start, fields: fields)
      }
    }
    return nil
  }

  private func isLineEnd(_ byte: UInt8) -> Bool { byte == newline || byte == carriageReturn }

  /// Steps over LF, CRLF or CR.
  private mutating func endLine() {
    guard position < bytes.count else { return }
    let isPair =
      bytes[position] == carriageReturn && position + 1 < bytes.count
      && bytes[position + 1] == newline
    position += isPair ? 2 : 1
    line += 1
  }

  /// A field without its quotes and without spaces around it; stops at the separator or line end.
  private mutating func field(_ problems: inout [InputError]) -> String {
    while position < bytes.count, bytes[position] == space { position += 1 }
    guard position < bytes.count, bytes[position] == quote else {
      let start = position
      while position < bytes.count, bytes[position] != separator, !isLineEnd(bytes[position]) {
        position += 1
      }
      return trimmed(bytes[start..<position])
    }
    let start = line
    var content: [UInt8] = []
    position += 1
    var isClosed = false
    while position < bytes.count, !isClosed {
      if bytes[position] == quote {
        position += 1
        if position < bytes.count, bytes[position] == quote {
          content.append(quote)
          position += 1
        } else {
          isClosed = true
        }
      } else if isLineEnd(bytes[position]) {
        content.append(newline)
        endLine()
      } else {
        content.append(bytes[position])
        position += 1
      }
    }
    if !isClosed {
      problems.append(
        InputError("a quoted field is never closed", at: "\(start)", hint: "add the missing \""))
    }
    let rest = position
    while position < bytes.count, bytes[position] != separator, !isLineEnd(bytes[position]) {
      position += 1
    }
    let extra = trimmed(bytes[rest..<position])
    if !extra.isEmpty {
      problems.append(
        InputError(
          "\"\(extra)\" follows a closing quote", at: "\(line)",
          hint: "write a quote inside a quoted field twice"))
    }
    return String(decoding: content, as: UTF8.self)
  }

  private func trimmed(_ bytes: ArraySlice<UInt8>) -> String {
    let isBlank = { (byte: UInt8) in byte == space || byte == UInt8(ascii: "\t") }
    let start = bytes.firstIndex { !isBlank($0) } ?? bytes.endIndex
    let end = bytes.lastIndex { !isBlank($0) }.map { $0 + 1 } ?? start
    return String(decoding: bytes[start..<end], as: UTF8.self)
  }
}
