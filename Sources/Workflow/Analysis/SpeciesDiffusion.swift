internal import Analysis
internal import Crystal

/// The diffusion of one element.
struct SpeciesDiffusion: Sendable {
  let element: Element
  let ions: Int
  /// D*, Å²/fs.
  let tracer: DiffusionOfTrajectory.Value
  /// D* along x, y and z, Å²/fs.
  let axes: [Double]
  /// D_J from the collective displacement, Å²/fs.
  let jump: DiffusionOfTrajectory.Value
  /// Intercept of the fit, Å².
  let intercept: Double
  let logSlope: Double?
  /// Mean squared displacement at the end of the window, Å².
  let meanSquareAtEnd: Double

  /// What the displacements look like in the window.
  enum Regime: String {
    case diffusive
    case vibration
    case other = "not diffusive"
  }

  var regime: Regime {
    if meanSquareAtEnd < DiffusionOfTrajectory.vibration { return .vibration }
    guard let logSlope, DiffusionOfTrajectory.diffusiveSlopes.contains(logSlope),
      tracer.value > 0
    else { return .other }
    return .diffusive
  }

  /// D* / D_J with its error, as if both were independent; nil if the ions do not move as a whole.
  var haven: DiffusionOfTrajectory.Value? {
    // Of opposite displacements only rounding is left.
    guard jump.value.magnitude > 1e-9 * tracer.value.magnitude else { return nil }
    let ratio = tracer.value / jump.value
    guard let one = tracer.error, let two = jump.error else { return .init(value: ratio) }
    let (p, q) = (one / tracer.value, two / jump.value)
    return .init(value: ratio, error: ratio.magnitude * (p * p + q * q).squareRoot())
  }

  init(_ element: Element, ions: Int, group: Int, _ fits: LagFits) throws(InputError) {
    self.element = element
    self.ions = ions
    let tracer = try fits.fit { $0.meanSquare(group) }
    self.tracer = .init(value: tracer.fit.value, error: tracer.error)
    intercept = tracer.fit.intercept
    logSlope = tracer.fit.logSlope
    var axes: [Double] = []
    for axis in 0..<3 {
      axes.append(try fits.fit(dimensions: 1) { $0.meanSquaresByAxis[group][axis] }.fit.value)
    }
    self.axes = axes
    let jump = try fits.fit { $0.collective[group][group].map { $0 / Double(ions) } }
    self.jump = .init(value: jump.fit.value, error: jump.error)
    let last = min(
      fits.whole.meanSquare(group).count - 1,
      Int((fits.window.to / fits.interval).rounded(.toNearestOrEven)))
    meanSquareAtEnd = fits.whole.meanSquare(group)[last]
  }
}
