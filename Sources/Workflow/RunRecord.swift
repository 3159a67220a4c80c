internal import Arrangement
internal import Crystal
internal import Foundation
internal import GRDB
internal import Search

/// The record of a search: an SQLite database that is complete after every generation.
///
/// Table `individual` has one row for every arrangement that was evaluated; table `generation` says
/// who was alive after each generation, which is all that a run needs to go on.
struct RunRecord: Sendable {
  private let queue: DatabaseQueue
  private let path: String

  /// Opens or creates the record.
  init(path: String) throws(InputError) {
    self.path = path
    var configuration = Configuration()
    configuration.prepareDatabase { db in
      // A killed run leaves a consistent record; no wait for the disk after every generation.
      try db.execute(sql: "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL")
    }
    do {
      queue = try DatabaseQueue(path: path, configuration: configuration)
      try queue.write { db in
        try db.execute(
          sql: """
            CREATE TABLE IF NOT EXISTS individual (
              id INTEGER PRIMARY KEY, generation INTEGER NOT NULL, origin TEXT NOT NULL,
              parents TEXT NOT NULL, energy_eV REAL NOT NULL, degeneracy INTEGER NOT NULL,
              canonical_key TEXT NOT NULL, is_duplicate INTEGER NOT NULL, genes BLOB NOT NULL);
            CREATE TABLE IF NOT EXISTS generation (
              number INTEGER PRIMARY KEY, members TEXT NOT NULL, evaluations INTEGER NOT NULL,
              duplicates INTEGER NOT NULL, last_improvement INTEGER NOT NULL);
            """)
      }
    } catch {
      throw RunRecord.failure(error, path)
    }
  }

  /// Adds a generation in one transaction.
  func append(
    _ population: GeneticAlgorithm.Population, _ individuals: [GeneticAlgorithm.Individual]
  ) throws(InputError) {
    do {
      try queue.write { db in
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
      }
    } catch {
      throw RunRecord.failure(error, path)
    }
  }

  /// All individuals in the order of their numbers.
  func individuals() throws(InputError) -> [GeneticAlgorithm.Individual] {
    do {
      return try queue.read { db in
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
    } catch {
      throw RunRecord.failure(error, path)
    }
  }

  /// The population after the last complete generation; nil for a record without any.
  func population() throws(InputError) -> GeneticAlgorithm.Population? {
    let all = try individuals()
    do {
      return try queue.read { db in
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
    } catch {
      throw RunRecord.failure(error, path)
    }
  }

  /// Packs the record into one file without a trace of how often it was opened.
  func finish() throws(InputError) {
    let packed = "\(path).packed"
    do {
      if FileManager.default.fileExists(atPath: packed) {
        try FileManager.default.removeItem(atPath: packed)
      }
      // Packing counts the version of the schema up: begin from the same number every time.
      try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA schema_version = 2") }
      try queue.vacuum(into: packed)
      try queue.close()
      for suffix in ["-wal", "-shm"] where FileManager.default.fileExists(atPath: path + suffix) {
        try FileManager.default.removeItem(atPath: path + suffix)
      }
      // One step: there is a complete record under this name at any time.
      guard unsafe rename(packed, path) == 0 else {
        throw InputError("the packed record cannot be moved into place")
      }
    } catch {
      throw RunRecord.failure(error, path)
    }
  }

  private static func failure(_ error: any Error, _ path: String) -> InputError {
    if let known = error as? InputError { return known.inside(path) }
    let message = (error as? DatabaseError)?.message ?? reason(error)
    return InputError(
      "the run record cannot be used: \(message)", at: path,
      hint: "check that the folder is writable and the disk is not full")
  }
}
