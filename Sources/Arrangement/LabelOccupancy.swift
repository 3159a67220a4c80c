public import Crystal

/// How the active sites of one label are occupied.
public struct LabelOccupancy: Sendable {
  /// The label, such as `16d`.
  public let label: String

  /// Number of active sites with it.
  public let siteCount: Int

  /// Number of sites with each element.
  public let elements: [(element: Element, count: Int)]

  /// The fraction of the sites that an element occupies.
  public func fraction(of element: Element) -> Double {
    let count = elements.first { $0.element == element }?.count ?? 0
    return siteCount == 0 ? 0 : Double(count) / Double(siteCount)
  }
}

extension ArrangementProblem {
  /// How the active sites of each label are occupied.
  ///
  /// - Returns: For each label in the order of the sites, the number of sites and the number of each
  ///   element on them, by atomic number with the vacancy last; states of one element are added up.
  public func occupancy(of arrangement: [UInt8]) -> [LabelOccupancy] {
    let labels = activeLabels
    var order: [String] = []
    var numbers: [String: [Element: Int]] = [:]
    for (i, label) in labels.enumerated() {
      if numbers[label] == nil { order.append(label) }
      numbers[label, default: [:]][species[Int(arrangement[i])].element, default: 0] += 1
    }
    let elements = elementsToArrange
    return order.map { label in
      LabelOccupancy(
        label: label, siteCount: numbers[label]?.values.reduce(0, +) ?? 0,
        elements: elements.map { ($0, numbers[label]?[$0] ?? 0) })
    }
  }
}
