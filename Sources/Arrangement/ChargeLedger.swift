public import Crystal

/// Where every charge of a cell comes from.
public struct ChargeLedger: Sendable {
  /// One row per species.
  public var rows: [Row]

  /// What was assumed, rounded or is doubtful, one sentence each.
  public var notes: [String]

  /// Doubtful but legal: to be shown to the user, one sentence each.
  public var warnings: [String]

  /// A species with its number and where its oxidation state comes from.
  public struct Row: Hashable, Sendable {
    /// The species.
    public var species: Species
    /// Its number in the cell.
    public var count: Int
    /// How the oxidation state was found.
    public var origin: Origin
  }

  /// How an oxidation state was found.
  public enum Origin: String, Hashable, Sendable {
    /// Given by the user.
    case given
    /// The only usual one of the element.
    case usual
    /// It makes the cell neutral.
    case balance
  }

  /// Net charge of the cell, e.
  public var totalCharge: Double {
    rows.reduce(0) { $0 + Double($1.count) * ($1.species.oxidationState ?? 0) }
  }
}

/// Oxidation states of all elements of a problem.
struct ChargeResolution {
  /// The states of each element with their numbers; one, or two for a split mixed valence.
  var states: [Element: [State]] = [:]
  var ledger: ChargeLedger

  struct State {
    var species: Species
    var count: Int
  }

  init(_ specification: ProblemSpecification, _ counts: CountResolution) throws {
    var totals = counts.fixedCounts
    for pool in counts.pools {
      for (element, count) in pool.counts { totals[element, default: 0] += count }
    }
    totals[.vacancy] = nil
    if specification.chargePolicy == .ignored {
      for element in Set(specification.allowed.flatMap { $0 }) {
        states[element] = [State(species: Species(element), count: totals[element] ?? 0)]
      }
      states[.vacancy] = [State(species: .vacancy, count: 0)]
      ledger = ChargeLedger(rows: [], notes: counts.notes, warnings: [])
      return
    }
    let elements = totals.filter { $0.value > 0 }.keys.sorted()
    var problems: [InputError] = []
    var rules = specification.oxidation
    var origins: [Element: ChargeLedger.Origin] = [:]
    let mayOccur = Set(specification.allowed.flatMap { $0 })
    // Elements without a rule: the usual state, or the one redox element balances the charge.
    let hasBalance = elements.contains { rules[$0] == .auto || rules[$0] == .integer }
    for element in elements where rules[element] == nil {
      if element.isRedoxActive && !hasBalance {
        continue
      } else if let usual = element.oxidationStates.first, !element.isRedoxActive {
        rules[element] = .fixed(Double(usual))
        origins[element] = .usual
      } else {
        problems.append(
          InputError(
            "no oxidation state for \(element)", at: "oxidation",
            hint: "add \(element) with a number, for example \(element): "
              + "\(element.oxidationStates.first ?? 2)"))
      }
    }
    let open = elements.filter { rules[$0] == nil }
    if problems.isEmpty, open.count == 1 {
      rules[open[0]] = .auto
    } else if open.count > 1 {
      problems.append(
        InputError(
          "\(open.map(\.symbol).joined(separator: ", ")) have several oxidation states each",
          at: "oxidation", hint: "give all but one of them, and leave that one auto"))
    }
    let balancing = elements.filter { rules[$0] == .auto || rules[$0] == .integer }
    if balancing.count > 1 {
      problems.append(
        InputError(
          "\(balancing.map(\.symbol).joined(separator: " and ")) are both to balance the charge",
          at: "oxidation", hint: "give a number for all but one"))
    }
    if !problems.isEmpty { throw InputErrors(problems) }

    var charge = 0.0
    for element in elements {
      if case .fixed(let state) = rules[element] {
        charge += state * Double(totals[element] ?? 0)
        origins[element] = origins[element] ?? .given
      }
    }
    var notes = specification.notes + counts.notes
    var warnings: [String] = []
    for element in elements {
      let count = totals[element] ?? 0
      switch rules[element] {
      case .fixed(let state):
        states[element] = [State(species: Species(element, oxidationState: state), count: count)]
      case .auto, .integer:
        origins[element] = .balance
        let average = -charge / Double(count)
        if let warning = try ChargeResolution.check(average, of: element) {
          warnings.append(warning)
        }
        let below = average.rounded(.down)
        let whole = average.rounded(.toNearestOrEven)
        if (average - whole).magnitude < 1e-9 {
          states[element] = [State(species: Species(element, oxidationState: whole), count: count)]
        } else if rules[element] == .auto {
          states[element] = [
            State(species: Species(element, oxidationState: average), count: count)
          ]
        } else {
          let exact = (average - below) * Double(count)
          let upper = Int(exact.rounded(.toNearestOrEven))
          guard (exact - Double(upper)).magnitude < 1e-6 else {
            throw InputError(
              "\(count) \(element) with average state \(fixed(average, 4)) do not split into whole "
                + "numbers of \(Species(element, oxidationState: below)) and "
                + "\(Species(element, oxidationState: below + 1))", at: "oxidation: \(element)",
              hint: "use auto, which gives all of them the average")
          }
          states[element] = [
            State(species: Species(element, oxidationState: below), count: count - upper),
            State(species: Species(element, oxidationState: below + 1), count: upper),
          ]
          notes.append(
            "\(element) with average \(fixed(average, 4)) split into \(count - upper) "
              + "\(Species(element, oxidationState: below)) and \(upper) "
              + "\(Species(element, oxidationState: below + 1))")
        }
      case nil:
        continue
      }
    }
    // Elements that are allowed but do not occur still need a species.
    for element in mayOccur where states[element] == nil {
      let state: Double =
        if case .fixed(let given) = rules[element] { given } else {
          Double(element.oxidationStates.first ?? 0)
        }
      states[element] = [
        State(
          species: element.isVacancy ? .vacancy : Species(element, oxidationState: state), count: 0)
      ]
    }
    states[.vacancy] = [State(species: .vacancy, count: 0)]

    var rows: [ChargeLedger.Row] = []
    for element in elements {
      for state in states[element] ?? [] {
        rows.append(
          ChargeLedger.Row(
            species: state.species, count: state.count, origin: origins[element] ?? .given))
      }
    }
    ledger = ChargeLedger(rows: rows, notes: notes, warnings: warnings)
    let total = ledger.totalCharge
    if total.magnitude > 1e-6 {
      guard specification.chargePolicy == .background else {
        let redox = elements.filter(\.isRedoxActive)
        throw InputError(
          "the charges add up to \(fixed(total, 3)) e, expected 0", at: "oxidation",
          hint: redox.isEmpty
            ? "change the composition, or accept a compensating background with --allow-charge"
            : "let \(redox[0]) balance it: \(redox[0]): auto; or accept a compensating background "
              + "with --allow-charge")
      }
      ledger.warnings.append(
        "the cell has a net charge of \(fixed(total, 3)) e, compensated by a uniform background")
    }
  }

