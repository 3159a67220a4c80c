/// The one place where text becomes numbers, so that `nan`, `inf`, `1e400` and `0x10` never pass.
public enum NumberReader {
  /// A finite decimal number, also with a Fortran exponent (`1.0D-3`); nil if `text` is anything else.
  public static func real(_ text: some StringProtocol) -> Double? {
    var characters: [UInt8] = []
    characters.reserveCapacity(text.utf8.count)
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "+"),
        UInt8(ascii: "-"), UInt8(ascii: "e"), UInt8(ascii: "E"):
        characters.append(byte)
      case UInt8(ascii: "d"), UInt8(ascii: "D"):
        characters.append(UInt8(ascii: "e"))
      default:
        return nil
      }
    }
    guard let value = Double(String(decoding: characters, as: UTF8.self)), value.isFinite else {
      return nil
    }
    return value
  }

  /// A decimal integer, with or without sign; nil if `text` is anything else.
  public static func integer(_ text: some StringProtocol) -> Int? {
    Int(String(text))
  }

  /// A fraction `3/4`, an integer or a terminating decimal, exactly; nil if `text` is anything else.
  public static func rational(_ text: some StringProtocol) -> Rational? {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    switch parts.count {
    case 1:
      return decimal(parts[0])
    case 2:
      guard let numerator = decimal(parts[0]), let denominator = decimal(parts[1]),
        denominator != .zero
      else { return nil }
      return try? numerator.divided(by: denominator)
    default:
      return nil
    }
  }

  private static func decimal(_ text: some StringProtocol) -> Rational? {
    var digits = Substring(String(text))
    var sign = 1
    if let first = digits.first, first == "+" || first == "-" {
      sign = first == "-" ? -1 : 1
      digits.removeFirst()
    }
    let halves = digits.split(separator: ".", omittingEmptySubsequences: false)
    guard halves.count <= 2, digits.contains(where: \.isNumber),
      halves.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } })
    else { return nil }
    // Digits beyond the fifteenth are noise of a printed floating-point number.
    let fraction = halves.count == 2 ? halves[1].prefix(15) : ""
    guard let number = Int(halves[0] + fraction) else { return nil }
    let power = fraction.reduce(1) { power, _ in power * 10 }
    return try? Rational(sign * number, power)
  }
}

/// `value` with a fixed number of digits after the decimal point, the same on every platform.
///
/// - Parameters:
///   - value: A finite number.
///   - digits: Digits after the point, 0 to 15.
/// - Returns: The text, without an exponent and never `-0.00`; numbers of 10¹⁷ units in the last
///   place or more keep their shortest exact form.
public func fixed(_ value: Double, _ digits: Int) -> String {
  precondition((0...15).contains(digits), "digits must be in 0...15")
  guard value.isFinite else { return "\(value)" }
  var power = 1.0
  for _ in 0..<digits { power *= 10 }
  let scaled = (value.magnitude * power).rounded(.toNearestOrEven)
  guard scaled < 9e17 else { return "\(value)" }
  let units = UInt64(scaled)
  let sign = value < 0 && units > 0 ? "-" : ""
  guard digits > 0 else { return "\(sign)\(units)" }
  let text = String(units)
  let padded = String(repeating: "0", count: max(0, digits + 1 - text.count)) + text
  return "\(sign)\(padded.dropLast(digits)).\(padded.suffix(digits))"
}

extension String {
  /// The text filled up with spaces on the right to `width` characters.
  public func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }

  /// The text filled up with spaces on the left to `width` characters.
  public func leftPadded(to width: Int) -> String {
    String(repeating: " ", count: max(0, width - count)) + self
  }
}
