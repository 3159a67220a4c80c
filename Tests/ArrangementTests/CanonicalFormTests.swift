import Arrangement
import CellgenTestSupport
import Crystal
import Symmetry
import Testing

/// A problem with its group, built a second time from the permutations of all sites.
private struct GroupedProblem: Sendable {
  let problem: ArrangementProblem
  let symmetry: ProblemSymmetry
  /// Every different permutation of the active sites.
  let group: [[Int]]

  init(_ specification: ProblemSpecification) throws {
    problem = try ArrangementProblem(specification)
    symmetry = try ProblemSymmetry(problem)
    let labels = try #require(problem.parent.labels)
    let kinds = zip(labels, specification.allowed).map { "\($0) \($1)" }
    let names = Set(kinds).sorted()
    let permutations = try SitePermutations(
      parent: problem.parent, types: kinds.map { names.firstIndex(of: $0) ?? 0 },
      supercell: problem.supercell)
    var index = [Int](repeating: -1, count: problem.structure.count)
    for (i, site) in problem.activeSites.enumerated() { index[site] = i }
    let active = problem.activeSites
    group = Array(
      Set(
        (0..<permutations.count).map { permutations.permutation($0) }.map { p in
          active.map { index[p[$0]] }
        }))
  }

  func image(_ arrangement: [UInt8], _ permutation: [Int]) -> [UInt8] {
    permutation.map { arrangement[$0] }
  }
}

/// All arrangements with `ones` sites of species 1 and the others of species 0.
private func colourings(_ n: Int, ones: Int) -> [[UInt8]] {
  var result: [[UInt8]] = []
  func extend(_ prefix: [UInt8], _ left: Int) {
    if prefix.count == n {
      if left == 0 { result.append(prefix) }
      return
    }
    if n - prefix.count > left { extend(prefix + [0], left) }
    if left > 0 { extend(prefix + [1], left - 1) }
  }
  extend([], ones)
  return result
}

/// Number of arrangements that differ by more than symmetry, by counting what each operation leaves
/// unchanged (Burnside).
private func burnside(_ group: [[Int]], ones: Int) -> Int {
  var sum = 0
  for permutation in group {
    // Ways to choose whole cycles with `ones` sites in total.
    var ways = [Int](repeating: 0, count: ones + 1)
    ways[0] = 1
    var seen = [Bool](repeating: false, count: permutation.count)
    for start in permutation.indices where !seen[start] {
      var (length, site) = (0, start)
      while !seen[site] {
        seen[site] = true
        site = permutation[site]
        length += 1
      }
      if length <= ones {
        for k in stride(from: ones, through: length, by: -1) { ways[k] += ways[k - length] }
      }
    }
    sum += ways[ones]
  }
  return sum / group.count
}

@Suite struct CanonicalFormTests {
  /// Half of 8a with Mg.
  private static func tetrahedra(_ size: String) throws -> GroupedProblem {
    try GroupedProblem(
      spinel(["8a": "Mg Va", "16d": "Mn"], supercell: size) {
        $0.composition = try composition("Mg0.5Mn2O4")
      })
  }

  /// Mg, Zn and Mn on 16d of one cell.
  private static func octahedra() throws -> GroupedProblem {
    try GroupedProblem(
      spinel(["8a": "Zn", "16d": "Mg Zn Mn"]) {
        $0.composition = try composition("MgZn1.25Mn0.75O4")
      })
  }

  private static let cells = Result { [try tetrahedra("1x1x1"), try octahedra()] }

  @Test(
    "symmetry copies have one canonical form, which is its own",
    arguments: 0..<10 as Range<UInt64>)
  func invariance(seed: UInt64) throws {
    for cell in try Self.cells.get() {
      var stream = RandomStream(seed: seed, purpose: "CanonicalFormTests")
      let arrangement = cell.problem.randomArrangement(using: &stream)
      let form = cell.symmetry.canonicalForm
      let canonical = form(arrangement)
      #expect(form.groupOrder == cell.group.count)
      #expect(cell.problem.isValid(canonical.arrangement))
      for permutation in cell.group {
        let copy = form(cell.image(arrangement, permutation))
        #expect(copy.arrangement == canonical.arrangement && copy.key == canonical.key)
        #expect(copy.degeneracy == canonical.degeneracy)
      }
      #expect(form(canonical.arrangement).arrangement == canonical.arrangement)
      // The naive twin: the first of all images.
      let images = cell.group.map { cell.image(arrangement, $0) }
      let first = images.min { $0.lexicographicallyPrecedes($1) }
      #expect(canonical.arrangement == first)
      #expect(canonical.degeneracy == Set(images).count)
      let stabiliser = images.count { $0 == arrangement }
      #expect(canonical.degeneracy * stabiliser == form.groupOrder)
    }
  }

