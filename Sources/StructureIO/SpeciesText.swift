internal import Crystal

/// The exact text of species in files: `Mg`, `Mg2+`, `Mn3.3333333333333335+`, `Fe0+`, `X1-`, `Va`.
///
/// Unlike ``Species/description`` it keeps every digit, tells an oxidation state of zero from an
/// unknown one, and tells the dummy atom `X` from the vacancy `Va`.
enum SpeciesText {
  static func write(_ species: Species) -> String {
    guard !species.isVacancy else { return "Va" }
    guard let state = species.oxidationState else { return species.element.symbol }
    let isNegative = state.sign == .minus
    let size = state.magnitude
    let number =
      size < 1e6 && size.rounded(.towardZero) == size ? "\(Int(size))" : size.description
    return "\(species.element.symbol)\(number)\(isNegative ? "-" : "+")"
  }

  /// Reads what ``write(_:)`` writes, a sign alone (`Na+`), a sign in front (`Mn+3`), other
  /// spellings of the vacancy than `X`, and symbols in capitals (`MG`).
  static func read(_ text: some StringProtocol) -> Species? {
    if vacancies.contains(String(text)) { return .vacancy }
    let symbol = text.prefix { $0.isLetter && $0.isASCII }
    guard let element = element(String(symbol)) else { return nil }
    var state = text.dropFirst(symbol.count)
    if state.isEmpty { return Species(element) }
    let sign: Character?
    if let first = state.first, first == "+" || first == "-" {
      sign = state.removeFirst()
    } else {
      sign = state.popLast()
    }
    guard sign == "+" || sign == "-", !state.hasPrefix("+"), !state.hasPrefix("-"),
      let size = state.isEmpty ? 1 : NumberReader.real(state), size <= stateLimit
    else { return nil }
    return Species(element, oxidationState: sign == "-" ? -size : size)
  }

  /// The element with a symbol in any capitals, the dummy for `X`, hydrogen for deuterium.
  static func element(_ symbol: String) -> Element? {
    if symbol == "X" { return .dummy }
    if let element = Element(symbol: symbol) { return element }
    if symbol == "D" || symbol == "T" { return Element(atomicNumber: 1) }
    return Element(symbol: symbol.prefix(1).uppercased() + symbol.dropFirst().lowercased())
  }

  /// Whether a symbol is that of deuterium or tritium, which are read as hydrogen.
  static func isHydrogenIsotope(_ symbol: String) -> Bool { symbol == "D" || symbol == "T" }

  /// What to do about a symbol that is no element.
  static func hint(_ symbol: String) -> String? {
    nearestMatch(to: symbol, among: Element.all.map(\.symbol)).map { "did you mean \($0)?" }
  }

  /// Oxidation states beyond this are a mistake.
  static let stateLimit = 20.0

  private static let vacancies: Set = ["Va", "VA", "vac", "Vac", "VAC", "□"]
}
