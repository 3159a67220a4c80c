internal import Crystal

/// Numbers of elements on the variable sites, from a composition or from exact counts.
struct CountResolution {
  /// A set of sites with given numbers of elements.
  struct Pool {
    /// Sites of the unit cell.
    var parentSites: [Int]
    /// Numbers in the supercell; they add up to the sites.
    var counts: [Element: Int]
  }

  /// The pools, in the order of their sites.
  var pools: [Pool] = []
  /// Numbers of elements on fixed sites, in the supercell.
  var fixedCounts: [Element: Int] = [:]
  /// Formula units in the supercell, where a composition was given.
  var formulaUnits: Int?
  /// What rounding did, one line each.
  var notes: [String] = []

  private let labels: [String]

  init(_ specification: ProblemSpecification) throws {
    let cells = specification.supercell.cellCount
    let parent = specification.parent
    labels = parent.labels ?? parent.species.map { _ in "site" }
    var problems: [InputError] = []

    for (i, elements) in specification.allowed.enumerated() {
      if elements.isEmpty {
        problems.append(
          InputError(
            "nothing may occupy \(labels[i])", at: "sites: \(labels[i])",
            hint: "list species in allowed, with Va for a site that may be empty"))
      }
      if elements.count == 1 { fixedCounts[elements[0], default: 0] += cells }
    }
    let variable = specification.allowed.indices.filter { specification.allowed[$0].count > 1 }
    let variableLabels = Set(variable.map { labels[$0] })

    // Labels with exact counts.
    var counted: Set<String> = []
    for entry in specification.counts {
      let sites = variable.filter { labels[$0] == entry.label }
      guard !sites.isEmpty else {
        let known = Set(labels).contains(entry.label)
        let near = nearestMatch(to: entry.label, among: Array(variableLabels).sorted())
        problems.append(
          InputError(
            known
              ? "all sites of \(entry.label) are fixed: nothing to count"
              : "there are no sites with the label \(entry.label)", at: "counts: \(entry.label)",
            hint: known
              ? "allow more than one species on them"
              : near.map { "did you mean \($0)?" }
                ?? "labels are \(Set(labels).sorted().joined(separator: ", "))"))
        continue
      }
      counted.insert(entry.label)
      do {
        let counts = try CountResolution.complete(
          entry, siteCount: sites.count * cells,
          allowed: sites.reduce(into: Set<Element>()) { $0.formUnion(specification.allowed[$1]) })
        pools.append(Pool(parentSites: sites, counts: counts))
      } catch {
        problems.append(error.inside("counts: \(entry.label)"))
      }
    }

    // All other labels share what the composition leaves.
    let rest = variable.filter { !counted.contains(labels[$0]) }
    do {
      if let composition = specification.composition {
        try share(composition, over: rest, specification)
      } else if !rest.isEmpty {
        let names = Set(rest.map { labels[$0] }).sorted().joined(separator: ", ")
        throw InputError(
          "nothing says how many of each species sit on \(names)", at: "composition",
          hint: "give a composition such as Mg0.5ZnMnO3, or counts for each label")
      }
    } catch let error as InputError {
      problems.append(error)
    }
    if !problems.isEmpty { throw InputErrors(problems) }
  }

  /// Fills in the one element that is not listed.
  private static func complete(
    _ entry: ProblemSpecification.LabelCounts, siteCount: Int, allowed: Set<Element>
  ) throws(InputError) -> [Element: Int] {
    for element in entry.counts.keys.sorted() where !allowed.contains(element) {
      throw InputError(
        "\(element) is counted but not allowed there",
        hint: "allowed are \(allowed.sorted().map(\.symbol).joined(separator: ", "))")
    }
    for (element, count) in entry.counts.sorted(by: { $0.key < $1.key }) where count < 0 {
      throw InputError("\(count) \(element), expected a number that is not negative")
    }
    let missing = allowed.subtracting(entry.counts.keys).sorted()
    let listed = entry.counts.values.reduce(0, +)
    var counts = entry.counts
    guard listed <= siteCount, missing.count == 1 || listed == siteCount else {
      if listed > siteCount {
        throw InputError("\(listed) species on \(siteCount) sites")
      }
      throw InputError(
        missing.isEmpty
          ? "\(listed) species on \(siteCount) sites"
          : "\(siteCount - listed) of \(siteCount) sites are left for "
            + missing.map(\.symbol).joined(separator: " and "),
        hint: missing.isEmpty
          ? "the numbers must add up to the number of sites"
          : "list all but one of the allowed species")
    }
    if let last = missing.first { counts[last] = siteCount - listed }
    return counts
  }

