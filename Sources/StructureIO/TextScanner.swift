internal import Crystal

/// The lines of a text and the words in them, as ranges of its UTF-8 bytes.
struct TextScanner {
  let bytes: [UInt8]

  /// Name of the text in messages, such as a path.
  let source: String

  /// Number of the line returned last, from 1.
  private(set) var lineNumber = 0

  /// Where the next line starts.
  private(set) var position = 0

  init(_ text: String, source: String) { self.init(bytes: Array(text.utf8), source: source) }

  /// Scans valid UTF-8 that begins after `firstLine` lines of the source.
  init(bytes: [UInt8], source: String, firstLine: Int = 0) {
    self.bytes = bytes
    self.source = source
    lineNumber = firstLine
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
  }

  /// Bytes that have not been read yet; no fewer than there are lines.
  var remainingBytes: Int { bytes.count - position }

  /// The next line without its end, nil after the last one.
  mutating func nextLine() -> Range<Int>? {
    guard position < bytes.count else { return nil }
    let start = position
    var end = start
    while end < bytes.count, bytes[end] != UInt8(ascii: "\n") { end += 1 }
    position = min(end + 1, bytes.count)
    lineNumber += 1
    if end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    return start..<end
  }

  /// Whether only white space is left.
  var isAtEnd: Bool { bytes[position...].allSatisfy(isSpace) }

  /// Finds the words of a line, separated by white space.
  func split(_ line: Range<Int>, into words: inout [Range<Int>]) {
    words.removeAll(keepingCapacity: true)
    var start = -1
    for position in line {
      if isSpace(bytes[position]) {
        if start >= 0 { words.append(start..<position) }
        start = -1
      } else if start < 0 {
        start = position
      }
    }
    if start >= 0 { words.append(start..<line.upperBound) }
  }

  /// The words of a line, separated by white space.
  func words(_ line: Range<Int>) -> [Range<Int>] {
    var words: [Range<Int>] = []
    split(line, into: &words)
    return words
  }

  /// A line without the comment that one of `marks` begins, and what follows the mark.
  func withoutComment(
    _ line: Range<Int>, _ marks: Unicode.Scalar...
  ) -> (text: Range<Int>, comment: Range<Int>) {
    for position in line where marks.contains(Unicode.Scalar(bytes[position])) {
      return (line.lowerBound..<position, (position + 1)..<line.upperBound)
    }
    return (line, line.upperBound..<line.upperBound)
  }

  /// A part of the text.
  func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

  /// A part of the text as shown in a message.
  func quoted(_ range: Range<Int>) -> String { quotedForMessage(text(range)) }

  /// The finite number in a part of the text.
  func real(_ range: Range<Int>) -> Double? { NumberReader.real(utf8: bytes, in: range) }

  /// The integer in a part of the text.
  func integer(_ range: Range<Int>) -> Int? { NumberReader.integer(utf8: bytes, in: range) }

  /// The place of the line returned last.
  var place: String { "\(source):\(lineNumber)" }

  /// A problem with the line returned last.
  func problem(_ message: String, hint: String? = nil) -> InputError {
    InputError(message, at: place, hint: hint)
  }
}

/// Whether a byte is white space within a line.
func isSpace(_ byte: UInt8) -> Bool { byte == 32 || (9...13).contains(byte) }

/// A text in quotes, cut to a length that fits a message.
func quotedForMessage(_ text: String) -> String {
  text.count > 40 ? "\"\(text.prefix(37))...\"" : "\"\(text)\""
}
