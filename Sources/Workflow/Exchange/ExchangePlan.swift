internal import Crystal
internal import Foundation

/// How many ions leave and come, so that the charge stays, or an element of the host takes it.
struct ExchangePlan {
  let structure: Structure
  let sites: [Int]
  let leaving: [Element]
  let coming: [(element: Element, share: Double)]
  let states: [Element: Double]

  /// The element of the host whose oxidation state follows; nil if the ions keep the charge.
  let balancing: Element?

  private func state(_ element: Element) -> Double { states[element] ?? 0 }

  /// The most frequent element of the host that changes its oxidation state easily.
  private var redoxElement: Element? {
    var counts: [Element: Int] = [:]
    for species in structure.species
    where species.element.isRedoxActive && !leaving.contains(species.element)
      && !coming.contains(where: { $0.element == species.element })
    {
      counts[species.element, default: 0] += 1
    }
    return counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
  }

  /// Ions of an element on the sites before.
  private func before(_ element: Element) -> Int {
    sites.count { structure.species[$0].element == element }
  }

  /// Charge on the sites before, e.
  private var charge: Double { leaving.reduce(0) { $0 + Double(before($1)) * state($1) } }

  /// What is on the sites when a fraction of the leaving ions is exchanged.
  func counts(
    fraction: Double, round: Bool, _ notes: inout [String]
  ) throws(InputError) -> [(Element, Int)] {
    guard fraction > 0, fraction <= 1 else {
      throw InputError("a fraction of \(fraction), expected above 0, up to 1", at: "--fraction")
    }
    let wanted = leaving.map { fraction * Double(before($0)) }
    let removed = zip(leaving, wanted).reduce(0) { $0 + state($1.0) * $1.1 }
    let exact =
      wanted
      + coming.map { $0.share * removed / max(1e-9, state($0.element)) }
    return try settle(exact, wantedText: "\(fixed(100 * fraction, 2)) %", round: round, &notes)
  }

