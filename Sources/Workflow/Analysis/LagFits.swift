internal import Analysis
internal import Crystal

/// Straight lines through functions of the lag, in the whole trajectory and in its blocks.
struct LagFits {
  let whole: DisplacementCorrelations
  let parts: [DisplacementCorrelations]
  let interval: Double
  let window: FitWindow

  /// The fit of a function of the lag, and the error of its slope over blocks.
  ///
  /// - Throws: ``InputError`` if the window holds too few lags.
  func fit(
    dimensions: Int = 3, _ function: (DisplacementCorrelations) -> [Double]
  ) throws(InputError) -> (fit: Diffusivity, error: Double?) {
    func diffusivity(_ correlations: DisplacementCorrelations) -> Diffusivity? {
      let values = function(correlations)
      return Diffusivity(
        lags: values.indices.map { Double($0) * interval }, displacement: values, window: window,
        dimensions: dimensions)
    }
    guard let fit = diffusivity(whole) else {
      throw InputError("the window of the fit holds fewer than two lags", at: "--fit-to")
    }
    let values = parts.compactMap { diffusivity($0)?.value }
    return (fit, LagFits.error(values))
  }

  /// The standard deviation of the mean of independent values.
  static func error(_ values: [Double]) -> Double? {
    guard values.count > 2 else { return nil }
    let n = Double(values.count)
    let mean = values.reduce(0, +) / n
    let square = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1)
    return (square / n).squareRoot()
  }
}
