internal import Crystal

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Normal random numbers that are a function of seed, purpose, step and atom alone.
///
/// By the ziggurat method: the density is covered by 128 layers of equal area, of which nearly every draw
/// needs one product.
///
/// Reference: J. A. Doornik, An improved ziggurat method to generate normal random samples, University of
/// Oxford (2005), after G. Marsaglia and W. W. Tsang, J. Stat. Softw. 5, 8 (2000).
package struct GaussianNumbers: Sendable {
  private let stream: RandomStream

  /// Right ends of the layers, widest first; the first is that of a rectangle with the tail's area.
  private let ends: [Double]

  /// Share of each layer that lies under the density as a whole.
  private let cores: [Double]

  /// Where the tail begins.
  private static let tail = 3.442619855899

  /// Area of a layer.
  private static let area = 9.91256303526217e-3

  /// Numbers of a seed for a purpose.
  package init(seed: UInt64, purpose: StaticString) {
    stream = RandomStream(seed: seed, purpose: purpose)
    var density = exp(-0.5 * GaussianNumbers.tail * GaussianNumbers.tail)
    var ends = [GaussianNumbers.area / density, GaussianNumbers.tail]
    while ends.count < 128 {
      let end = (-2 * log(GaussianNumbers.area / ends[ends.count - 1] + density)).squareRoot()
      density = exp(-0.5 * end * end)
      ends.append(end)
    }
    ends.append(0)
    self.ends = ends
    cores = zip(ends, ends.dropFirst()).map { $1 / $0 }
  }

  /// Three independent numbers of mean 0 and variance 1.
  package func vector(step: Int, index: Int) -> SIMD3<Double> {
    var stream = stream.restarted(generation: step, index: index)
    return SIMD3(next(&stream), next(&stream), next(&stream))
  }

  private func next(_ stream: inout RandomStream) -> Double {
    while true {
      // The layer from the lowest bits, the place in it from the highest.
      let bits = stream.next()
      let layer = Int(bits & 127)
      let place = 2 * (Double(bits >> 11) * 0x1p-53) - 1
      if place.magnitude < cores[layer] { return place * ends[layer] }
      if layer == 0 { return beyond(&stream, isNegative: place < 0) }
      let x = place * ends[layer]
      let outer = exp(-0.5 * (ends[layer] * ends[layer] - x * x))
      let inner = exp(-0.5 * (ends[layer + 1] * ends[layer + 1] - x * x))
      if inner + stream.uniform() * (outer - inner) < 1 { return x }
    }
  }

  /// A number from the tail.
  ///
  /// Reference: G. Marsaglia, Technometrics 6, 101 (1964).
  private func beyond(_ stream: inout RandomStream, isNegative: Bool) -> Double {
    while true {
      // 1 - u lies in (0, 1], so that the logarithms are finite.
      let x = log(1 - stream.uniform()) / GaussianNumbers.tail
      let y = log(1 - stream.uniform())
      if -2 * y >= x * x { return isNegative ? x - GaussianNumbers.tail : GaussianNumbers.tail - x }
    }
  }
}
