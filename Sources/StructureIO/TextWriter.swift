internal import Crystal

/// A text under construction, as UTF-8 bytes.
struct TextWriter {
  private var bytes: [UInt8] = []

  init(capacity: Int) { bytes.reserveCapacity(capacity) }

  mutating func write(_ text: String) { bytes.append(contentsOf: text.utf8) }

  /// Writes the shortest decimal that reads back as the same number.
  mutating func write(_ value: Double) { bytes.append(contentsOf: value.description.utf8) }

  mutating func write(_ value: Int) { bytes.append(contentsOf: value.description.utf8) }

  mutating func space() { bytes.append(UInt8(ascii: " ")) }

  mutating func newline() { bytes.append(UInt8(ascii: "\n")) }

  /// Writes three numbers, each after a space.
  mutating func write(_ vector: SIMD3<Double>) {
    for axis in 0..<3 {
      space()
      write(vector[axis])
    }
  }

  var text: String { String(decoding: bytes, as: UTF8.self) }
}
