import Crystal
import Testing

@Suite struct NumberReaderBytesTests {
  private func real(_ text: String) -> Double? {
    let bytes = Array(" \(text) ".utf8)
    return NumberReader.real(utf8: bytes, in: 1..<(bytes.count - 1))
  }

  @Test("bytes give the number that the standard library gives, to the last bit")
  func twin() {
    var state: UInt64 = 1
    func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state ^ (state >> 29)
    }
    for _ in 0..<20_000 {
      let bits = Double(bitPattern: next())
      let plain = (Double(next() >> 11) / 9_007_199_254_740_992 - 0.5) * 200
      let digits = "\(next()).\(next() % 1_000_000)e-\(next() % 30)"
      let decimal = "0.\(next())"
      for text in ["\(bits)", "\(plain)", digits, decimal] where Double(text)?.isFinite == true {
        #expect(real(text)?.bitPattern == Double(text)?.bitPattern, "\(text)")
      }
    }
  }

  @Test(
    "halves between two numbers are rounded to even",
    arguments: [
      "9007199254740993", "9007199254740993.0", "0.9007199254740993",
      "1.00000000000000011102230246251565",
    ])
  func halves(text: String) {
    #expect(real(text) == Double(text))
  }

  @Test(
    "what is no finite decimal number is refused",
    arguments: [
      "", "+", "-", ".", "e5", "1e", "1e+", "nan", "inf", "0x10", "1e400", "1.2.3", "1,5", "1_0",
      "--1", "1e5.0", "1 2",
    ])
  func refused(text: String) {
    #expect(real(text) == nil)
    #expect(NumberReader.real(text) == nil)
  }

  @Test(
    "usual and unusual spellings are read",
    arguments: [
      ("5.", 5), (".5", 0.5), ("+1.0D-3", 0.001), ("-1d2", -100), ("-0", 0), ("00012", 12),
      ("1e-400", 0), ("0.00000000000000000000000000000000000001", 1e-38),
      ("12345678901234567890123", 12_345_678_901_234_567_741_440),
    ])
  func accepted(text: String, value: Double) {
    #expect(real(text) == value)
  }

  @Test("integers end where they no longer fit")
  func integers() {
    func integer(_ text: String) -> Int? {
      let bytes = Array(text.utf8)
      return NumberReader.integer(utf8: bytes, in: bytes.indices)
    }
    #expect(integer("9223372036854775807") == .max)
    #expect(integer("-9223372036854775808") == .min)
    #expect(integer("9223372036854775808") == nil)
    #expect(integer("-9223372036854775809") == nil)
    #expect(integer("+7") == 7)
    for text in ["", "+", "-", "1.0", "1a", " 1"] { #expect(integer(text) == nil) }
  }
}
