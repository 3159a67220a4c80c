public import Crystal

/// How large the Voronoi cells of the atoms of an element are.
public struct VolumeStatistics: Hashable, Sendable {
  /// The element.
  public let element: Element

  /// Number of atoms.
  public let count: Int

  /// Mean volume, Å³.
  public let mean: Double

  /// Standard deviation over the atoms, Å³.
  public let deviation: Double

  /// The smallest, Å³.
  public let least: Double

  /// The largest, Å³.
  public let most: Double

  /// The volumes of the elements, by atomic number.
  ///
  /// - Parameters:
  ///   - volumes: Of every atom, Å³.
  ///   - elements: What the atoms are.
  /// - Returns: One entry for each element.
  public static func byElement(_ volumes: [Double], _ elements: [Element]) -> [VolumeStatistics] {
    precondition(volumes.count == elements.count, "one volume per atom")
    return Set(elements).sorted().map { element in
      let own = volumes.indices.filter { elements[$0] == element }.map { volumes[$0] }
      let mean = own.reduce(0, +) / Double(own.count)
      let square = own.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(own.count)
      return VolumeStatistics(
        element: element, count: own.count, mean: mean, deviation: square.squareRoot(),
        least: own.min() ?? 0, most: own.max() ?? 0)
    }
  }
}
