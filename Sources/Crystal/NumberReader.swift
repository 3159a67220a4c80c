/// The one place where text becomes numbers, so that `nan`, `inf`, `1e400` and `0x10` never pass.
public enum NumberReader {
  /// A finite decimal number, also with a Fortran exponent (`1.0D-3`); nil if `text` is anything else.
  public static func real(_ text: some StringProtocol) -> Double? {
    let bytes = Array(text.utf8)
    return real(utf8: bytes, in: bytes.indices)
  }

  /// A decimal integer, with or without sign; nil if `text` is anything else.
  public static func integer(_ text: some StringProtocol) -> Int? {
    Int(String(text))
  }

  /// The number that is written in a part of a UTF-8 text, as in ``real(_:)-swift.type.method``.
  public static func real(utf8 bytes: [UInt8], in range: Range<Int>) -> Double? {
    var position = range.lowerBound
    let end = range.upperBound
    guard position < end else { return nil }
    let negative = bytes[position] == UInt8(ascii: "-")
    if negative || bytes[position] == UInt8(ascii: "+") { position += 1 }

    // The value is mantissa × 10^exponent as long as at most 19 digits matter.
    var (mantissa, exponent) = (0 as UInt64, 0)
    var (digits, isExact, seenDigit, seenPoint) = (0, true, false, false)
    scan: while position < end {
      let byte = bytes[position]
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        seenDigit = true
        if digits < 19 {
          mantissa = mantissa * 10 + UInt64(byte - UInt8(ascii: "0"))
          if mantissa > 0 { digits += 1 }
          if seenPoint { exponent -= 1 }
        } else {
          isExact = false
        }
      case UInt8(ascii: "."):
        if seenPoint { return nil }
        seenPoint = true
      default:
        break scan
      }
      position += 1
    }
    guard seenDigit else { return nil }
    if position < end {
      switch bytes[position] {
      case UInt8(ascii: "e"), UInt8(ascii: "E"), UInt8(ascii: "d"), UInt8(ascii: "D"): break
      default: return nil
      }
      guard let power = integer(utf8: bytes, in: (position + 1)..<end) else { return nil }
      exponent += max(-9999, min(9999, power))
    }

    let size: Double
    if mantissa == 0, isExact {
      size = 0
    } else if isExact, mantissa <= 1 << 53, (-22...22).contains(exponent) {
      size =
        exponent < 0
        ? Double(mantissa) / powersOfTen[-exponent] : Double(mantissa) * powersOfTen[exponent]
    } else if isExact, (-19..<0).contains(exponent) {
      size = quotient(mantissa, UInt64(powersOfTen[-exponent]))
    } else {
      let decimal = bytes[range].map { $0 | 0x20 == UInt8(ascii: "d") ? UInt8(ascii: "e") : $0 }
      guard let value = Double(String(decoding: decimal, as: UTF8.self)), value.isFinite else {
        return nil
      }
      return value
    }
    return negative ? -size : size
  }

  /// The integer that is written in a part of a UTF-8 text, as in ``integer(_:)``.
  public static func integer(utf8 bytes: [UInt8], in range: Range<Int>) -> Int? {
    var position = range.lowerBound
    guard position < range.upperBound else { return nil }
    let negative = bytes[position] == UInt8(ascii: "-")
    if negative || bytes[position] == UInt8(ascii: "+") { position += 1 }
    guard position < range.upperBound else { return nil }
    var value = 0
    for byte in bytes[position..<range.upperBound] {
      guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
      let (shifted, tooLarge) = value.multipliedReportingOverflow(by: 10)
      // Negative partial sums, so that the smallest integer fits as well.
      let (sum, tooSmall) = shifted.subtractingReportingOverflow(Int(byte - UInt8(ascii: "0")))
      if tooLarge || tooSmall { return nil }
      value = sum
    }
    if negative { return value }
    return value == .min ? nil : -value
  }

  /// Powers of ten from 10⁰ to 10²², all exact.
  private static let powersOfTen: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
  ]

  /// numerator / denominator, rounded once; both positive.
  private static func quotient(_ numerator: UInt64, _ denominator: UInt64) -> Double {
    let (shiftN, shiftD) = (numerator.leadingZeroBitCount, denominator.leadingZeroBitCount)
    let (n, d) = (numerator << shiftN, denominator << shiftD)
    // n 2⁶³ / d has 63 or 64 bits; a remainder only needs to be seen in the last of them.
    let (q, remainder) = d.dividingFullWidth((n >> 1, (n & 1) << 63))
    return Double(
      sign: .plus, exponent: shiftD - shiftN - 63, significand: Double(remainder == 0 ? q : q | 1))
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
