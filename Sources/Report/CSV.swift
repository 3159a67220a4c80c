/// Rows as comma-separated values (RFC 4180), lines ending with a line feed.
///
/// - Parameters:
///   - header: Names of the columns.
///   - rows: Cells, as many in each row as there are columns.
/// - Returns: The text of the file.
public func csvText(header: [String], rows: [[String]]) -> String {
  ([header] + rows).map { $0.map(csvField).joined(separator: ",") + "\n" }.joined()
}

/// A cell as it stands in a file: in quotes if it holds a comma, quote or line break, or begins or
/// ends with a space.
func csvField(_ text: String) -> String {
  let mustQuote =
    text.utf8.contains { [0x2C, 0x22, 0x0A, 0x0D, 0x3B, 0x09].contains($0) }
    || text.hasPrefix(" ") || text.hasSuffix(" ") || text.hasPrefix("#")
  return mustQuote ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
}
