import Arrangement
import CellgenTestSupport
import Crystal
import Energetics
import Search
import Symmetry
import Testing

/// Small arrangements drawn at random: two to four species with charges of any sign, sites that allow
/// some of them, numbers for each label or for all together, with and without symmetry, with and without
/// short-range interactions of the arranged species.
func randomSpace(seed: UInt64, arrangementLimit: Int = 3000) throws -> SearchSpace {
  var stream = RandomStream(seed: seed, purpose: "random space")
  for _ in 0..<1000 {
    let elements = try ["Li", "Mg", "Zn", "Va"].prefix(2 + stream.integer(below: 3)).map(element)
    var oxidation: [Element: ProblemSpecification.OxidationRule] = [.oxygen: .fixed(-2)]
    for element in elements where !element.isVacancy {
      oxidation[element] = .fixed(Double(stream.integer(below: 8) - 3))
    }
    func subset() -> [Element] {
      let chosen = elements.filter { _ in stream.uniform() < 0.75 }
      return chosen.isEmpty ? [elements[0]] : chosen
    }
    let hasSymmetry = stream.uniform() < 0.5
    let parent = hasSymmetry ? try symmetricCell(&stream) : randomCell(&stream)
    let size =
      hasSymmetry ? ["1x1x1", "2x1x1", "1 1 0 -1 1 0 0 0 1"][stream.integer(below: 3)] : "1x1x1"
    let cells = try SupercellMatrix(parsing: size)
    let labels = try #require(parent.labels)
    let ofLabel = ["A": subset(), "B": subset()]
    let isBroken = !hasSymmetry && stream.uniform() < 0.5
    let allowed = labels.map { label in
      guard let own = ofLabel[label] else { return [Element.oxygen] }
      return isBroken && stream.uniform() < 0.5 ? subset() : own
    }
    var specification = ProblemSpecification(
      parent: parent, allowed: allowed, supercell: cells, oxidation: oxidation,
      chargePolicy: .background)
    var ofLabels: [String: [Element: Int]] = [:]
    var total: [Element: Int] = [:]
    for (label, choice) in zip(labels, allowed) {
      for element in choice where choice.count > 1 {
        ofLabels[label, default: [:]][element, default: 0] += 0
      }
      for _ in 0..<cells.cellCount {
        let element = choice[stream.integer(below: choice.count)]
        total[element, default: 0] += 1
        if choice.count > 1 { ofLabels[label, default: [:]][element, default: 0] += 1 }
      }
    }
    if stream.uniform() < 0.5 {
      specification.counts = ofLabels.sorted { $0.key < $1.key }
        .map { .init(label: $0.key, counts: $0.value) }
    } else {
      total[.vacancy] = nil
      specification.composition = Composition(counts: total)
      specification.formulaUnits = 1
    }
    for element in elements where !element.isVacancy && total[element] ?? 0 == 0 {
      specification.oxidation[element] = nil
    }
    guard let problem = try? ArrangementProblem(specification), problem.activeSites.count > 2,
      problem.activeSites.count <= 12
    else { continue }
    let count = try ArrangementCount(problem, ProblemSymmetry(problem).permutations).total
    guard let number = Int("\(count)"), (5...arrangementLimit).contains(number) else { continue }
    return try SearchSpace(
      problem, potentials: stream.uniform() < 0.5 ? nil : randomPotentials(problem, &stream))
  }
  throw InputError("no random space for seed \(seed)")
}

/// Four sites each of A and B and three anions at random places.
private func randomCell(_ stream: inout RandomStream) -> Structure {
  var cell = Structure(
    lattice: skewedLattice, species: (0..<11).map { _ in Species(.dummy) },
    positions: (0..<11).map { i in
      let grid = SIMD3(Double(i % 3) / 3, Double(i / 3 % 3) / 3, Double(i / 9) / 2)
      let noise = SIMD3(stream.uniform(), stream.uniform(), stream.uniform())
      return Fractional(grid + 0.15 * noise)
    })
  cell.labels = (0..<11).map { $0 < 4 ? "A" : $0 < 8 ? "B" : "O" }
  return cell
}

/// A tetragonal cell: A on the corners and face centres, B half way between, and anions.
private func symmetricCell(_ stream: inout RandomStream) throws -> Structure {
  let z = 0.2 + 0.1 * stream.uniform()
  let positions = [
    Fractional(0, 0, 0), Fractional(0.5, 0.5, 0), Fractional(0, 0.5, z), Fractional(0.5, 0, z),
    Fractional(0, 0, 0.5), Fractional(0.5, 0.5, 0.5),
  ]
  var cell = Structure(
    lattice: try Lattice(a: SIMD3(4.3, 0, 0), b: SIMD3(0, 4.3, 0), c: SIMD3(0, 0, 5.1)),
    species: positions.map { _ in Species(.dummy) }, positions: positions)
  cell.labels = ["A", "A", "B", "B", "O", "O"]
  return cell
}

/// Attraction or repulsion between some pairs of the arranged species.
private func randomPotentials(
  _ problem: ArrangementProblem, _ stream: inout RandomStream
) -> PotentialSet {
  let ions = problem.species.filter { !$0.isVacancy }
  var pairs: [PotentialSet.Pair] = []
  for (i, first) in ions.enumerated() {
    for second in ions[i...] where stream.uniform() < 0.7 {
      pairs.append(
        .init(
          first, second,
          .init(
            amplitude: 400 * (stream.uniform() - 0.3), range: 0.4 + 0.3 * stream.uniform(),
            dispersion: 30 * stream.uniform())))
    }
  }
  return PotentialSet(name: "random", source: "made up", cutoff: 6, pairs: pairs)
}

/// All arrangements of a problem, found by trying every species on every site.
func allArrangements(_ problem: ArrangementProblem) -> [[UInt8]] {
  var left = problem.pools.map(\.counts)
  var poolOfSite = [Int](repeating: 0, count: problem.activeSites.count)
  for (index, pool) in problem.pools.enumerated() {
    for site in pool.sites { poolOfSite[site] = index }
  }
  var found: [[UInt8]] = []
  var arrangement = [UInt8](repeating: 0, count: poolOfSite.count)
  func place(_ site: Int) {
    guard site < arrangement.count else {
      found.append(arrangement)
      return
    }
    for s in problem.species.indices where problem.allowed[site] >> UInt32(s) & 1 == 1 {
      guard left[poolOfSite[site]][s] > 0 else { continue }
      left[poolOfSite[site]][s] -= 1
      arrangement[site] = UInt8(s)
      place(site + 1)
      left[poolOfSite[site]][s] += 1
    }
  }
  place(0)
  return found
}
