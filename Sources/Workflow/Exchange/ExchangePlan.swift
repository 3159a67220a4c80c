internal import Crystal

/// How many ions leave and come, so that the charge stays.
struct ExchangePlan {
  let structure: Structure
  let sites: [Int]
  let leaving: [Element]
  let coming: [(element: Element, share: Double)]
  let states: [Element: Double]

  private func state(_ element: Element) -> Double { states[element] ?? 0 }

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
    let units = Double(most.value) / share
    for (element, count) in host.sorted(by: { $0.key < $1.key }) {
      let expected = composition[element].doubleValue * units
      guard (expected - Double(count)).magnitude < max(0.51, 0.01 * Double(count)) else {
        throw InputError(
          "the cell has \(count) \(element), but \(text) asks for \(fixed(expected, 2)) beside "
            + "\(most.value) \(most.key)", at: "--composition",
          hint: "an exchange does not change the host")
      }
    }
    let removed = leaving.map { Double(before($0)) - composition[$0].doubleValue * units }
    if let index = removed.firstIndex(where: { $0 < -1e-9 }) {
      throw InputError(
        "\(text) has more \(leaving[index]) than the cell", at: "--composition")
    }
    let exact = removed + coming.map { composition[$0.element].doubleValue * units }
    return try settle(exact, wantedText: text, round: round, &notes)
  }

  /// Whole numbers with the same charge, nearest to those that are wanted.
  private func settle(
    _ exact: [Double], wantedText: String, round: Bool, _ notes: inout [String]
  ) throws(InputError) -> [(Element, Int)] {
    let elements = leaving + coming.map(\.element)
    let signs = leaving.map { _ in -1.0 } + coming.map { _ in 1.0 }
    var options: [(numbers: [Int], distance: Double)] = []
    let limits = exact.indices.map { index -> ClosedRange<Int> in
      let most = index < leaving.count ? before(leaving[index]) : sites.count
      let low = max(0, min(most, Int(exact[index].rounded(.down)) - 4))
      return low...max(low, min(most, Int(exact[index].rounded(.up)) + 4))
    }
    func search(_ numbers: [Int]) {
      let index = numbers.count
      if index == exact.count {
        let change = zip(numbers, zip(elements, signs)).reduce(0) {
          $0 + Double($1.0) * $1.1.1 * state($1.1.0)
        }
        let arriving = numbers[leaving.count...].reduce(0, +)
        let staying = leaving.indices.reduce(0) { $0 + before(leaving[$1]) - numbers[$1] }
        guard change.magnitude < 1e-9, arriving > 0, arriving + staying <= sites.count else {
          return
        }
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
    if best.distance > 1e-12 {
      guard round else {
        let nearest = options.prefix(3).map { text($0.numbers) }.joined(separator: "; ")
        throw InputError(
          "\(wantedText) is not a whole number of ions that keeps the charge with \(stateText)",
          at: "exchange", hint: "nearest are \(nearest); accept the first with --round")
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
    notes.append(
      "\(text(best.numbers)) with \(stateText): the charge stays \(fixed(charge, 2)) e on these sites"
    )
    return counts.filter { $0.1 > 0 } + (used < sites.count ? [(.vacancy, sites.count - used)] : [])
  }
}
