public import Crystal

/// Bond-valence parameters: those of the built-in table, or a user's own in their place.
public struct BondValenceTable: Sendable {
  /// A cation, of one oxidation state or of any, and an anion.
  public struct Pair: Hashable, Sendable {
    /// The cation.
    public var cation: Element
    /// Its oxidation state; nil for any.
    public var state: Double?
    /// The anion.
    public var anion: Element

    /// A pair.
    public init(cation: Element, state: Double? = nil, anion: Element) {
      self.cation = cation
      self.state = state
      self.anion = anion
    }
  }

  /// The user's own parameters.
  public var own: [Pair: BondValence]

  /// The built-in table with a user's own parameters before it.
  public init(own: [Pair: BondValence] = [:]) { self.own = own }

  /// The parameters of a cation with an oxidation state and an anion.
  ///
  /// - Throws: ``InputError`` that names the nearest parameters there are.
  public func bond(cation: Species, anion: Element) throws(InputError) -> BondValence {
    let pairs = [
      Pair(cation: cation.element, state: cation.oxidationState, anion: anion),
      Pair(cation: cation.element, anion: anion),
    ]
    for pair in pairs {
      if let bond = own[pair] { return bond }
    }
    if let bond = BondValence(cation: cation, anion: anion) { return bond }
    let symbols = "\(cation.element)-\(anion)"
    throw InputError(
      "there are no bond-valence parameters for \(cation) and \(anion)",
      hint: "\(nearest(to: cation, anion)); give your own with --parameters \(symbols)=R0 [Å]")
  }

  /// What the table has instead, half a sentence.
  private func nearest(to cation: Species, _ anion: Element) -> String {
    func list(_ species: [Species]) -> String {
      species.map { "\($0)" }.joined(separator: ", ")
    }
    let same = BondValence.cations(with: anion).filter { $0.element == cation.element }
    if !same.isEmpty { return "with \(anion) the table has \(list(same))" }
    let others = BondValence.anions.filter { other in
      BondValence.cations(with: other).contains { $0.element == cation.element }
    }
    if let other = others.first {
      let states = BondValence.cations(with: other).filter { $0.element == cation.element }
      return "with \(other) the table has \(list(states)), with \(anion) none of \(cation.element)"
    }
    return "the table has no \(cation.element)"
  }
}
