internal import CGSL

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// A linear model y = c₀ + Σⱼ cⱼ xⱼ by least squares with a penalty on large coefficients (ridge
/// regression), whose strength is that of the lowest cross-validated error.
///
/// Columns are centred and scaled to unit variance. With X = U S Vᵀ by GSL and the penalty λ²
///
///     c = V diag(s / (s² + λ²)) Uᵀ y,   hᵢ = 1/n + Σₖ Uᵢₖ² sₖ² / (sₖ² + λ²),
///
/// and leaving out point i changes its residual eᵢ to eᵢ / (1 - hᵢ): cross-validation over single
/// points needs no other fit.
///
/// Reference: G. H. Golub, M. Heath and G. Wahba, Technometrics 21, 215 (1979).
public struct RidgeRegression: Hashable, Sendable {
  /// Root mean square of what is left when each point is predicted from all others; unit of y.
  public let crossValidatedError: Double

  /// Standard deviation of y: the error of predicting its mean.
  public let spread: Double

  /// Number of points, n.
  public let count: Int

  private let means: [Double]
  private let coefficients: [Double]
  private let constant: Double

  /// λ relative to the largest singular value.
  private static let penalties = (0...24).map { pow(10, Double($0) / 4 - 6) }

  /// Points that determine themselves say nothing about others.
  private static let leastFreedom = 1e-8

  /// Fits a model; nil for fewer than three points, or where nothing varies.
  ///
  /// - Parameters:
  ///   - x: n rows of equal length.
  ///   - y: n values.
  public init?(_ x: [[Double]], _ y: [Double]) {
    precondition(x.count == y.count, "one row for each value")
    let n = y.count
    guard n >= 3, let width = x.first?.count else { return nil }
    let mean = y.reduce(0, +) / Double(n)
    let variance = y.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(n)
    // Columns that vary by more than rounding.
    var means = [Double](repeating: 0, count: width)
    var scales = [Double](repeating: 0, count: width)
    for j in 0..<width {
      means[j] = x.reduce(0) { $0 + $1[j] } / Double(n)
      let squares = x.reduce(0) { $0 + ($1[j] - means[j]) * ($1[j] - means[j]) }
      let scale = (squares / Double(n)).squareRoot()
      scales[j] = scale > 1e-10 * max(1, means[j].magnitude) ? scale : 0
    }
    let columns = (0..<width).filter { scales[$0] > 0 }
    guard variance > 0, !columns.isEmpty else { return nil }
    let rows = x.map { row in columns.map { (row[$0] - means[$0]) / scales[$0] } }
    let parts = SingularValues(rows)
    let largest = parts.values.max() ?? 0
    guard largest > 0 else { return nil }
    let shares = (0..<parts.values.count).map { k in
      (0..<n).reduce(0) { $0 + parts.left[$1][k] * (y[$1] - mean) }
    }

    var best: (error: Double, penalty: Double)?
    for penalty in RidgeRegression.penalties.map({ $0 * largest }) {
      let filters = parts.values.map { $0 * $0 / ($0 * $0 + penalty * penalty) }
      var (sum, isKnown) = (0.0, true)
      for i in 0..<n {
        var (fit, leverage) = (0.0, 1 / Double(n))
        for k in filters.indices {
          fit += parts.left[i][k] * filters[k] * shares[k]
          leverage += parts.left[i][k] * parts.left[i][k] * filters[k]
        }
        if 1 - leverage < RidgeRegression.leastFreedom { isKnown = false }
        let residual = (y[i] - mean - fit) / (1 - leverage)
        sum += residual * residual
      }
      let error = (sum / Double(n)).squareRoot()
      if isKnown, error < best?.error ?? .infinity { best = (error, penalty) }
    }
    guard let best else { return nil }
    var coefficients = [Double](repeating: 0, count: width)
    for (c, j) in columns.enumerated() {
      for k in parts.values.indices {
        let s = parts.values[k]
        coefficients[j] +=
          parts.right[c][k] * s / (s * s + best.penalty * best.penalty) * shares[k] / scales[j]
      }
    }
    self.means = means
    self.coefficients = coefficients
    constant = mean
    crossValidatedError = best.error
    spread = variance.squareRoot()
    count = n
  }

  /// The value that the model gives for a row.
  public func callAsFunction(_ row: [Double]) -> Double {
    var value = constant
    for j in coefficients.indices { value += coefficients[j] * (row[j] - means[j]) }
    return value
  }
}

/// The singular values of a matrix, by GSL's one-sided Jacobi rotations: X = U S Vᵀ.
private struct SingularValues {
  /// S, largest first.
  let values: [Double]
  /// Rows of U.
  let left: [[Double]]
  /// Rows of V.
  let right: [[Double]]

  init(_ rows: [[Double]]) {
    // GSL's default is to abort the program on any error.
    _ = unsafe gsl_set_error_handler_off()
    let (n, p) = (rows.count, rows[0].count)
    // GSL wants at least as many rows as columns.
    let isTall = n >= p
    let (m, k) = (max(n, p), min(n, p))
    guard let a = unsafe gsl_matrix_alloc(m, k), let v = unsafe gsl_matrix_alloc(k, k),
      let s = unsafe gsl_vector_alloc(k)
    else { preconditionFailure("no memory for a matrix of \(m) rows") }
    defer {
      unsafe gsl_matrix_free(a)
      unsafe gsl_matrix_free(v)
      unsafe gsl_vector_free(s)
    }
    for i in 0..<n {
      for j in 0..<p { unsafe gsl_matrix_set(a, isTall ? i : j, isTall ? j : i, rows[i][j]) }
    }
    unsafe gsl_linalg_SV_decomp_jacobi(a, v, s)
    values = (0..<k).map { unsafe gsl_vector_get(s, $0) }
    let u = (0..<m).map { i in (0..<k).map { unsafe gsl_matrix_get(a, i, $0) } }
    let w = (0..<k).map { i in (0..<k).map { unsafe gsl_matrix_get(v, i, $0) } }
    left = isTall ? u : w
    right = isTall ? w : u
  }
}
