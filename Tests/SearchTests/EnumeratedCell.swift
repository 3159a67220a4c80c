import CellgenTestSupport
import Foundation
import Arrangement
import Crystal
import Testing

/// Cells of which every arrangement was evaluated: `Data/ewald_ranking.json`, whose key `source` says
/// where the numbers come from.
struct EnumeratedCell: Decodable, Sendable, CustomTestStringConvertible {
  var name: String
  var cell: [[Double]]
  var frac: [[Double]]
  var species: [String]
  var A: Ion
  var B: Ion
  var fixed_charges: [String: Double]
  /// All arrangements.
  var n_total: Int
  /// All energies, ascending.
  var lowest: [Level]
  /// That of an arrangement of lowest energy.
  var space_group: String

  struct Ion: Decodable, Sendable {
    var label: String
    var charge: Double
    var count: Int
  }
  struct Level: Decodable, Sendable {
    var energy_eV: Double
    var n_configurations: Int
  }

  private struct File: Decodable {
    var cases: [EnumeratedCell]
  }

  static let names = ["inverse_MgAl2O4_16d", "rocksalt_LiMO2_1x1x2", "maghemite_1x1x3"]

  static func named(_ name: String) throws -> EnumeratedCell {
    let data = try Data(contentsOf: dataFolder().appending(path: "ewald_ranking.json"))
    return try #require(JSONDecoder().decode(File.self, from: data).cases.first { $0.name == name })
  }

  var testDescription: String { name }

  func problem() throws -> ArrangementProblem {
    func vector(_ v: [Double]) -> SIMD3<Double> { SIMD3(v[0], v[1], v[2]) }
    var parent = Structure(
      lattice: try Lattice(
        a: vector(cell[0]), b: vector(cell[1]), c: vector(cell[2])),
      species: species.map { _ in Species(.dummy) },
      positions: frac.map { Fractional(vector($0)) })
    // Arranged sites are X; an element M in the file stands for any ion of its charge.
    parent.labels = species.map { $0 == "X" ? "arranged" : $0 }
    func ion(_ ion: Ion) throws -> Element {
      try element(ion.label == "Vac" ? "Va" : ion.label == "M" ? "Co" : ion.label)
    }
    let (a, b) = try (ion(A), ion(B))
    var oxidation: [Element: ProblemSpecification.OxidationRule] = [:]
    for (symbol, charge) in fixed_charges { oxidation[try element(symbol)] = .fixed(charge) }
    for (element, charge) in [(a, A.charge), (b, B.charge)] where !element.isVacancy {
      oxidation[element] = .fixed(charge)
    }
    return try ArrangementProblem(
      ProblemSpecification(
        parent: parent, allowed: species.map { $0 == "X" ? [a, b] : [try element($0)] },
        counts: [.init(label: "arranged", counts: [a: A.count])], oxidation: oxidation))
  }
}
