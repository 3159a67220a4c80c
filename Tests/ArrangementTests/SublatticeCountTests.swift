import Arrangement
import CellgenTestSupport
import Crystal
import Foundation
import Symmetry
import Testing

/// Two species on one sublattice: `Data/sublattices.json`, whose key `source` says where the numbers
/// come from.
@Suite struct SublatticeCountTests {
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    var name, cell, site, supercell: String
    var sites, operations, permutations: Int
    var counts: [Row]

    struct Row: Decodable, Sendable {
      var k: Int
      var total, distinct: String
      var degeneracies: [String: Int]?
    }

    var testDescription: String { name }
  }

  private struct Reference: Decodable {
    var cases: [Case]
  }

  static let cases = Result {
    try JSONDecoder().decode(
      Reference.self, from: Data(contentsOf: dataFolder().appending(path: "sublattices.json"))
    ).cases
  }

  @Test func allCasesAreThere() throws { #expect(try Self.cases.get().count == 26) }

  @Test("numbers and degeneracies of sublattice colourings", arguments: try Self.cases.get())
  func sublattice(given: Case) throws {
    let parent = try parent(named: given.cell).arranging(given.site, "Mg Zn")
    var symmetry: ProblemSymmetry?
    var group: OrderedGroup?
    for row in given.counts {
      var specification = parent.specification(try supercell(given.supercell))
      specification.count(given.site, ["Zn": row.k])
      let problem = try ArrangementProblem(specification)
      let own = try symmetry ?? ProblemSymmetry(problem)
      symmetry = own
      #expect(problem.activeSites.count == given.sites)
      #expect(own.permutations.count == given.permutations)
      #expect(own.permutations.count * own.permutations.kernelOrder == given.operations)
      let count = ArrangementCount(problem, own.permutations)
      #expect("\(count.total)" == row.total, "\(row.k)")
      #expect("\(count.distinct)" == row.distinct, "\(row.k)")
      guard let expected = row.degeneracies else { continue }
      let ordered = group ?? OrderedGroup(own.permutations)
      group = ordered
      let enumeration = Enumeration(problem, ordered)
      var degeneracies: [String: Int] = [:]
      let rest = enumeration.segment([], walk: enumeration.makeWalk()) { walk in
        degeneracies["\(ordered.order / walk.stabilizerOrder)", default: 0] += 1
      }
      #expect(rest.isEmpty)
      #expect(degeneracies == expected, "\(row.k)")
    }
  }
}
