internal import Crystal

/// The `key=value` pairs of the second line of an extxyz frame.
struct ExtendedXYZComment {
  private(set) var entries: [Structure.InfoEntry] = []
  private(set) var duplicates: [String] = []

  /// Reads a line; values may be quoted or bracketed, a key alone is `T`.
  ///
  /// - Throws: ``InputError`` for a quote or bracket that is not closed.
  init(_ line: ArraySlice<UInt8>, at place: String) throws(InputError) {
    var position = line.startIndex
    while true {
      while position < line.endIndex, isSpace(line[position]) { position += 1 }
      guard position < line.endIndex else { break }
      let key = try ExtendedXYZComment.token(line, &position, stopsAtEquals: true, at: place)
      while position < line.endIndex, isSpace(line[position]) { position += 1 }
      var value = "T"
      if position < line.endIndex, line[position] == UInt8(ascii: "=") {
        position += 1
        // `key = value` is accepted as well as `key=value`.
        if position < line.endIndex, isSpace(line[position]), key.spaceFollowed {
          while position < line.endIndex, isSpace(line[position]) { position += 1 }
        }
        value = try ExtendedXYZComment.token(line, &position, stopsAtEquals: false, at: place).text
      }
      guard !key.text.isEmpty else {
        throw InputError("a value without a key in the comment line", at: place)
      }
      if let index = entries.firstIndex(where: { $0.key == key.text }) {
        duplicates.append(key.text)
        entries[index].value = value
      } else {
        entries.append(Structure.InfoEntry(key.text, value))
      }
    }
  }

  subscript(key: String) -> String? { entries.first { $0.key == key }?.value }

  /// One key or value, without its quotes.
  private static func token(
    _ line: ArraySlice<UInt8>, _ position: inout Int, stopsAtEquals: Bool, at place: String
  ) throws(InputError) -> (text: String, spaceFollowed: Bool) {
    var bytes: [UInt8] = []
    var closing: [UInt8] = []
    scan: while position < line.endIndex {
      let byte = line[position]
      if byte == UInt8(ascii: "\\"), position + 1 < line.endIndex {
        position += 1
        bytes.append(line[position] == UInt8(ascii: "n") ? UInt8(ascii: "\n") : line[position])
      } else if let end = closing.last {
        if byte == end {
          closing.removeLast()
          if !closing.isEmpty { bytes.append(byte) }
        } else {
          if end == UInt8(ascii: "]") || end == UInt8(ascii: "}"), let inner = partner(byte),
            inner == end
          {
            closing.append(inner)
          }
          bytes.append(byte)
        }
      } else if let end = partner(byte) {
        closing.append(end)
      } else if isSpace(byte) || (stopsAtEquals && byte == UInt8(ascii: "=")) {
        break scan
      } else {
        bytes.append(byte)
      }
      position += 1
    }
    if let end = closing.first {
      throw InputError(
        "the comment line lacks a closing \(Character(Unicode.Scalar(end)))", at: place)
    }
    let spaceFollowed = position < line.endIndex && isSpace(line[position])
    return (String(decoding: bytes, as: UTF8.self), spaceFollowed)
  }

  private static func partner(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "'"): byte
    case UInt8(ascii: "{"): UInt8(ascii: "}")
    case UInt8(ascii: "["): UInt8(ascii: "]")
    default: nil
    }
  }

  /// A value as written in the comment line, in quotes where it needs them.
  static func quoted(_ value: String) -> String {
    let needsQuotes = value.isEmpty || value.utf8.contains { isSpace($0) || special.contains($0) }
    guard needsQuotes else { return value }
    var text = "\""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\n": text += "\\n"
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text + "\""
  }

  private static let special = Set("\"'{}[]=\\".utf8)
}
