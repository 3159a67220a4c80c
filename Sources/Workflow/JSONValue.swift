/// A JSON value that is put together from parts; missing numbers are written as `null`.
public enum JSONValue: Hashable, Sendable {
  /// Nothing.
  case null
  /// `true` or `false`.
  case logical(Bool)
  /// A whole number.
  case integer(Int)
  /// A number; one that is not finite is written as `null`.
  case real(Double)
  /// Text.
  case text(String)
  /// Values in order.
  case array([JSONValue])
  /// Values by key.
  case object([String: JSONValue])

  /// A number, or `null`.
  static func optional(_ value: Double?) -> JSONValue { value.map(JSONValue.real) ?? .null }

  /// Text, or `null`.
  static func optional(_ value: String?) -> JSONValue { value.map(JSONValue.text) ?? .null }

  /// A list of texts.
  static func texts(_ values: [String]) -> JSONValue { .array(values.map(JSONValue.text)) }

  /// The three components of a vector.
  static func vector(_ vector: SIMD3<Double>) -> JSONValue {
    .array([.real(vector.x), .real(vector.y), .real(vector.z)])
  }
}

extension JSONValue: Encodable {
  /// Writes the value itself, without a wrapping.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .null: try container.encodeNil()
    case .logical(let value): try container.encode(value)
    case .integer(let value): try container.encode(value)
    case .real(let value):
      if value.isFinite { try container.encode(value) } else { try container.encodeNil() }
    case .text(let value): try container.encode(value)
    case .array(let values): try container.encode(values)
    case .object(let values): try container.encode(values)
    }
  }
}
