internal import Arrangement
internal import Building
internal import Crystal

/// The arrangement problem that belongs to a spinel, as the text of a problem file.
struct SpinelProblem: Sendable {
  /// The problem file.
  let text: String

  /// What the text says when it is read back.
  let file: ProblemFile

  /// The problem itself: counts, charges, sites.
  let problem: ArrangementProblem

  /// The composition of a formula unit.
  let composition: Composition

  /// What had to be chosen, one sentence each.
  let notes: [String]

  /// The composition of the host of which the problem is made unless told otherwise.
  static let hostComposition = "Mg0.5ZnMnO3"

  /// The problem of a spinel in a supercell with so many cells.
  ///
  /// - Throws: ``InputErrors`` if the charges or the numbers cannot be made to fit.
  init(_ spinel: Spinel, supercell: SupercellMatrix, host: Structure) throws {
    var notes: [String] = []
    let specification = spinel.specification
    let (formula, remark) = try SpinelProblem.composition(
      specification, host: host, cells: supercell.cellCount)
    composition = formula
    if let remark { notes.append(remark) }
    var draft = Draft(spinel: spinel, supercell: supercell, host: host, composition: formula)
    if let remark { draft.remarks.append(remark) }

    // Not every set of species is neutral, or has published short-range parameters.
    var problem: ArrangementProblem
    do {
      problem = try ArrangementProblem(try draft.read().specification)
    } catch {
      draft.allowsCharge = true
      problem = try ArrangementProblem(try draft.read().specification)
      let charge = fixed(problem.ledger.totalCharge, 3)
      let remark = "the charges add up to \(charge) e, compensated by a uniform background"
      draft.remarks.append(remark)
      notes.append(remark)
    }
    if (try? EnergyModelChoice.lattice.check(problem)) == nil {
      draft.energy = .ewald
      let remark =
        "energy: ewald, because not all pairs of these species have published short-range parameters"
      draft.remarks.append(remark)
      notes.append(remark)
    }
    if problem.activeSites.isEmpty {
      notes.append("the problem has nothing to arrange: every label takes one species only")
    }
    text = draft.text
    file = try draft.read()
    self.problem = problem
    self.notes = notes
  }

  /// The composition of the problem, with a remark where the usual one does not fit.
  private static func composition(
    _ specification: SpinelSpecification, host: Structure, cells: Int
  ) throws(InputError) -> (Composition, String?) {
    if let formula = specification.composition { return (try Composition(parsing: formula), nil) }
    guard specification.speciesA == nil else {
      let formula = SpinelBuild.anionLast(host.composition, specification)
      return (try formula.reduced().formula, nil)
    }
    let oxygens = 32 * cells
    guard !oxygens.isMultiple(of: 3) else {
      return (try Composition(parsing: hostComposition), nil)
    }
    // Nearest whole numbers of Mg0.5ZnMnO3; of Zn and Mn one is rounded down, the other up.
    let formula =
      "Mg\((oxygens + 3) / 6)Zn\(oxygens / 3)Mn\(oxygens / 3 + 1)\(specification.anion)\(oxygens)"
    return (
      try Composition(parsing: formula),
      "\(hostComposition) does not come out whole for \(oxygens) \(specification.anion), so the "
        + "problem has the nearest whole numbers, \(formula); supercells of a multiple of 3 cells "
        + "hold \(hostComposition)"
    )
  }

  /// The parts of a problem file.
  private struct Draft {
    let spinel: Spinel
    let supercell: SupercellMatrix
    let host: Structure
    let composition: Composition
    var energy = EnergyModelChoice.lattice
    var allowsCharge = false
    var remarks: [String] = []

    func read() throws -> ProblemFile { try ProblemFile(parsing: text, file: "problem.yaml") }

