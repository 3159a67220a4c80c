import Crystal
import Testing

@Suite struct NumberReaderTests {
  @Test(
    "finite decimal numbers, also from Fortran",
    arguments: [
      ("1", 1.0), ("-2.5", -2.5), ("+.5", 0.5), ("5.", 5), ("1e-3", 1e-3), ("1.0D-3", 1e-3),
      ("2.5d+02", 250), ("0", 0), ("-0", 0),
    ])
  func real(text: String, value: Double) {
    #expect(NumberReader.real(text) == value)
  }

  @Test(
    "anything else is no number",
    arguments: [
      "", " ", "nan", "NaN", "inf", "-Infinity", "1e400", "0x10", "1,5", "1 2", " 1", "1e", "--1",
      "1.2.3", "e5", "½", "١", "1_000", "0b1", "1f", ".", "+",
    ])
  func notReal(text: String) {
    #expect(NumberReader.real(text) == nil)
  }

  @Test func integer() {
    #expect(NumberReader.integer("-12") == -12)
    #expect(NumberReader.integer("+3") == 3)
    for text in ["", "1.0", "0x1", "9223372036854775808", "1e3", " 1", "١"] {
      #expect(NumberReader.integer(text) == nil, "\(text)")
    }
  }

  @Test func rational() throws {
    #expect(try NumberReader.rational("1/3") == Rational(1, 3))
    #expect(try NumberReader.rational("0.5") == Rational(1, 2))
    #expect(try NumberReader.rational("-1.25/2") == Rational(-5, 8))
    #expect(NumberReader.rational("3.") == Rational(3))
    #expect(try NumberReader.rational(".75") == Rational(3, 4))
    for text in [
      "", "/", "1/", "/2", "1/0", "1/2/3", ".", "-", "1e3", "nan", "½", "²",
      "99999999999999999999",
    ] {
      #expect(NumberReader.rational(text) == nil, "\(text)")
    }
  }

  @Test(
    "fixed decimals are the same everywhere",
    arguments: [
      (1.0, 3, "1.000"), (-0.0004, 3, "0.000"), (-0.0006, 3, "-0.001"), (0.0, 0, "0"),
      (2.5, 0, "2"),
      (3.5, 0, "4"), (1234.5678, 2, "1234.57"), (0.1, 15, "0.100000000000000"),
      (-12.06, 1, "-12.1"),
      (99.999, 2, "100.00"), (1e20, 2, "1e+20"), (.infinity, 2, "inf"),
    ])
  func fixedDecimals(value: Double, digits: Int, text: String) {
    #expect(fixed(value, digits) == text)
  }

  @Test("fixed decimals read back as the nearest number", arguments: 0..<100 as Range<UInt64>)
  func fixedReadsBack(seed: UInt64) {
    var stream = RandomStream(seed: seed, purpose: "fixed tests")
    let value = (stream.uniform() - 0.5) * 1000
    #expect(abs((NumberReader.real(fixed(value, 6)) ?? .nan) - value) <= 0.5000001e-6)
  }

  @Test func padding() {
    #expect("ab".padded(to: 4) == "ab  ")
    #expect("ab".leftPadded(to: 4) == "  ab")
    #expect("abc".padded(to: 2) == "abc" && "abc".leftPadded(to: 2) == "abc")
  }
}
