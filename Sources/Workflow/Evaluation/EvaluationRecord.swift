internal import Arrangement
internal import Crystal
internal import Foundation
internal import GRDB

/// The record of all evaluations of whole structures: table `evaluation` of an SQLite database, one row
/// per arrangement up to symmetry, written as soon as its energy is known.
struct EvaluationRecord: Sendable {
  private let database: RecordDatabase

  /// Opens the table, or creates it.
  init(_ database: RecordDatabase) throws(InputError) {
    self.database = database
    // Rows stand in the order of their keys, whichever came first.
    try database.write { db in
      try db.execute(
        sql: """
          CREATE TABLE IF NOT EXISTS evaluation (
            canonical_key TEXT PRIMARY KEY, ending TEXT NOT NULL, energy_eV REAL,
            ideal_energy_eV REAL, steps INTEGER NOT NULL, reason TEXT, genes BLOB NOT NULL,
            lattice_A TEXT, positions_A TEXT) WITHOUT ROWID;
          """)
    }
  }

  /// Adds an evaluation, in the place of one that failed.
  func append(_ evaluation: ArrangementEvaluation) throws(InputError) {
    func text(_ vectors: [SIMD3<Double>]?) -> String? {
      vectors?.map { "\($0.x) \($0.y) \($0.z)" }.joined(separator: "\n")
    }
    try database.write { db in
      try db.execute(
        sql: "INSERT OR REPLACE INTO evaluation VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        arguments: [
          evaluation.key.description, evaluation.ending.rawValue, evaluation.energy,
          evaluation.idealEnergy, evaluation.steps, evaluation.reason, Data(evaluation.genes),
          text(evaluation.relaxed?.lattice), text(evaluation.relaxed?.positions),
        ])
    }
  }

  /// All evaluations in the order of their keys, without where the atoms went.
  func all() throws(InputError) -> [ArrangementEvaluation] {
    try database.read { db in
      try Row.fetchAll(db, sql: "SELECT * FROM evaluation ORDER BY canonical_key")
        .map(EvaluationRecord.evaluation)
    }
  }

  /// Where the atoms of an arrangement went; nil if it was not relaxed.
  func geometry(of key: ArrangementKey) throws(InputError) -> ArrangementEvaluation.Geometry? {
    func vectors(_ text: String) throws -> [SIMD3<Double>] {
      try text.split(separator: "\n").map { line in
        let numbers = line.split(separator: " ").compactMap { Double($0) }
        guard numbers.count == 3 else { throw InputError("a position is damaged") }
        return SIMD3(numbers[0], numbers[1], numbers[2])
      }
    }
    return try database.read { db in
      let row = try Row.fetchOne(
        db, sql: "SELECT lattice_A, positions_A FROM evaluation WHERE canonical_key = ?",
        arguments: [key.description])
      guard let row, let lattice = row["lattice_A"] as String?,
        let positions = row["positions_A"] as String?
      else { return nil }
      return try ArrangementEvaluation.Geometry(
        lattice: vectors(lattice), positions: vectors(positions))
    }
  }

  private static func evaluation(_ row: Row) throws -> ArrangementEvaluation {
    guard let key = ArrangementKey(row["canonical_key"] as String),
      let ending = ArrangementEvaluation.Ending(rawValue: row["ending"])
    else { throw InputError("an evaluation is damaged") }
    return ArrangementEvaluation(
      genes: Array(row["genes"] as Data), key: key, ending: ending, energy: row["energy_eV"],
      idealEnergy: row["ideal_energy_eV"], steps: row["steps"], reason: row["reason"])
  }
}
