public import Crystal
internal import Stencil

/// A text with places for values, in the language of Stencil: `{{ cutoff }}`, `{% if spin %}`,
/// `{% for name in names %}`.
///
/// Stencil itself renders an unknown variable as nothing, which would silently leave a line of an input
/// without its value; here it is an error with file and line.
///
/// Reference: https://stencil.fuller.li
public struct DeckTemplate: Sendable {
  /// What a variable can stand for.
  public enum Value: Sendable {
    /// One line or block of text.
    case text(String)
    /// For `{% if %}`.
    case flag(Bool)
    /// For `{% for %}`.
    case list([String])
  }

  private let text: String
  private let file: String

  /// A template.
  ///
  /// - Parameters:
  ///   - text: Its text.
  ///   - file: Its name, for messages.
  public init(_ text: String, file: String) {
    self.text = text
    self.file = file
  }

  /// The text with every place filled.
  ///
  /// - Parameter values: What the variables stand for; all that a template may use, whether it does or not.
  /// - Returns: The text.
  /// - Throws: ``InputError`` with file and line for an unknown variable, a tag that this language does not
  ///   have, and other mistakes of the template.
  public func rendered(_ values: [String: Value]) throws(InputError) -> String {
    let template = Template(
      templateString: text, environment: Environment(trimBehaviour: .smart), name: file)
    try check(template.tokens, known: Set(values.keys))
    do {
      return try template.render(
        values.mapValues { value -> Any in
          switch value {
          case .text(let text): text
          case .flag(let flag): flag
          case .list(let list): list
          }
        })
    } catch let error as TemplateSyntaxError {
      let line = error.token.map { ":\($0.sourceMap.location.lineNumber)" } ?? ""
      throw InputError(error.reason, at: file + line)
    } catch {
      throw InputError("\(error)", at: file)
    }
  }

  /// The tags that templates may use.
  private static let tags = ["if", "elif", "else", "endif", "for", "endfor", "empty"]

  /// Words of conditions that are no variables.
  private static let operators: Set = [
    "not", "and", "or", "in", "==", "!=", "<", ">", "<=", ">=", "(", ")", "true", "false",
  ]

  /// Refuses variables without a value.
  private func check(_ tokens: [Token], known: Set<String>) throws(InputError) {
    var loops: [String] = []
    for token in tokens {
      let place = "\(file):\(token.sourceMap.location.lineNumber)"
      switch token.kind {
      case .text, .comment: continue
      case .variable:
        try check(variable: token.contents, at: place, known: known, loops: loops)
      case .block:
        let words = token.components
        guard let tag = words.first, DeckTemplate.tags.contains(tag) else {
          throw InputError(
            "unknown tag {% \(token.contents) %}", at: place,
            hint: "tags are \(DeckTemplate.tags.joined(separator: ", "))")
        }
        switch tag {
        case "for":
          guard words.count == 4, words[2] == "in" else {
            throw InputError("expected {% for name in list %}", at: place)
          }
          try check(variable: words[3], at: place, known: known, loops: loops)
          loops.append(words[1])
        case "endfor":
          guard loops.popLast() != nil else {
            throw InputError("{% endfor %} without {% for %}", at: place)
          }
        case "if", "elif":
          for word in words.dropFirst() where !DeckTemplate.operators.contains(word) {
            try check(variable: word, at: place, known: known, loops: loops)
          }
        default: continue
        }
      }
    }
  }

  private func check(
    variable text: String, at place: String, known: Set<String>, loops: [String]
  ) throws(InputError) {
    let name = String(text.prefix { $0 != "|" && $0 != "." && !$0.isWhitespace })
    let isLiteral =
      name.first.map { "\"'".contains($0) } ?? false || NumberReader.real(name) != nil
    guard !isLiteral, name != "forloop", !loops.contains(name), !known.contains(name) else {
      return
    }
    throw InputError(
      "unknown variable \"\(name)\"", at: place,
      hint: nearestMatch(to: name, among: known.sorted()).map { "did you mean \($0)?" }
        ?? "variables are \(known.sorted().joined(separator: ", "))")
  }
}
