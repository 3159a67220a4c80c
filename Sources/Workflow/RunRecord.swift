internal import Arrangement
internal import Crystal
internal import Foundation
internal import GRDB
internal import Search

/// The record of a search: an SQLite database that is complete after every generation.
///
/// Table `individual` has one row for every arrangement that was evaluated; table `generation` says
/// who was alive after each generation, which is all that a run needs to go on. Where whole structures
/// are evaluated, the table of ``EvaluationRecord`` is in the same file.
struct RunRecord: Sendable {
  /// The file.
  let database: RecordDatabase

  /// Opens or creates the record.
  init(path: String) throws(InputError) {
    database = try RecordDatabase(path: path)
    try database.write { db in
      try db.execute(
        sql: """
          CREATE TABLE IF NOT EXISTS individual (
            id INTEGER PRIMARY KEY, generation INTEGER NOT NULL, origin TEXT NOT NULL,
            parents TEXT NOT NULL, energy_eV REAL NOT NULL, degeneracy INTEGER NOT NULL,
            canonical_key TEXT NOT NULL, is_duplicate INTEGER NOT NULL, genes BLOB NOT NULL);
          CREATE TABLE IF NOT EXISTS generation (
            number INTEGER PRIMARY KEY, members TEXT NOT NULL, evaluations INTEGER NOT NULL,
            duplicates INTEGER NOT NULL, last_improvement INTEGER NOT NULL);
          CREATE TABLE IF NOT EXISTS learning (
            generation INTEGER PRIMARY KEY, points INTEGER NOT NULL,
            cross_validated_error_meV_per_atom REAL NOT NULL, spread_meV_per_atom REAL NOT NULL);
          """)
    }
  }

  /// Adds a generation in one transaction.
  func append(
    _ population: GeneticAlgorithm.Population, _ individuals: [GeneticAlgorithm.Individual],
    _ learning: LearningFigures? = nil
  ) throws(InputError) {
    try database.write { db in
      let insert = try db.makeStatement(
        sql: "INSERT INTO individual VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
      for individual in individuals {
        try insert.execute(arguments: [
          individual.id, individual.generation, individual.origin,
          individual.parents.map(String.init).joined(separator: " "), individual.energy,
          individual.degeneracy, individual.key.description, individual.isDuplicate,
          Data(individual.genes),
        ])
      }
      try db.execute(
        sql: "INSERT INTO generation VALUES (?, ?, ?, ?, ?)",
        arguments: [
          population.generation,
          population.members.map { String($0.id) }.joined(separator: " "),
          population.evaluations, population.duplicates, population.lastImprovement,
        ])
      if let learning {
        try db.execute(
          sql: "INSERT INTO learning VALUES (?, ?, ?, ?)",
          arguments: [
            learning.generation, learning.points, learning.cross_validated_error_meV_per_atom,
            learning.spread_meV_per_atom,
          ])
      }
    }
  }

  /// Gives individuals the energies of evaluations that failed before.
  func update(_ evaluations: [ArrangementEvaluation]) throws(InputError) {
    try database.write { db in
      for evaluation in evaluations where evaluation.energy != nil {
        try db.execute(
          sql: "UPDATE individual SET energy_eV = ? WHERE canonical_key = ?",
          arguments: [evaluation.fitness, evaluation.key.description])
      }
    }
  }

  /// All individuals in the order of their numbers.
  func individuals() throws(InputError) -> [GeneticAlgorithm.Individual] {
    try database.read { db in
      try Row.fetchAll(db, sql: "SELECT * FROM individual ORDER BY id").map { row in
        guard let key = ArrangementKey(row["canonical_key"] as String) else {
          throw InputError("an individual has a damaged key")
        }
        let parents: String = row["parents"]
        return GeneticAlgorithm.Individual(
          recordedAs: row["id"], generation: row["generation"],
          genes: Array(row["genes"] as Data),
          energy: row["energy_eV"], key: key, degeneracy: row["degeneracy"],
          origin: row["origin"], parents: parents.split(separator: " ").compactMap { Int($0) },
          isDuplicate: row["is_duplicate"])
      }
    }
  }

  /// The population after the last complete generation; nil for a record without any.
  func population() throws(InputError) -> GeneticAlgorithm.Population? {
    let all = try individuals()
    return try database.read { db in
      guard
        let row = try Row.fetchOne(
          db, sql: "SELECT * FROM generation ORDER BY number DESC LIMIT 1")
      else { return nil }
      let ids = (row["members"] as String).split(separator: " ").compactMap { Int($0) }
      guard ids.allSatisfy(all.indices.contains) else {
        throw InputError("the last generation has members that are not recorded")
      }
      return GeneticAlgorithm.Population(
        generation: row["number"], members: ids.map { all[$0] }, seen: Set(all.map(\.key)),
        evaluations: row["evaluations"], duplicates: row["duplicates"],
        lastImprovement: row["last_improvement"])
    }
  }

  /// How well the learned model did, in the order of generations.
  func learning() throws(InputError) -> [LearningFigures] {
    try database.read { db in
      try Row.fetchAll(db, sql: "SELECT * FROM learning ORDER BY generation").map { row in
        LearningFigures(
          generation: row["generation"], points: row["points"],
          error: row["cross_validated_error_meV_per_atom"], spread: row["spread_meV_per_atom"])
      }
    }
  }

  /// Packs the record into one file without a trace of how often it was opened.
  func finish() throws(InputError) { try database.finish() }
}