  /// What is on the sites for a composition of the whole cell.
  ///
  /// With `round`, numbers of the host may differ from the formula by half its last digit.
  func counts(
    composition text: String, round: Bool, _ notes: inout [String]
  ) throws(InputError) -> [(Element, Int)] {
    let composition: Composition
    do {
      composition = try Composition(parsing: text)
    } catch {
      throw error.inside("--composition")
    }
    // Formula units by the elements that do not take part.
    let moving = Set(leaving + coming.map(\.element))
    var host: [Element: Int] = [:]
    for species in structure.species where !moving.contains(species.element) && !species.isVacancy {
      host[species.element, default: 0] += 1
    }
    if let stranger = composition.elements.first(where: {
      !moving.contains($0) && host[$0] == nil
    }) {
      throw InputError(
        "\(text) has \(stranger), which is neither in the cell nor among the ions that come",
        at: "--composition")
    }
    guard let most = host.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }) else {
      throw InputError("no element stays in place", at: "--composition")
    }
    let share = composition[most.key].doubleValue
    guard share > 0 else {
      throw InputError(
        "\(text) lacks \(most.key), of which the cell has \(most.value)", at: "--composition")
    }
    if let other = composition.elements.first(where: { !moving.contains($0) && host[$0] == nil }) {
      throw InputError(
        "\(text) has \(other), which is neither in the cell nor to come", at: "--composition",
        hint: "name all elements that come with --to")
    }
    let units = Double(most.value) / share
    // 0.11 may stand for anything from 0.105 to 0.115.
    let digits = ExchangePlan.decimals(text)
    let slack = round && digits > 0 ? units * 0.5 * pow(10, -Double(digits)) : 0
    for (element, count) in host.sorted(by: { $0.key < $1.key }) {
      let expected = composition[element].doubleValue * units
      let deviation = (expected - Double(count)).magnitude
      guard deviation < max(0.51, 0.01 * Double(count), slack * (1 + 1e-9)) else {
        throw InputError(
          "the cell has \(count) \(element), but \(text) asks for \(fixed(expected, 2)) beside "
            + "\(most.value) \(most.key)", at: "--composition",
          hint: "an exchange does not change the host"
            + (round ? "" : "; --round accepts what the digits of the formula leave open"))
      }
      if deviation > 1e-6 {
        notes.append(
          "the cell keeps its \(count) \(element), \(text) asks for \(fixed(expected, 2))")
      }
    }
    let removed = leaving.map { Double(before($0)) - composition[$0].doubleValue * units }
    if let index = removed.firstIndex(where: { $0 < -1e-9 }) {
      throw InputError(
        "\(text) has more \(leaving[index]) than the cell", at: "--composition")
    }
    let exact = removed + coming.map { composition[$0.element].doubleValue * units }
    let counts = try settle(exact, wantedText: text, round: round, &notes)
    let reached = (counts + host.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
      .filter { !$0.0.isVacancy }
      .map { "\(fixed(Double($0.1) / units, 4)) \($0.0)" }
    notes.append("per formula unit: \(reached.joined(separator: ", "))")
    return counts
  }

  /// The least number of decimals of the amounts in a formula that have any; 0 if none has.
  private static func decimals(_ formula: String) -> Int {
    let parts = formula.split(separator: ".", omittingEmptySubsequences: false).dropFirst()
    return parts.map { $0.prefix { $0.isNumber }.count }.min() ?? 0
  }

  /// The nearest numbers, not whole ones, that keep the charge.
  private func neutral(_ exact: [Double], _ charges: [Double]) -> [Double] {
    let square = charges.reduce(0) { $0 + $1 * $1 }
    guard balancing == nil, square > 0 else { return exact }
    let change = zip(exact, charges).reduce(0) { $0 + $1.0 * $1.1 }
    return zip(exact, charges).map { $0 - change * $1 / square }
  }

  /// Whole numbers with the same charge, nearest to those that are wanted.
  private func settle(
    _ exact: [Double], wantedText: String, round: Bool, _ notes: inout [String]
  ) throws(InputError) -> [(Element, Int)] {
    let elements = leaving + coming.map(\.element)
    let signs = leaving.map { _ in -1.0 } + coming.map { _ in 1.0 }
    var options: [(numbers: [Int], distance: Double)] = []
    let charges = zip(elements, signs).map { state($0) * $1 }
    // The whole numbers nearest to those that are wanted are the nearest to these, too.
    let centre = neutral(exact, charges)
    let limits = exact.indices.map { index -> ClosedRange<Int> in
      let most = index < leaving.count ? before(leaving[index]) : sites.count
      let low = max(0, min(most, Int(centre[index].rounded(.down)) - 4))
      return low...max(low, min(most, Int(centre[index].rounded(.up)) + 4))
    }
    func search(_ numbers: [Int]) {
      let index = numbers.count
      if index == exact.count {
        let change = zip(numbers, charges).reduce(0) { $0 + Double($1.0) * $1.1 }
        let arriving = numbers[leaving.count...].reduce(0, +)
        let staying = leaving.indices.reduce(0) { $0 + before(leaving[$1]) - numbers[$1] }
        guard balancing != nil || change.magnitude < 1e-9, arriving > 0,
          arriving + staying <= sites.count
        else { return }
        let distance = zip(numbers, exact).reduce(0) {
          $0 + (Double($1.0) - $1.1) * (Double($1.0) - $1.1)
        }
        options.append((numbers, distance))
        return
      }
      for number in limits[index] { search(numbers + [number]) }
    }
    search([])
    options.sort { $0.distance < $1.distance - 1e-12 }
    func text(_ numbers: [Int]) -> String {
      zip(elements, zip(numbers, signs)).filter { $0.1.0 > 0 }.map {
        "\($0.1.1 < 0 ? "−" : "+")\($0.1.0) \($0.0)"
      }.joined(separator: " ")
    }
    let stateText = elements.map { "\(Species($0, oxidationState: state($0)))" }
      .joined(separator: ", ")
    guard let best = options.first else {
      throw InputError(
        "no whole numbers near \(wantedText) keep the charge with \(stateText)", at: "exchange",
        hint: "use a larger supercell, more sites with --onto, or other --oxidation states")
    }
    let change = zip(exact, charges).reduce(0) { $0 + $1.0 * $1.1 }
    let isUnbalanced = balancing == nil && change.magnitude > 1e-6
    let redox = isUnbalanced ? redoxElement : nil
    if best.distance > 1e-12 {
      guard round else {
        let nearest = options.prefix(3).map { text($0.numbers) }.joined(separator: "; ")
        throw InputError(
          "\(wantedText) is not a whole number of ions that keeps the charge with \(stateText)",
          at: "exchange",
          hint: "nearest are \(nearest); accept the first with --round"
            + (redox.map { ", or let \($0) take the charge with --oxidation \($0)=auto" } ?? ""))
      }
      if isUnbalanced {
        notes.append(
          "\(wantedText) would change the charge by \(signed(change)) e with \(stateText)"
            + (redox.map { "; --oxidation \($0)=auto lets \($0) take it" } ?? ""))
      }
      let wanted = zip(elements, zip(exact, signs)).map {
        "\($0.1.1 < 0 ? "−" : "+")\(fixed($0.1.0, 3)) \($0.0)"
      }.joined(separator: " ")
      notes.append("\(wanted) rounded to \(text(best.numbers))")
    }
    var counts: [(Element, Int)] = []
    for (index, element) in leaving.enumerated() {
      counts.append((element, before(element) - best.numbers[index]))
    }
    for (index, entry) in coming.enumerated() {
      counts.append((entry.element, best.numbers[leaving.count + index]))
    }
    let used = counts.reduce(0) { $0 + $1.1 }
    let after = charge + zip(best.numbers, charges).reduce(0) { $0 + Double($1.0) * $1.1 }
    notes.append(
      "\(text(best.numbers)) with \(stateText): the charge "
        + (balancing == nil
          ? "stays \(fixed(charge, 2)) e on these sites"
          : "on these sites goes from \(fixed(charge, 2)) to \(fixed(after, 2)) e"))
    return counts.filter { $0.1 > 0 } + (used < sites.count ? [(.vacancy, sites.count - used)] : [])
  }
}

/// `+1.00`, `−18.00`, `0.00`.
func signed(_ value: Double) -> String {
  let text = fixed(value.magnitude, 2)
  return value.magnitude < 0.005 ? text : (value < 0 ? "−" : "+") + text
}
