import Arrangement
import Building
import CellgenTestSupport
import Crystal
import Energetics
import Search
import Testing

func element(_ symbol: String) throws -> Element {
  symbol == "Va" ? .vacancy : try #require(Element(symbol: symbol))
}

/// The problems on which the laws are tried: one pool, species that only some labels allow, a pool
/// per label, and a charged cell without symmetry in which the arranged species interact at short range.
enum Sample: String, CaseIterable, Sendable {
  case host
  case restricted
  case separate
  case skewed

  func space() throws -> SearchSpace {
    switch self {
    case .host:
      return try SearchSpace(
        ArrangementProblem(
          ProblemSpecification(
            parent: spinel(), allowed: spinelAllowed(["8a": all, "16c": all, "16d": all]),
            supercell: SupercellMatrix(parsing: "1x1x3"),
            composition: Composition(parsing: "Mg0.5ZnMnO3"))), potentials: .lewisCatlow)
    case .restricted:
      return try SearchSpace(
        ArrangementProblem(
          ProblemSpecification(
            parent: spinel(),
            allowed: spinelAllowed([
              "8a": ["Mg", "Zn", "Va"], "16c": ["Mg", "Va"], "16d": ["Zn", "Mn"],
            ]), composition: Composition(parsing: "Mg8Zn8Mn12O32"))), potentials: .lewisCatlow)
    case .separate:
      return try SearchSpace(
        ArrangementProblem(
          ProblemSpecification(
            parent: spinel(),
            allowed: spinelAllowed(["8a": ["Mg", "Va"], "16c": ["Va"], "16d": ["Zn", "Mn"]]),
            counts: [
              .init(label: "8a", counts: [element("Mg"): 3]),
              .init(label: "16d", counts: [element("Zn"): 4, element("Mn"): 12]),
            ])), potentials: nil)
    case .skewed:
      let (mg, zn) = try (element("Mg"), element("Zn"))
      let pair = PotentialSet(
        name: "pair", source: "made up", cutoff: 7,
        pairs: [
          .init(
            Species(mg, oxidationState: 2), Species(zn, oxidationState: 2),
            PairPotential.Term(amplitude: 300, range: 0.5))
        ])
      return try SearchSpace(
        ArrangementProblem(
          ProblemSpecification(
            parent: skewedCell(),
            allowed: (0..<18).map { $0 < 12 ? [mg, zn, .vacancy] : [.oxygen] },
            counts: [.init(label: "cation", counts: [mg: 4, zn: 3])], chargePolicy: .background)),
        potentials: pair)
    }
  }
}

private let all = ["Mg", "Zn", "Mn", "Va"]

func spinel() throws -> Structure { try Spinel(SpinelSpecification()).unitCell }

/// Allowed elements of each site of the spinel cell; the anions are fixed.
func spinelAllowed(_ elements: [String: [String]]) throws -> [[Element]] {
  try (spinel().labels ?? []).map { label in try (elements[label] ?? ["O"]).map(element) }
}

/// Twelve cation sites and six anion sites at random places, some outside the cell.
private func skewedCell() -> Structure {
  var stream = RandomStream(seed: 4, purpose: "skewed cell")
  var cell = Structure(
    lattice: skewedLattice, species: (0..<18).map { _ in Species(.dummy) },
    positions: (0..<18).map { i in
      // On a coarse grid, so that no two come close.
      let grid = SIMD3(Double(i % 3) / 3, Double(i / 3 % 3) / 3, Double(i / 9) / 2)
      let noise = SIMD3(stream.uniform(), stream.uniform(), stream.uniform())
      return Fractional(grid + 0.08 * noise - SIMD3(repeating: Double(i % 2)))
    })
  cell.labels = (0..<18).map { $0 < 12 ? "cation" : "anion" }
  return cell
}
