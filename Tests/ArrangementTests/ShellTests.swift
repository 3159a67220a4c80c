import Arrangement
import CellgenTestSupport
import Crystal
import Testing

/// A Bravais lattice of sites that take Mg or Zn, half of each where the number is even.
private func latticeProblem(
  _ sites: [Fractional], edge: Double = 4, supercell text: String,
  counts: [String: Int], allowed: String = "Mg Zn"
) throws -> ArrangementProblem {
  var parent = Structure(
    lattice: try .cubic(edge), species: sites.map { _ in Species(.dummy) }, positions: sites)
  parent.labels = sites.map { _ in "M" }
  var specification = ProblemSpecification(
    parent: parent, allowed: sites.map { _ in elements(allowed) }, supercell: try supercell(text),
    chargePolicy: .background)
  specification.count("M", counts)
  return try ArrangementProblem(specification)
}

private let cubic = [Fractional(0, 0, 0)]
private let fcc = [
  Fractional(0, 0, 0), Fractional(0, 0.5, 0.5), Fractional(0.5, 0, 0.5), Fractional(0.5, 0.5, 0),
]

@Suite struct ShellTests {
  // Coordination numbers of the simple cubic and the face-centred cubic lattice.
  @Test(
    "shells of cubic lattices have their distances and coordination numbers",
    arguments: ["1x1x1", "2x2x2", "1x2x3"])
  func coordination(supercell: String) throws {
    let cases: [([Fractional], [(squared: Double, number: Int)])] = [
      (cubic, [(1, 6), (2, 12), (3, 8), (4, 6), (5, 24)]),
      (fcc, [(0.5, 12), (1, 6), (1.5, 24), (2, 12)]),
    ]
    for (sites, expected) in cases {
      let cells = try ArrangementTests.supercell(supercell).cellCount
      let n = sites.count * cells
      let problem = try latticeProblem(sites, supercell: supercell, counts: ["Mg": n / 2])
      let table = try ShellTable(problem, shellCount: expected.count)
      #expect(table.shells.count == expected.count)
      for (shell, (squared, number)) in zip(table.shells, expected) {
        #expect(abs(shell.distance - 4 * squared.squareRoot()) < 1e-9)
        #expect(shell.pairs == number * n)
      }
    }
  }

  // 8a of a spinel is a diamond lattice with 4, 12, 12 neighbours; 16d has 6 at a√2/4; each 8a has 12
  // 16d at a√11/8 and each 16d six 8a there.
  @Test("shells between labels are counted from the first label")
  func spinelShells() throws {
    let problem = try ArrangementProblem(
      spinel(["8a": "Mg Va", "16d": "Mn Zn"]) {
        $0.count("8a", ["Mg": 4])
        $0.count("16d", ["Zn": 4])
      })
    let table = try ShellTable(problem, shellCount: 1)
    let edge = problem.structure.lattice.lengths.x
    let names = table.shells.map { [table.groups[$0.first].name, table.groups[$0.second].name] }
    #expect(names == [["8a", "8a"], ["8a", "16d"], ["16d", "16d"]])
    #expect(table.shells.map(\.pairs) == [8 * 4, 8 * 12, 16 * 6])
    let expected = [
      Double(3).squareRoot() / 4, Double(11).squareRoot() / 8, Double(2).squareRoot() / 4,
    ]
    for (shell, distance) in zip(table.shells, expected) {
      #expect(abs(shell.distance - distance * edge) < 1e-9)
    }
  }

  // Alternating species on a simple cubic lattice: unlike in the first shell, like in the second.
  @Test("perfect order has α = -1 and 1, separated halves are in between")
  func knownOrder() throws {
    let problem = try latticeProblem(cubic, supercell: "2x2x2", counts: ["Mg": 4])
    let table = try ShellTable(problem, shellCount: 3)
    let order = WarrenCowley(problem, table: table)
    func alphas(_ isFirst: (SIMD3<Double>) -> Bool) -> [String: [Double]] {
      let arrangement = problem.activeSites.map {
        UInt8(isFirst(problem.structure.positions[$0].components) ? 0 : 1)
      }
      var result: [String: [Double]] = [:]
      for (term, value) in zip(order.terms, order.parameters(of: arrangement)) {
        result["\(term.first)\(term.second)", default: []].append(value ?? .nan)
      }
      return result
    }
    let alternating = alphas { p in
      let steps = (2 * (p.x + p.y + p.z)).rounded(.toNearestOrEven)
      return steps.remainder(dividingBy: 2) == 0
    }
    #expect(alternating["01"] == [-1, 1, -1])
    #expect(alternating["00"] == [1, -1, 1])
    // Layers: of the neighbours at a, a√2, a√3 the parts 2/6, 8/12 and 8/8 are unlike.
    let layers = alphas { $0.z < 0.25 }
    for (value, unlike) in zip(layers["01"] ?? [], [2.0 / 6, 8.0 / 12, 1]) {
      #expect(abs(value - (1 - unlike / 0.5)) < 1e-12)
    }
  }

