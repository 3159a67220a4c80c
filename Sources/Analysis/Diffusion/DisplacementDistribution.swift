internal import Crystal

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// How far single atoms have moved after some lags: self part of van Hove's function and the
/// non-Gaussian parameter.
public struct DisplacementDistribution: Sendable {
  /// Lags, frames.
  public let lags: [Int]

  /// Width of a bin, Å.
  public let binWidth: Double

  /// Probability density of the distance moved, 4π r² G_s(r, t), Å⁻¹; [lag][bin].
  public let density: [[Double]]

  /// α₂ = 3 ⟨r⁴⟩ / (5 ⟨r²⟩²) − 1 at each lag: 0 for Brownian motion; nil if nothing moves.
  public let nonGaussian: [Double?]

  /// Origins per lag at most, evenly spaced.
  public static let originLimit = 400

  /// Averages over atoms and origins.
  ///
  /// - Parameters:
  ///   - history: The displacements.
  ///   - atoms: Which atoms.
  ///   - lags: Lags, frames, from 1 to less than the number of frames.
  ///   - binWidth: Å.
  public init(
    _ history: DisplacementHistory, atoms: [Int], lags: [Int], binWidth: Double
  ) {
    self.lags = lags
    self.binWidth = binWidth
    var (density, nonGaussian) = ([[Double]](), [Double?]())
    for lag in lags {
      let origins = history.frames - lag
      let every = max(1, (origins + Self.originLimit - 1) / Self.originLimit)
      var counts: [Int] = []
      var (square, fourth, number) = (0.0, 0.0, 0)
      for origin in stride(from: 0, to: origins, by: every) {
        let before = history.displacements(of: atoms, at: origin)
        let after = history.displacements(of: atoms, at: origin + lag)
        for index in atoms.indices {
          let step = after[index] - before[index]
          let r2 = dot(step, step)
          square += r2
          fourth += r2 * r2
          number += 1
          let bin = Int(r2.squareRoot() / binWidth)
          if bin >= counts.count {
            counts += Array(repeating: 0, count: bin + 1 - counts.count)
          }
          counts[bin] += 1
        }
      }
      density.append(counts.map { Double($0) / (Double(number) * binWidth) })
      let mean = square / Double(number)
      nonGaussian.append(mean > 0 ? 3 * fourth / Double(number) / (5 * mean * mean) - 1 : nil)
    }
    let longest = density.map(\.count).max() ?? 0
    self.density = density.map { $0 + Array(repeating: 0, count: longest - $0.count) }
    self.nonGaussian = nonGaussian
  }

  /// About `count` lags from 1 to `last`, each a constant factor longer than the one before.
  public static func logarithmicLags(upTo last: Int, count: Int) -> [Int] {
    guard last >= 1, count > 1 else { return last >= 1 ? [1] : [] }
    var lags: [Int] = []
    for index in 0..<count {
      let lag = Int(
        exp(log(Double(last)) * Double(index) / Double(count - 1)).rounded(.toNearestOrEven))
      if lag > (lags.last ?? 0) { lags.append(min(lag, last)) }
    }
    return lags
  }
}
