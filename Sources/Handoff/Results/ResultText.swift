internal import Crystal
internal import Foundation

/// The text of a result file as bytes, searched without making strings of them.
///
/// Codes print megabytes of which a few lines matter: readers jump from mark to mark, and turn only
/// the numbers behind them into values.
struct ResultText {
  /// The bytes of the file.
  let bytes: [UInt8]

  /// Name of the file in messages.
  let source: String

  init(_ text: String, source: String) { self.init(bytes: Array(text.utf8), source: source) }

  init(bytes: [UInt8], source: String) {
    self.bytes = bytes
    self.source = source
  }

  /// Reads a file.
  ///
  /// - Throws: ``InputError`` if it is missing, a folder, compressed or cannot be read.
  init(file path: String) throws(InputError) {
    var isFolder: ObjCBool = false
    guard unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw InputError("no such file", at: path)
    }
    guard !isFolder.boolValue, let data = FileManager.default.contents(atPath: path) else {
      throw InputError("cannot be read", at: path, hint: "check its permissions")
    }
    guard !data.starts(with: [0x1F, 0x8B]) else {
      throw InputError("is compressed", at: path, hint: "gunzip it first")
    }
    self.init(bytes: Array(data), source: path)
  }

  /// All of the text.
  var all: Range<Int> { bytes.indices }

  /// Where a mark first stands in a part of the text.
  ///
  /// Skips ahead by what the last byte allows, so that long marks are found in a fraction of the bytes.
  ///
  /// Reference: R. N. Horspool, Softw. Pract. Exp. 10, 501 (1980).
  func first(_ mark: String, in range: Range<Int>? = nil) -> Int? {
    let range = range ?? all
    let pattern = Array(mark.utf8)
    let size = pattern.count
    guard let end = pattern.last, range.count >= size else { return nil }
    var shift: [Int] = []
    if size > 4 {
      shift = [Int](repeating: size, count: 256)
      for n in 0..<(size - 1) { shift[Int(pattern[n])] = size - 1 - n }
    }
    var position = range.lowerBound + size - 1
    while position < range.upperBound {
      let byte = bytes[position]
      if byte == end {
        var n = size - 2
        while n >= 0, bytes[position - size + 1 + n] == pattern[n] { n -= 1 }
        if n < 0 { return position - size + 1 }
      }
      position += size > 4 ? shift[Int(byte)] : 1
    }
    return nil
  }

  /// Where a mark stands in a part of the text, in order.
  func each(_ mark: String, in range: Range<Int>? = nil) -> [Int] {
    var rest = range ?? all
    var found: [Int] = []
    while let position = first(mark, in: rest) {
      found.append(position)
      rest = (position + mark.utf8.count)..<rest.upperBound
    }
    return found
  }

  /// Where a mark last stands in a part of the text.
  func last(_ mark: String, in range: Range<Int>? = nil) -> Int? {
    let range = range ?? all
    let size = mark.utf8.count
    // From the end, in pieces that overlap by the mark: most of what is looked for is near the end.
    var piece = 1 << 16
    var end = range.upperBound
    while end > range.lowerBound {
      let start = max(range.lowerBound, end - piece)
      let reach = min(range.upperBound, end + size - 1)
      if let position = each(mark, in: start..<reach).last { return position }
      end = start
      piece *= 4
    }
    return nil
  }

  /// Whether a mark stands in the text.
  func has(_ mark: String, in range: Range<Int>? = nil) -> Bool { first(mark, in: range) != nil }

  /// The line that a position is in, without its end.
  func line(at position: Int) -> Range<Int> {
    var start = position
    while start > 0, bytes[start - 1] != UInt8(ascii: "\n") { start -= 1 }
    return start..<end(ofLineAt: position)
  }

  /// From a position to the end of its line.
  func restOfLine(_ position: Int) -> Range<Int> { position..<end(ofLineAt: position) }

  /// The lines from the one after that of a position, at most `count`.
  func lines(after position: Int, count: Int = .max) -> [Range<Int>] {
    var lines: [Range<Int>] = []
    var start = end(ofLineAt: position) + 1
    while lines.count < count, start < bytes.count {
      lines.append(restOfLine(start))
      start = lines[lines.count - 1].upperBound + 1
    }
    return lines
  }

  private func end(ofLineAt position: Int) -> Int {
    var end = position
    while end < bytes.count, bytes[end] != UInt8(ascii: "\n") { end += 1 }
    return end
  }

  /// What stands behind a mark up to the end of the line, the last time that it occurs.
  func lastRest(_ mark: String, in range: Range<Int>? = nil) -> Range<Int>? {
    last(mark, in: range).map { restOfLine($0 + mark.utf8.count) }
  }

  /// What stands behind a mark up to the end of the line, the first time that it occurs.
  func firstRest(_ mark: String, in range: Range<Int>? = nil) -> Range<Int>? {
    first(mark, in: range).map { restOfLine($0 + mark.utf8.count) }
  }

  /// The words of a part of the text, separated by white space; at most `limit`.
  func words(_ range: Range<Int>, limit: Int = .max) -> [Range<Int>] {
    var words: [Range<Int>] = []
    var start = -1
    for position in range {
      if bytes[position] == 32 || (9...13).contains(bytes[position]) {
        if start >= 0 { words.append(start..<position) }
        if words.count == limit { return words }
        start = -1
      } else if start < 0 {
        start = position
      }
    }
    if start >= 0 { words.append(start..<range.upperBound) }
    return words
  }

  /// A part of the text without spaces at its ends.
  func text(_ range: Range<Int>) -> String {
    var (start, end) = (range.lowerBound, range.upperBound)
    while start < end, bytes[start] <= 32 { start += 1 }
    while end > start, bytes[end - 1] <= 32 { end -= 1 }
    return String(decoding: bytes[start..<end], as: UTF8.self)
  }

  /// The words of a part of the text as strings.
  func strings(_ range: Range<Int>) -> [String] { words(range).map { text($0) } }

  /// The finite number that is a part of the text.
  func real(_ range: Range<Int>) -> Double? { NumberReader.real(utf8: bytes, in: range) }

  /// The number that is the first word of a part of the text, also with a comma or semicolon behind it.
  func firstReal(_ range: Range<Int>?) -> Double? {
    guard let range, var word = words(range, limit: 1).first else { return nil }
    while let end = word.last, [UInt8(ascii: ","), UInt8(ascii: ";")].contains(bytes[end]) {
      word = word.lowerBound..<end
    }
    return real(word)
  }

  /// The integer that is the first word of a part of the text.
  func firstInteger(_ range: Range<Int>?) -> Int? {
    firstReal(range).flatMap { Int(exactly: $0) }
  }

  /// The numbers that are the words of a part of the text; nil if one is none.
  func reals(_ range: Range<Int>) -> [Double]? {
    var values: [Double] = []
    for word in words(range) {
      guard let value = real(word) else { return nil }
      values.append(value)
    }
    return values
  }

  /// Three numbers among the words of a line.
  func vector(_ line: Range<Int>, from first: Int = 0) -> SIMD3<Double>? {
    let words = words(line, limit: first + 3)
    guard words.count == first + 3, let x = real(words[first]), let y = real(words[first + 1]),
      let z = real(words[first + 2])
    else { return nil }
    return SIMD3(x, y, z)
  }

  /// The number of a line, from 1.
  func lineNumber(_ position: Int) -> Int {
    bytes[..<min(position, bytes.count)].reduce(1) { $0 + ($1 == UInt8(ascii: "\n") ? 1 : 0) }
  }

  /// A problem at a position.
  func problem(_ message: String, at position: Int, hint: String? = nil) -> InputError {
    InputError(message, at: "\(source):\(lineNumber(position))", hint: hint)
  }
}
