internal import Crystal
internal import Arrangement

/// An element of the host that keeps the cell neutral when ions are exchanged.
struct HostBalance: Sendable {
  /// The element.
  let element: Element

  /// Its sites.
  let sites: [Int]

  /// Whether its atoms take whole numbers, the two next to the average.
  let isWhole: Bool

  /// Charge of all its atoms together, e.
  let charge: Double

  /// The average oxidation state.
  var state: Double { charge / Double(sites.count) }

  /// Finds what the element has to carry.
  ///
  /// - Parameters:
  ///   - element: An element that stays in place.
  ///   - structure: The cell before.
  ///   - exchanged: Sites of the ions that are exchanged.
  ///   - moved: Charge on those afterwards, e.
  ///   - given: Oxidation states that are prescribed.
  /// - Throws: ``InputError`` if the charge of another element is not known, or the state that comes
  ///   out is none.
  init(
    _ element: Element, in structure: Structure, exchanged: Set<Int>, moved: Double,
    given: [Element: ProblemSpecification.OxidationRule]
  ) throws(InputError) {
    var others = moved
    var sites: [Int] = []
    for (site, species) in structure.species.enumerated()
    where !species.isVacancy && !exchanged.contains(site) {
      if species.element == element {
        sites.append(site)
      } else {
        others += try HostBalance.state(species, given[species.element])
      }
    }
    self.element = element
    self.sites = sites
    isWhole = given[element] == .integer
    charge = -others
    guard !sites.isEmpty, (0...8).contains(charge / Double(max(1, sites.count))) else {
      throw InputError(
        "\(element) would need an oxidation state of \(fixed(charge / Double(max(1, sites.count)), 3)), "
          + "expected 0 to 8", at: "--oxidation",
        hint: "check the composition and the other oxidation states")
    }
  }

  private static func state(
    _ species: Species, _ rule: ProblemSpecification.OxidationRule?
  ) throws(InputError) -> Double {
    if case .fixed(let state) = rule { return state }
    if let state = species.oxidationState { return state }
    guard !species.element.isRedoxActive, let usual = species.element.oxidationStates.first else {
      throw InputError(
        "the oxidation state of \(species.element) is not clear", at: "--oxidation",
        hint: "add --oxidation \(species.element)=\(species.element.oxidationStates.first ?? 2)")
    }
    return Double(usual)
  }

  /// One state for each of ``sites``.
  func states(using stream: inout RandomStream) -> [Double] {
    guard isWhole else { return sites.map { _ in state } }
    let low = state.rounded(.down)
    let high = Int((charge - low * Double(sites.count)).rounded(.toNearestOrEven))
    var states = sites.indices.map { $0 < high ? low + 1 : low }
    stream.shuffle(&states)
    return states
  }
}
