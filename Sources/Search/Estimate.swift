/// A mean with its statistical error.
public struct Estimate: Hashable, Sendable, Codable {
  /// The mean.
  public var mean: Double

  /// One standard deviation of the mean; nil if there are too few measurements to tell.
  public var error: Double?

  /// Whether the blocks were long enough to be independent, and enough of them remained; otherwise
  /// the error is the largest one found and may still be too small.
  public var isConverged: Bool

  /// An estimate.
  public init(mean: Double, error: Double?, isConverged: Bool) {
    self.mean = mean
    self.error = error
    self.isConverged = isConverged
  }

  /// The same quantity shifted by a constant and then multiplied by another.
  public func scaled(by factor: Double, shift: Double = 0) -> Estimate {
    Estimate(
      mean: (mean + shift) * factor, error: error.map { $0 * factor.magnitude },
      isConverged: isConverged)
  }
}
