internal import Building
internal import Crystal

/// The oxidation states of a prototype whose species were changed.
///
/// Given states stay. Of the others, elements with one usual state take it, and redox elements are
/// chosen so that the formula, not the rounded cell, is neutral.
struct OxidationBalance {
  /// The definition with a state on every species.
  private(set) var definition: PrototypeDefinition

  /// Elements whose state makes the formula neutral.
  private(set) var balanced: [Element] = []

  /// What was assumed, one sentence each.
  private(set) var notes: [String] = []

  /// Finds the states.
  ///
  /// - Parameters:
  ///   - definition: The crystal; species without a state are completed.
  ///   - given: States by element symbol, which replace those of the definition.
  /// - Throws: ``InputError`` for a symbol that does not occur.
  init(_ definition: PrototypeDefinition, given: [String: Double]) throws(InputError) {
    self.definition = definition
    for (symbol, state) in given.sorted(by: { $0.key < $1.key }) {
      let elements = occupants.map(\.species.element)
      guard let element = elements.first(where: { $0.symbol == symbol }) else {
        throw InputError(
          "there is no \(symbol) in the structure", at: "oxidation",
          hint: nearestMatch(to: symbol, among: elements.map(\.symbol)).map {
            "did you mean \($0)?"
          })
      }
      guard state.magnitude <= 9 else {
        throw InputError("\(symbol) = \(state), expected -9 to 9", at: "oxidation")
      }
      setState(state, of: element, replacing: true)
    }
    // Without an anion this is a metal or an alloy.
    guard occupants.contains(where: { isAnion($0.species) }) else { return }
    var open: [Element] = []
    for species in occupants.map(\.species)
    where species.oxidationState == nil && !open.contains(species.element) {
      let element = species.element
      let usual = element.oxidationStates.first { element.isUsualAnion ? $0 < 0 : $0 > 0 }
      if element.isRedoxActive, !element.isUsualAnion {
        open.append(element)
      } else if let usual {
        setState(Double(usual), of: element, replacing: false)
      }
    }
    balance(open)
  }

  /// Gives the last open element the state that is left; if it cannot have it, all open ones share it.
  private mutating func balance(_ open: [Element]) {
    guard let last = open.last else { return }
    let known = charge
    var others = 0.0
    for element in open.dropLast() {
      others += amount(of: element) * Double(element.oxidationStates.first { $0 > 0 } ?? 0)
    }
    let state = -(known + others) / amount(of: last)
    if isPossible(state, last) {
      for element in open.dropLast() {
        let usual = Double(element.oxidationStates.first { $0 > 0 } ?? 0)
        setState(usual, of: element, replacing: false)
      }
      setState(OxidationBalance.tidy(state), of: last, replacing: false)
      balanced = [last]
    } else {
      let mean = -known / open.reduce(0) { $0 + amount(of: $1) }
      for element in open { setState(OxidationBalance.tidy(mean), of: element, replacing: false) }
      balanced = open
    }
    if open.count > 1 {
      let states = open.map { element in
        "\(element) \(fixed(occupants.first { $0.species.element == element }?.species.oxidationState ?? 0, 3))"
      }
      notes.append(
        "oxidation states assumed: \(states.joined(separator: ", ")); give others with --oxidation")
    }
  }

  /// Whether a state is no more than half an electron outside of the usual ones.
  private func isPossible(_ state: Double, _ element: Element) -> Bool {
    let usual = element.oxidationStates.filter { $0 > 0 }
    guard let least = usual.min(), let most = usual.max() else { return false }
    return state >= Double(least) - 0.5 && state <= Double(most) + 0.5
  }

  /// The species on all labels with their numbers per unit cell; vacancies left out.
  private var occupants: [(species: Species, amount: Double)] {
    definition.sites.flatMap { site in
      site.shares.filter { !$0.species.isVacancy }.map {
        ($0.species, Double(site.multiplicity) * $0.fraction.doubleValue)
      }
    }
  }

  /// Charge of the unit cell as far as it is known, e.
  var charge: Double {
    occupants.reduce(0) { $0 + $1.amount * ($1.species.oxidationState ?? 0) }
  }

  private func amount(of element: Element) -> Double {
    occupants.filter { $0.species.element == element && $0.species.oxidationState == nil }
      .reduce(0) { $0 + $1.amount }
  }

  private func isAnion(_ species: Species) -> Bool {
    species.oxidationState.map { $0 < 0 } ?? species.element.isUsualAnion
  }

  private mutating func setState(_ state: Double, of element: Element, replacing: Bool) {
    for site in definition.sites.indices {
      for index in definition.sites[site].shares.indices {
        let species = definition.sites[site].shares[index].species
        guard species.element == element, replacing || species.oxidationState == nil else {
          continue
        }
        definition.sites[site].shares[index].species.oxidationState = state
      }
    }
  }

  /// A simple fraction without the rounding of the arithmetic.
  private static func tidy(_ state: Double) -> Double {
    let fraction = Rational.nearest(to: state, maximumDenominator: 1000).doubleValue
    return (fraction - state).magnitude < 1e-9 ? fraction : state
  }
}