  // Of the pairs of different sites n(s) n(t)/(n (n - 1)) have s and t: α = -1/(n - 1) in the mean.
  @Test("the mean over all arrangements is -1/(n - 1)")
  func randomMean() throws {
    let problem = try latticeProblem(fcc, supercell: "1x1x2", counts: ["Mg": 3])
    let table = try ShellTable(problem, shellCount: 1)
    let order = WarrenCowley(problem, table: table)
    var (sum, count) = (0.0, 0.0)
    for mask in 0..<256 where mask.nonzeroBitCount == 3 {
      let arrangement = (0..<8).map { UInt8(mask >> $0 & 1 == 1 ? 0 : 1) }
      let unlike = try #require(order.terms.firstIndex { $0.first != $0.second })
      sum += try #require(order.parameters(of: arrangement)[unlike])
      count += 1
    }
    #expect(abs(sum / count + 1.0 / 7) < 1e-12)
  }

  @Test("counts follow changes and exchanges", arguments: ShellTable.Grouping.allCases)
  func incremental(grouping: ShellTable.Grouping) throws {
    var problems = [
      try latticeProblem(
        cubic, supercell: "1x2x3", counts: ["Mg": 2, "Zn": 2], allowed: "Mg Zn Va")
    ]
    problems.append(
      try ArrangementProblem(spinel { $0.composition = try composition("Mg4Zn8Mn12O32") }))
    for problem in problems {
      let table = try ShellTable(problem, shellCount: 3, grouping: grouping)
      var stream = RandomStream(seed: 5, purpose: "incremental pairs")
      let m = problem.species.count
      let arrangement = problem.randomArrangement(using: &stream)
      var counts = PairCounts(table: table, speciesCount: m, arrangement: arrangement)
      for step in 0..<200 {
        let i = stream.integer(below: arrangement.count)
        if step.isMultiple(of: 3) {
          counts.change(i, to: UInt8(stream.integer(below: m)))
        } else {
          counts.exchange(i, stream.integer(below: arrangement.count))
        }
      }
      let fresh = PairCounts(table: table, speciesCount: m, arrangement: counts.arrangement)
      for (k, shell) in table.shells.enumerated() {
        var total = 0
        for s in 0..<m {
          for t in 0..<m {
            #expect(counts.count(k, s, t) == fresh.count(k, s, t))
            if shell.first == shell.second {
              #expect(counts.count(k, s, t) == counts.count(k, t, s))
            }
            total += counts.count(k, s, t)
          }
        }
        #expect(total == shell.pairs)
      }
    }
  }

  @Test("impossible shells are refused")
  func refused() throws {
    let problem = try latticeProblem(cubic, supercell: "2x2x2", counts: ["Mg": 4])
    func message(_ body: () throws -> ShellTable) -> String {
      do {
        _ = try body()
        return ""
      } catch { return "\(error)" }
    }
    #expect(
      message { try ShellTable(problem, shellCount: 0) } == "shells: 0 shells, expected at least 1")
    #expect(
      message { try ShellTable(problem, cutoff: 1) } == "cutoff: no two sites are within 1.00 Å")
    #expect(
      message { try ShellTable(problem, cutoff: -.infinity) }
        == "cutoff: cutoff -inf Å, expected a positive number")
    #expect(
      message { try ShellTable(problem, tolerance: .nan) }
        == "tolerance: tolerance of shells nan Å, expected a positive number")
    #expect(message { try ShellTable(problem, cutoff: 3000) }.contains("too many pairs"))
  }
}
