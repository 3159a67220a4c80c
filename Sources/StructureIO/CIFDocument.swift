internal import CGemmi
internal import Crystal
internal import Foundation

/// A parsed CIF: blocks of loops; a tag with one value is a loop of one row.
struct CIFDocument {
  private(set) var blocks: [CIFBlock] = []

  /// Parses a text with gemmi.
  ///
  /// - Throws: ``InputError`` with the line of a mistake in syntax.
  init(_ text: String, source: String) throws(InputError) {
    var bytes = Array(text.utf8)
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
    guard !bytes.allSatisfy(isSpace) else {
      throw InputError("the file is empty, expected a CIF", at: source)
    }
    let parsed = unsafe bytes.withUnsafeBufferPointer { buffer in
      unsafe cgemmi_parse(buffer.baseAddress, buffer.count)
    }
    guard let parsed = unsafe parsed else { throw InputError("no memory left", at: source) }
    defer { unsafe cgemmi_free_document(parsed) }
    let document = unsafe parsed.pointee
    if let message = unsafe document.message {
      throw CIFDocument.problem(unsafe String(cString: message), source: source)
    }
    let ends = unsafe Array(
      UnsafeBufferPointer(start: document.ends, count: Int(document.string_count)))
    let characters = unsafe Array(
      UnsafeBufferPointer(
        start: UnsafePointer<UInt8>(OpaquePointer(document.text)), count: Int(ends.last ?? 0)))
    let items = unsafe Array(
      UnsafeBufferPointer(start: document.items, count: Int(document.item_count)))
    let strings = CIFStrings(bytes: characters, ends: ends, file: bytes, source: source)
    for item in items {
      let first = Int(item.first)
      if item.is_block != 0 {
        blocks.append(CIFBlock(name: strings.text(first), source: source, strings: strings))
      } else if let last = blocks.indices.last {
        blocks[last].add(
          CIFLoop(line: Int(item.line), first: first, width: Int(item.tags), rows: Int(item.rows)))
      }
    }
  }

  /// Turns `:12:3(180): message` or `:12 in data_x: message` of the parser into a problem with a place.
  private static func problem(_ message: String, source: String) -> InputError {
    guard let end = message.range(of: ": "), message.hasPrefix(":") else {
      return InputError("no valid CIF: \(message)", at: source)
    }
    let line = message.dropFirst().prefix { $0.isNumber }
    let detail = message[end.upperBound...]
    return InputError("no valid CIF: \(detail)", at: line.isEmpty ? source : "\(source):\(line)")
  }
}

/// The strings of a CIF, as parts of one array of bytes; a class, so that columns are cheap to copy.
final class CIFStrings: Sendable {
  let bytes: [UInt8]
  private let ends: [Int64]

  /// The file as it is written, for the lines of values.
  let file: [UInt8]

  /// The name of the file.
  let source: String

  init(bytes: [UInt8], ends: [Int64], file: [UInt8], source: String) {
    (self.bytes, self.ends, self.file, self.source) = (bytes, ends, file, source)
  }

  func range(_ index: Int) -> Range<Int> {
    (index == 0 ? 0 : Int(ends[index - 1]))..<Int(ends[index])
  }

  func text(_ index: Int) -> String { String(decoding: bytes[range(index)], as: UTF8.self) }
}

/// Where a loop keeps its tags and values.
struct CIFLoop {
  /// The line of `loop_`, or of a tag that stands alone, from 1.
  let line: Int
  let first: Int
  let width: Int
  let rows: Int
}

/// A data block.
struct CIFBlock {
  let name: String
  let source: String
  let strings: CIFStrings
  private var loops: [CIFLoop] = []
  private var columnOfTag: [String: CIFColumn] = [:]

  init(name: String, source: String, strings: CIFStrings) {
    self.name = name
    self.source = source
    self.strings = strings
  }

  /// A tag in lower case, and with `_` for the dots of newer dictionaries.
  static func key(_ tag: String) -> String {
    String(tag.lowercased().map { $0 == "." ? "_" : $0 })
  }

