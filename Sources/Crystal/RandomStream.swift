/// A counter-based stream of random numbers: the n-th number is a function of its key and n alone.
///
/// Streams with different keys are independent, so work can be spread over any number of threads
/// and resumed at any point with the same result.
///
/// Generator: Philox 2×64 with 10 rounds (J. K. Salmon et al., Proc. SC'11, 2011).
public struct RandomStream: RandomNumberGenerator, Sendable {
  @usableFromInline let key: UInt64
  @usableFromInline let streamNumber: UInt64
  @usableFromInline var counter: UInt64 = 0
  @usableFromInline var spare: UInt64?

  /// The stream for one piece of work.
  ///
  /// - Parameters:
  ///   - seed: The seed of the run.
  ///   - purpose: What the numbers are for; two purposes never share a stream.
  ///   - generation: The step of the run, 0 ..< 2³².
  ///   - index: The piece of work within the step, 0 ..< 2³².
  public init(seed: UInt64, purpose: StaticString, generation: Int = 0, index: Int = 0) {
    // FNV-1a over the name: any change of a name gives another stream, on every platform.
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in purpose.description.utf8 {
      hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3
    }
    self.key = RandomStream.philox(seed, hash, key: 0x6365_6c6c_6765_6e21).0
    self.streamNumber =
      UInt64(truncatingIfNeeded: generation) << 32 | UInt64(UInt32(truncatingIfNeeded: index))
  }

  private init(key: UInt64, streamNumber: UInt64) {
    self.key = key
    self.streamNumber = streamNumber
  }

  /// The stream of the same seed and purpose for another piece of work, from its beginning.
  ///
  /// The same as a new stream, without the work of making its key.
  public func restarted(generation: Int, index: Int) -> RandomStream {
    RandomStream(
      key: key,
      streamNumber: UInt64(truncatingIfNeeded: generation) << 32
        | UInt64(UInt32(truncatingIfNeeded: index)))
  }

  /// The next 64 random bits.
  @inlinable
  public mutating func next() -> UInt64 {
    if let value = spare {
      spare = nil
      return value
    }
    let (first, second) = RandomStream.philox(counter, streamNumber, key: key)
    counter &+= 1
    spare = second
    return first
  }

  /// A number in [0, 1) with 53 random bits.
  @inlinable
  public mutating func uniform() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  /// An integer in 0 ..< `bound`, every one equally likely.
  ///
  /// - Precondition: `bound` is in 1 ... 2³².
  public mutating func integer(below bound: Int) -> Int {
    precondition(bound > 0, "bound must be positive")
    // Multiplication instead of division, with rejection of the uneven rest
    // (D. Lemire, ACM Trans. Model. Comput. Simul. 29, 3, 2019).
    let range = UInt64(bound)
    var (high, low) = range.multipliedFullWidth(by: next())
    if low < range {
      let threshold = (0 &- range) % range
      while low < threshold { (high, low) = range.multipliedFullWidth(by: next()) }
    }
    return Int(high)
  }

  /// Puts `values` into a random order, every one equally likely.
  public mutating func shuffle<Value>(_ values: inout [Value]) {
    for i in stride(from: values.count - 1, to: 0, by: -1) {
      values.swapAt(i, integer(below: i + 1))
    }
  }

  /// One block of Philox 2×64-10.
  @inlinable
  static func philox(_ c0: UInt64, _ c1: UInt64, key: UInt64) -> (UInt64, UInt64) {
    var (x0, x1, k) = (c0, c1, key)
    for _ in 0..<10 {
      let product = x0.multipliedFullWidth(by: 0xD2B7_4407_B1CE_6E93)
      (x0, x1) = (product.high ^ k ^ x1, product.low)
      k &+= 0x9E37_79B9_7F4A_7C15
    }
    return (x0, x1)
  }
}
