internal import Crystal
internal import Foundation
internal import GRDB
internal import Handoff

/// Reads databases of ASE in SQLite, `.db`.
///
/// Arrays are stored as they stand in memory: numbers of atoms in 32 or 64 bits, all others in 64.
///
/// Reference: https://wiki.fysik.dtu.dk/ase/ase/db/db.html
enum ASEDatabase {
  /// Ending of the files.
  static let fileEnding = "db"

  /// Reads all rows, in the order of their numbers.
  ///
  /// - Throws: ``InputError`` if this is no database of ASE, or a row has no structure.
  static func read(_ path: String) throws(InputError) -> [CalculationResult] {
    var rows: [ASERow] = []
    do {
      var configuration = Configuration()
      configuration.readonly = true
      let queue = try DatabaseQueue(path: path, configuration: configuration)
      rows = try queue.read { database in
        try Row.fetchAll(
          database,
          sql: """
            SELECT id, numbers, positions, cell, energy, forces, stress, magmoms, calculator,
              key_value_pairs FROM systems ORDER BY id
            """
        ).map { row in try ASEDatabase.row(row, path) }
      }
      try queue.close()
    } catch {
      if let known = error as? InputError { throw known }
      throw InputError(
        "no database of ASE: \((error as? DatabaseError)?.message ?? reason(error))", at: path)
    }
    var results: [CalculationResult] = []
    for row in rows { results.append(try row.result(file: path)) }
    return results
  }

  private static func row(_ row: Row, _ path: String) throws -> ASERow {
    let number: Int = row["id"]
    func reals(_ name: String) -> [Double]? { (row[name] as Data?).map(doubles) }
    guard let atoms: Data = row["numbers"], let positions = reals("positions"),
      let cell = reals("cell")
    else {
      throw InputError("a row without numbers, positions and cell", at: "\(path): row \(number)")
    }
    let count = positions.count / 3
    let width = count > 0 ? atoms.count / count : 0
    let pairs = (row["key_value_pairs"] as String?)
      .flatMap { try? JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] }
    let name = (pairs?["name"] ?? pairs?["id"]) as? String
    var result = ASERow(
      id: name ?? "\(number)", numbers: integers(atoms, width: width), positions: positions,
      cell: cell)
    result.energy = row["energy"]
    result.forces = reals("forces")
    result.stress = reals("stress")
    result.moments = reals("magmoms")
    result.calculator = row["calculator"]
    return result
  }

  /// Little-endian numbers of 64 bits.
  private static func doubles(_ data: Data) -> [Double] {
    words(data, width: 8).map { Double(bitPattern: $0) }
  }

  private static func integers(_ data: Data, width: Int) -> [Int] {
    guard width == 4 || width == 8 else { return [] }
    return words(data, width: width).map { Int(truncatingIfNeeded: $0) }
  }

  private static func words(_ data: Data, width: Int) -> [UInt64] {
    let bytes = Array(data)
    return stride(from: 0, to: bytes.count - width + 1, by: width).map { start in
      (0..<width).reduce(0) { $0 | UInt64(bytes[start + $1]) << UInt64(8 * $1) }
    }
  }
}