  /// Registers the tags of a loop.
  mutating func add(_ loop: CIFLoop) {
    for index in 0..<loop.width {
      columnOfTag[CIFBlock.key(strings.text(loop.first + index))] = CIFColumn(
        loopIndex: loops.count, loop: loop, index: index, strings: strings)
    }
    loops.append(loop)
  }

  /// The values of the first of `tags` that the block has; tags in lower case, without dots.
  func column(_ tags: String...) -> CIFColumn? {
    for tag in tags {
      if let column = columnOfTag[tag], column.rows > 0 { return column }
    }
    return nil
  }

  /// The values of a tag in the same loop as `other`.
  func column(_ tags: String..., beside other: CIFColumn) -> CIFColumn? {
    for tag in tags {
      guard let column = columnOfTag[tag], column.rows == other.rows else { continue }
      if column.loopIndex == other.loopIndex || other.rows == 1 { return column }
    }
    return nil
  }

  /// The first value of the first of `tags` that has one; nil if it is missing or null.
  func value(_ tags: String...) -> (text: String, place: String)? {
    for tag in tags {
      if let column = columnOfTag[tag], column.rows > 0 {
        let text = column.text(0)
        if !text.isEmpty { return (text, column.place) }
      }
    }
    return nil
  }
}

/// The values of one tag, row by row; null values are empty.
struct CIFColumn {
  fileprivate let loopIndex: Int
  fileprivate let loop: CIFLoop
  fileprivate let index: Int
  let strings: CIFStrings

  fileprivate init(loopIndex: Int, loop: CIFLoop, index: Int, strings: CIFStrings) {
    self.loopIndex = loopIndex
    self.loop = loop
    self.index = index
    self.strings = strings
  }

  var rows: Int { loop.rows }

  /// The place of the loop or value.
  var place: String { "\(strings.source):\(loop.line)" }

  /// The line on which each row starts, from 1.
  func lines() -> [Int] { loop.rowLines(in: strings.file) }

  /// The place of a row, or of the loop if that cannot be told.
  func place(_ row: Int) -> String {
    let lines = lines()
    return lines.indices.contains(row) ? "\(strings.source):\(lines[row])" : place
  }

  func range(_ row: Int) -> Range<Int> {
    strings.range(loop.first + (row + 1) * loop.width + index)
  }

  func text(_ row: Int) -> String { String(decoding: strings.bytes[range(row)], as: UTF8.self) }

  func isNull(_ row: Int) -> Bool { range(row).isEmpty }

  /// The finite number in every row, as ``real(_:)`` gives it.
  func reals() -> [Double?] {
    // One reference to the bytes for all rows.
    let bytes = strings.bytes
    return (0..<rows).map { real(bytes, range($0)) }
  }

  /// The finite number in a row without its standard uncertainty, `0.836(4)`; nil for all else.
  func real(_ row: Int) -> Double? { real(strings.bytes, range(row)) }

  private func real(_ bytes: [UInt8], _ range: Range<Int>) -> Double? {
    var end = range.upperBound
    if !range.isEmpty, bytes[end - 1] == UInt8(ascii: ")") {
      guard let opening = bytes[range].lastIndex(of: UInt8(ascii: "(")),
        bytes[(opening + 1)..<(end - 1)].allSatisfy({ (48...57).contains($0) })
      else { return nil }
      end = opening
    }
    return NumberReader.real(utf8: bytes, in: range.lowerBound..<end)
  }

  /// The standard uncertainty in a row: 0.004 for `0.836(4)`; nil if none is given.
  func uncertainty(_ row: Int) -> Double? {
    let range = range(row)
    guard !range.isEmpty, strings.bytes[range.upperBound - 1] == UInt8(ascii: ")") else {
      return nil
    }
    let parts = text(row).split(separator: "(", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[1].last == ")", real(row) != nil,
      !parts[0].contains(where: { "eEdD".contains($0) })
    else { return nil }
    let halves = parts[0].split(separator: ".", omittingEmptySubsequences: false)
    let decimals = halves.count == 2 ? halves[1].count : 0
    return NumberReader.real("\(parts[1].dropLast())e-\(decimals)")
  }
}
