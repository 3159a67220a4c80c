/// Amounts of elements in a formula unit, exact: `Mg0.5ZnMnO3`, `Mg1/3ZnMnO3`, `Mg(Mn2O4)2`.
public struct Composition: Hashable, Sendable, CustomStringConvertible {
  /// Element and amount, in the order in which the elements first appear; amounts are positive.
  public private(set) var amounts: [Amount]

  /// One element of a composition.
  public struct Amount: Hashable, Sendable {
    /// The element.
    public let element: Element
    /// How much of it, per formula unit; positive.
    public let amount: Rational
  }

  /// A composition from amounts; elements with amount zero are left out, repeated ones are added.
  ///
  /// - Throws: ``InputError`` for a negative amount or a number that does not fit.
  public init(_ amounts: [(element: Element, amount: Rational)]) throws(InputError) {
    var order: [Element] = []
    var sums: [Element: Rational] = [:]
    for (element, amount) in amounts {
      if sums[element] == nil { order.append(element) }
      do {
        sums[element] = try (sums[element] ?? .zero).adding(amount)
      } catch {
        throw InputError("amount of \(element) has too many digits")
      }
    }
    self.amounts = []
    for element in order {
      let amount = sums[element] ?? .zero
      guard amount >= .zero else { throw InputError("negative amount \(amount) of \(element)") }
      if amount > .zero { self.amounts.append(Amount(element: element, amount: amount)) }
    }
  }

  /// The composition of whole numbers of atoms: cations before anions, each by atomic number.
  public init(counts: [Element: Int]) {
    amounts = counts.filter { $0.value > 0 && !$0.key.isVacancy }
      .sorted { ($0.key.isUsualAnion ? 1 : 0, $0.key) < ($1.key.isUsualAnion ? 1 : 0, $1.key) }
      .map { Amount(element: $0.key, amount: Rational($0.value)) }
  }

  /// Reads a formula; amounts are integers, decimals or fractions, groups take (), [] and {}.
  ///
  /// - Throws: ``InputError`` that names the unknown element or the character that does not fit.
  public init(parsing formula: String) throws(InputError) {
    var reader = FormulaReader(formula)
    let amounts = try reader.read()
    try self.init(amounts)
    guard !self.amounts.isEmpty else {
      throw InputError("formula \"\(formula)\" contains no atoms")
    }
  }

  /// The amount of an element; zero if it does not occur.
  public subscript(element: Element) -> Rational {
    amounts.first { $0.element == element }?.amount ?? .zero
  }

  /// The elements, in the order in which they appear.
  public var elements: [Element] { amounts.map(\.element) }

  /// Atoms per formula unit.
  public var atomCount: Double { amounts.reduce(0) { $0 + $1.amount.doubleValue } }

  /// Mass of a formula unit, amu (g/mol).
  public var mass: Double { amounts.reduce(0) { $0 + $1.amount.doubleValue * $1.element.mass } }

  /// The composition without an element.
  public func removing(_ element: Element) -> Composition {
    var copy = self
    copy.amounts.removeAll { $0.element == element }
    return copy
  }

  /// Every amount times a factor.
  ///
  /// - Throws: ``InputError`` if a number does not fit.
  public func multiplied(by factor: Rational) throws(InputError) -> Composition {
    do {
      return try Composition(amounts.map { ($0.element, try $0.amount.multiplied(by: factor)) })
    } catch let error as InputError {
      throw error
    } catch {
      throw InputError("\(self) times \(factor) has too many digits")
    }
  }

  /// The same composition with the smallest whole numbers, and how many of it make up this one.
  ///
  /// For Mg48Zn288Mn288O864: (MgZn6Mn6O18, 48).
  ///
  /// - Throws: ``InputError`` if a number does not fit.
  public func reduced() throws(InputError) -> (formula: Composition, factor: Rational) {
    do {
      var (numerators, denominators) = (0, 1)
      for amount in amounts.map(\.amount) {
        let shared = greatestCommonDivisor(denominators, amount.denominator)
        denominators = try Rational(denominators).multiplied(
          by: Rational(amount.denominator / shared)
        ).numerator
      }
      for amount in amounts.map(\.amount) {
        let whole = try amount.multiplied(by: Rational(denominators)).numerator
        numerators = greatestCommonDivisor(numerators, whole)
      }
      let factor = try Rational(numerators, denominators)
      return (try multiplied(by: Rational(denominators, numerators)), factor)
    } catch let error as InputError {
      throw error
    } catch {
      throw InputError("the amounts of \(self) have no common unit that fits")
    }
  }

