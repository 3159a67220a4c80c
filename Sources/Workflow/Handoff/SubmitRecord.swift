internal import Crystal
internal import Foundation
internal import GRDB
internal import Handoff

/// The record of jobs, `jobs.sqlite`: settings, calculations, job arrays and attempts.
///
/// A job array is written down before it is submitted and once more afterwards, so that a process that
/// died in between finds it again by its name.
struct SubmitRecord {
  /// The name of the file.
  static let fileName = "jobs.sqlite"

  private let database: RecordDatabase

  /// Opens or creates the record.
  init(path: String) throws(InputError) {
    database = try RecordDatabase(path: path, outliving: .machine)
    try database.write { db in
      try db.execute(
        sql: """
          CREATE TABLE IF NOT EXISTS setting (key TEXT PRIMARY KEY, value TEXT NOT NULL);
          CREATE TABLE IF NOT EXISTS calculation (
            number INTEGER PRIMARY KEY, folder TEXT NOT NULL UNIQUE,
            first_counted INTEGER NOT NULL, is_cancelled INTEGER NOT NULL);
          CREATE TABLE IF NOT EXISTS array (
            number INTEGER PRIMARY KEY, scheduler TEXT NOT NULL, tasks INTEGER NOT NULL,
            at_once INTEGER, time_s INTEGER, job TEXT);
          CREATE TABLE IF NOT EXISTS attempt (
            position INTEGER PRIMARY KEY, calculation INTEGER NOT NULL, number INTEGER NOT NULL,
            array INTEGER NOT NULL, task INTEGER NOT NULL, ending TEXT, detail TEXT NOT NULL,
            UNIQUE (calculation, number));
          """)
    }
  }

  /// A text that was stored under a key.
  func value(_ key: String) throws(InputError) -> String? {
    try database.read { db in
      try String.fetchOne(db, sql: "SELECT value FROM setting WHERE key = ?", arguments: [key])
    }
  }

  /// Stores a text under a key.
  func set(_ key: String, _ value: String) throws(InputError) {
    try database.write { db in
      try db.execute(
        sql: "INSERT OR REPLACE INTO setting VALUES (?, ?)", arguments: [key, value])
    }
  }

  /// All that was submitted.
  func ledger() throws(InputError) -> JobLedger {
    try database.read { db in
      var ledger = JobLedger()
      for row in try Row.fetchAll(db, sql: "SELECT * FROM calculation ORDER BY number") {
        var calculation = JobLedger.Calculation(folder: row["folder"])
        calculation.firstCounted = row["first_counted"]
        calculation.isCancelled = row["is_cancelled"]
        ledger.calculations.append(calculation)
      }
      for row in try Row.fetchAll(db, sql: "SELECT * FROM array") {
        guard let scheduler = JobScheduler(rawValue: row["scheduler"]) else {
          throw InputError("a job array has a scheduler that is not known")
        }
        var array = JobLedger.JobArray(
          number: row["number"], scheduler: scheduler, count: row["tasks"],
          limit: row["at_once"], seconds: row["time_s"])
        array.job = row["job"]
        ledger.arrays[array.number] = array
      }
      for row in try Row.fetchAll(db, sql: "SELECT * FROM attempt ORDER BY position") {
        var attempt = JobLedger.Attempt(
          calculation: row["calculation"], number: row["number"], array: row["array"],
          task: row["task"])
        guard ledger.calculations.indices.contains(attempt.calculation) else {
          throw InputError("an attempt belongs to no calculation")
        }
        if let word = row["ending"] as String? {
          guard let ending = JobEnding(rawValue: word) else {
            throw InputError("an attempt has an ending that is not known")
          }
          attempt.ending = ending
        }
        attempt.detail = row["detail"]
        ledger.append(attempt)
      }
      return ledger
    }
  }

  /// Stores calculations, new or changed ones.
  func write(_ chosen: [Int], of ledger: JobLedger) throws(InputError) {
    try database.write { db in
      for index in chosen {
        let calculation = ledger.calculations[index]
        try db.execute(
          sql: "INSERT OR REPLACE INTO calculation VALUES (?, ?, ?, ?)",
          arguments: [
            index, calculation.folder, calculation.firstCounted, calculation.isCancelled,
          ])
      }
    }
  }

  /// Stores attempts, new or changed ones, with their job array if it is new or changed.
  func write(
    attempts: [Int], array: JobLedger.JobArray? = nil, of ledger: JobLedger
  ) throws(InputError) {
    try database.write { db in
      if let array {
        try db.execute(
          sql: "INSERT OR REPLACE INTO array VALUES (?, ?, ?, ?, ?, ?)",
          arguments: [
            array.number, array.scheduler.rawValue, array.count, array.limit, array.seconds,
            array.job,
          ])
      }
      for index in attempts {
        let attempt = ledger.attempts[index]
        try db.execute(
          sql: "INSERT OR REPLACE INTO attempt VALUES (?, ?, ?, ?, ?, ?, ?)",
          arguments: [
            index, attempt.calculation, attempt.number, attempt.array, attempt.task,
            attempt.ending?.rawValue, attempt.detail,
          ])
      }
    }
  }

  /// Forgets a job array that was refused, and its attempts.
  func removeArray(_ number: Int) throws(InputError) {
    try database.write { db in
      try db.execute(sql: "DELETE FROM attempt WHERE array = ?", arguments: [number])
      try db.execute(sql: "DELETE FROM array WHERE number = ?", arguments: [number])
    }
  }
}
