internal import Arrangement
public import Crystal
internal import Building
internal import Search
internal import StructureIO

/// Exchanges ions of a structure for others of equal total charge: 2 Li+ → Mg2+ and an empty site.
///
/// The sites of the leaving ions keep their labels; on them the ions that stay, those that come and
/// vacancies are arranged anew.
public struct IonExchange: Sendable {
  /// The structure before.
  public let structure: Structure

  /// Sites that take part.
  public let sites: [Int]

  /// What is on them afterwards, by element with the vacancy last.
  public let counts: [(element: Element, count: Int)]

  /// What was rounded or assumed, one sentence each.
  public private(set) var notes: [String]

  private let specification: ExchangeSpecification
  private let states: [Element: Double]
  private let balance: HostBalance?

  /// Plans an exchange.
  ///
  /// - Throws: ``InputError`` if it cannot keep the charge, with the nearest numbers that do.
  public init(_ specification: ExchangeSpecification) throws {
    let reading = try StructureFile.read(specification.structure)
    try self.init(specification, reading.structure)
  }

  /// Plans an exchange in a structure that was read already.
  ///
  /// - Throws: ``InputError`` if it cannot keep the charge, with the nearest numbers that do.
  public init(_ specification: ExchangeSpecification, _ structure: Structure) throws {
    self.specification = specification
    self.structure = structure
    var choice = ProblemChoice()
    choice.oxidation = specification.oxidation
    let given = try choice.oxidationRules()
    let leaving = try specification.from.map { try IonExchange.element($0, "--from") }
    let coming = try IonExchange.shares(specification.to)
    if let both = leaving.first(where: { l in coming.contains { $0.element == l } }) {
      throw InputError("\(both) is to leave and to come", at: "--to")
    }
    for (elements, option) in [(leaving, "--from"), (coming.map(\.element), "--to")] {
      if let twice = elements.first(where: { own in elements.count { $0 == own } > 1 }) {
        throw InputError("\(twice) is given twice", at: option)
      }
    }
    let known = Set(structure.species.map(\.element) + coming.map(\.element))
    if let stranger = given.keys.sorted().first(where: { !known.contains($0) }) {
      throw InputError(
        "there is no \(stranger) in the structure or among the ions that come", at: "--oxidation")
    }
    var states: [Element: Double] = [:]
    for element in leaving + coming.map(\.element) {
      states[element] = try IonExchange.state(of: element, structure, given[element])
    }
    self.states = states
    var sites: [Int] = []
    for element in leaving {
      do {
        sites += try SiteSelection(element: element.symbol, labels: specification.labels)
          .indices(in: structure)
      } catch {
        throw error.inside("--from \(element)")
      }
    }
    if !specification.onto.isEmpty {
      do {
        sites += try SiteSelection(element: "Va", labels: specification.onto)
          .indices(in: structure)
      } catch {
        throw error.inside("--onto")
      }
    }
    self.sites = sites.sorted()
    if specification.composition != nil, specification.to.contains(where: { $0.contains(":") }) {
      throw InputError(
        "shares of the charge and a composition exclude each other", at: "--to",
        hint: "write \(coming.map(\.element.symbol).joined(separator: ","))")
    }
    let taker = structure.species.lazy.map(\.element).first { element in
      !leaving.contains(element) && (given[element] == .auto || given[element] == .integer)
    }
    let plan = ExchangePlan(
      structure: structure, sites: sites, leaving: leaving, coming: coming, states: states,
      balancing: taker)
    var notes: [String] = []
    let counts =
      if let text = specification.composition {
        try plan.counts(composition: text, round: specification.round, &notes)
      } else {
        try plan.counts(fraction: specification.fraction, round: specification.round, &notes)
      }
    self.counts = counts
    var moved = 0.0
    for (element, count) in counts { moved += (states[element] ?? 0) * Double(count) }
    balance = try taker.map { (element) throws(InputError) in
      try HostBalance(
        element, in: structure, exchanged: Set(sites), moved: moved, given: given)
    }
    if let balance {
      notes.append(
        "\(balance.element) keeps the cell neutral with \(fixed(balance.state, 4)) e on average")
    } else {
      let charges = structure.species.map { $0.isVacancy ? 0 : $0.oxidationState }
      let total = charges.reduce(0) { $0 + ($1 ?? 0) }
      if !charges.contains(nil), total.magnitude > 1e-6 {
        notes.append("the cell keeps its charge of \(signed(total)) e")
      }
    }
    self.notes = notes
    if specification.method != .random, carriedCharge != 0 {
      self.notes.append(
        "the structure has a charge of \(fixed(carriedCharge, 3)) e before and after, compensated by a "
          + "uniform background")
    }
  }

