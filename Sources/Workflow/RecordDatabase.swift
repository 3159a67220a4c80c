internal import Crystal
internal import Foundation
internal import GRDB

/// An SQLite file that stays consistent when the program is killed, and holds the same bytes at the end
/// however often it was opened.
struct RecordDatabase: Sendable {
  private let queue: DatabaseQueue
  private let path: String

  /// What the last changes outlive.
  enum Failure: String {
    /// The end of the process; no wait for the disk after every change.
    case process = "NORMAL"
    /// The end of the machine, too.
    case machine = "FULL"
  }

  /// Opens or creates the file.
  init(path: String, outliving failure: Failure = .process) throws(InputError) {
    self.path = path
    var configuration = GRDB.Configuration()
    configuration.prepareDatabase { db in
      try db.execute(sql: "PRAGMA journal_mode = WAL; PRAGMA synchronous = \(failure.rawValue)")
    }
    do {
      queue = try DatabaseQueue(path: path, configuration: configuration)
    } catch {
      throw RecordDatabase.failure(error, path)
    }
  }

  /// Changes the file in one transaction.
  func write(_ change: (Database) throws -> Void) throws(InputError) {
    do {
      try queue.write(change)
    } catch {
      throw RecordDatabase.failure(error, path)
    }
  }

  /// Reads from the file.
  func read<Value>(_ value: (Database) throws -> Value) throws(InputError) -> Value {
    do {
      return try queue.read(value)
    } catch {
      throw RecordDatabase.failure(error, path)
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
      throw RecordDatabase.failure(error, path)
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
