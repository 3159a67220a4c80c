internal import Crystal

/// A command line with places for what is only known when it is run: `prog {in} {out}`.
///
/// A word in two pairs of braces is no place: `awk '{{print}}'` runs `awk '{print}'`. All other braces
/// stand for themselves.
public struct CommandTemplate: Hashable, Sendable {
  /// A piece of the command line.
  enum Part: Hashable {
    case text(String)
    case place(String)
  }

  private let parts: [Part]

  /// The command line as it was given.
  public let text: String

  /// Reads a command line.
  ///
  /// - Parameters:
  ///   - text: For the shell `/bin/sh`.
  ///   - known: The places that may occur.
  /// - Throws: ``InputError`` for an empty line or an unknown place.
  init(_ text: String, known: [String]) throws(InputError) {
    guard text.contains(where: { !$0.isWhitespace }) else {
      throw InputError("the command line is empty")
    }
    var parts: [Part] = []
    var rest = text[...]
    var plain = ""
    while let first = rest.first {
      let isDouble = rest.hasPrefix("{{")
      let name = rest.dropFirst(isDouble ? 2 : 1).prefix { $0.isASCII && $0.isLetter }
      if isDouble, !name.isEmpty, rest.dropFirst(name.count + 2).hasPrefix("}}") {
        plain += "{\(name)}"
        rest = rest.dropFirst(name.count + 4)
        continue
      }
      if first == "{", !name.isEmpty, rest.dropFirst(name.count + 1).first == "}" {
        guard known.contains(String(name)) else {
          let near = nearestMatch(to: String(name), among: known)
          throw InputError(
            "unknown place {\(name)} in the command line",
            hint: near.map { "did you mean {\($0)}?" }
              ?? "places are \(known.map { "{\($0)}" }.joined(separator: ", ")); write {{\(name)}} "
              + "for the word in braces")
        }
        if !plain.isEmpty { parts.append(.text(plain)) }
        plain = ""
        parts.append(.place(String(name)))
        rest = rest.dropFirst(name.count + 2)
        continue
      }
      plain.append(first)
      rest = rest.dropFirst()
    }
    if !plain.isEmpty { parts.append(.text(plain)) }
    self.parts = parts
    self.text = text
  }

  /// A command line from its pieces, in which braces mean nothing.
  init(_ parts: [Part]) {
    self.parts = parts
    text = parts.map { part in
      switch part {
      case .text(let text): text
      case .place(let name): "{\(name)}"
      }
    }.joined()
  }

  /// Whether a place occurs.
  func contains(_ name: String) -> Bool { parts.contains(.place(name)) }

  /// The command line with every place filled, each value quoted for the shell.
  ///
  /// - Precondition: every place that occurs has a value.
  func filled(_ values: [String: String]) -> String {
    parts.map { part in
      switch part {
      case .text(let text): return text
      case .place(let name):
        guard let value = values[name] else { preconditionFailure("no value for {\(name)}") }
        return CommandTemplate.quoted(value)
      }
    }.joined()
  }

  /// A word that the shell takes as it is.
  package static func quoted(_ word: String) -> String {
    let isPlain =
      !word.isEmpty
      && word.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "/._-+:=,".contains($0)) }
    return isPlain ? word : "'" + word.replacing("'", with: "'\\''") + "'"
  }
}
