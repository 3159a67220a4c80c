import Crystal
import Testing

@Suite struct RationalTests {
  /// A fraction with terms up to 50.
  static func random(_ stream: inout RandomStream) throws -> Rational {
    try Rational(stream.integer(below: 101) - 50, stream.integer(below: 50) + 1)
  }

  @Test("arithmetic follows the laws of a field", arguments: 0..<100 as Range<UInt64>)
  func field(seed: UInt64) throws {
    var stream = RandomStream(seed: seed, purpose: "rational tests")
    let (a, b, c) = try (
      RationalTests.random(&stream), RationalTests.random(&stream), RationalTests.random(&stream)
    )
    #expect(try a.adding(b) == b.adding(a))
    #expect(try a.multiplied(by: b.adding(c)) == a.multiplied(by: b).adding(a.multiplied(by: c)))
    #expect(try a.subtracting(b).adding(b) == a)
    if b != .zero { #expect(try a.divided(by: b).multiplied(by: b) == a) }
    #expect((a < b) == (a.doubleValue < b.doubleValue))
    #expect(greatestCommonDivisor(a.numerator, a.denominator) == 1)
  }

  @Test func lowestTerms() throws {
    #expect(try Rational(6, -4) == Rational(-3, 2))
    #expect(try Rational(6, -4).denominator == 2)
    #expect(try Rational(0, -7) == .zero)
    #expect(try Rational(6, 3).integerValue == 2)
    #expect(try Rational(1, 3).integerValue == nil)
    #expect(try "\(Rational(-3, 2)) \(Rational(4, 2))" == "-3/2 2")
  }

  @Test("what does not fit into 64 bits, and division by zero, is an error")
  func overflow() throws {
    let large = Rational(Int.max)
    #expect(throws: ArithmeticOverflow.self) { try Rational(1, 0) }
    #expect(throws: ArithmeticOverflow.self) { try Rational(.min, 3) }
    #expect(throws: ArithmeticOverflow.self) { try large.adding(.one) }
    #expect(throws: ArithmeticOverflow.self) { try large.multiplied(by: Rational(2)) }
    #expect(throws: ArithmeticOverflow.self) { try large.divided(by: .zero) }
    #expect(throws: ArithmeticOverflow.self) {
      try Rational(1, .max).multiplied(by: Rational(1, 2))
    }
    // Products that only fit when common factors are removed first.
    #expect(try large.multiplied(by: Rational(1, .max)) == .one)
    #expect(large > Rational(Int.max - 1))
  }

  @Test(
    "nearest fraction with a small denominator",
    arguments: [
      (0.333333, 12, 1, 3), (0.5, 12, 1, 2), (2.75, 4, 11, 4), (-0.25, 24, -1, 4),
      (0.999, 10, 1, 1),
      (0.2, 1, 0, 1), (1e-9, 24, 0, 1),
    ])
  func nearest(value: Double, limit: Int, numerator: Int, denominator: Int) throws {
    #expect(
      try Rational.nearest(to: value, maximumDenominator: limit)
        == Rational(numerator, denominator))
  }
}