  @Test("forms that differ have keys that differ")
  func keysDiffer() throws {
    let cell = try Self.tetrahedra("2x1x1")
    var stream = RandomStream(seed: 5, purpose: "CanonicalFormTests.keys")
    var keyOfForm: [[UInt8]: ArrangementKey] = [:]
    for _ in 0..<300 {
      let result = cell.symmetry.canonicalForm(cell.problem.randomArrangement(using: &stream))
      #expect(keyOfForm[result.arrangement, default: result.key] == result.key)
      keyOfForm[result.arrangement] = result.key
    }
    #expect(Set(keyOfForm.values).count == keyOfForm.count)
  }

  @Test("the 70 ways to fill half of 8a in one cell")
  func halfOfEight() throws {
    let cell = try Self.tetrahedra("1x1x1")
    let all = colourings(8, ones: 4)
    #expect(all.count == 70)
    let forms = all.map { cell.symmetry.canonicalForm($0) }
    let distinct = Dictionary(forms.map { ($0.arrangement, $0.degeneracy) }) { first, _ in first }
    #expect(distinct.count == burnside(cell.group, ones: 4))
    #expect(distinct.values.reduce(0, +) == 70)
    // Twin: classes by explicit images.
    let classes = Set(all.map { a in Set(cell.group.map { cell.image(a, $0) }) })
    #expect(distinct.count == classes.count)
  }

  // Derivative structures of the diamond sublattice 8a and of 16d, enumerated by two programs with
  // different algorithms (supercell and dsenum), and by Burnside's lemma.
  @Test(
    "half fillings of 8a in 2x1x1 and of 16d in one cell are as many as published",
    arguments: [("8a", 163), ("16d", 97)])
  func publishedCounts(label: String, expected: Int) throws {
    let cell =
      label == "8a"
      ? try Self.tetrahedra("2x1x1")
      : try GroupedProblem(
        spinel(["8a": "Zn", "16d": "Mg Mn"]) { $0.composition = try composition("MgZnMnO4") })
    let all = colourings(16, ones: 8)
    #expect(all.count == 12_870)
    var degeneracies: [ArrangementKey: Int] = [:]
    for arrangement in all {
      let form = cell.symmetry.canonicalForm(arrangement)
      degeneracies[form.key] = form.degeneracy
    }
    #expect(degeneracies.count == expected)
    #expect(burnside(cell.group, ones: 8) == expected)
    #expect(degeneracies.values.reduce(0, +) == 12_870)
  }

  @Test("translations of the problem map sites by translations of the parent")
  func translations() throws {
    let cell = try Self.tetrahedra("1x1x2")
    let symmetry = cell.symmetry
    #expect(symmetry.translations.count == 8)
    #expect(symmetry.translations[0] == Array(0..<cell.problem.structure.count))
    let structure = cell.problem.structure
    for (all, active) in zip(symmetry.translations, symmetry.activeTranslations) {
      let shift = structure.positions[all[0]].components - structure.positions[0].components
      for site in all.indices {
        let moved = Fractional(structure.positions[site].components + shift)
        #expect(structure.lattice.distance(moved, structure.positions[all[site]]) < 1e-6)
        #expect(cell.problem.fixedSpecies[site] == cell.problem.fixedSpecies[all[site]])
      }
      for (i, site) in cell.problem.activeSites.enumerated() {
        #expect(cell.problem.activeSites[active[i]] == all[site])
      }
    }
  }

  @Test("sites with different labels or allowed species are not alike")
  func kinds() throws {
    var specification = try spinel(["8a": "Mg Va", "16d": "Mn"]) {
      $0.composition = try composition("Mg0.5Mn2O4")
    }
    let whole = try ProblemSymmetry(ArrangementProblem(specification)).canonicalForm.groupOrder
    // One of the tetrahedra is called something else.
    var labels = try #require(specification.parent.labels)
    labels[0] = "8a-corner"
    specification.parent.labels = labels
    let less = try ProblemSymmetry(ArrangementProblem(specification)).canonicalForm.groupOrder
    #expect(less < whole && whole % less == 0)
  }
}

@Suite struct ArrangementKeyTests {
  @Test("a key is read back from its text")
  func roundTrip() throws {
    let specification = try spinel(["8a": "Mg Va", "16d": "Mn"]) {
      $0.composition = try composition("Mg0.5Mn2O4")
    }
    let problem = try ArrangementProblem(specification)
    let form = try ProblemSymmetry(problem).canonicalForm
    var stream = RandomStream(seed: 1, purpose: "ArrangementKeyTests")
    for _ in 0..<50 {
      let key = form(problem.randomArrangement(using: &stream)).key
      #expect(key.description.count == 32)
      #expect(ArrangementKey(key.description) == key)
    }
  }

  @Test("leading zeros are kept")
  func leadingZeros() {
    let text = "00000000000000ff0000000000000001"
    #expect(ArrangementKey(text)?.description == text)
  }

  @Test(
    "other text is no key",
    arguments: [
      "", "0", String(repeating: "0", count: 31), String(repeating: "0", count: 33),
      String(repeating: "g", count: 32), "+000000000000000-000000000000000",
      "0x00000000000000000000000000000f", "é0000000000000000000000000000000",
    ])
  func notAKey(text: String) {
    #expect(ArrangementKey(text) == nil)
  }
}