    var text: String {
      let specification = spinel.specification
      var lines = ["# Arrangement problem: which cation or vacancy sits where in a spinel."]
      lines += remarks.map { "# \($0)" }
      lines += [
        "lattice: \(specification.a)  # Å, cubic", "spacegroup: Fd-3m",
        "origin: \(specification.originChoice)", "sites:",
      ]
      for row in spinel.siteTable {
        let x = row.representative.components
        lines.append(
          "  - {label: \(row.label), frac: [\(x.x), \(x.y), \(x.z)], allowed: ["
            + allowed(row).map(\.symbol).joined(separator: ", ") + "]}")
      }
      let rows = supercell.matrix.rows.map { "[\($0.x), \($0.y), \($0.z)]" }
      let short = "\(supercell)"
      lines.append(
        "supercell: " + (short.contains("x") ? short : "[" + rows.joined(separator: ", ") + "]"))
      lines.append("composition: \(composition)")
      if let counts { lines.append("counts: {\(counts)}") }
      lines.append("oxidation: {" + oxidation.map { "\($0): \($1)" }.joined(separator: ", ") + "}")
      if allowsCharge { lines.append("allow_charge: true") }
      lines.append("energy: \(energy.rawValue)")
      return lines.joined(separator: "\n") + "\n"
    }

    private var pair: (a: Species, b: Species)? {
      guard let a = spinel.specification.speciesA.flatMap({ Species($0) }),
        let b = spinel.specification.speciesB.flatMap({ Species($0) })
      else { return nil }
      return (a, b)
    }

    /// The elements of the composition that may sit on a label; A and B exchange places.
    private func allowed(_ row: SiteTableRow) -> [Element] {
      var elements = row.allowed.map(\.element)
      if let pair, row.label == "8a" || row.label == "16d" {
        elements = [pair.a.element, pair.b.element] + elements.filter(\.isVacancy)
      }
      var unique: [Element] = []
      for element in elements
      where !unique.contains(element) && (element.isVacancy || composition[element] > .zero) {
        unique.append(element)
      }
      return unique.isEmpty ? [.vacancy] : unique
    }

    /// The numbers that a degree of inversion fixes.
    private var counts: String? {
      guard spinel.specification.inversion > 0, let pair, pair.a.element != pair.b.element,
        let labels = host.labels
      else { return nil }
      return ["8a", "16d"].map { label in
        let sites = labels.indices.filter { labels[$0] == label }
        let numbers = [pair.a.element, pair.b.element].map { element in
          "\(element): \(sites.count { host.species[$0].element == element })"
        }
        return "\(label): {\(numbers.joined(separator: ", "))}"
      }.joined(separator: ", ")
    }

    /// Oxidation states: given ones, usual ones, and one element that balances the charge.
    private var oxidation: [(Element, String)] {
      var given: [Element: Set<Double>] = [:]
      var order: [Element] = []
      let species =
        (pair.map { [$0.a, $0.b] } ?? spinel.specification.hostSpecies.compactMap { Species($0) })
        + [Species(spinel.specification.anion)].compactMap { $0 }
      for one in species where composition[one.element] > .zero {
        if !order.contains(one.element) { order.append(one.element) }
        if let state = one.oxidationState { given[one.element, default: []].insert(state) }
      }
      let anion = Species(spinel.specification.anion)?.element
      // With several redox elements the last one balances, the others are divalent or take their commonest state.
      let balancing = order.last { given[$0] == nil && $0.isRedoxActive && $0 != anion }
      return order.compactMap { element in
        if let states = given[element] {
          guard let state = states.first, states.count == 1 else { return (element, "integer") }
          let whole = state.rounded(.toNearestOrEven) == state
          return (element, whole ? "\(Int(state))" : "\(state)")
        }
        if let pair, pair.a == pair.b, element == balancing { return (element, "integer") }
        if element == balancing { return (element, "auto") }
        let states = element.oxidationStates.filter { element == anion ? $0 < 0 : $0 > 0 }
        // A redox element on the site of A is divalent, if it can be.
        let usual = element.isRedoxActive && states.contains(2) ? 2 : states.first
        return usual.map { (element, "\($0)") }
      }
    }
  }
}
