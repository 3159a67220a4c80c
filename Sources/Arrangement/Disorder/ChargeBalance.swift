internal import Crystal

/// Oxidation rules for a disordered crystal with whole numbers of atoms, and the charge that follows.
struct ChargeBalance {
  typealias Rule = ProblemSpecification.OxidationRule

  /// Rules from the user and the structure; other elements are left to the usual states.
  private(set) var rules: [Element: Rule]

  /// Where rules come from, one sentence each.
  private(set) var notes: [String] = []

  /// Net charge of the supercell, e; nil if an element balances it or a state is not known.
  private(set) var netCharge: Double?

  /// Known states by element, the vacancy with 0.
  private var states: [Element: Double] = [.vacancy: 0]

  /// Numbers of atoms by element in the supercell.
  private let totals: [Element: Int]

  private let counts: [GroupCounts]

  /// Charges below this are rounding, e.
  private static let smallCharge = 1e-6

  /// Finds the rules.
  ///
  /// - Parameters:
  ///   - crystal: The crystal.
  ///   - counts: Numbers on its mixed sites.
  ///   - cells: Unit cells in the supercell.
  ///   - given: Rules of the user, which come before those of the structure.
  init(_ crystal: DisorderedCrystal, _ counts: [GroupCounts], cells: Int, given: [Element: Rule]) {
    self.counts = counts
    var totals: [Element: Int] = [:]
    for group in crystal.groups where !group.isMixed {
      totals[group.elements[0], default: 0] += group.sites.count * cells
    }
    for entry in counts {
      for (element, count) in zip(entry.group.elements, entry.counts) {
        totals[element, default: 0] += count
      }
    }
    totals[.vacancy] = nil
    totals = totals.filter { $0.value > 0 }
    self.totals = totals
    rules = given
    let numbers = crystal.oxidationNumbers.filter {
      totals[$0.key] != nil && given[$0.key] == nil && $0.key.atomicNumber > 0
    }
    for (element, shares) in numbers where shares.count == 1 {
      rules[element] = .fixed(shares[0].state)
    }
    let mixed = numbers.filter { $0.value.count > 1 }
      .sorted { (totals[$0.key] ?? 0, $1.key) > (totals[$1.key] ?? 0, $0.key) }
    // The commonest of them balances the charge; the others take their means.
    for (element, shares) in mixed.dropFirst() { takeMean(element, shares) }
    if let (element, shares) = mixed.first { balance(element, shares) }
    findCharge()
  }

  /// The mean state of an element in the structure, e.
  private static func mean(_ shares: [DisorderedCrystal.OxidationShare]) -> Double {
    let amount = shares.reduce(0) { $0 + $1.amount }
    return shares.reduce(0) { $0 + $1.state * $1.amount } / max(amount, 1e-12)
  }

  /// Which states an element has, for a note.
  private static func finding(
    _ element: Element, _ shares: [DisorderedCrystal.OxidationShare]
  ) -> String {
    let list = shares.map {
      "\(shortest($0.amount)) \(Species(element, oxidationState: $0.state))"
    }
    return "\(element) has several oxidation numbers in the structure "
      + "(\(list.joined(separator: " and ")) per cell)"
  }

  /// Gives all atoms of an element with several states the mean of them.
  private mutating func takeMean(
    _ element: Element, _ shares: [DisorderedCrystal.OxidationShare],
    because reason: String = "another element balances the charge"
  ) {
    let mean = ChargeBalance.mean(shares)
    rules[element] = .fixed(mean)
    let found = ChargeBalance.finding(element, shares)
    notes.append("\(found); all take the mean \(fixed(mean, 4)): \(reason)")
  }

  /// Lets an element with several states balance the charge, in whole states if they do.
  private mutating func balance(
    _ element: Element, _ shares: [DisorderedCrystal.OxidationShare]
  ) {
    let found = ChargeBalance.finding(element, shares)
    guard let balanced = average(of: element) else {
      takeMean(
        element, shares,
        because: "another element balances the charge, or not all other states are known")
      return
    }
    guard balanced >= shares[0].state - 1e-9, balanced <= shares[shares.count - 1].state + 1e-9
    else {
      takeMean(
        element, shares,
        because: "\(fixed(balanced, 4)), which would balance the charge, is not between them")
      return
    }
    let whole = balanced.rounded(.toNearestOrEven)
    let below = (balanced - whole).magnitude < 1e-9 ? whole : balanced.rounded(.down)
    let upper = (balanced - below) * Double(totals[element] ?? 0)
    let splits = (upper - upper.rounded(.toNearestOrEven)).magnitude < 1e-6
    let given = Set(shares.map(\.state))
    let isWhole = below == whole && (balanced - whole).magnitude < 1e-9
    if splits, given.contains(below), isWhole || given.contains(below + 1) {
      rules[element] = .integer
      notes.append(
        "\(found); the neutral cell has \(fixed(balanced, 4)) on average, split into whole states "
          + "that are arranged over all \(element)")
    } else {
      rules[element] = .auto
      notes.append(
        "\(found); the neutral cell has \(fixed(balanced, 4)) on average, which whole numbers of them do "
          + "not make or only with states that are no neighbours, so all \(element) take the average"
      )
    }
  }

