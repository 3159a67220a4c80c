package import Crystal

/// A value of a JSON text, with the line on which it starts.
package struct JSONText {
  package let value: Value
  package let line: Int

  package indirect enum Value {
    case null
    case logical(Bool)
    /// A number, also as an integer if it is written as one.
    case number(Double, integer: Int?)
    case text(String)
    case array([JSONText])
    case object([(key: String, value: JSONText)])
  }

  package subscript(key: String) -> JSONText? {
    guard case .object(let entries) = value,
      let entry = entries.first(where: { $0.key == key })?.value, !entry.isNull
    else { return nil }
    return entry
  }

  package var isNull: Bool { if case .null = value { true } else { false } }
  package var number: Double? { if case .number(let number, _) = value { number } else { nil } }
  package var integer: Int? { if case .number(_, let number) = value { number } else { nil } }
  package var text: String? { if case .text(let text) = value { text } else { nil } }
  package var array: [JSONText]? { if case .array(let values) = value { values } else { nil } }
  package var object: [(key: String, value: JSONText)]? {
    if case .object(let entries) = value { entries } else { nil }
  }

  /// Three numbers.
  var vector: SIMD3<Double>? {
    guard let values = array, values.count == 3, let x = values[0].number,
      let y = values[1].number, let z = values[2].number
    else { return nil }
    return SIMD3(x, y, z)
  }

  /// A text in quotes, as written in JSON.
  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case _ where scalar.value < 32:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}

/// Parses JSON with the line of every value, so that a mistake can be told with its place.
package struct JSONParser {
  private let bytes: [UInt8]
  private let source: String
  private var position = 0
  private var line = 1
  private var depth = 0

  package init(_ text: String, source: String) {
    bytes = Array(text.utf8)
    self.source = source
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
  }

  /// The value that is the whole text.
  package mutating func parse() throws(InputError) -> JSONText {
    skipSpace()
    guard position < bytes.count else {
      throw InputError("the file is empty, expected JSON", at: source)
    }
    let value = try value()
    skipSpace()
    guard position == bytes.count else { throw problem("text after the end of the JSON value") }
    return value
  }

  private func problem(_ message: String) -> InputError {
    InputError(message, at: "\(source):\(line)")
  }

  private mutating func skipSpace() {
    while position < bytes.count, isSpace(bytes[position]) {
      if bytes[position] == UInt8(ascii: "\n") { line += 1 }
      position += 1
    }
  }

  private mutating func value() throws(InputError) -> JSONText {
    guard position < bytes.count else { throw problem("no valid JSON: the text ends too early") }
    let start = line
    switch bytes[position] {
    case UInt8(ascii: "{"): return JSONText(value: try object(), line: start)
    case UInt8(ascii: "["): return JSONText(value: try array(), line: start)
    case UInt8(ascii: "\""): return JSONText(value: .text(try string()), line: start)
    default: return JSONText(value: try word(), line: start)
    }
  }

  /// `true`, `false`, `null`, or a finite number; Python writes `NaN` where a number is unknown.
  private mutating func word() throws(InputError) -> JSONText.Value {
    let start = position
    while position < bytes.count, !isSpace(bytes[position]),
      ![UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}"), UInt8(ascii: ":")]
        .contains(bytes[position])
    { position += 1 }
    let range = start..<position
    if let number = NumberReader.real(utf8: bytes, in: range) {
      return .number(number, integer: NumberReader.integer(utf8: bytes, in: range))
    }
    switch String(decoding: bytes[range], as: UTF8.self) {
    case "true": return .logical(true)
    case "false": return .logical(false)
    case "null", "NaN": return .null
    case let text:
      throw problem("no valid JSON: found \(quotedForMessage(text)), expected a value")
    }
  }

  private mutating func array() throws(InputError) -> JSONText.Value {
    var values: [JSONText] = []
    try enter()
    while try !isAtEnd(UInt8(ascii: "]"), isFirst: values.isEmpty) { values.append(try value()) }
    depth -= 1
    return .array(values)
  }

  private mutating func object() throws(InputError) -> JSONText.Value {
    var entries: [(key: String, value: JSONText)] = []
    try enter()
    while try !isAtEnd(UInt8(ascii: "}"), isFirst: entries.isEmpty) {
      guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
        throw problem("no valid JSON: expected a key in quotes")
      }
      let key = try string()
      skipSpace()
      guard position < bytes.count, bytes[position] == UInt8(ascii: ":") else {
        throw problem("no valid JSON: expected a colon after the key \(quotedForMessage(key))")
      }
      position += 1
      skipSpace()
      entries.append((key, try value()))
    }
    depth -= 1
    return .object(entries)
  }

  private mutating func enter() throws(InputError) {
    position += 1
    depth += 1
    guard depth < 200 else { throw problem("no valid JSON: nested too deeply") }
  }

  /// Whether a list ends here; if not, goes to its next element.
  private mutating func isAtEnd(_ end: UInt8, isFirst: Bool) throws(InputError) -> Bool {
    skipSpace()
    guard position < bytes.count else { throw problem("no valid JSON: the text ends too early") }
    if bytes[position] == end {
      position += 1
      return true
    }
    guard !isFirst else { return false }
    guard bytes[position] == UInt8(ascii: ",") else {
      throw problem("no valid JSON: expected a comma between values")
    }
    position += 1
    skipSpace()
    return false
  }

  private mutating func string() throws(InputError) -> String {
    position += 1
    var text: [UInt8] = []
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"): text += try escape()
      case UInt8(ascii: "\n"): throw problem("no valid JSON: a text without a closing quote")
      default: text.append(byte)
      }
    }
    throw problem("no valid JSON: a text without a closing quote")
  }

  private mutating func escape() throws(InputError) -> [UInt8] {
    guard position < bytes.count else { throw problem("no valid JSON: the text ends too early") }
    let byte = bytes[position]
    position += 1
    switch byte {
    case UInt8(ascii: "n"): return [10]
    case UInt8(ascii: "t"): return [9]
    case UInt8(ascii: "r"): return [13]
    case UInt8(ascii: "b"): return [8]
    case UInt8(ascii: "f"): return [12]
    case UInt8(ascii: "u"):
      var code = try hexadecimal()
      if (0xD800..<0xDC00).contains(code), bytes[position...].starts(with: "\\u".utf8) {
        position += 2
        code = 0x10000 + ((code - 0xD800) << 10) + ((try hexadecimal()) &- 0xDC00)
      }
      return Array(String(Unicode.Scalar(code) ?? "\u{FFFD}").utf8)
    default: return [byte]
    }
  }

  private mutating func hexadecimal() throws(InputError) -> UInt32 {
    guard position + 4 <= bytes.count,
      let code = UInt32(
        String(decoding: bytes[position..<(position + 4)], as: UTF8.self), radix: 16)
    else { throw problem("no valid JSON: expected four hexadecimal digits") }
    position += 4
    return code
  }
}
