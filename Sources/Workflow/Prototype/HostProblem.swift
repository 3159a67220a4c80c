internal import Arrangement
internal import Building
internal import Crystal

/// The arrangement problem that belongs to a crystal in a supercell, as the text of a problem file.
struct HostProblem: Sendable {
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

  /// The problem of a filled supercell.
  ///
  /// - Parameters:
  ///   - crystal: The unit cell with what may sit on each label.
  ///   - edges: Lengths, Å, and angles, degrees, of the unit cell.
  ///   - supercell: How the unit cell is repeated.
  ///   - host: The filled supercell, whose composition is arranged.
  ///   - balanced: Elements whose state may be adjusted to keep the cell neutral.
  /// - Throws: ``InputErrors`` if species lack oxidation states, or something does not fit.
  init(
    _ crystal: PrototypeCrystal, edges: [Double], supercell: SupercellMatrix, host: Structure,
    balanced: [Element]
  ) throws {
    let (formula, factor) = try host.composition.reduced()
    var lines = [
      "# Arrangement problem: which species or vacancy sits where in \(crystal.prototype.name).",
      "lattice: [\(edges.map { "\($0)" }.joined(separator: ", "))]  # Å, degrees",
      "spacegroup: \"\(crystal.prototype.spaceGroup)\"",
    ]
    if let origin = crystal.prototype.originChoice { lines.append("origin: \(origin)") }
    lines.append("sites:")
    for (site, row) in zip(crystal.prototype.sites, crystal.siteTable) {
      let x = site.representative.components
      lines.append(
        "  - {label: \(row.label), frac: [\(x.x), \(x.y), \(x.z)], allowed: ["
          + HostProblem.allowed(row, formula).map(\.symbol).joined(separator: ", ") + "]}")
    }
    let rows = supercell.matrix.rows.map { "[\($0.x), \($0.y), \($0.z)]" }
    let short = "\(supercell)"
    lines.append(
      "supercell: " + (short.contains("x") ? short : "[" + rows.joined(separator: ", ") + "]"))
    lines.append("composition: \(formula)")
    if let units = factor.integerValue { lines.append("formula_units: \(units)") }
    let charge = host.species.reduce(0) { $0 + ($1.oxidationState ?? 0) }
    let isNeutral = charge.magnitude < 1e-6
    lines.append(
      "oxidation: {\(HostProblem.oxidation(host, balanced: isNeutral ? balanced : []))}")
    if !isNeutral { lines.append("allow_charge: true") }

    func read(_ energy: EnergyModelChoice) throws -> (String, ProblemFile) {
      let text = (lines + ["energy: \(energy.rawValue)"]).joined(separator: "\n") + "\n"
      return (text, try ProblemFile(parsing: text, file: "problem.yaml"))
    }
    var (text, file) = try read(.lattice)
    let problem = try ArrangementProblem(file.specification)
    var notes: [String] = []
    if (try? EnergyModelChoice.lattice.check(problem)) == nil {
      (text, file) = try read(.ewald)
      notes.append(
        "energy: ewald, because not all pairs of these species have published short-range parameters"
      )
    }
    if problem.activeSites.isEmpty {
      notes.append("the problem has nothing to arrange: every label takes one species only")
    }
    self.text = text
    self.file = file
    self.problem = problem
    self.composition = formula
    self.notes = notes
  }

  /// The elements of the composition that may sit on a label, the vacancy last.
  static func allowed(_ row: SiteTableRow, _ composition: Composition) -> [Element] {
    var elements: [Element] = []
    for species in row.allowed
    where !elements.contains(species.element)
      && (species.isVacancy || composition[species.element] > .zero)
    {
      elements.append(species.element)
    }
    if elements.isEmpty { return [.vacancy] }
    return elements.filter { !$0.isVacancy } + elements.filter(\.isVacancy)
  }

  /// One state by element, in the order of the sites.
  private static func oxidation(_ host: Structure, balanced: [Element]) -> String {
    var states: [Element: Set<Double>] = [:]
    var order: [Element] = []
    for species in host.species where !species.isVacancy {
      if states[species.element] == nil { order.append(species.element) }
      if let state = species.oxidationState { states[species.element, default: []].insert(state) }
    }
    return order.map { element in
      let known = states[element] ?? []
      guard let state = known.first, known.count == 1 else { return "\(element): integer" }
      // The problem format knows one element that balances the charge.
      if balanced == [element] { return "\(element): auto" }
      return state.rounded(.toNearestOrEven) == state
        ? "\(element): \(Int(state))" : "\(element): \(state)"
    }.joined(separator: ", ")
  }
}
