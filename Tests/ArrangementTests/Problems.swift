import Arrangement
import Building
import CellgenTestSupport
import Crystal
import Testing

/// The element with a symbol, or the vacancy for `Va`.
func element(_ symbol: String) -> Element {
  symbol == "Va" ? .vacancy : Element(symbol: symbol) ?? .dummy
}

func elements(_ text: String) -> [Element] {
  text.split(separator: " ").map { element(String($0)) }
}

func composition(_ text: String) throws -> Composition { try Composition(parsing: text) }

func supercell(_ text: String) throws -> SupercellMatrix { try SupercellMatrix(parsing: text) }

/// The conventional spinel cell with 8a, 16c, 16d and 32e, built once.
let spinelCell = Result { try Spinel(SpinelSpecification()).unitCell }

/// A spinel with the species of the host on the cation sites; labels that are not named are empty
/// (16c) or oxygen (32e).
func spinel(
  _ allowed: [String: String] = ["8a": "Mg Zn Mn Va", "16c": "Mg Zn Mn Va", "16d": "Mg Zn Mn Va"],
  supercell text: String = "1x1x1", _ change: (inout ProblemSpecification) throws -> Void
) throws -> ProblemSpecification {
  let cell = try spinelCell.get()
  let lists = ["16c": "Va", "32e": "O"].merging(allowed) { $1 }
  let labels = try #require(cell.labels)
  var specification = ProblemSpecification(
    parent: cell, allowed: try labels.map { elements(try #require(lists[$0])) },
    supercell: try supercell(text))
  try change(&specification)
  return specification
}

extension ProblemSpecification {
  mutating func count(_ label: String, _ counts: [String: Int]) {
    self.counts.append(
      LabelCounts(
        label: label,
        counts: Dictionary(uniqueKeysWithValues: counts.map { (element($0.key), $0.value) })))
  }
}

/// The problems that a specification has, as printed.
func problems(_ specification: ProblemSpecification) -> [String] {
  do {
    _ = try ArrangementProblem(specification)
    return []
  } catch {
    return error.problems.map(\.description)
  }
}

/// Total numbers of every species, fixed sites included; vacancies are left out.
func totals(_ problem: ArrangementProblem) -> [String: Int] {
  var counts: [String: Int] = [:]
  for species in problem.fixedSpecies.compactMap({ $0 }) { counts["\(species)", default: 0] += 1 }
  for pool in problem.pools {
    for (species, count) in zip(problem.species, pool.counts) {
      counts["\(species)", default: 0] += count
    }
  }
  counts["Va"] = nil
  return counts.filter { $0.value > 0 }
}

/// Everything that must hold for a problem and any of its arrangements.
func expectConsistent(
  _ problem: ArrangementProblem, seed: UInt64 = 1, sourceLocation: SourceLocation = #_sourceLocation
) {
  var stream = RandomStream(seed: seed, purpose: "expectConsistent")
  let arrangement = problem.randomArrangement(using: &stream)
  #expect(problem.isValid(arrangement), sourceLocation: sourceLocation)

  // Every active site is in exactly one pool.
  let pooled = problem.pools.flatMap(\.sites).sorted()
  #expect(pooled == Array(problem.activeSites.indices), sourceLocation: sourceLocation)
  #expect(problem.fixedSpecies.count == problem.structure.count, sourceLocation: sourceLocation)
  #expect(
    problem.activeSites == problem.fixedSpecies.indices.filter { problem.fixedSpecies[$0] == nil },
    sourceLocation: sourceLocation)

  // The structure has every species as often as the problem says, on the same sites.
  let structure = problem.structure(of: arrangement)
  var counts: [String: Int] = [:]
  for species in structure.withoutVacancies().species { counts["\(species)", default: 0] += 1 }
  #expect(counts == totals(problem), sourceLocation: sourceLocation)
  #expect(structure.positions == problem.structure.positions, sourceLocation: sourceLocation)
  #expect(structure.labels == problem.structure.labels, sourceLocation: sourceLocation)
  #expect(structure.parentSites == problem.structure.parentSites, sourceLocation: sourceLocation)
  #expect(structure.cellIndices == problem.structure.cellIndices, sourceLocation: sourceLocation)
  for column in problem.parent.columns where column.name != Column.Name.charge {
    #expect(structure[column: column.name] != nil, sourceLocation: sourceLocation)
  }
  #expect(structure.withoutVacancies().count == problem.atomCount, sourceLocation: sourceLocation)
  #expect(structure.composition == problem.composition, sourceLocation: sourceLocation)

  // The ledger knows every charge.
  let charge = (structure.charges ?? []).reduce(0, +)
  #expect((charge - problem.ledger.totalCharge).magnitude < 1e-6, sourceLocation: sourceLocation)
  var rows: [String: Int] = [:]
  for row in problem.ledger.rows { rows["\(row.species)", default: 0] += row.count }
  #expect(rows == counts, sourceLocation: sourceLocation)

  // Occupancies add up to the sites of their labels.
  let labels = problem.activeLabels
  for occupancy in problem.occupancy(of: arrangement) {
    let sites = labels.indices.filter { labels[$0] == occupancy.label }
    #expect(occupancy.siteCount == sites.count, sourceLocation: sourceLocation)
    #expect(
      occupancy.elements.map(\.count).reduce(0, +) == sites.count, sourceLocation: sourceLocation)
    for (element, count) in occupancy.elements {
      let found = sites.count { problem.species[Int(arrangement[$0])].element == element }
      #expect(found == count, sourceLocation: sourceLocation)
      #expect(
        (occupancy.fraction(of: element) - Double(count) / Double(sites.count)).magnitude < 1e-12,
        sourceLocation: sourceLocation)
    }
  }

  // What is not allowed is not valid.
  if let first = problem.pools.first(where: { pool in pool.counts.count { $0 > 0 } > 1 }),
    let other = first.sites.first(where: { arrangement[$0] != arrangement[first.sites[0]] })
  {
    var wrong = arrangement
    wrong[first.sites[0]] = wrong[other]
    #expect(!problem.isValid(wrong), sourceLocation: sourceLocation)
  }
  #expect(!problem.isValid(arrangement + [0]), sourceLocation: sourceLocation)
}
