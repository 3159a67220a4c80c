internal import Crystal

/// A column as announced in a `Properties` key: name, type and width, `forces:R:3`.
struct ColumnField {
  var name: String
  var kind: Kind
  var width: Int

  enum Kind: String {
    case text = "S"
    case integer = "I"
    case real = "R"
    case logical = "L"
  }

  /// Columns that are wider than this are a mistake.
  static let widthLimit = 10_000

  init(name: String, kind: Kind, width: Int) {
    self.name = name
    self.kind = kind
    self.width = width
  }

  init(_ column: Column) {
    let kind: Kind =
      switch column.values {
      case .text: .text
      case .integer: .integer
      case .real: .real
      case .logical: .logical
      }
    self.init(name: column.name, kind: kind, width: column.width)
  }

  /// Reads `species:S:1:pos:R:3:…`.
  static func parse(_ text: String, at place: String) throws(InputError) -> [ColumnField] {
    let example = "write name:type:width for each column, such as species:S:1:pos:R:3"
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard parts.count.isMultiple(of: 3) else {
      throw InputError(
        "columns \(quotedForMessage(text)) are not triples of name, type and width", at: place,
        hint: example)
    }
    var fields: [ColumnField] = []
    for start in stride(from: 0, to: parts.count, by: 3) {
      let name = parts[start]
      guard let kind = Kind(rawValue: parts[start + 1]) else {
        throw InputError(
          "column \(quotedForMessage(name)) has type \(quotedForMessage(parts[start + 1])), "
            + "expected S (text), R (real), I (integer) or L (logical)", at: place, hint: example)
      }
      guard let width = NumberReader.integer(parts[start + 2]), (1...widthLimit).contains(width)
      else {
        throw InputError(
          "column \(quotedForMessage(name)) has width \(quotedForMessage(parts[start + 2])), "
            + "expected 1 to \(widthLimit)", at: place, hint: example)
      }
      guard isName(name) else {
        throw InputError("column name \(quotedForMessage(name)) is not one word", at: place)
      }
      guard !fields.contains(where: { $0.name == name }) else {
        throw InputError("column \(quotedForMessage(name)) occurs twice", at: place)
      }
      fields.append(ColumnField(name: name, kind: kind, width: width))
    }
    return fields
  }

  /// Whether a name can stand in a list of columns.
  static func isName(_ name: String) -> Bool {
    !name.isEmpty && name.utf8.allSatisfy { $0 > 32 && $0 != 127 && $0 != UInt8(ascii: ":") }
  }

  /// The field as in a `Properties` key, `forces:R:3`.
  var description: String { "\(name):\(kind.rawValue):\(width)" }
}

/// The values of one column while a file is read.
struct ColumnBuilder {
  let field: ColumnField
  private(set) var texts: [String] = []
  private(set) var integers: [Int] = []
  private(set) var reals: [Double] = []
  private(set) var logicals: [Bool] = []

  init(_ field: ColumnField, atoms: Int) {
    self.field = field
    // Files may announce more than they contain.
    let expected = min(atoms, 1 << 20) * min(field.width, 16)
    switch field.kind {
    case .text: texts.reserveCapacity(expected)
    case .integer: integers.reserveCapacity(expected)
    case .real: reals.reserveCapacity(expected)
    case .logical: logicals.reserveCapacity(expected)
    }
  }

  /// Number of values so far.
  var count: Int { texts.count + integers.count + reals.count + logicals.count }

  /// Adds the value written in a part of `bytes`.
  ///
  /// - Returns: What was expected, if the text is no such value; nil if all is well.
  mutating func append(_ bytes: [UInt8], _ range: Range<Int>) -> String? {
    switch field.kind {
    case .real:
      guard let value = NumberReader.real(utf8: bytes, in: range) else { return "a finite number" }
      reals.append(value)
    case .integer:
      guard let value = NumberReader.integer(utf8: bytes, in: range) else { return "an integer" }
      integers.append(value)
    case .text:
      texts.append(String(decoding: bytes[range], as: UTF8.self))
    case .logical:
      guard let value = readLogical(bytes, range) else { return "T or F" }
      logicals.append(value)
    }
    return nil
  }

  var column: Column {
    let values: Column.Values =
      switch field.kind {
      case .text: .text(texts)
      case .integer: .integer(integers)
      case .real: .real(reals)
      case .logical: .logical(logicals)
      }
    return Column(field.name, width: field.width, values)
  }
}

/// `T`, `F`, `True`, `.FALSE.` and the like.
func readLogical(_ bytes: [UInt8], _ range: Range<Int>) -> Bool? {
  if range.count == 1 {
    switch bytes[range.lowerBound] {
    case UInt8(ascii: "T"), UInt8(ascii: "t"): return true
    case UInt8(ascii: "F"), UInt8(ascii: "f"): return false
    default: return nil
    }
  }
  return switch String(decoding: bytes[range], as: UTF8.self).lowercased() {
  case "true", ".true.", ".t.": true
  case "false", ".false.", ".f.": false
  default: nil
  }
}

extension Structure {
  /// Refuses what no file format of words and numbers can hold.
  ///
  /// - Throws: ``InputError`` for numbers that are not finite, words with white space and column
  ///   names that would not read back.
  func checkWritable() throws(InputError) {
    guard count > 0 else { throw InputError("the structure has no atoms to write") }
    for (n, position) in positions.enumerated() where !position.components.isFinite {
      throw InputError("the position of atom \(n + 1) is not finite")
    }
    for (n, species) in species.enumerated() {
      if let state = species.oxidationState, !(state.magnitude <= SpeciesText.stateLimit) {
        throw InputError("atom \(n + 1) has oxidation state \(state), expected -20 to 20")
      }
    }
    for column in columns {
      guard ColumnField.isName(column.name), column.width <= ColumnField.widthLimit else {
        throw InputError(
          "column \(quotedForMessage(column.name)) cannot be written",
          hint: "names are one word without colons")
      }
      switch column.values {
      case .text(let words):
        for (n, word) in words.enumerated() where word.isEmpty || word.utf8.contains(where: isSpace)
        {
          throw InputError(
            "\(column.name) of atom \(n / column.width + 1) is \(quotedForMessage(word)), expected "
              + "one word")
        }
      case .real(let values):
        for (n, value) in values.enumerated() where !value.isFinite {
          throw InputError("\(column.name) of atom \(n / column.width + 1) is \(value)")
        }
      case .integer, .logical: break
      }
    }
  }
}

extension SIMD3<Double> {
  var isFinite: Bool { x.isFinite && y.isFinite && z.isFinite }
}

/// Coordinates beyond this, in multiples of lattice vectors, are a mistake.
let coordinateLimit = 1e6
