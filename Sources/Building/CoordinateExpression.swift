public import Crystal

/// A fractional coordinate as it is written in a prototype: a number, or a sum of numbers and free
/// parameters such as `u`, `-x`, `2x`, `1/2-u`.
public struct CoordinateExpression: Hashable, Sendable, CustomStringConvertible {
  /// What is added up: a factor times a parameter, or a number where the name is nil.
  private var terms: [Term] = []

  /// The expression as it was written.
  public let description: String

  private struct Term: Hashable, Sendable {
    var factor: Double
    var parameter: String?
  }

  /// Reads an expression.
  ///
  /// - Throws: ``InputError`` that quotes the part that does not fit.
  public init(parsing text: String) throws(InputError) {
    description = text
    var rest = Substring(text.filter { !$0.isWhitespace })
    guard !rest.isEmpty else { throw CoordinateExpression.unreadable(text, "") }
    while let first = rest.first {
      var sign = 1.0
      if first == "+" || first == "-" {
        sign = first == "-" ? -1 : 1
        rest.removeFirst()
      }
      let word = rest.prefix { $0 != "+" && $0 != "-" }
      rest = rest.dropFirst(word.count)
      let number = word.prefix { $0.isNumber || $0 == "." || $0 == "/" }
      let name = word.dropFirst(number.count)
      guard !word.isEmpty, name.isEmpty || CoordinateExpression.isName(name),
        let factor = number.isEmpty
          ? 1 : NumberReader.real(number) ?? NumberReader.rational(number)?.doubleValue
      else { throw CoordinateExpression.unreadable(text, String(word)) }
      terms.append(Term(factor: sign * factor, parameter: name.isEmpty ? nil : String(name)))
    }
  }

  /// The parameters that occur.
  public var parameters: [String] { terms.compactMap(\.parameter) }

  /// The value.
  ///
  /// - Throws: ``InputError`` for a parameter without a value.
  func value(_ parameters: [String: Double]) throws(InputError) -> Double {
    var sum = 0.0
    for term in terms {
      guard let name = term.parameter else {
        sum += term.factor
        continue
      }
      guard let value = parameters[name] else {
        let near = nearestMatch(to: name, among: parameters.keys.sorted())
        throw InputError(
          "\"\(description)\" uses the parameter \(name), which has no value",
          hint: near.map { "did you mean \($0)?" } ?? "list it under parameters")
      }
      sum += term.factor * value
    }
    return sum
  }

  /// Whether a word can name a parameter: a letter, then letters, digits and underscores.
  public static func isName(_ word: some StringProtocol) -> Bool {
    guard let first = word.first, first.isASCII, first.isLetter else { return false }
    return word.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
  }

  private static func unreadable(_ text: String, _ part: String) -> InputError {
    InputError(
      "\"\(text)\" is not a coordinate" + (part == text || part.isEmpty ? "" : " at \"\(part)\""),
      hint: "write a number, a fraction or a sum with parameters, such as 1/4, u, -x, 1/2-u")
  }
}
