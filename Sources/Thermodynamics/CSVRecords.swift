/// The records of a table in text (RFC 4180), the header first.
///
/// Fields are separated by commas, semicolons or tabs, whichever the header has most of. Blank lines and lines
/// that begin with `#` are left out.
public func csvRecords(_ text: String) -> [[String]] {
  DelimitedText(text).records.map(\.fields)
}
