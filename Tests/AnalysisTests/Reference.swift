import Crystal
import Foundation
import Testing

/// JSON objects of the folder `Data`, for tests.
struct Reference {
  let object: [String: Any]

  init(_ name: String) throws {
    let url = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Data/\(name)")
    let value = try JSONSerialization.jsonObject(with: Data(contentsOf: url))
    object = try #require(value as? [String: Any])
  }

  init(object: [String: Any]) { self.object = object }

  subscript<Value>(_ key: String) -> Value {
    get throws { try #require(object[key] as? Value, "\(key)") }
  }

  func list(_ key: String) throws -> [Reference] {
    try #require(object[key] as? [[String: Any]], "\(key)").map { Reference(object: $0) }
  }

  /// The lattice of the keys `cell`.
  var lattice: Lattice {
    get throws {
      let rows: [[Double]] = try self["cell"]
      func vector(_ row: [Double]) -> SIMD3<Double> { SIMD3(row[0], row[1], row[2]) }
      return try Lattice(a: vector(rows[0]), b: vector(rows[1]), c: vector(rows[2]))
    }
  }

  /// The positions of the key `frac`.
  var positions: [Fractional] {
    get throws {
      let rows: [[Double]] = try self["frac"]
      return rows.map { Fractional($0[0], $0[1], $0[2]) }
    }
  }
}
