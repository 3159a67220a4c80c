public import Crystal

/// The least distance that two atoms may have, by element.
public struct MinimumDistances: Hashable, Sendable {
  /// The elements, in the order of the table.
  public let elements: [Element]

  /// Distances, Å: row by row, elements × elements, symmetric.
  public let table: [Double]

  /// Sums of ionic radii times a factor, but given distances where there are any.
  ///
  /// The radii are those of Shannon for the oxidation state and six neighbours, or for the nearest
  /// tabulated number of neighbours; of an element whose state is not tabulated, the state nearest to
  /// it. Without an oxidation state the commonest one is taken.
  ///
  /// - Parameters:
  ///   - elements: Which atoms there are.
  ///   - states: Their oxidation states.
  ///   - factor: By which sums of radii are multiplied, 0.3 to 1.5.
  ///   - pairs: Distances by pair, `["Mg-Cl": 2.3]`, Å; the order of the elements does not matter.
  ///   - radii: Radii by symbol that replace Shannon's, Å.
  /// - Throws: ``InputError`` for an element without radius or a pair that does not occur.
  public init(
    _ elements: [Element], states: [Element: Double] = [:], factor: Double = 1,
    pairs: [String: Double] = [:], radii: [String: Double] = [:]
  ) throws(InputError) {
    guard (0.3...1.5).contains(factor) else {
      throw InputError("a factor of \(factor), expected 0.3 to 1.5", at: "factor")
    }
    let count = elements.count
    var own = Array(repeating: 0.0, count: count)
    for (symbol, radius) in radii.sorted(by: { $0.key < $1.key }) {
      guard elements.contains(where: { $0.symbol == symbol }) else {
        throw InputError("there is no \(symbol) in the composition", at: "radii")
      }
      guard radius > 0, radius < 5 else {
        throw InputError("radius \(radius) Å of \(symbol), expected 0 to 5 Å", at: "radii")
      }
    }
    for (index, element) in elements.enumerated() {
      guard
        let radius = radii[element.symbol]
          ?? ionicRadius(Species(element, oxidationState: states[element]))
      else {
        throw InputError(
          "no ionic radius is tabulated for \(element)", at: "radii",
          hint: "give one, such as \(element)=0.9")
      }
      own[index] = radius
    }
    var table = (0..<(count * count)).map { factor * (own[$0 / count] + own[$0 % count]) }
    for (pair, distance) in pairs.sorted(by: { $0.key < $1.key }) {
      let places = pair.split(separator: "-").map { symbol in
        elements.firstIndex { $0.symbol == symbol }
      }
      guard places.count == 2, let i = places[0], let j = places[1] else {
        throw InputError(
          "\"\(pair)\" is no pair of elements of the composition", at: "distances",
          hint: "write Mg-Cl; the elements are \(elements.map(\.symbol).joined(separator: ", "))")
      }
      guard distance > 0, distance < 10 else {
        throw InputError("distance \(distance) Å of \(pair), expected 0 to 10 Å", at: "distances")
      }
      (table[i * count + j], table[j * count + i]) = (distance, distance)
    }
    self.elements = elements
    self.table = table
  }

  /// The least distance of atoms of two kinds, indices into ``elements``, Å.
  public func callAsFunction(_ i: Int, _ j: Int) -> Double { table[i * elements.count + j] }

  /// The largest of all distances, Å.
  public var largest: Double { table.max() ?? 0 }

  /// Every distance times a factor.
  func scaled(_ factor: Double) -> [Double] { table.map { $0 * factor } }
}
