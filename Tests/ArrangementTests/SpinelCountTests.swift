import Arrangement
import Crystal
import Symmetry
import Testing

/// Several species and several sublattices of one spinel cell, 192 operations; all numbers from an
/// independent program, by cycle indices.
@Suite struct SpinelCountTests {
  private func count(_ specification: ProblemSpecification) throws -> (String, String, Int) {
    let problem = try ArrangementProblem(specification)
    let table = try ProblemSymmetry(problem).permutations
    let count = ArrangementCount(problem, table)
    return ("\(count.total)", "\(count.distinct)", table.count)
  }

  private func inverted(_ moved: Int) throws -> ProblemSpecification {
    try spinel(["8a": "Mg Al", "16d": "Mg Al"]) {
      $0.chargePolicy = .ignored
      $0.count("8a", ["Mg": 8 - moved, "Al": moved])
      $0.count("16d", ["Mg": moved, "Al": 16 - moved])
    }
  }

  /// i B on 8a and i A on 16d of A8B16O32: two sets of sites with numbers of their own.
  @Test(
    "inversion of a spinel",
    arguments: [
      (0, 1, 1), (2, 3360, 31), (4, 127_400, 762), (6, 224_224, 1291), (8, 12_870, 97),
    ])
  func inversion(moved: Int, total: Int, distinct: Int) throws {
    #expect(try count(inverted(moved)) == ("\(total)", "\(distinct)", 192))
  }

  @Test("all degrees of inversion together are all ways to colour 8a and 16d")
  func inversionSum() throws {
    var sum = 0
    for moved in 0...8 {
      sum += try #require(Int(count(inverted(moved)).1))
    }
    #expect(sum == 4222)
  }

  @Test(
    "one composition over several sublattices",
    arguments: [
      (["8a", "16d"], "Zn Mn Va", "Zn10Mn11O32", "713897184", "3732848"),
      (["16c", "16d"], "Mg Zn Mn", "Mg11Zn10Mn11O32", "45508998487680", "237033113016"),
      (["8a", "16d"], "Mg Al", "Mg8Al16O32", "735471", "4222"),
    ])
  func shared(
    labels: [String], species: String, formula: String, total: String, distinct: String
  ) throws {
    var allowed = ["8a": "Va"]
    for label in labels { allowed[label] = species }
    if !labels.contains("16d") { allowed["16d"] = "Va" }
    let specification = try spinel(allowed) {
      $0.chargePolicy = .ignored
      $0.composition = try composition(formula)
      $0.formulaUnits = 1
    }
    #expect(try ArrangementProblem(specification).pools.count == 1)
    #expect(try count(specification) == (total, distinct, 192))
  }
}
