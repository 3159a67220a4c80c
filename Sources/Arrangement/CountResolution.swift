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

    var unoccupied: Set<String> = []
    for (i, elements) in specification.allowed.enumerated() {
      if elements.isEmpty && unoccupied.insert(labels[i]).inserted {
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
                ?? "labels are \(distinct(labels).joined(separator: ", "))"))
        continue
      }
      guard counted.insert(entry.label).inserted else {
        problems.append(
          InputError(
            "there are two entries for \(entry.label)", at: "counts: \(entry.label)",
            hint: "write all species of a label into one"))
        continue
      }
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
        let names = distinct(rest.map { labels[$0] }).joined(separator: ", ")
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
    for (element, count) in entry.counts.sorted(by: { $0.key < $1.key }) {
      guard allowed.contains(element) else {
        throw InputError(
          "\(element) is counted but not allowed there", hint: "allowed are \(list(allowed))")
      }
      guard count >= 0 else {
        throw InputError("\(count) \(element), expected a number that is not negative")
      }
      guard count <= siteCount else {
        throw InputError("\(count) \(element) do not fit on \(siteCount) sites")
      }
    }
    let missing = allowed.subtracting(entry.counts.keys)
    let listed = entry.counts.values.reduce(0, +)
    var counts = entry.counts
    guard listed <= siteCount else {
      throw InputError("the numbers add up to \(listed), but there are only \(siteCount) sites")
    }
    guard listed == siteCount || missing.count == 1 else {
      throw InputError(
        missing.isEmpty
          ? "the numbers add up to \(listed), but there are \(siteCount) sites"
          : "\(siteCount - listed) of \(siteCount) sites are left for \(list(missing, "or"))",
        hint: !missing.isEmpty
          ? "give numbers for all but one of the allowed species"
          : allowed.contains(.vacancy)
            ? nil : "add Va to the allowed species if sites may be empty")
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
    let room = sites.count * cells
    let units = try formulaUnits(of: composition, specification)
    formulaUnits = units
    var placed = fixedCounts
    for pool in pools { placed.merge(pool.counts, uniquingKeysWith: +) }
    for (element, count) in placed.sorted(by: { $0.key < $1.key })
    where count > 0 && !element.isVacancy && composition[element] == .zero {
      throw InputError(
        "the cell has \(count) \(element) on fixed or counted sites, which \(composition) lacks",
        at: "composition")
    }
    var counts: [Element: Int] = [:]
    var misfits: [(Element, Rational)] = []
    for entry in composition.amounts {
      let element = entry.element
      guard let exact = try? entry.amount.multiplied(by: Rational(units)) else {
        throw InputError(
          "the amount of \(element) in \(composition) has too many digits", at: "composition")
      }
      let whole: Int
      if let integer = exact.integerValue {
        whole = integer
      } else {
        misfits.append((element, exact))
        whole = Int(exact.doubleValue.rounded(.toNearestOrEven))
      }
      let left = whole - (placed[element] ?? 0)
      guard left >= 0 else {
        throw InputError(
          "\(composition) has \(whole) \(element) in this cell, but \(placed[element] ?? 0) are "
            + "already on fixed or counted sites", at: "composition")
      }
      guard left == 0 || allowed.contains(element) else {
        throw InputError(
          "no site is left for \(left) \(element) of \(composition)", at: "composition",
          hint: "allow \(element) on some label, or change the composition")
      }
      guard left <= room else {
        throw InputError(
          "\(composition) puts \(left) \(element) on \(room) sites", at: "composition",
          hint: "allow \(element) on more sites, or change the composition")
      }
      if left > 0 { counts[element] = left }
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
    if let given = specification.formulaUnits {
      guard given > 0 else {
        throw InputError("\(given) formula units, expected at least 1", at: "formula_units")
      }
      return given
    }
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

/// `Mg, Zn, Va`, or `Mg or Va`: by atomic number, the vacancy last.
func list(_ elements: Set<Element>, _ conjunction: String? = nil) -> String {
  let symbols = elements.sorted { ($0.isVacancy ? 1 : 0, $0) < ($1.isVacancy ? 1 : 0, $1) }
    .map(\.symbol)
  guard let conjunction, symbols.count > 1 else { return symbols.joined(separator: ", ") }
  return symbols.dropLast().joined(separator: ", ") + " \(conjunction) "
    + symbols.suffix(1).joined()
}

/// The labels without repetitions, in the order in which they first appear.
func distinct(_ labels: [String]) -> [String] {
  var seen: Set<String> = []
  return labels.filter { seen.insert($0).inserted }
}
