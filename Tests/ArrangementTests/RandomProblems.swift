import Arrangement
import Crystal
import Testing

/// All arrangements of a problem, found by trying every species on every site.
func arrangements(_ problem: ArrangementProblem) -> [[UInt8]] {
  let m = problem.species.count
  var poolOfSite = [Int](repeating: 0, count: problem.activeSites.count)
  for (index, pool) in problem.pools.enumerated() {
    for site in pool.sites { poolOfSite[site] = index }
  }
  var left = problem.pools.map(\.counts)
  var found: [[UInt8]] = []
  var arrangement = [UInt8](repeating: 0, count: poolOfSite.count)
  func place(_ site: Int) {
    guard site < arrangement.count else {
      found.append(arrangement)
      return
    }
    for s in 0..<m where problem.allowed[site] >> UInt32(s) & 1 == 1 {
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

/// A small problem drawn at random: a crystal, a supercell of any shape, several species that only some
/// labels or sites allow, and numbers for each label or for all together.
func randomProblem(
  seed: UInt64, arrangementLimit: Double = 20_000
) throws -> ArrangementProblem {
  var stream = RandomStream(seed: seed, purpose: "random problem")
  let names = ["rutile", "primitive spinel", "rocksalt", "perovskite", "fcc", "O3", "quartz"]
  for _ in 0..<1000 {
    let parent = try parent(named: names[stream.integer(below: names.count)])
    let index = 1 + stream.integer(below: 6)
    let forms = DerivativeSupercells.all(index: index)
    let cells = try SupercellMatrix(forms[stream.integer(below: forms.count)])
    let species = ["Li", "Mg", "Zn", "Va"].prefix(2 + stream.integer(below: 3)).map(element)
    let labels = try #require(parent.cell.labels)
    // Some sites of the anions take part, too; some labels have sites that allow different species.
    func subset() -> [Element] {
      var chosen = species.filter { _ in stream.uniform() < 0.7 }
      if chosen.isEmpty { chosen = [species[0]] }
      return chosen
    }
    var ofLabel: [String: [Element]] = [:]
    for label in Set(labels).sorted() {
      ofLabel[label] = label.hasPrefix("O") && stream.uniform() < 0.7 ? [.oxygen] : subset()
    }
    let isBroken = stream.uniform() < 0.3
    let allowed = labels.map { label in
      guard isBroken, stream.uniform() < 0.4, ofLabel[label] != [.oxygen] else {
        return ofLabel[label] ?? species
      }
      return subset()
    }
    // A random filling gives numbers that are possible.
    var filled: [String: [Element: Int]] = [:]
    var total: [Element: Int] = [:]
    var active = 0
    for (label, elements) in zip(labels, allowed) {
      if elements.count > 1 { active += cells.cellCount }
      for _ in 0..<cells.cellCount {
        let element = elements[stream.integer(below: elements.count)]
        total[element, default: 0] += 1
        if elements.count > 1 { filled[label, default: [:]][element, default: 0] += 1 }
      }
    }
    guard (2...14).contains(active) else { continue }
    var specification = ProblemSpecification(
      parent: parent.cell, allowed: allowed, supercell: cells, chargePolicy: .ignored)
    if stream.uniform() < 0.5 {
      for (label, numbers) in filled.sorted(by: { $0.key < $1.key }) {
        var numbers = numbers
        for (other, elements) in zip(labels, allowed) where other == label && elements.count > 1 {
          for element in elements where numbers[element] == nil { numbers[element] = 0 }
        }
        specification.counts.append(.init(label: label, counts: numbers))
      }
    } else {
      total[.vacancy] = nil
      specification.composition = Composition(counts: total)
      specification.formulaUnits = 1
    }
    let problem = try ArrangementProblem(specification)
    let count = try ArrangementCount(problem, ProblemSymmetry(problem).permutations)
    if let total = Double("\(count.total)"), total > 1, total <= arrangementLimit { return problem }
  }
  throw InputError("no random problem for seed \(seed)")
}
