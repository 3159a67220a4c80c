public import Crystal

/// Numbers for atoms by what they are: an element, an element in an oxidation state, on a site with a
/// Wyckoff label.
///
///     Mn: 5        any manganese
///     Mn4+: 3      manganese in this oxidation state
///     Mn@16d: 4    manganese on sites with this label
///     Mn4+@16d: 3  both
///
/// The most specific rule counts: both before the label before the oxidation state before the element.
public struct SpeciesRules: Codable, Hashable, Sendable {
  /// Which atoms a rule is for.
  struct Key: Hashable {
    var element: Element
    var oxidationState: Double?
    var label: String?

    /// Reads `Mn`, `Mn4+`, `Mn@16d` or `Mn4+@16d`; nil for anything else.
    init?(_ text: String) {
      let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
      guard let species = Species(parts[0]), species.element.atomicNumber > 0 else { return nil }
      if parts.count == 2 {
        guard !parts[1].isEmpty else { return nil }
        label = String(parts[1])
      }
      element = species.element
      oxidationState = species.oxidationState
    }

    init(_ element: Element, _ oxidationState: Double?, _ label: String?) {
      self.element = element
      self.oxidationState = oxidationState
      self.label = label
    }
  }

  /// The rules as written.
  public let numbers: [String: Double]

  private let values: [Key: Double]

  /// No rules.
  public init() {
    numbers = [:]
    values = [:]
  }

  /// Reads rules.
  ///
  /// - Parameter numbers: Values by rule.
  /// - Throws: ``InputErrors`` for rules that name no element, and for two that mean the same.
  public init(_ numbers: [String: Double]) throws(InputErrors) {
    var values: [Key: Double] = [:]
    var problems: [InputError] = []
    for (text, number) in numbers.sorted(by: { $0.key < $1.key }) {
      guard let key = Key(text) else {
        problems.append(
          InputError(
            "\"\(text)\" names no atoms", at: text,
            hint: "write Mn, Mn4+, Mn@16d or Mn4+@16d"))
        continue
      }
      guard values.updateValue(number, forKey: key) == nil else {
        problems.append(InputError("there is another rule for the same atoms", at: text))
        continue
      }
    }
    guard problems.isEmpty else { throw InputErrors(problems) }
    self.numbers = numbers
    self.values = values
  }

  /// Reads a table of numbers.
  public init(from decoder: any Decoder) throws {
    try self.init([String: Double](from: decoder))
  }

  /// Writes the rules as they were given.
  public func encode(to encoder: any Encoder) throws { try numbers.encode(to: encoder) }

  /// Whether there are none.
  public var isEmpty: Bool { values.isEmpty }

  /// Whether any rule is for an element.
  public func mention(_ element: Element) -> Bool { values.keys.contains { $0.element == element } }

  /// The number for an atom.
  ///
  /// - Parameters:
  ///   - species: What it is.
  ///   - label: Wyckoff label of its site.
  /// - Returns: Nil if there is no rule for it.
  public func value(_ species: Species, label: String?) -> Double? {
    let (element, state) = (species.element, species.oxidationState)
    if let label {
      if let state, let value = values[Key(element, state, label)] { return value }
      if let value = values[Key(element, nil, label)] { return value }
    }
    if let state, let value = values[Key(element, state, nil)] { return value }
    return values[Key(element, nil, nil)]
  }
}