  /// The charge that the atoms carry and that the exchange keeps, e; 0 if some carry none, or if other
  /// states are given.
  private var carriedCharge: Double {
    guard specification.oxidation.isEmpty else { return 0 }
    let states = structure.species.map(\.oxidationState)
    let charge = states.reduce(0) { $0 + ($1 ?? 0) }
    // Thirds of a charge do not add up to exact zero.
    return states.contains(nil) || charge.magnitude < 1e-6 ? 0 : charge
  }

  private static func element(_ symbol: String, _ place: String) throws(InputError) -> Element {
    guard let element = Element(symbol: symbol), !element.isVacancy else {
      throw InputError(
        "there is no element \"\(symbol)\"", at: place,
        hint: nearestMatch(to: symbol, among: Element.all.map(\.symbol)).map {
          "did you mean \($0)?"
        })
    }
    return element
  }

  /// Shares of the charge that add up to 1.
  private static func shares(
    _ words: [String]
  ) throws(InputError) -> [(element: Element, share: Double)] {
    var result: [(Element, Double)] = []
    for word in words {
      let parts = word.split(separator: ":", maxSplits: 1).map(String.init)
      let share = parts.count == 2 ? NumberReader.real(parts[1]) : 1 / Double(words.count)
      guard let symbol = parts.first, let share, share > 0, share <= 1 else {
        throw InputError(
          "\"\(word)\" is not an element with a share", at: "--to",
          hint: "write Mg, or Mg:0.75,Zn:0.25")
      }
      result.append((try element(symbol, "--to"), share))
    }
    let sum = result.reduce(0) { $0 + $1.1 }
    guard (sum - 1).magnitude < 1e-9 else {
      throw InputError("the shares add up to \(fixed(sum, 4)), expected 1", at: "--to")
    }
    return result
  }

  /// The oxidation state that all atoms of an element carry, nil if they differ or carry none.
  private static func carriedState(of element: Element, _ structure: Structure) -> Double? {
    let carried = Set(structure.species.filter { $0.element == element }.map(\.oxidationState))
    return carried.count == 1 ? carried.first ?? nil : nil
  }

  /// The oxidation state: given, carried by the atoms, or the only usual one.
  private static func state(
    of element: Element, _ structure: Structure,
    _ rule: ProblemSpecification.OxidationRule?
  ) throws(InputError) -> Double {
    if case .fixed(let state) = rule { return state }
    if let state = carriedState(of: element, structure) { return state }
    guard !element.isRedoxActive, let usual = element.oxidationStates.first else {
      throw InputError(
        "the oxidation state of \(element) is not clear", at: "--oxidation",
        hint: "add --oxidation \(element)=\(element.oxidationStates.first ?? 2)")
    }
    return Double(usual)
  }