  /// What is wrong with the oxidation states that are given, whatever the numbers of the elements.
  static func problems(in specification: ProblemSpecification) -> [InputError] {
    if specification.chargePolicy == .ignored { return [] }
    let mayOccur = Set(specification.allowed.flatMap { $0 }).subtracting([.vacancy])
    return specification.oxidation.sorted { $0.key < $1.key }.compactMap { element, rule in
      let place = "oxidation: \(element)"
      if element.isVacancy {
        return InputError("a vacancy has no charge", at: place, hint: "remove the entry")
      }
      guard mayOccur.contains(element) else {
        return InputError(
          "\(element) does not occur in the problem", at: place,
          hint: "its elements are \(list(mayOccur))")
      }
      if case .fixed(let state) = rule, !(state.magnitude <= highestState) {
        return InputError(
          "oxidation state \(state) of \(element), expected a number from -9 to 9", at: place)
      }
      return nil
    }
  }

  /// No element goes beyond, e.
  private static let highestState = 9.0

  /// Fixed sites of an element in two oxidation states: the element is fixed, its states are not.
  func splitFixedPools(
    _ specification: ProblemSpecification, cells: Int
  ) -> [CountResolution.Pool] {
    states.filter { $0.value.count > 1 }.keys.sorted().compactMap { element in
      let sites = specification.allowed.indices.filter { specification.allowed[$0] == [element] }
      return sites.isEmpty
        ? nil : CountResolution.Pool(parentSites: sites, counts: [element: sites.count * cells])
    }
  }

  /// Whether a balancing state is one that the element takes.
  private static func check(_ state: Double, of element: Element) throws(InputError) -> String? {
    guard state.magnitude <= highestState else {
      throw InputError(
        "\(element) would need the oxidation state \(fixed(state, 3)) to balance the charge",
        at: "oxidation: \(element)", hint: "check the composition and the other oxidation states")
    }
    let usual = element.oxidationStates.map(Double.init)
    guard let low = usual.min(), let high = usual.max() else { return nil }
    if state < low - 1e-9 || state > high + 1e-9 {
      return "\(element) takes the oxidation state \(fixed(state, 3)) to balance the charge, "
        + "outside its usual \(Int(low)) to \(Int(high))"
    }
    return nil
  }
}