  /// Shares a composition out over variable sites: what is neither fixed nor counted.
  private mutating func share(
    _ composition: Composition, over sites: [Int], _ specification: ProblemSpecification
  ) throws {
    let cells = specification.supercell.cellCount
    let allowed = sites.reduce(into: Set<Element>()) {
      $0.formUnion(specification.allowed[$1])
    }
    let units = try formulaUnits(of: composition, specification)
    formulaUnits = units
    var counts: [Element: Int] = [:]
    var misfits: [(Element, Rational)] = []
    for entry in composition.amounts {
      let exact = (try? entry.amount.multiplied(by: Rational(units))) ?? .zero
      let placed =
        (fixedCounts[entry.element] ?? 0)
        + pools.reduce(0) { $0 + ($1.counts[entry.element] ?? 0) }
      let whole: Int
      if let integer = exact.integerValue {
        whole = integer
      } else {
        misfits.append((entry.element, exact))
        whole = Int(exact.doubleValue.rounded(.toNearestOrEven))
      }
      let left = whole - placed
      guard left >= 0 else {
        throw InputError(
          "\(composition) has \(whole) \(entry.element) in this cell, but \(placed) are already on "
            + "fixed or counted sites", at: "composition")
      }
      if left > 0 && !allowed.contains(entry.element) {
        throw InputError(
          "no site is left for \(left) \(entry.element) of \(composition)", at: "composition",
          hint: "allow \(entry.element) on some label, or change the composition")
      }
      if left > 0 { counts[entry.element] = left }
    }
    if !misfits.isEmpty && specification.rounding == .refuse {
      let place = misfits.map { element, exact in
        let below = Int(exact.doubleValue.rounded(.down))
        let options = [below, below + 1].map { count in
          let fraction = (try? Rational(count, units)) ?? .zero
          return "\(count) (\(element)\(fraction) = \(fixed(fraction.doubleValue, 4)))"
        }
        return "\(fixed(exact.doubleValue, 2)) \(element); nearest are "
          + options.joined(separator: " and ")
      }
      throw InputError(
        "\(composition) does not fit \(units) formula units: " + place.joined(separator: "; "),
        at: "composition",
        hint: "write the amount as a fraction of \(units), or accept the nearest with --round")
    }
    for (element, exact) in misfits {
      let whole = Int(exact.doubleValue.rounded(.toNearestOrEven))
      notes.append(
        "\(element): \(fixed(exact.doubleValue, 3)) rounded to \(whole), a shift of "
          + "\(fixed((Double(whole) - exact.doubleValue) / Double(units), 5)) per formula unit")
    }
    if sites.isEmpty { return }
    let room = sites.count * cells
    let used = counts.values.reduce(0, +)
    guard used <= room else {
      throw InputError(
        "\(composition) puts \(used) atoms on \(room) sites", at: "composition",
        hint: "allow more sites, or less of the species")
    }
    if used < room {
      guard allowed.contains(.vacancy) else {
        throw InputError(
          "\(composition) fills \(used) of \(room) sites, and none may be empty",
          at: "composition", hint: "add Va to the allowed species of a label")
      }
      counts[.vacancy] = room - used
    }
    pools.append(Pool(parentSites: sites, counts: counts))
  }

  /// Formula units in the cell: given, or from an element that sits on fixed sites only.
  private func formulaUnits(
    of composition: Composition, _ specification: ProblemSpecification
  ) throws(InputError) -> Int {
    if let given = specification.formulaUnits { return given }
    let variable = Set(specification.allowed.filter { $0.count > 1 }.flatMap { $0 })
    var found: [(element: Element, units: Rational)] = []
    for (element, count) in fixedCounts.sorted(by: { $0.key < $1.key })
    where !variable.contains(element) && !element.isVacancy {
      guard composition[element] > .zero else {
        throw InputError(
          "the cell has \(count) \(element), which \(composition) lacks", at: "composition")
      }
      if let units = try? Rational(count).divided(by: composition[element]) {
        found.append((element, units))
      }
    }
    guard let first = found.first else {
      throw InputError(
        "no fixed element says how many formula units \(composition) the cell holds",
        at: "composition", hint: "add formula_units, or give counts for each label")
    }
    for other in found.dropFirst() where other.units != first.units {
      throw InputError(
        "\(composition) does not fit the fixed sites: \(first.units) formula units by "
          + "\(first.element), \(other.units) by \(other.element)", at: "composition")
    }
    guard let units = first.units.integerValue else {
      throw InputError(
        "the \(fixedCounts[first.element] ?? 0) \(first.element) of the cell are \(first.units) "
          + "formula units of \(composition), expected a whole number", at: "composition")
    }
    return units
  }
}
