import Testing

@testable import Crystal

@Suite struct RandomStreamTests {
  // Known answers of Philox 2x64-10 in the Random123 distribution (kat_vectors).
  @Test(
    "Philox gives the known answers",
    arguments: [
      (
        0 as UInt64, 0 as UInt64, 0 as UInt64, 0xca00_a045_9843_d731 as UInt64,
        0x66c2_4222_c9a8_45b5 as UInt64
      ),
      (.max, .max, .max, 0x65b0_21d6_0cd8_310f, 0x4d02_f322_2f86_df20),
      (
        0x243f_6a88_85a3_08d3, 0x1319_8a2e_0370_7344, 0xa409_3822_299f_31d0, 0x0a5e_742c_2997_341c,
        0xb0f8_83d3_8000_de5d
      ),
    ])
  func knownAnswers(c0: UInt64, c1: UInt64, key: UInt64, first: UInt64, second: UInt64) {
    #expect(RandomStream.philox(c0, c1, key: key) == (first, second))
  }

  @Test("a key gives one stream; every part of the key matters")
  func keys() {
    func numbers(_ stream: RandomStream) -> [UInt64] {
      var stream = stream
      return (0..<8).map { _ in stream.next() }
    }
    let reference = numbers(RandomStream(seed: 1, purpose: "a"))
    #expect(numbers(RandomStream(seed: 1, purpose: "a")) == reference)
    for other in [
      RandomStream(seed: 2, purpose: "a"), RandomStream(seed: 1, purpose: "b"),
      RandomStream(seed: 1, purpose: "a", generation: 1),
      RandomStream(seed: 1, purpose: "a", index: 1),
    ] {
      #expect(Set(numbers(other)).isDisjoint(with: reference))
    }
  }

  @Test("the numbers of a stream are the same on every platform and in every version")
  func frozen() {
    var stream = RandomStream(seed: 42, purpose: "test", generation: 3, index: 5)
    let first = stream.next()
    var again = RandomStream(seed: 42, purpose: "test", generation: 3, index: 5)
    #expect(again.next() == first)
    #expect(first == 0x8f29_5cbb_0583_97a7)
  }

  @Test("a stream that is restarted is that of its key")
  func restarted() {
    var other = RandomStream(seed: 42, purpose: "test", generation: 9, index: 1)
    _ = other.next()
    var again = other.restarted(generation: 3, index: 5)
    #expect(again.next() == 0x8f29_5cbb_0583_97a7)
  }

  @Test("integers below a bound are equally likely", arguments: [2, 3, 7, 10])
  func uniformIntegers(bound: Int) {
    var stream = RandomStream(seed: 11, purpose: "random stream tests")
    var counts = [Int](repeating: 0, count: bound)
    let samples = 20_000 * bound
    for _ in 0..<samples { counts[stream.integer(below: bound)] += 1 }
    // Chi squared with bound - 1 degrees of freedom: beyond 40 with probability below 1e-4.
    let chi2 = counts.reduce(0.0) { $0 + Double(($1 - 20_000) * ($1 - 20_000)) / 20_000 }
    #expect(chi2 < 40)
    var one = stream
    #expect(one.integer(below: 1) == 0)
  }

  @Test("reals lie in [0, 1) with the right mean and variance")
  func uniformReals() {
    var stream = RandomStream(seed: 12, purpose: "random stream tests")
    let values = (0..<100_000).map { _ in stream.uniform() }
    #expect(values.allSatisfy { (0..<1).contains($0) })
    let mean = values.reduce(0, +) / 100_000
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 100_000
    // Five standard errors.
    #expect(abs(mean - 0.5) < 5 * (1.0 / 12 / 100_000).squareRoot())
    #expect(abs(variance - 1.0 / 12) < 5 * (1.0 / 180 / 100_000).squareRoot())
  }

  @Test("all orders of a shuffle are equally likely")
  func shuffle() {
    var stream = RandomStream(seed: 13, purpose: "random stream tests")
    var counts: [[Int]: Int] = [:]
    for _ in 0..<24_000 {
      var values = [0, 1, 2, 3]
      stream.shuffle(&values)
      counts[values, default: 0] += 1
    }
    #expect(counts.count == 24)
    let chi2 = counts.values.reduce(0.0) { $0 + Double(($1 - 1000) * ($1 - 1000)) / 1000 }
    // 23 degrees of freedom: beyond 60 with probability below 1e-4.
    #expect(chi2 < 60)
    var nothing: [Int] = []
    stream.shuffle(&nothing)
    #expect(nothing.isEmpty)
  }
}
