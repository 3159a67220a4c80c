/// A picture out of a file that may stand inside a page: what the charts of cellgen consist of, and nothing
/// that runs or loads something.
public struct SafeSVG: Hashable, Sendable {
  /// One `svg` element.
  public let text: String

  private static let elements: Set<String> = [
    "svg", "title", "g", "rect", "line", "polyline", "polygon", "path", "circle", "text", "tspan",
  ]

  private static let attributes: Set<String> = [
    "xmlns", "width", "height", "viewBox", "role", "font-family", "font-size", "font-weight",
    "font-style", "fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity",
    "stroke-dasharray", "stroke-linejoin", "stroke-linecap", "shape-rendering", "x", "y", "x1",
    "y1",
    "x2", "y2", "cx", "cy", "r", "rx", "ry", "d", "dx", "dy", "points", "transform", "text-anchor",
    "xml:space", "opacity",
  ]

  /// Checks a picture; nil if it is not one `svg` element, not well-formed, or has an element, an attribute or
  /// an address that charts do not have.
  ///
  /// - Parameter file: The text of a file.
  public init?(_ file: String) {
    var bytes = Substring(file)
    while let first = bytes.first, first.isWhitespace { bytes.removeFirst() }
    guard bytes.hasPrefix("<svg") else { return nil }
    var open: [String] = []
    var rest = bytes
    repeat {
      guard let start = rest.firstIndex(of: "<") else { return nil }
      guard SafeSVG.isText(rest[..<start]) else { return nil }
      rest = rest[rest.index(after: start)...]
      guard let end = rest.firstIndex(of: ">") else { return nil }
      var tag = rest[..<end]
      rest = rest[rest.index(after: end)...]
      if tag.hasPrefix("/") {
        guard open.popLast() == String(tag.dropFirst()) else { return nil }
        continue
      }
      let isEmpty = tag.hasSuffix("/")
      if isEmpty { tag.removeLast() }
      guard let name = SafeSVG.name(of: tag) else { return nil }
      if !isEmpty { open.append(name) }
    } while !open.isEmpty
    guard rest.allSatisfy(\.isWhitespace) else { return nil }
    text = String(bytes[..<rest.startIndex]) + "\n"
  }

  /// Whether references in a text are the five that every reader of XML knows, or numbers.
  private static func isText(_ text: Substring) -> Bool {
    var rest = text
    while let start = rest.firstIndex(of: "&") {
      rest = rest[rest.index(after: start)...]
      guard let end = rest.firstIndex(of: ";") else { return false }
      let name = rest[..<end]
      let isNumber =
        name.hasPrefix("#") && name.count > 1 && name.dropFirst().allSatisfy(\.isNumber)
      guard isNumber || ["amp", "lt", "gt", "quot", "apos"].contains(name) else { return false }
      rest = rest[rest.index(after: end)...]
    }
    return true
  }

  /// The name of a start tag whose attributes are all harmless.
  private static func name(of tag: Substring) -> String? {
    let name = tag.prefix { !$0.isWhitespace }
    guard elements.contains(String(name)) else { return nil }
    var rest = tag[name.endIndex...]
    var seen: Set<Substring> = []
    while true {
      rest = rest.drop(while: \.isWhitespace)
      if rest.isEmpty { return String(name) }
      let key = rest.prefix { $0 != "=" && !$0.isWhitespace }
      rest = rest[key.endIndex...]
      guard attributes.contains(String(key)), seen.insert(key).inserted, rest.hasPrefix("=\"")
      else {
        return nil
      }
      rest = rest.dropFirst(2)
      guard let end = rest.firstIndex(of: "\"") else { return nil }
      let value = rest[..<end]
      let isAddress = key == "xmlns" ? value != "http://www.w3.org/2000/svg" : value.contains(":")
      guard !isAddress, !value.lowercased().contains("url"), !value.contains("<"), isText(value)
      else { return nil }
      rest = rest[rest.index(after: end)...]
    }
  }
}
