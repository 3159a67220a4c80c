public import Crystal

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

extension PairDistribution {
  /// The first peak of a radial distribution function and the minimum behind it.
  public struct FirstShell: Hashable, Sendable {
    /// Where g is largest within the peak, Å.
    public var peak: Double
    /// g there.
    public var height: Double
    /// The minimum behind the peak, Å; the middle where g vanishes over a range.
    public var end: Double
  }

  /// Standard deviation of the Gaussian that g is smoothed with for its minimum, Å.
  ///
  /// Large enough that the distances of one distorted polyhedron are one peak.
  public static let smoothing = 0.1

  /// The minimum is looked for within this distance behind the peak, Å.
  private static let window = 1.5

  /// The first shell of two elements; nil for pairs without one.
  ///
  /// The shell begins where g, smoothed by ``smoothing``, first exceeds 1, and ends at the lowest value
  /// before it rises above 1 again, at most 1.5 Å behind the peak.
  public func firstShell(_ first: Element, _ second: Element) -> FirstShell? {
    let g = values(first, second)
    let smooth = smoothed(g)
    guard let start = smooth.firstIndex(where: { $0 > 1 }) else { return nil }
    var fall = start
    while fall < binCount, smooth[fall] > 1 { fall += 1 }
    // Without a fall below 1 there is no shell, only the end of the data.
    guard fall < binCount else { return nil }
    let from = max(0, start - Int(2 * PairDistribution.smoothing / binWidth))
    guard let top = (from..<fall).max(by: { (g[$0], -$0) < (g[$1], -$1) }) else { return nil }
    var last = fall
    while last < binCount, smooth[last] <= 1,
      distances[last] <= distances[top] + PairDistribution.window
    {
      last += 1
    }
    let behind = fall..<max(last, fall + 1)
    guard let least = behind.map({ smooth[$0] }).min() else { return nil }
    let empty = behind.filter { smooth[$0] <= least + 1e-9 }
    let end = (distances[empty[0]] + distances[empty[empty.count - 1]]) / 2
    return FirstShell(peak: distances[top], height: g[top], end: end)
  }

  private func smoothed(_ g: [Double]) -> [Double] {
    let sigma = PairDistribution.smoothing / binWidth
    let reach = Int((3 * sigma).rounded(.up))
    let weights = (0...reach).map { exp(-0.5 * Double($0 * $0) / (sigma * sigma)) }
    return g.indices.map { i in
      var (sum, norm) = (0.0, 0.0)
      for j in max(0, i - reach)...min(g.count - 1, i + reach) {
        let weight = weights[abs(j - i)]
        sum += weight * g[j]
        norm += weight
      }
      return sum / norm
    }
  }
}
