import Arrangement
import Crystal
import Energetics
import Testing

@testable import Search

@Suite struct OperatorTests {
  @Test(
    "every crossover keeps the numbers of every pool and what the labels allow",
    arguments: Sample.allCases, Crossover.allCases)
  func crossover(sample: Sample, crossover: Crossover) throws {
    let space = try sample.space()
    var stream = RandomStream(seed: 1, purpose: "crossover test")
    var changed = 0
    for _ in 0..<200 {
      let first = space.problem.randomArrangement(using: &stream)
      let second = space.problem.randomArrangement(using: &stream)
      let child = crossover(
        first, second, pools: space.problem.pools.map(\.sites),
        positions: space.problem.activeSites.map { space.problem.structure.positions[$0] },
        using: &stream)
      #expect(space.problem.isValid(child))
      #expect(child.indices.allSatisfy { child[$0] == first[$0] || child[$0] == second[$0] })
      if child != first && child != second { changed += 1 }
    }
    #expect(changed > 50)
  }

  @Test("cycles close, are disjoint, and take every change where the parents have equal numbers")
  func cycles() {
    var stream = RandomStream(seed: 2, purpose: "cycle test")
    for _ in 0..<300 {
      let first = (0..<20).map { _ in UInt8(stream.integer(below: 4)) }
      var second = first
      stream.shuffle(&second)
      let changes = first.indices.filter { first[$0] != second[$0] }
      let cycles = closedCycles(changes, first, second, using: &stream)
      for cycle in cycles {
        for (k, site) in cycle.enumerated() {
          #expect(second[site] == first[cycle[(k + 1) % cycle.count]])
        }
        // No shorter cycle inside.
        #expect(Set(cycle.map { first[$0] }).count == cycle.count)
      }
      #expect(cycles.flatMap { $0 }.sorted() == changes)
    }
  }

  @Test("changes that close no cycle are left out")
  func deadEnds() {
    var stream = RandomStream(seed: 3, purpose: "cycle test")
    // 0→1, 1→2, 2→0 close; 3→0 does not.
    let cycles = closedCycles(
      [0, 1, 2, 3], [0, 1, 2, 3], [1, 2, 0, 0], using: &stream)
    #expect(cycles.flatMap { $0 }.sorted() == [0, 1, 2])
    #expect(closedCycles([0], [0, 1], [1, 1], using: &stream).isEmpty)
  }

  @Test("an arrangement of a repeat unit has 1/order of the energy of the supercell")
  func repeatUnitEnergies() throws {
    let space = try Sample.host.space()
    var stream = RandomStream(seed: 5, purpose: "unit test")
    let n = space.problem.activeSites.count
    for _ in 0..<20 {
      let translations = space.symmetry.activeTranslations
      let generators = (0..<2).map { _ in translations[stream.integer(below: translations.count)] }
      let unit = RepeatUnit(space, RepeatUnit.Orbits(of: generators, siteCount: n))
      #expect(unit.order * unit.representatives.count == n)
      let small = unit.folded(space.problem.randomArrangement(using: &stream))
      let energy = unit.table.energy(small)
      #expect(abs(Double(unit.order) * energy - space.energy(unit.unfolded(small))) < 1e-6)
      #expect(unit.folded(unit.unfolded(small)) == small)
    }
  }

  @Test("seeds have the numbers of every pool", arguments: Sample.allCases, [1, 2] as [UInt64])
  func seeds(sample: Sample, seed: UInt64) throws {
    let space = try sample.space()
    var stream = RandomStream(seed: seed, purpose: "seed test")
    var maker = PeriodicSeed()
    maker.budget = 200
    for _ in 0..<3 {
      let arrangement = maker(in: space, using: &stream)
      #expect(space.problem.isValid(arrangement))
      #expect(
        space.energy(arrangement) < space.energy(space.problem.randomArrangement(using: &stream)))
    }
  }

  @Test(
    "symmetry copies have one canonical key and one energy", arguments: [Sample.host, .separate])
  func canonicalCopies(sample: Sample) throws {
    let space = try sample.space()
    var stream = RandomStream(seed: 6, purpose: "copy test")
    for _ in 0..<20 {
      let arrangement = space.problem.randomArrangement(using: &stream)
      let translations = space.symmetry.activeTranslations
      let translation = translations[stream.integer(below: translations.count)]
      let copy = translation.map { arrangement[$0] }
      let (first, second) = (
        space.symmetry.canonicalForm(arrangement), space.symmetry.canonicalForm(copy)
      )
      #expect(first.key == second.key && first.arrangement == second.arrangement)
      #expect(first.degeneracy == second.degeneracy)
      // The canonical form is itself a copy, and its own form.
      #expect(space.symmetry.canonicalForm(first.arrangement).key == first.key)
      #expect(abs(space.energy(first.arrangement) - space.energy(arrangement)) < 1e-6)
    }
  }

  @Test(
    "an arrangement of one species on all sites of a label is its own copy under all operations")
  func uniformLabels() throws {
    let space = try Sample.separate.space()
    let labels = space.problem.activeLabels
    // Not a valid arrangement, but one that every operation leaves unchanged.
    let arrangement = labels.map { UInt8($0 == "8a" ? 0 : 1) }
    let form = space.symmetry.canonicalForm(arrangement)
    #expect(form.degeneracy == 1 && form.arrangement == arrangement)
  }
}