  /// The state of an element that makes the cell neutral; nil if another one is not known.
  private func average(of element: Element) -> Double? {
    var charge = 0.0
    for (other, count) in totals.sorted(by: { $0.key < $1.key }) where other != element {
      guard let state = state(of: other) else { return nil }
      charge += state * Double(count)
    }
    return -charge / Double(max(1, totals[element] ?? 1))
  }

  /// The state that a rule fixes, or the only usual one; nil for elements that balance.
  private func state(of element: Element) -> Double? {
    switch rules[element] {
    case .fixed(let state): state
    case .auto, .integer: nil
    case nil: element.isRedoxActive ? nil : element.oxidationStates.first.map(Double.init)
    }
  }

  private mutating func findCharge() {
    var charge = 0.0
    for (element, count) in totals.sorted(by: { $0.key < $1.key }) {
      guard let state = state(of: element) else { return }
      states[element] = state
      charge += state * Double(count)
    }
    for element in counts.flatMap(\.group.elements) where states[element] == nil {
      states[element] = state(of: element)
    }
    netCharge = charge.magnitude < ChargeBalance.smallCharge ? 0 : charge
  }

  /// Whether the cell is neutral, as far as that is known.
  var isNeutral: Bool { netCharge == nil || netCharge == 0 }

  /// Charge of the occupancies as they are given, and how well it is known, e per unit cell; nil as
  /// for ``netCharge``.
  func meanCharge(of crystal: DisorderedCrystal) -> (charge: Double, uncertainty: Double)? {
    guard netCharge != nil else { return nil }
    var (charge, uncertainty) = (0.0, 0.0)
    for group in crystal.groups {
      for occupant in group.occupants {
        let state = (states[occupant.element] ?? 0) * Double(group.sites.count)
        charge += occupant.occupancy * state
        if group.isMixed { uncertainty += occupant.tolerance * state.magnitude }
      }
    }
    return (charge.magnitude < ChargeBalance.smallCharge ? 0 : charge, uncertainty)
  }

  /// One species replaced by another on the sites of a group.
  private struct Exchange {
    var entry: Int
    var from: Int
    var to: Int
    var number: Int
    var charge: Double
    var cost: Double
  }

  /// Nearby numbers with which the cell would be neutral, nearest first, as `8a Li 7, Mg 1`.
  ///
  /// One exchange of species on the sites of a group, or two, of one or two atoms each.
  func neutralNeighbours(limit: Int = 3) -> [String] {
    guard let netCharge, netCharge != 0 else { return [] }
    var exchanges: [Exchange] = []
    for (e, entry) in counts.enumerated() {
      let elements = entry.group.elements
      for from in elements.indices {
        for to in elements.indices where from != to {
          guard let a = states[elements[from]], let b = states[elements[to]] else { continue }
          for number in 1...2 where entry.counts[from] >= number {
            let cost = Double(number) / Double(entry.siteCount)
            exchanges.append(
              Exchange(
                entry: e, from: from, to: to, number: number, charge: Double(number) * (b - a),
                cost: cost))
          }
        }
      }
    }
    var found: [(order: Double, text: String)] = []
    func add(_ chosen: [Exchange]) {
      let charge = chosen.reduce(netCharge) { $0 + $1.charge }
      guard charge.magnitude < ChargeBalance.smallCharge else { return }
      var changed = counts
      for exchange in chosen {
        changed[exchange.entry].counts[exchange.from] -= exchange.number
        changed[exchange.entry].counts[exchange.to] += exchange.number
      }
      guard changed.allSatisfy({ $0.counts.allSatisfy { $0 >= 0 } }) else { return }
      let parts = zip(counts, changed).compactMap { old, new -> String? in
        guard old.counts != new.counts else { return nil }
        let numbers = zip(new.group.elements, new.counts).map { "\($0) \($1)" }
        return "\(new.group.label): {\(numbers.joined(separator: ", "))}"
      }
      guard !parts.isEmpty else { return }
      // How far the occupancies end up from those of the structure.
      var cost = 0.0
      for entry in changed {
        for n in entry.counts.indices { cost += entry.deviation(n).magnitude }
      }
      let text = parts.joined(separator: ", ")
      if !found.contains(where: { $0.text == text }) {
        found.append((Double(chosen.count) + cost, text))
      }
    }
    for exchange in exchanges { add([exchange]) }
    if found.count < limit {
      for (n, first) in exchanges.enumerated() {
        for second in exchanges[(n + 1)...] { add([first, second]) }
      }
    }
    return found.sorted { ($0.order, $0.text) < ($1.order, $1.text) }.prefix(limit).map(\.text)
  }
}
