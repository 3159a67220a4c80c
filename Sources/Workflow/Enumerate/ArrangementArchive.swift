internal import Arrangement
internal import Crystal
internal import Foundation
internal import Symmetry

/// The two formats in which arrangements are listed in one file.
///
/// Both begin with the problems, so that a file can be expanded into structures by itself.
///
/// - `csv`: lines that begin with `#` hold the problem; then a row for each arrangement with its number,
///   composition, degeneracy, space group and a character for each active site.
/// - `compact`: the same as bytes, see ``recordBytes(_:)``: a line of text, a line of JSON, the records,
///   and a footer with the names of the space groups.
public enum ArrangementArchive {
  /// How a list is written.
  public enum Format: String, Codable, Sendable, CaseIterable {
    /// Comma-separated values.
    case csv
    /// Packed bits.
    case compact
  }

  /// First line of a compact file.
  static let signature = "cellgen arrangements 1"

  /// Last bytes of a compact file that is complete.
  static let ending = "cellgen end\n"

  /// Bits for each active site.
  static func bits(_ problem: ArrangementProblem) -> Int {
    var bits = 1
    while 1 << bits < problem.species.count { bits += 1 }
    return bits
  }

  /// Bytes of one record: the species of all active sites as packed bits, first site in the lowest bits;
  /// then, little-endian, the degeneracy (4) and the number of the space group in the footer (2).
  static func recordBytes(_ problem: ArrangementProblem) -> Int {
    (bits(problem) * problem.activeSites.count + 7) / 8 + 6
  }

  /// Characters for the species in CSV.
  static let characters = Array("0123456789ABCDEFGHIJKLMNOPQRSTUV".utf8)

  /// What the beginning of a file says, as JSON.
  struct Header: Codable {
    var cellgen: String
    var format: Int
    /// The problem file, with every site of the parent.
    var problem: String
    var cases: [Case]
  }

  /// Arrangements of one composition in one supercell.
  struct Case: Codable, Hashable, Sendable {
    /// Nine integers, row by row.
    var supercell: [Int]
    /// Numbers of each element by label; empty if the problem has a composition.
    var counts: [String: [String: Int]]
    /// Species in the order of their indices.
    var species: [String]
    /// Active sites.
    var sites: Int
  }

  /// What the end of a compact file says, as JSON.
  struct Footer: Codable {
    /// Arrangements of each case.
    var records: [Int]
    /// Space groups by number.
    var space_groups: [String]
  }
}

extension ArrangementArchive.Case {
  init(_ listed: EnumerateRun.Case) {
    let problem = listed.problem
    supercell = problem.supercell.matrix.rows.flatMap { [$0.x, $0.y, $0.z] }
    counts = ArrangementArchive.Case.counts(problem)
    species = problem.species.map(\.description)
    sites = problem.activeSites.count
  }

  /// Numbers of each element by the labels of a pool.
  static func counts(_ problem: ArrangementProblem) -> [String: [String: Int]] {
    var counts: [String: [String: Int]] = [:]
    for pool in problem.countsByPool {
      counts[pool.labels] = Dictionary(
        uniqueKeysWithValues: pool.counts.map { ($0.element.symbol, $0.count) })
    }
    return counts
  }
}
