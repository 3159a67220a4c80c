/// A line of text with subscripts, superscripts and italics, as axis titles need them.
public struct RichText: Hashable, Sendable {
  /// How a piece of text is set.
  public enum Style: Hashable, Sendable {
    /// On the base line.
    case normal
    /// On the base line, slanted, for quantities.
    case italic
    /// Small and low.
    case subscripted
    /// Small and high.
    case superscripted
  }

  /// Text of one style.
  public struct Run: Hashable, Sendable {
    /// The text.
    public let text: String

    /// Its style.
    public let style: Style
  }

  /// The pieces, from left to right.
  public private(set) var runs: [Run]

  /// Text without markup, taken as it is.
  public init(plain text: String) {
    runs = text.isEmpty ? [] : [Run(text: text, style: .normal)]
  }

  /// Text with markup: `_{low}`, `^{high}` and `/{italic}`.
  ///
  /// A brace that is never closed ends with the text.
  public init(_ markup: String) {
    let styles: [Character: Style] = ["_": .subscripted, "^": .superscripted, "/": .italic]
    var runs: [Run] = []
    var rest = Substring(markup)
    var normal = ""
    while let character = rest.first {
      if let style = styles[character], rest.dropFirst().first == "{" {
        if !normal.isEmpty { runs.append(Run(text: normal, style: .normal)) }
        normal = ""
        let inner = rest.dropFirst(2).prefix { $0 != "}" }
        if !inner.isEmpty { runs.append(Run(text: String(inner), style: style)) }
        rest = rest.dropFirst(2 + inner.count).dropFirst()
      } else {
        normal.append(character)
        rest.removeFirst()
      }
    }
    if !normal.isEmpty { runs.append(Run(text: normal, style: .normal)) }
    self.runs = runs
  }

  /// A chemical formula with its amounts as subscripts: `Mg0.5ZnMnO3`, `Mg1/3ZnMnO3`, `MgxZnMnO3`.
  ///
  /// An `x` after an element counts as an amount.
  public init(formula: String) {
    var runs: [Run] = []
    func append(_ character: Character, _ style: Style) {
      if let last = runs.last, last.style == style {
        runs[runs.count - 1] = Run(text: last.text + String(character), style: style)
      } else {
        runs.append(Run(text: String(character), style: style))
      }
    }
    let characters = Array(formula)
    for (position, character) in characters.enumerated() {
      let before = position > 0 ? characters[position - 1] : " "
      let after = position + 1 < characters.count ? characters[position + 1] : " "
      let isAmount =
        character.isNumber && runs.last != nil
        || (character == "." || character == "/") && before.isNumber && after.isNumber
      let isVariable = character == "x" && before.isLetter && !after.isLowercase
      append(character, isAmount || isVariable ? .subscripted : .normal)
    }
    self.runs = runs
  }

  /// Both texts, one after the other.
  public static func + (left: RichText, right: RichText) -> RichText {
    var sum = left
    sum.runs += right.runs
    return sum
  }

  /// Without markup.
  public var plain: String { runs.map(\.text).joined() }

  /// Size of subscripts and superscripts relative to the text.
  private static let smallSize = 0.72

  /// Width, estimated from letter widths between those of Helvetica and of wider substitutes, in
  /// units of the font size.
  var width: Double {
    runs.reduce(0) { sum, run in
      let small = run.style == .subscripted || run.style == .superscripted
      return sum + run.text.reduce(0) { $0 + letterWidth($1) } * (small ? Self.smallSize : 1)
    }
  }

  /// The content of an SVG `text` element.
  ///
  /// Shifts are written as `dy`, because not every viewer knows `baseline-shift`.
  func tspans(fontSize: Double) -> String {
    var text = ""
    var height = 0.0
    for run in runs {
      let wanted: Double =
        switch run.style {
        case .normal, .italic: 0
        case .subscripted: 0.25 * fontSize
        case .superscripted: -0.36 * fontSize
        }
      var attributes = ""
      if wanted != height { attributes += " dy=\"\(coordinate(wanted - height))\"" }
      if wanted != 0 { attributes += " font-size=\"\(coordinate(Self.smallSize * fontSize))\"" }
      if run.style == .italic { attributes += " font-style=\"italic\"" }
      height = wanted
      let content = xmlEscaped(run.text)
      text += attributes.isEmpty ? content : "<tspan\(attributes)>\(content)</tspan>"
    }
    return text
  }

  /// HTML with `sub`, `sup` and `i`.
  var html: String {
    runs.map { run in
      let content = xmlEscaped(run.text)
      return switch run.style {
      case .normal: content
      case .italic: "<i>\(content)</i>"
      case .subscripted: "<sub>\(content)</sub>"
      case .superscripted: "<sup>\(content)</sup>"
      }
    }.joined()
  }
}

/// Width of a letter in units of the font size; an average for its kind.
private func letterWidth(_ letter: Character) -> Double {
  switch letter {
  case "i", "j", "l", "I", ".", ",", ":", ";", "'", "|", " ", "/", "(", ")", "[", "]", "t", "f":
    0.31
  case "m", "M", "W", "w", "%": 0.88
  case "−", "+", "=", "<", ">", "×": 0.64
  case _ where letter.isUppercase: 0.7
  case _ where letter.isASCII: 0.59
  default: 0.6
  }
}

/// A coordinate or length as SVG text, two decimals.
func coordinate(_ value: Double) -> String {
  var text = fixedText(value)
  if text.contains(".") {
    while text.hasSuffix("0") { text.removeLast() }
    if text.hasSuffix(".") { text.removeLast() }
  }
  return text
}
