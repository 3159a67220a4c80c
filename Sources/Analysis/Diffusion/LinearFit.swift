internal import CGSL

/// Switches off the handler of GSL that would end the process; status codes are checked instead.
private let handlerIsOff: Bool = {
  _ = unsafe gsl_set_error_handler_off()
  return true
}()

/// A straight line through points, by least squares.
///
///     y = intercept + slope x
public struct LinearFit: Hashable, Sendable {
  /// Value at x = 0.
  public let intercept: Double

  /// Change of y per x.
  public let slope: Double

  /// Variances of intercept and slope, and their covariance; nil if two points leave nothing to judge
  /// the scatter by.
  public let covariance: Covariance?

  /// Sum of the squared deviations, divided by the squared errors where the points have errors.
  public let residual: Double

  /// Number of points.
  public let points: Int

  /// Variances and covariance of the two coefficients.
  public struct Covariance: Hashable, Sendable {
    /// Variance of the intercept.
    public let intercept: Double
    /// Variance of the slope.
    public let slope: Double
    /// Covariance of the two.
    public let both: Double
  }

  /// A line through points; nil for fewer than two different places.
  ///
  /// With errors, each point counts with 1/error², and the covariance follows from the errors; it is
  /// enlarged by residual / (points − 2) where the points scatter more than their errors. Without
  /// errors, all points count the same and the scatter gives the covariance.
  ///
  /// - Parameters:
  ///   - x: Places.
  ///   - y: Values.
  ///   - errors: One standard deviation of each value, above 0; nil for none.
  public init?(_ x: [Double], _ y: [Double], errors: [Double]? = nil) {
    precondition(x.count == y.count && errors.map { $0.count == x.count } ?? true)
    guard handlerIsOff, x.count > 1, let first = x.first, x.contains(where: { $0 != first }) else {
      return nil
    }
    var (c0, c1, c00, c01, c11, sum) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    let status: Int32
    if let errors {
      let weights = errors.map { 1 / ($0 * $0) }
      status = unsafe gsl_fit_wlinear(
        x, 1, weights, 1, y, 1, x.count, &c0, &c1, &c00, &c01, &c11, &sum)
    } else {
      status = unsafe gsl_fit_linear(x, 1, y, 1, x.count, &c0, &c1, &c00, &c01, &c11, &sum)
    }
    guard status == 0, c0.isFinite, c1.isFinite else { return nil }
    intercept = c0
    slope = c1
    residual = sum
    points = x.count
    if errors != nil {
      let scale = x.count > 2 ? max(1, sum / Double(x.count - 2)) : 1
      covariance = Covariance(intercept: scale * c00, slope: scale * c11, both: scale * c01)
    } else {
      // GSL divides by the number of points less two.
      covariance = x.count > 2 ? Covariance(intercept: c00, slope: c11, both: c01) : nil
    }
  }

  /// The value of the line and its standard deviation.
  public func value(at x: Double) -> (value: Double, error: Double?) {
    let error = covariance.map {
      max(0, $0.intercept + 2 * x * $0.both + x * x * $0.slope).squareRoot()
    }
    return (intercept + slope * x, error)
  }
}
