/// `text` as the content of an XML element or attribute.
///
/// The five reserved characters become references. Control characters that XML 1.0 forbids become
/// U+FFFD, so that a name out of a damaged file cannot spoil a report.
///
/// - Parameter text: Any text.
/// - Returns: Text without `<`, `>`, `&`, `"` and `'`.
public func xmlEscaped(_ text: String) -> String {
  var escaped = ""
  escaped.reserveCapacity(text.utf8.count)
  for scalar in text.unicodeScalars {
    switch scalar {
    case "&": escaped += "&amp;"
    case "<": escaped += "&lt;"
    case ">": escaped += "&gt;"
    case "\"": escaped += "&quot;"
    case "'": escaped += "&#39;"
    case "\t", "\n", "\r": escaped.unicodeScalars.append(scalar)
    case "\u{0}"..."\u{1F}", "\u{FFFE}", "\u{FFFF}": escaped += "\u{FFFD}"
    default: escaped.unicodeScalars.append(scalar)
    }
  }
  return escaped
}