  /// The formula in the order in which the elements appear: `Mg1/3ZnMnO3`, `Mg0.5ZnMnO3`.
  public var description: String {
    amounts.map { "\($0.element)\(Composition.text($0.amount))" }.joined()
  }

  /// Nothing for 1, an integer, a decimal of at most four digits, otherwise a fraction.
  private static func text(_ amount: Rational) -> String {
    if amount == .one { return "" }
    if amount.denominator == 1 { return "\(amount.numerator)" }
    guard 10_000 % amount.denominator == 0 else { return "\(amount)" }
    var decimals = fixed(amount.doubleValue, 4)
    while decimals.hasSuffix("0") { decimals.removeLast() }
    return decimals
  }
}

/// A recursive-descent reader of chemical formulas.
private struct FormulaReader {
  private let formula: String
  private let characters: [Character]
  private var position = 0

  /// Brackets inside each other that are not taken for a mistake.
  private static let deepest = 20

  init(_ formula: String) {
    self.formula = formula
    self.characters = formula.filter { !$0.isWhitespace }
  }

  mutating func read() throws(InputError) -> [(element: Element, amount: Rational)] {
    let amounts = try group(closing: nil, depth: 0)
    return amounts
  }

  private mutating func group(
    closing: Character?, depth: Int
  ) throws(InputError) -> [(element: Element, amount: Rational)] {
    var amounts: [(element: Element, amount: Rational)] = []
    while position < characters.count {
      let character = characters[position]
      if character == closing {
        position += 1
        return amounts
      }
      if let partner = ["(": ")", "[": "]", "{": "}"][character] as Character? {
        guard depth < FormulaReader.deepest else {
          throw InputError(
            "formula has more than \(FormulaReader.deepest) brackets inside each other")
        }
        position += 1
        let inner = try group(closing: partner, depth: depth + 1)
        let factor = try number()
        for (element, amount) in inner {
          do {
            amounts.append((element, try amount.multiplied(by: factor)))
          } catch {
            throw InputError("formula \"\(formula)\" has numbers with too many digits")
          }
        }
      } else if character.isUppercase {
        let element = try self.element()
        amounts.append((element, try number()))
      } else {
        throw InputError(
          "formula \"\(formula)\": \"\(character)\" at character \(position + 1) does not fit",
          hint: "write element symbols with amounts, such as Mg0.5ZnMnO3 or Mg1/3ZnMnO3")
      }
    }
    guard closing == nil else {
      throw InputError("formula \"\(formula)\" lacks a closing \"\(closing ?? " ")\"")
    }
    return amounts
  }

  private mutating func element() throws(InputError) -> Element {
    let two = String(characters[position..<min(position + 2, characters.count)])
    if two.count == 2, let element = Element(symbol: two) {
      position += 2
      return element
    }
    if let element = Element(symbol: String(characters[position])),
      two.count < 2 || !(two.last?.isLowercase ?? false)
    {
      position += 1
      return element
    }
    let end = characters[(position + 1)...].firstIndex { !$0.isLowercase } ?? characters.count
    let name = String(characters[position..<end])
    let near = nearestMatch(to: name, among: Element.all.map(\.symbol))
    throw InputError(
      "formula \"\(formula)\": there is no element \"\(name)\"",
      hint: near.map { "did you mean \($0)?" })
  }

  private mutating func number() throws(InputError) -> Rational {
    let start = position
    while position < characters.count,
      characters[position].isNumber || characters[position] == "."
        || (characters[position] == "/" && position > start)
    {
      position += 1
    }
    guard position > start else { return .one }
    let text = String(characters[start..<position])
    guard let value = NumberReader.rational(text) else {
      throw InputError("formula \"\(formula)\": \"\(text)\" is not an amount")
    }
    return value
  }
}
