import Arrangement
import CellgenTestSupport
import Crystal
import Symmetry
import Testing

/// Orderly generation beside its naive twin: all arrangements, sorted into classes by their canonical
/// forms.
@Suite struct EnumerationTests {
  private struct Listed: Equatable {
    var arrangement: [UInt8]
    var degeneracy: Int
  }

  /// The arrangements of an enumeration that is cut into segments.
  ///
  /// - Parameter limit: Gives the length of each segment.
  private func list(_ enumeration: Enumeration, limit: () -> Int) -> [Listed] {
    let walk = enumeration.makeWalk()
    var result: [Listed] = []
    var beginnings: [Enumeration.Beginning] = [[]]
    while !beginnings.isEmpty {
      let beginning = beginnings.removeFirst()
      let rest = enumeration.segment(beginning, limit: limit(), walk: walk) { walk in
        result.append(
          Listed(
            arrangement: walk.arrangement,
            degeneracy: enumeration.group.order / walk.stabilizerOrder))
      }
      beginnings = rest + beginnings
      #expect(walk.depth == 0)
    }
    return result
  }

  @Test("each class once, with its degeneracy, as brute force finds them", arguments: 0..<80)
  func bruteForce(seed: Int) throws {
    let problem = try randomProblem(seed: UInt64(seed))
    let symmetry = try ProblemSymmetry(problem)
    var expected: [[UInt8]: Int] = [:]
    for arrangement in arrangements(problem) {
      expected[symmetry.canonicalForm(arrangement).arrangement, default: 0] += 1
    }
    let enumeration = Enumeration(problem, OrderedGroup(symmetry.permutations))
    let listed = list(enumeration) { .max }
    var found: [[UInt8]: Int] = [:]
    for entry in listed {
      #expect(problem.isValid(entry.arrangement))
      let form = symmetry.canonicalForm(entry.arrangement)
      #expect(found[form.arrangement] == nil, "a class twice")
      found[form.arrangement] = entry.degeneracy
      #expect(form.degeneracy == entry.degeneracy)
    }
    #expect(found == expected)
    let count = ArrangementCount(problem, symmetry.permutations)
    #expect("\(count.distinct)" == "\(listed.count)")
    #expect("\(count.total)" == "\(listed.reduce(0) { $0 + $1.degeneracy })")
  }

  @Test("the stabilizer of a walk is what leaves the arrangement unchanged", arguments: 0..<10)
  func stabilizers(seed: Int) throws {
    let problem = try randomProblem(seed: UInt64(seed), arrangementLimit: 2000)
    let symmetry = try ProblemSymmetry(problem)
    let enumeration = Enumeration(problem, OrderedGroup(symmetry.permutations))
    _ = enumeration.segment([], walk: enumeration.makeWalk()) { walk in
      #expect(walk.stabilizer == symmetry.stabilizer(of: walk.arrangement))
    }
  }

  @Test("segments of any length give the same list in the same order", arguments: 0..<20)
  func segments(seed: Int) throws {
    let problem = try randomProblem(seed: UInt64(seed), arrangementLimit: 5000)
    let symmetry = try ProblemSymmetry(problem)
    let enumeration = Enumeration(problem, OrderedGroup(symmetry.permutations))
    let whole = list(enumeration) { .max }
    for limit in [1, 2, 3, 10, 100] {
      #expect(list(enumeration) { limit } == whole, "\(limit)")
    }
    var stream = RandomStream(seed: UInt64(seed), purpose: "segments")
    #expect(list(enumeration) { 1 + stream.integer(below: 40) } == whole)
  }

  @Test("a species is placed exactly if the others can still be placed", arguments: 0..<60)
  func noDeadEnds(seed: Int) throws {
    try expectNoDeadEnds(randomProblem(seed: UInt64(seed), arrangementLimit: 2000))
  }

  // Five species in one pool: B allows all of them, A two, of which there are just as many as A has sites.
  @Test("sets of species that run out of sites together", arguments: [["B", "A"], ["A", "B"]])
  func contested(order: [String]) throws {
    var cell = Structure(
      lattice: skewedLattice, species: (0..<12).map { _ in Species(.dummy) },
      positions: (0..<12).map { i in
        let grid = SIMD3(Double(i % 3) / 3, Double(i / 3 % 2) / 2, Double(i / 6) / 2)
        return Fractional(grid + SIMD3(0.01 * Double(i), 0.003 * Double(i * i), 0))
      })
    let labels = order[0] == "B" ? (7, 3) : (3, 7)
    cell.labels = (0..<12).map {
      $0 < labels.0 ? order[0] : $0 < labels.0 + labels.1 ? order[1] : "O"
    }
    let five = elements("Li Mg Ca Zn Va")
    let problem = try ArrangementProblem(
      ProblemSpecification(
        parent: cell,
        allowed: (cell.labels ?? []).map { label in
          label == "B" ? five : label == "A" ? Array(five.prefix(2)) : [.oxygen]
        }, composition: composition("Li2MgCa2Zn2O2"), formulaUnits: 1, chargePolicy: .ignored))
    // 3 ways on A and 7! / (2! 2! 3!) on B.
    #expect(arrangements(problem).count == 630)
    try expectNoDeadEnds(problem)
  }

