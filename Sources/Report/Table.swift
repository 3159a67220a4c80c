internal import Crystal

/// A table that can be printed on a terminal, written as CSV or put into an HTML report.
public struct Table: Hashable, Sendable {
  /// Heading; empty for none.
  public var title: String

  /// Names of the columns, with units.
  public var columns: [String]

  /// Rows of cells; short rows are filled up with empty cells.
  public var rows: [[String]]

  /// A table.
  public init(title: String = "", columns: [String], rows: [[String]] = []) {
    self.title = title
    self.columns = columns
    self.rows = rows
  }

  /// Adds a row.
  public mutating func append(_ row: [String]) { rows.append(row) }

  /// The cell of a row and column; empty where the row is too short.
  func cell(_ row: Int, _ column: Int) -> String {
    rows[row].indices.contains(column) ? rows[row][column] : ""
  }

  /// Whether a column holds numbers only, and is aligned on the right therefore.
  func isNumeric(_ column: Int) -> Bool {
    var found = false
    for row in rows.indices {
      let text = cell(row, column).replacing("−", with: "-")
      if text.isEmpty || text == "-" || text == "–" { continue }
      guard
        NumberReader.real(text.hasSuffix("%") ? String(text.dropLast()) : text) != nil
          || NumberReader.rational(text) != nil
      else { return false }
      found = true
    }
    return found
  }

  /// Columns aligned with spaces, the header underlined; every line ends with a line feed.
  public var text: String {
    let numeric = columns.indices.map(isNumeric)
    let widths = columns.indices.map { column in
      rows.indices.reduce(displayWidth(columns[column])) {
        max($0, displayWidth(oneLine(cell($1, column))))
      }
    }
    func line(_ cells: [String]) -> String {
      var text = ""
      for (column, content) in cells.enumerated() {
        let space = String(repeating: " ", count: widths[column] - displayWidth(content))
        text += (column > 0 ? "  " : "") + (numeric[column] ? space + content : content + space)
      }
      while text.hasSuffix(" ") { text.removeLast() }
      return text + "\n"
    }
    let rule = widths.map { String(repeating: "─", count: $0) }.joined(separator: "  ") + "\n"
    let body = rows.indices.map { row in
      line(columns.indices.map { oneLine(cell(row, $0)) })
    }
    return (title.isEmpty ? "" : title + "\n") + line(columns.map(oneLine)) + rule + body.joined()
  }

  /// The table as CSV.
  public var csv: String {
    csvText(
      header: columns, rows: rows.indices.map { row in columns.indices.map { cell(row, $0) } })
  }

  private func oneLine(_ text: String) -> String {
    String(text.map { $0.isNewline || $0 == "\t" ? " " : $0 })
  }
}

/// Cells that a text takes on a terminal: two for East Asian letters and pictures.
func displayWidth(_ text: String) -> Int {
  text.reduce(0) { sum, character in
    guard let scalar = character.unicodeScalars.first else { return sum }
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0, 0x300..<0x370, 0x200B..<0x2010: return sum
    case 0x1100..<0x1160, 0x2E80..<0xA4D0, 0xAC00..<0xD7A4, 0xF900..<0xFB00, 0xFE30..<0xFE70,
      0xFF00..<0xFF61, 0xFFE0..<0xFFE7, 0x1F300..<0x1F650, 0x1F900..<0x1FA00, 0x20000..<0x3FFFE:
      return sum + 2
    default: return sum + 1
    }
  }
}
