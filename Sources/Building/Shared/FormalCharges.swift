public import Crystal

/// Charges of atoms from oxidation states.
public enum FormalCharges {
  /// The charge of every atom, e; nil if no set of usual oxidation states makes the cell neutral.
  ///
  /// Taken from the first of these that covers all atoms: oxidation states on the species, the column
  /// `initial_charges`, usual oxidation states that add up to zero. `states` goes before all of them.
  /// Empty sites have charge 0.
  ///
  /// - Parameters:
  ///   - structure: A whole number of formula units; a slab inherits its charges from the crystal.
  ///   - states: Oxidation states by symbol, `["Mn": 4]`, that are not to be guessed.
  /// - Returns: One charge per site, e, or nil.
  /// - Throws: ``InputError`` if a symbol is no element of the structure.
  public static func perAtom(
    _ structure: Structure, states: [String: Double] = [:]
  ) throws(InputError) -> [Double]? {
    let fixed = try elements(states, in: Array(structure.elementCounts.keys))
    func charges(_ state: (Int) -> Double?) -> [Double]? {
      var values: [Double] = []
      for (index, species) in structure.species.enumerated() {
        guard let value = species.isVacancy ? 0 : fixed[species.element] ?? state(index) else {
          return nil
        }
        values.append(value)
      }
      return values
    }
    if let values = charges({ structure.species[$0].oxidationState }) { return values }
    if let column = structure.charges { return charges { column[$0] } }
    guard let guess = balanced(structure.elementCounts, fixed: fixed) else { return nil }
    return charges { guess[structure.species[$0].element] }
  }

  /// Oxidation states of the elements that make a composition neutral; nil if there are none.
  ///
  /// Of the neutral sets the one whose states are commonest is taken. If none is neutral, one element
  /// with several positive states takes the average that balances.
  ///
  /// - Parameters:
  ///   - counts: Atoms of each element.
  ///   - fixed: States that are known.
  /// - Returns: The state of every element, e, or nil.
  public static func balanced(
    _ counts: [Element: Int], fixed: [Element: Double] = [:]
  ) -> [Element: Double]? {
    let elements = counts.keys.sorted()
    let choices = elements.map { fixed[$0].map { [$0] } ?? $0.oxidationStates.map(Double.init) }
    guard choices.allSatisfy({ !$0.isEmpty }),
      choices.reduce(1.0, { $0 * Double($1.count) }) < 1e6
    else { return nil }
    var best: (rank: Int, states: [Double])?
    func descend(_ index: Int, _ states: [Double], _ rank: Int, _ charge: Double) {
      if let best, best.rank <= rank { return }
      if index == elements.count {
        if charge.magnitude < neutrality { best = (rank, states) }
        return
      }
      for (own, state) in choices[index].enumerated() {
        let more = state * Double(counts[elements[index]] ?? 0)
        descend(index + 1, states + [state], rank + own, charge + more)
      }
    }
    descend(0, [], 0, 0)
    if let best { return Dictionary(uniqueKeysWithValues: zip(elements, best.states)) }
    return mixed(elements, choices, counts)
  }

  /// Charge of a cell that counts as none, e.
  static let neutrality = 1e-6

  /// The commonest states, but one element with the average that balances.
  private static func mixed(
    _ elements: [Element], _ choices: [[Double]], _ counts: [Element: Int]
  ) -> [Element: Double]? {
    for (index, element) in elements.enumerated() where element.isRedoxActive {
      let positive = choices[index].filter { $0 > 0 }
      guard positive.count > 1, let least = positive.min(), let most = positive.max() else {
        continue
      }
      var states = choices.map { $0[0] }
      let rest = elements.indices.reduce(0.0) {
        $0 + ($1 == index ? 0 : states[$1] * Double(counts[elements[$1]] ?? 0))
      }
      states[index] = -rest / Double(counts[element] ?? 1)
      guard (least...most).contains(states[index]) else { continue }
      return Dictionary(uniqueKeysWithValues: zip(elements, states))
    }
    return nil
  }

  /// The elements that symbols stand for.
  private static func elements(
    _ states: [String: Double], in known: [Element]
  ) throws(InputError) -> [Element: Double] {
    var fixed: [Element: Double] = [:]
    for (symbol, state) in states.sorted(by: { $0.key < $1.key }) {
      guard let element = Element(symbol: symbol), known.contains(element) else {
        throw InputError(
          "there is no element \"\(symbol)\" in the structure", at: "oxidation",
          hint: "the elements are \(known.sorted().map(\.symbol).joined(separator: ", "))")
      }
      guard state.isFinite, state.magnitude <= 8 else {
        throw InputError("oxidation state \(state) of \(symbol), expected -8 to 8", at: "oxidation")
      }
      fixed[element] = state
    }
    return fixed
  }
}
