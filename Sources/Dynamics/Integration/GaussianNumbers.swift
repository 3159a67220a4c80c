internal import Crystal

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Normal random numbers that are a function of seed, purpose, step and atom alone.
struct GaussianNumbers {
  private let stream: RandomStream

  init(seed: UInt64, purpose: StaticString) {
    stream = RandomStream(seed: seed, purpose: purpose)
  }

  /// Three independent numbers of mean 0 and variance 1.
  ///
  /// Reference: G. E. P. Box and M. E. Muller, Ann. Math. Stat. 29, 610 (1958).
  func vector(step: Int, index: Int) -> SIMD3<Double> {
    var stream = stream.restarted(generation: step, index: index)
    // 1 - u lies in (0, 1], so that the logarithm is finite.
    let first = (-2 * log(1 - stream.uniform())).squareRoot()
    let angle = 2 * Double.pi * stream.uniform()
    let second = (-2 * log(1 - stream.uniform())).squareRoot()
    return SIMD3(
      first * cos(angle), first * sin(angle), second * cos(2 * Double.pi * stream.uniform()))
  }
}
