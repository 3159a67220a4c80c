public import Crystal

/// How many of the sites with one label are held by what.
public struct LabelFilling: Hashable, Sendable {
  /// The label.
  public var label: String
  /// Sites with the label.
  public var sites: Int
  /// Element symbol and number of atoms, by atomic number; empty sites are not among them.
  public var atoms: [Content]

  /// Atoms of one element.
  public struct Content: Hashable, Sendable {
    /// Symbol of the element.
    public var element: String
    /// Number of atoms.
    public var count: Int
  }

  /// Sites without an atom.
  public var empty: Int { sites - atoms.reduce(0) { $0 + $1.count } }

  /// What sits on the sites of each label, in the order in which the labels first appear.
  ///
  /// - Parameters:
  ///   - labels: One for each site.
  ///   - species: What is on it.
  /// - Returns: One entry for each label.
  public static func all(_ labels: [String], _ species: [Species]) -> [LabelFilling] {
    var order: [String] = []
    var sites: [String: Int] = [:]
    var counts: [String: [Element: Int]] = [:]
    for (label, species) in zip(labels, species) {
      if sites[label] == nil { order.append(label) }
      sites[label, default: 0] += 1
      if !species.isVacancy { counts[label, default: [:]][species.element, default: 0] += 1 }
    }
    return order.map { label in
      let atoms = (counts[label] ?? [:]).sorted { $0.key < $1.key }
        .map { Content(element: $0.key.symbol, count: $0.value) }
      return LabelFilling(label: label, sites: sites[label] ?? 0, atoms: atoms)
    }
  }

  /// The degree of inversion of a spinel: the fraction of the 8a sites that hold one of some elements.
  ///
  ///     i = N(8a sites with an inverted element) / N(8a sites)
  ///
  /// - Parameters:
  ///   - fillings: What sits on the sites of each label.
  ///   - inverted: The elements that belong on 16d; nil for the commonest one of 8a and 16d, the B of AB₂O₄.
  /// - Returns: nil without atoms on 8a and 16d, or if no element is the commonest one.
  public static func degreeOfInversion(
    _ fillings: [LabelFilling], inverted: Set<String>? = nil
  ) -> Double? {
    guard let a = fillings.first(where: { $0.label == "8a" }),
      let b = fillings.first(where: { $0.label == "16d" })
    else { return nil }
    var counts: [String: Int] = [:]
    for content in a.atoms + b.atoms { counts[content.element, default: 0] += content.count }
    var elements = inverted
    if elements == nil {
      guard let most = counts.values.max(), counts.count > 1 else { return nil }
      let commonest = counts.filter { $0.value == most }.keys
      guard commonest.count == 1 else { return nil }
      elements = Set(commonest)
    }
    let held = a.atoms.filter { elements?.contains($0.element) == true }
    return Double(held.reduce(0) { $0 + $1.count }) / Double(a.sites)
  }
}
