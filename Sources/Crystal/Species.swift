/// What can sit on a site: an element with or without an oxidation state, or nothing.
public struct Species: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// The element, the vacancy or the dummy.
  public var element: Element

  /// Oxidation state, e; nil if none was given.
  ///
  /// May be fractional: an average over a mixed valence.
  public var oxidationState: Double?

  /// The empty site.
  public static let vacancy = Species(.vacancy, oxidationState: 0)

  /// A species.
  public init(_ element: Element, oxidationState: Double? = nil) {
    self.element = element
    self.oxidationState = oxidationState
  }

  /// Reads `Mg`, `Mg2+`, `O2-`, `Mn3.5+`, `Na+`, and the vacancy as `Va`, `vac`, `X` or `□`.
  ///
  /// - Returns: nil if `text` is none of these.
  public init?(_ text: some StringProtocol) {
    if Species.vacancySpellings.contains(String(text)) {
      self = .vacancy
      return
    }
    let symbol = text.prefix(while: \.isLetter)
    guard let element = Element(symbol: symbol) else { return nil }
    var state = text.dropFirst(symbol.count)
    guard let sign = state.popLast() else {
      self.init(element)
      return
    }
    guard sign == "+" || sign == "-", !state.contains("+"), !state.contains("-"),
      let size = state.isEmpty ? 1 : NumberReader.real(state)
    else { return nil }
    self.init(element, oxidationState: sign == "-" ? -size : size)
  }

  /// What is accepted for the vacancy.
  public static let vacancySpellings = ["Va", "vac", "Vac", "X", "□"]

  /// Whether the site is empty.
  public var isVacancy: Bool { element.isVacancy }

  /// `Mg2+`, `Mn3.5+`, `O2-`, `Na+`, `Va`; the symbol alone without an oxidation state.
  public var description: String {
    guard !isVacancy, let state = oxidationState, state != 0 else { return element.symbol }
    let size = state.magnitude
    let number = size == 1 ? "" : Species.shortest(size)
    return "\(element.symbol)\(number)\(state < 0 ? "-" : "+")"
  }

  /// Orders by atomic number, then by oxidation state, unknown ones first; vacancies last.
  public static func < (left: Species, right: Species) -> Bool {
    let (a, b) = (
      left.isVacancy ? Int.max : left.element.atomicNumber,
      right.isVacancy ? Int.max : right.element.atomicNumber
    )
    return a != b
      ? a < b : (left.oxidationState ?? -.infinity) < (right.oxidationState ?? -.infinity)
  }

  /// `2`, `3.5`, `3.3333`: at most four digits after the point.
  private static func shortest(_ value: Double) -> String {
    if value.rounded(.toNearestOrEven) == value, value < 100 { return "\(Int(value))" }
    var text = fixed(value, 4)
    while text.hasSuffix("0") { text.removeLast() }
    if text.hasSuffix(".") { text.removeLast() }
    return text
  }
}
