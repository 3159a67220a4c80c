internal import Crystal
internal import Symmetry

/// A position with everything that may occupy it.
struct DisorderedSite {
  /// Atoms on the position, by species, then by the order of the file; not empty.
  var atoms: [DisorderedAtom]

  /// The mean of their positions, weighted by occupancy.
  var position: Fractional

  /// Elements with their fractions, by atomic number, the vacancy last; they add up to 1.
  var occupants: [SiteGroup.Occupant] = []

  /// Sum of the occupancies as given, vacancies not counted.
  var given: Double { atoms.reduce(0) { $0 + ($1.species.isVacancy ? 0 : $1.occupancy) } }

  /// Whether something is missing or shared here.
  var isMixed: Bool { occupants.count > 1 }

  /// The rows of the file that meet here.
  var rowKey: String { atoms.map(\.rowKey).sorted().joined(separator: " + ") }

  /// What occupies it, whatever it is called.
  var contentKey: String {
    occupants.map { "\($0.element) \(fixed($0.occupancy, 9))" }.joined(separator: " + ")
  }

  /// The names of the rows, each once.
  func names(_ problems: DisorderProblems) -> String {
    distinct(atoms.map { problems.name($0) }).joined(separator: " and ")
  }

  /// Groups of atoms that lie within `distance`, Å, of one another, directly or by way of others.
  static func clusters(
    _ atoms: [DisorderedAtom], lattice: Lattice, distance: Double
  ) -> [[Int]] {
    let index = SiteIndex(lattice: lattice, positions: atoms.map(\.position))
    var clusterOfAtom = [Int](repeating: -1, count: atoms.count)
    var clusters: [[Int]] = []
    for start in atoms.indices where clusterOfAtom[start] < 0 {
      var members = [start]
      clusterOfAtom[start] = clusters.count
      var next = 0
      while next < members.count {
        for near in index.sites(near: atoms[members[next]].position, within: distance)
        where clusterOfAtom[near.site] < 0 {
          clusterOfAtom[near.site] = clusters.count
          members.append(near.site)
        }
        next += 1
      }
      clusters.append(members.sorted())
    }
    return clusters
  }

  /// Puts atoms that share a position together.
  init(_ members: [DisorderedAtom], lattice: Lattice) {
    let origin = members[0].position.components
    var (sum, weight) = (SIMD3<Double>.zero, 0.0)
    for atom in members {
      let step = atom.position.components - origin
      let nearest = step - step.rounded(.toNearestOrEven)
      let share = max(atom.occupancy, 1e-3)
      sum += share * nearest
      weight += share
    }
    position = Fractional(origin + sum / weight)
    atoms = members.sorted { ($0.species, $0.index) < ($1.species, $1.index) }
  }

  /// Refuses atoms that are near to each other by way of others only, which are neither one position
  /// nor several.
  func checkSpread(_ lattice: Lattice, _ problems: inout DisorderProblems) {
    let farthest = atoms.map { lattice.distance($0.position, position) }.max() ?? 0
    guard farthest > DisorderedCrystal.mergeDistance else { return }
    problems.report(
      "\(names(problems)) are spread over \(fixed(2 * farthest, 2)) Å, too far for one position and "
        + "too near for several",
      at: atoms.min { $0.index < $1.index },
      hint: "put the atoms on one position, or remove some of the rows", key: "spread \(rowKey)")
  }

  /// Fractions of the elements: those of one element are added, what is missing is vacant.
  ///
  /// - Returns: A remark if the sum is taken for 1 without being 1; nil otherwise.
  mutating func resolve(_ problems: inout DisorderProblems) -> String? {
    var shares: [Element: (occupancy: Double, tolerance: Double)] = [:]
    // A dummy beside other atoms is how some programs write a vacancy.
    let isShared = atoms.contains { $0.species.element.atomicNumber > 0 }
    for atom in atoms {
      let element =
        atom.species.element == .dummy && isShared ? Element.vacancy : atom.species.element
      let old = shares[element] ?? (0, 0)
      shares[element] = (old.occupancy + atom.occupancy, old.tolerance + atom.tolerance)
    }
    let vacant = shares.removeValue(forKey: .vacancy)?.occupancy ?? 0
    let filled = shares.values.reduce(0) { $0 + $1.occupancy }
    let slack = sumTolerance
    guard filled + vacant <= 1 + slack else {
      reportOverfull(filled + vacant, &problems)
      return nil
    }
    var vacancy = max(0, 1 - filled)
    var remark: String?
    if vacancy <= slack && vacant <= slack {
      vacancy = 0
      if (filled - 1).magnitude > DisorderedAtom.leastTolerance {
        remark = "the occupancies add up to \(shortest(filled)), taken as 1"
      }
    }
    let scale = filled > 0 ? (1 - vacancy) / filled : 1
    occupants = shares.sorted { $0.key < $1.key }.map { element, share in
      SiteGroup.Occupant(
        element: element, occupancy: share.occupancy * scale, tolerance: share.tolerance)
    }
    if vacancy > 0 {
      occupants.append(
        SiteGroup.Occupant(
          element: .vacancy, occupancy: vacancy,
          tolerance: shares.values.reduce(0) { $0 + $1.tolerance }))
    }
    return remark
  }

  /// How far a sum of occupancies may be from 1 and still mean a full site.
  ///
  /// At least 0.005; the uncertainties of several atoms add up in squares where they are known, and
  /// as they are where digits were cut; never more than 0.05.
  private var sumTolerance: Double {
    let known = atoms.reduce(0) { $0 + ($1.uncertainty.map { $0 * $0 } ?? 0) }.squareRoot()
    let cut = atoms.reduce(0) { $0 + ($1.uncertainty == nil ? $1.tolerance : 0) }
    return min(0.05, max(DisorderedAtom.mostTolerance, known + cut))
  }

  private func reportOverfull(_ sum: Double, _ problems: inout DisorderProblems) {
    let terms = atoms.map { "\($0.species) \(shortest($0.occupancy))" }
    let areFull = atoms.allSatisfy { $0.occupancy == 1 }
    if atoms.count > 1, Set(atoms.map(\.rowKey)).count == 1 {
      problems.report(
        "images of \(names(problems)) are within \(DisorderedCrystal.mergeDistance) Å of each other, "
          + "and their occupancies \(terms.joined(separator: " + ")) add up to \(shortest(sum)), "
          + "expected at most 1",
        at: atoms.min { $0.index < $1.index },
        hint: "put the site onto the special position that it is near to", key: "sum \(rowKey)")
      return
    }
    problems.report(
      atoms.count == 1
        ? "the occupancy of \(names(problems)) is \(shortest(sum)), expected at most 1"
        : "\(names(problems)) share one position, but their occupancies "
          + "\(terms.joined(separator: " + ")) add up to \(shortest(sum)), expected at most 1",
      at: atoms.min { $0.index < $1.index },
      hint: areFull
        ? "remove one of the rows, or give occupancies that add up to 1; are atoms listed that "
          + "symmetry generates as well?"
        : "scale the occupancies so that they add up to at most 1; what is missing is vacant",
      key: "sum \(rowKey)")
  }
}

/// A number with at most four digits after the point, without zeros at the end.
func shortest(_ value: Double) -> String {
  var text = fixed(value, 4)
  while text.hasSuffix("0") { text.removeLast() }
  if text.hasSuffix(".") { text.removeLast() }
  return text
}
