import Arrangement
import CellgenTestSupport
import Crystal
import Energetics
import Foundation
import Search
import Symmetry
import Testing

/// Branch and bound to its end, or for some waves.
func ranked(
  _ space: SearchSpace, _ extent: RankedList.Extent, known: [[UInt8]] = [], threads: Int = 2,
  waves: Int = .max
) async -> BranchAndBound.State {
  let search = BranchAndBound(space)
  var state = search.start(extent, known: known)
  while !state.isProved && state.waves < waves {
    state = await search.next(after: state, threads: threads)
  }
  return state
}

@Suite struct BranchAndBoundTests {
  /// All distinct arrangements with their energies, lowest first.
  private func exhaustive(_ space: SearchSpace) -> [RankedList.Entry] {
    var entries: [[UInt8]: RankedList.Entry] = [:]
    for arrangement in allArrangements(space.problem) {
      let form = space.symmetry.canonicalForm(arrangement)
      guard entries[form.arrangement] == nil else { continue }
      entries[form.arrangement] = RankedList.Entry(
        energy: space.energy(form.arrangement), arrangement: form.arrangement,
        degeneracy: form.degeneracy)
    }
    return entries.values.sorted { $0.energy < $1.energy }
  }

  /// Compares a list with the lowest of all entries; of equal energies any may be listed.
  private func expectLowest(
    _ state: BranchAndBound.State, _ k: Int, of all: [RankedList.Entry],
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(state.isProved && state.lowerBound == .infinity, sourceLocation: sourceLocation)
    let wanted = state.list.wanted
    #expect(wanted.count == min(k, all.count), sourceLocation: sourceLocation)
    for (found, expected) in zip(wanted, all) {
      #expect(abs(found.energy - expected.energy) < 1e-7, sourceLocation: sourceLocation)
    }
    #expect(
      Set(wanted.map(\.arrangement)).count == wanted.count, sourceLocation: sourceLocation)
    let known = Dictionary(uniqueKeysWithValues: all.map { ($0.arrangement, $0) })
    for entry in wanted {
      #expect(known[entry.arrangement] == entry, sourceLocation: sourceLocation)
    }
    guard case .count(let k) = state.list.extent, k <= all.count else { return }
    let last = all[k - 1].energy
    let ties =
      all.count { abs($0.energy - last) < 1e-6 }
      - wanted.count {
        abs($0.energy - last) < 1e-6
      }
    #expect(state.list.ties == ties, sourceLocation: sourceLocation)
  }

  @Test("the k lowest and their ties are those of brute force", arguments: 0..<40 as Range<UInt64>)
  func bruteForce(seed: UInt64) async throws {
    let space = try randomSpace(seed: seed)
    let all = exhaustive(space)
    for k in [1, 3, 10, all.count, all.count + 5] {
      expectLowest(await ranked(space, .count(k)), k, of: all)
    }
    // What is known before does not change the list.
    let known = all.reversed().prefix(7).map(\.arrangement) + all.prefix(2).map(\.arrangement)
    let (state, without) = (
      await ranked(space, .count(5), known: Array(known)), await ranked(space, .count(5))
    )
    #expect(state.list.entries == without.list.entries)
  }

  @Test("a window holds everything within it", arguments: 0..<20 as Range<UInt64>)
  func window(seed: UInt64) async throws {
    let space = try randomSpace(seed: seed)
    let all = exhaustive(space)
    let range = all[all.count - 1].energy - all[0].energy
    for width in [0, 0.1 * range, 0.5 * range, 2 * range] {
      let state = await ranked(space, .window(width, limit: 10_000))
      let expected = all.filter { $0.energy <= all[0].energy + width + 1e-6 }
      expectLowest(state, expected.count, of: expected)
    }
  }

  @Test("every arrangement of enumerated cells, in order", arguments: EnumeratedCell.names)
  func enumerated(name: String) async throws {
    let given = try EnumeratedCell.named(name)
    let space = try SearchSpace(given.problem(), potentials: nil)
    let state = await ranked(space, .count(100_000))
    #expect(state.isProved)
    var next = 0
    for level in given.lowest {
      var arrangements = 0
      while next < state.list.entries.count,
        abs(state.list.entries[next].energy - level.energy_eV) < 1e-6
      {
        arrangements += state.list.entries[next].degeneracy
        next += 1
      }
      #expect(arrangements == level.n_configurations, "\(level.energy_eV) eV")
    }
    #expect(next == state.list.entries.count)
    #expect(state.list.entries.reduce(0) { $0 + $1.degeneracy } == given.n_total)
    let lowest = space.problem.structure(of: state.list.entries[0].arrangement).withoutVacancies()
    let group = try SymmetryDataset(lowest)
    #expect("\(group.symbol) (\(group.number))" == given.space_group)
    // A few of the lowest alone are the same; less has to be looked at.
    let few = await ranked(space, .count(2))
    #expect(few.list.wanted.elementsEqual(state.list.entries.prefix(2)))
    #expect(few.nodes < state.nodes)
  }

  /// Mg on half of 8a, Mn3.5+, a = 8.5 Å, u = 0.2625.
  private func halfFilled(_ size: String) throws -> SearchSpace {
    let cells = try SupercellMatrix(parsing: size)
    return try SearchSpace(
      ArrangementProblem(
        ProblemSpecification(
          parent: spinel(),
          allowed: spinelAllowed(["8a": ["Mg", "Va"], "16c": ["Va"], "16d": ["Mn"]]),
          supercell: cells,
          counts: [.init(label: "8a", counts: [element("Mg"): 4 * cells.cellCount])])),
      potentials: nil)
  }

  // -1931.742605 eV: the lowest of all 70 arrangements of one cell by an independent Ewald sum.
  @Test(
    "the ten lowest of larger cells are the first of all that orderly generation lists",
    arguments: [("1x1x1", 4), ("2x1x1", 163), ("3x1x1", 15_487)])
  func halfFilledTetrahedra(size: String, distinct: Int) async throws {
    let space = try halfFilled(size)
    let enumeration = Enumeration(space.problem, OrderedGroup(space.symmetry.permutations))
    var all: [RankedList.Entry] = []
    _ = enumeration.segment([], walk: enumeration.makeWalk()) {
      all.append(space.entry($0.arrangement))
    }
    #expect(all.count == distinct)
    all.sort { $0.energy < $1.energy }
    let cells = Double(space.problem.supercell.cellCount)
    #expect(abs(all[0].energy / cells + 1931.742605) < 1e-6)
    let state = await ranked(space, .count(10))
    expectLowest(state, 10, of: all)
    if distinct > 1000 { #expect(state.nodes < distinct) }
  }

  @Test("64 sites: the optimum of one cell, repeated, is proved")
  func largeCell() async throws {
    let space = try halfFilled("2x2x2")
    let genetic = GeneticAlgorithm(
      space: space, parameters: GeneticAlgorithm.Parameters(), seed: 1)
    let (_, individuals) = await genetic.start(threads: 2)
    let state = await ranked(space, .count(1), known: individuals.map(\.genes))
    #expect(state.isProved)
    #expect(abs(state.list.entries[0].energy + 15453.9408) < 1e-4)
    #expect(state.nodes < 10_000)
  }

  private func json(_ state: BranchAndBound.State) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return try encoder.encode(state)
  }

  @Test("the same state after every wave for any number of threads, written down in between or not")
  func determinism() async throws {
    let space = try halfFilled("3x1x1")
    let search = BranchAndBound(space)
    var states = [1, 2, 3].map { _ in search.start(.count(150)) }
    while !states[0].isProved {
      states[0] = await search.next(after: states[0], threads: 1)
      states[1] = await search.next(after: states[1], threads: 2)
      let copy = try JSONDecoder().decode(BranchAndBound.State.self, from: json(states[2]))
      states[2] = await search.next(after: copy, threads: 2)
      let expected = try json(states[0])
      #expect(try json(states[1]) == expected)
      #expect(try json(states[2]) == expected)
    }
    #expect(states[0].waves > 3)
  }

  @Test("before the proof nothing that is left out is below the bound", arguments: [1, 2, 3])
  func gap(waves: Int) async throws {
    let space = try halfFilled("2x1x1")
    let all = exhaustive(space)
    let state = await ranked(space, .count(3), waves: waves)
    let listed = Set(state.list.entries.map(\.arrangement))
    let left = all.first { !listed.contains($0.arrangement) }
    if !state.isProved { #expect(state.lowerBound <= (left?.energy ?? .infinity) + 1e-9) }
    // A state can be written down at any time.
    _ = try json(state)
  }

  // Five species in one pool: B, filled first, allows all, A needs all that there is of two of them. As soon
  // as B takes one of these there is no completion, although every single species still finds room.
  @Test("branches that cannot be completed are not followed")
  func deadEnds() async throws {
    let five = try ["Li", "Mg", "Ca", "Zn", "Va"].map(element)
    var stream = RandomStream(seed: 1, purpose: "BranchAndBoundTests.deadEnds")
    var cell = Structure(
      lattice: skewedLattice, species: (0..<24).map { _ in Species(.dummy) },
      positions: (0..<24).map { i in
        let grid = SIMD3(Double(i % 3) / 3, Double(i / 3 % 3) / 3, Double(i / 9) / 3)
        return Fractional(grid + 0.1 * SIMD3(stream.uniform(), stream.uniform(), stream.uniform()))
      })
    cell.labels = (0..<24).map { $0 < 15 ? "B" : $0 < 18 ? "A" : "O" }
    let problem = try ArrangementProblem(
      ProblemSpecification(
        parent: cell,
        allowed: (0..<24).map { $0 < 15 ? five : $0 < 18 ? Array(five.prefix(2)) : [.oxygen] },
        composition: Composition(parsing: "Li2MgCa5Zn5O6"), formulaUnits: 1,
        chargePolicy: .background))
    let search = BranchAndBound(try SearchSpace(problem, potentials: nil))
    var state = search.start(.count(5))
    while !state.isProved && state.waves < 200 {
      state = await search.next(after: state, threads: 2)
      #expect(state.open.allSatisfy { $0.bound.isFinite })
      _ = try json(state)
    }
    #expect(state.isProved && state.list.wanted.count == 5)
  }
}
