/// An exact fraction in lowest terms with a positive denominator.
public struct Rational: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// Numerator; carries the sign.
  public let numerator: Int

  /// Denominator, positive.
  public let denominator: Int

  /// The number 0.
  public static let zero = Rational(0)

  /// The number 1.
  public static let one = Rational(1)

  /// An integer.
  public init(_ integer: Int) {
    self.numerator = integer
    self.denominator = 1
  }

  /// `numerator`/`denominator` in lowest terms.
  ///
  /// - Throws: ``ArithmeticOverflow`` if the denominator is zero or the reduced terms do not fit.
  public init(_ numerator: Int, _ denominator: Int) throws(ArithmeticOverflow) {
    guard denominator != 0, numerator != .min, denominator != .min else {
      throw ArithmeticOverflow()
    }
    let divisor = greatestCommonDivisor(numerator, denominator)
    let sign = denominator < 0 ? -1 : 1
    self.numerator = sign * numerator / divisor
    self.denominator = sign * denominator / divisor
  }

  /// The value as a floating-point number.
  public var doubleValue: Double { Double(numerator) / Double(denominator) }

  /// The value if it is an integer.
  public var integerValue: Int? { denominator == 1 ? numerator : nil }

  /// The sum of two fractions.
  public func adding(_ other: Rational) throws(ArithmeticOverflow) -> Rational {
    let divisor = greatestCommonDivisor(denominator, other.denominator)
    let left = try multiply(numerator, other.denominator / divisor)
    let right = try multiply(other.numerator, denominator / divisor)
    let (sum, overflow) = left.addingReportingOverflow(right)
    guard !overflow else { throw ArithmeticOverflow() }
    return try Rational(sum, multiply(denominator, other.denominator / divisor))
  }

  /// The difference of two fractions.
  public func subtracting(_ other: Rational) throws(ArithmeticOverflow) -> Rational {
    try adding(Rational(-other.numerator, other.denominator))
  }

  /// The product of two fractions.
  public func multiplied(by other: Rational) throws(ArithmeticOverflow) -> Rational {
    let across = max(1, greatestCommonDivisor(numerator, other.denominator))
    let back = max(1, greatestCommonDivisor(other.numerator, denominator))
    return try Rational(
      multiply(numerator / across, other.numerator / back),
      multiply(denominator / back, other.denominator / across))
  }

  /// The quotient of two fractions; dividing by zero is an overflow.
  public func divided(by other: Rational) throws(ArithmeticOverflow) -> Rational {
    try multiplied(by: Rational(other.denominator, other.numerator))
  }

  /// Orders by value.
  public static func < (left: Rational, right: Rational) -> Bool {
    let a = left.numerator.multipliedFullWidth(by: right.denominator)
    let b = right.numerator.multipliedFullWidth(by: left.denominator)
    return (a.high, a.low) < (b.high, b.low)
  }

  /// `3/4`, or `2` for an integer.
  public var description: String {
    denominator == 1 ? "\(numerator)" : "\(numerator)/\(denominator)"
  }

  /// The fraction with a denominator up to `maximumDenominator` that is nearest to `value`.
  ///
  /// Of two equally near fractions the one with the smaller denominator is taken.
  public static func nearest(to value: Double, maximumDenominator: Int) -> Rational {
    let whole = value.rounded(.down)
    let rest = value - whole
    var best = (numerator: rest < 0.5 ? 0 : 1, denominator: 1)
    var error = min(rest, 1 - rest)
    for denominator in stride(from: 2, through: maximumDenominator, by: 1) {
      let numerator = (rest * Double(denominator)).rounded(.toNearestOrEven)
      let distance = (rest - numerator / Double(denominator)).magnitude
      if distance < error - 1e-15 {
        best = (Int(numerator), denominator)
        error = distance
      }
    }
    let total = Int(whole) * best.denominator + best.numerator
    return (try? Rational(total, best.denominator)) ?? Rational(total)
  }
}

/// A result that does not fit into 64 bits, or a division by zero.
public struct ArithmeticOverflow: Error, CustomStringConvertible {
  /// Creates the error.
  public init() {}

  /// What happened.
  public var description: String { "a number has too many digits or divides by zero" }
}

/// The largest integer that divides both; 0 only if both are 0.
public func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int {
  var (a, b) = (a.magnitude, b.magnitude)
  while b != 0 { (a, b) = (b, a % b) }
  return Int(a)
}

private func multiply(_ a: Int, _ b: Int) throws(ArithmeticOverflow) -> Int {
  let (product, overflow) = a.multipliedReportingOverflow(by: b)
  guard !overflow else { throw ArithmeticOverflow() }
  return product
}
