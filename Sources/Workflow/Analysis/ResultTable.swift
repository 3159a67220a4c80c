internal import Report

/// Rows of numbers and words that are written as CSV and as JSON under the same names.
struct ResultTable {
  /// Names of the columns, with units.
  let columns: [String]

  /// The rows, one value per column.
  var rows: [[JSONValue]] = []

  /// A table without rows.
  init(_ columns: [String]) { self.columns = columns }

  /// The text of a CSV file; missing values are empty.
  var csv: String { csvText(header: columns, rows: rows.map { $0.map(\.csvCell) }) }

  /// One object per row.
  var json: JSONValue {
    .array(
      rows.map { row in .object(Dictionary(uniqueKeysWithValues: zip(columns, row))) })
  }
}

extension JSONValue {
  /// The value as it stands in a CSV file.
  fileprivate var csvCell: String {
    switch self {
    case .null: ""
    case .logical(let value): value ? "true" : "false"
    case .integer(let value): "\(value)"
    case .real(let value): value.isFinite ? "\(value)" : ""
    case .text(let value): value
    case .array, .object: ""
    }
  }
}