  private func expectNoDeadEnds(_ problem: ArrangementProblem) throws {
    let group = OrderedGroup(try ProblemSymmetry(problem).permutations)
    var beginnings: Set<[UInt8]> = []
    for arrangement in arrangements(problem) {
      let sequence = group.siteAtPosition.map { arrangement[$0] }
      for length in 0...sequence.count { beginnings.insert(Array(sequence.prefix(length))) }
    }
    for beginning in beginnings where beginning.count < group.siteCount {
      var counts = FillingCounts(problem, group)
      for (position, species) in beginning.enumerated() {
        counts.take(Int(species), at: position)
      }
      for species in problem.species.indices {
        #expect(
          counts.canPlace(species, at: beginning.count)
            == beginnings.contains(beginning + [UInt8(species)]))
      }
    }
  }

  @Test("the order of the sites is a permutation, and the images follow it")
  func order() throws {
    let specification = try spinel(["8a": "Mg Va", "16d": "Mg Mn"]) {
      $0.count("8a", ["Mg": 4])
      $0.count("16d", ["Mg": 8])
    }
    let problem = try ArrangementProblem(specification)
    let permutations = try ProblemSymmetry(problem).permutations
    let group = OrderedGroup(permutations)
    #expect(group.siteAtPosition.sorted() == Array(0..<24))
    #expect(group.order == permutations.count)
  }
}

/// Whether numbers of draws fit equal probabilities.
///
/// - Returns: χ² in units of its standard deviation above its mean.
/// - Precondition: more than one number.
private func excess(_ draws: [Int]) -> Double {
  let expected = Double(draws.reduce(0, +)) / Double(draws.count)
  let square = draws.reduce(0) { sum, number in
    sum + (Double(number) - expected) * (Double(number) - expected) / expected
  }
  let freedom = Double(draws.count - 1)
  return (square - freedom) / (2 * freedom).squareRoot()
}

@Suite struct SamplingTests {
  private func expectUniform(
    _ problem: ArrangementProblem, draws: Int, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let symmetry = try ProblemSymmetry(problem)
    let count = ArrangementCount(problem, symmetry.permutations)
    var sampler = ArrangementSampler(count)
    var stream = RandomStream(seed: 1, purpose: "SamplingTests")
    var numbers: [[UInt8]: Int] = [:]
    for _ in 0..<draws {
      let arrangement = sampler.draw(using: &stream)
      #expect(problem.isValid(arrangement), sourceLocation: sourceLocation)
      numbers[symmetry.canonicalForm(arrangement).arrangement, default: 0] += 1
    }
    // With so many draws none is missed.
    #expect("\(count.distinct)" == "\(numbers.count)", sourceLocation: sourceLocation)
    let excess = excess(Array(numbers.values))
    #expect(excess < 4 && excess > -4, "\(excess)", sourceLocation: sourceLocation)
  }

  // Degeneracies 2, 12, 24 and 32: draws by degeneracy would be off by far.
  @Test func halfFilledTetrahedra() throws {
    try expectUniform(
      ArrangementProblem(
        spinel(["8a": "Mg Va", "16d": "Mn"]) { $0.composition = try composition("Mg0.5Mn2O4") }),
      draws: 8000)
  }

  // 180 classes with degeneracies from 2 to 128.
  @Test func rutile() throws {
    var specification = try parent(named: "rutile").arranging("M", "Mg Zn")
      .specification(supercell("2x2x2"))
    specification.count("M", ["Zn": 8])
    try expectUniform(ArrangementProblem(specification), draws: 18_000)
  }

  @Test("several species, sublattices and masks")
  func random() throws {
    var tried = 0
    for seed: UInt64 in 0..<60 where tried < 6 {
      let problem = try randomProblem(seed: seed, arrangementLimit: 2000)
      let distinct = try ArrangementCount(problem, ProblemSymmetry(problem).permutations).distinct
      guard (5...300).contains(Int(distinct)) else { continue }
      tried += 1
      try expectUniform(problem, draws: 80 * Int(distinct))
    }
    #expect(tried == 6)
  }

  @Test("the same seed gives the same sample")
  func reproducible() throws {
    let problem = try randomProblem(seed: 2)
    let count = try ArrangementCount(problem, ProblemSymmetry(problem).permutations)
    var stream = RandomStream(seed: 9, purpose: "SamplingTests.reproducible")
    let first = (0..<50).map { _ in count.randomDistinct(using: &stream) }
    stream = RandomStream(seed: 9, purpose: "SamplingTests.reproducible")
    var sampler = ArrangementSampler(count)
    #expect((0..<50).map { _ in sampler.draw(using: &stream) } == first)
  }
}