  /// The problem of arranging the ions, for other searches.
  ///
  /// - Throws: ``InputErrors`` if the charges of the host do not come out.
  public func problem() throws -> ProblemFile {
    var parent = structure
    let labels = structure.labels ?? structure.species.map(\.element.symbol)
    parent.labels = labels
    let elements = counts.map(\.element)
    let chosen = Set(sites)
    var totals: [Element: Int] = [:]
    for index in structure.species.indices where !chosen.contains(index) {
      totals[structure.species[index].element, default: 0] += 1
    }
    for (element, count) in counts { totals[element, default: 0] += count }
    totals[.vacancy] = nil
    var choice = ProblemChoice()
    choice.oxidation = specification.oxidation
    var rules = try choice.oxidationRules()
    for (element, state) in states where totals[element] ?? 0 > 0 { rules[element] = .fixed(state) }
    // States that the atoms of the host carry count, unless others are given.
    for element in totals.keys where rules[element] == nil {
      if let state = IonExchange.carriedState(of: element, structure) {
        rules[element] = .fixed(state)
      }
    }
    let specification = ProblemSpecification(
      parent: parent,
      allowed: structure.species.indices.map {
        chosen.contains($0) ? elements : [structure.species[$0].element]
      },
      composition: Composition(counts: totals), formulaUnits: 1, oxidation: rules,
      chargePolicy: carriedCharge == 0 ? .neutral : .background)
    return ProblemFile(specification, energy: self.specification.model)
  }

  /// The structure after the exchange; empty sites are kept as vacancies.
  ///
  /// - Parameter threads: For the method `rank`; no effect on the result.
  /// - Returns: The structure, and for `rank` its energy, eV, and what is known about it.
  /// - Throws: ``InputErrors`` for `rank` if the charges of the host do not come out.
  public func callAsFunction(
    threads: Int
  ) async throws -> (structure: Structure, energy: Double?, verdict: String?) {
    switch specification.method {
    // One kind of ion on all sites leaves nothing to rank.
    case .rank where counts.count > 1:
      var settings = RankSpecification()
      settings.top = 1
      settings.nodes = 200_000
      settings.seed = specification.seed
      let file = try problem()
      let arrangements = try ArrangementProblem(file.specification)
      _ = try file.energy.check(arrangements)
      let ranking = try Ranking(arrangements, file.energy, settings)
      let state = try await ranking.run(threads: threads)
      guard let best = state.search.list.entries.first else {
        throw InputError("no arrangement was found")
      }
      let verdict =
        state.search.isProved
        ? "proved lowest of \(readable(ranking.distinct)) distinct arrangements"
        : "lowest found of \(readable(ranking.distinct)) distinct arrangements; not proved"
      var result = structure
      let found = arrangements.structure(of: best.arrangement)
      var charges = structure.charges
      for site in sites + (balance?.sites ?? []) {
        result.setSpecies(found.species[site], at: site)
        charges?[site] = found.species[site].oxidationState ?? 0
      }
      result.charges = charges
      return (result, best.energy, verdict)
    case .random, .problem, .rank: return (randomStructure(), nil, nil)
    }
  }

  /// The structure after the exchange with the ions on sites drawn at random.
  func randomStructure() -> Structure {
    var order = sites
    var stream = RandomStream(seed: specification.seed, purpose: "ion exchange")
    stream.shuffle(&order)
    var copy = structure
    var charges = structure.charges
    var next = 0
    for (element, count) in counts {
      for site in order[next..<(next + count)] {
        let state = states[element]
        copy.setSpecies(
          element.isVacancy ? .vacancy : Species(element, oxidationState: state), at: site)
        charges?[site] = state ?? 0
      }
      next += count
    }
    for (site, state) in zip(balance?.sites ?? [], balance?.states(using: &stream) ?? []) {
      copy.setSpecies(Species(copy.species[site].element, oxidationState: state), at: site)
      charges?[site] = state
    }
    copy.charges = charges
    return copy
  }
}

extension IonExchange {
  /// Writes the problem of arranging the ions.
  ///
  /// - Throws: ``InputErrors`` if the charges do not come out, ``InputError`` if it cannot be written.
  public func writeProblem(to path: String, replaces: Bool) throws {
    let file = try problem()
    _ = try ArrangementProblem(file.specification)
    try file.write(to: path, replaces: replaces)
  }
}
