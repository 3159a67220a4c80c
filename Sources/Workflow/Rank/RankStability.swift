internal import Arrangement
internal import Crystal
internal import Search
internal import Symmetry

/// Which of the lowest arrangements stay when the charges or the energy model change.
///
/// Arrangements are compared by their elements up to symmetry, so that different charge orders on the
/// same ions count as one.
public struct RankStability: Sendable {
  /// What is different, such as `ewald instead of lattice`.
  public let name: String

  /// For each arrangement of the ranking its place among the ions' arrangements of the other, from 1; nil
  /// if it is not among them.
  public let places: [Int?]

  /// Different arrangements of the ions among those that the other ranked.
  public let ionArrangements: Int

  /// Whether the other ranking was proved.
  public let isProved: Bool

  /// Why there is no other ranking; nil if there is.
  public let failure: String?

  /// Of the ranking, how many are in the other one.
  public var kept: Int { places.count { $0 != nil } }

  /// Another way to assign energies.
  struct Alternative {
    var name: String
    var specification: ProblemSpecification
    var energy: EnergyModelChoice
  }

  init(failed name: String, _ reason: String) {
    self.name = name
    failure = reason
    places = []
    ionArrangements = 0
    isProved = false
  }

  init(_ name: String, _ result: RankResult, _ other: Ranking, _ state: Ranking.State) {
    self.name = name
    failure = nil
    isProved = state.search.isProved
    let form = IonForm(result.run.ranking)
    var seen: Set<[Element]> = []
    var order: [[Element]] = []
    for entry in state.search.list.wanted {
      let ions = form(other.problem.structure(of: entry.arrangement))
      if seen.insert(ions).inserted { order.append(ions) }
    }
    ionArrangements = order.count
    places = result.entries.map { entry in
      let ions = form(result.run.problem.structure(of: entry.arrangement))
      return order.firstIndex(of: ions).map { $0 + 1 }
    }
  }

  /// The other assignments that make sense for a problem.
  static func alternatives(
    _ file: ProblemFile, _ ranking: Ranking, _ specification: RankSpecification
  ) throws(InputError) -> [Alternative] {
    var result: [Alternative] = []
    let base = file.specification
    if specification.stability {
      let other: EnergyModelChoice = ranking.energy == .ewald ? .lattice : .ewald
      result.append(
        Alternative(
          name: "energies: \(other.rawValue) instead of \(ranking.energy.rawValue)",
          specification: base, energy: other))
      // A mixed valence as an average, or split into whole states.
      let states = Dictionary(grouping: ranking.problem.ledger.rows, by: \.species.element)
      for (element, rows) in states.sorted(by: { $0.key < $1.key }) {
        let isSplit = rows.count > 1
        let average = rows.first?.species.oxidationState ?? 0
        let isMixed = rows.count == 1 && (average - average.rounded()).magnitude > 1e-9
        guard isSplit || isMixed else { continue }
        var changed = base
        changed.oxidation[element] = isSplit ? .auto : .integer
        result.append(
          Alternative(
            name: isSplit
              ? "\(element) with its average oxidation state instead of whole states"
              : "\(element) in whole oxidation states instead of their average",
            specification: changed, energy: ranking.energy))
      }
    }
    for text in specification.otherOxidation {
      var changed = base
      for word in text.split(separator: ",") {
        let parts = word.split(separator: "=")
        guard parts.count == 2, let element = Element(symbol: String(parts[0])),
          let state = NumberReader.real(String(parts[1])), state.magnitude <= 9
        else {
          throw InputError(
            "\"\(word)\" is not an oxidation state", at: "--other-oxidation",
            hint: "write for example Mg=2,Mn=4")
        }
        changed.oxidation[element] = .fixed(state)
      }
      changed.chargePolicy = .background
      result.append(
        Alternative(
          name: "oxidation states \(text)", specification: changed, energy: ranking.energy))
    }
    return result
  }
}

/// The elements of a cell in the first of all orders that symmetry makes alike.
private struct IonForm {
  private let permutations: [[Int]]

  init(_ ranking: Ranking) {
    let sites = ranking.space.symmetry.sites
    permutations = (0..<sites.count).map { sites.permutation($0) }
  }

  func callAsFunction(_ structure: Structure) -> [Element] {
    let elements = structure.species.map(\.element)
    var best = elements
    for permutation in permutations {
      let image = permutation.map { elements[$0] }
      if image.lexicographicallyPrecedes(best) { best = image }
    }
    return best
  }
}
