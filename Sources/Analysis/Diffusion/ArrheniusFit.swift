public import Crystal

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// The activation energy of diffusion from coefficients at several temperatures.
///
///     ln D = ln D₀ − Eₐ / (k_B T)
public struct ArrheniusFit: Hashable, Sendable {
  /// A coefficient at a temperature.
  public struct Point: Hashable, Sendable {
    /// K.
    public let temperature: Double
    /// In any unit, above 0.
    public let diffusivity: Double
    /// One standard deviation in the same unit; nil if unknown.
    public let error: Double?

    /// A coefficient.
    public init(temperature: Double, diffusivity: Double, error: Double? = nil) {
      self.temperature = temperature
      self.diffusivity = diffusivity
      self.error = error
    }
  }

  /// The points.
  public let points: [Point]

  /// Eₐ, eV.
  public let activationEnergy: Double

  /// One standard deviation of Eₐ, eV; nil if it cannot be told.
  public let activationEnergyError: Double?

  /// D₀ in the unit of the points.
  public let prefactor: Double

  /// Whether the errors of the points served as weights: all of them have one.
  public let isWeighted: Bool

  private let line: LinearFit

  /// A fit.
  ///
  /// - Throws: ``InputError`` for fewer than two temperatures, or coefficients that are not positive.
  public init(_ points: [Point]) throws(InputError) {
    for point in points {
      let place = "\(fixed(point.temperature, 1)) K"
      guard point.temperature > 0, point.temperature.isFinite else {
        throw InputError("temperature \(point.temperature) K, expected more than 0")
      }
      guard point.diffusivity > 0, point.diffusivity.isFinite else {
        throw InputError(
          "the diffusion coefficient is \(point.diffusivity), expected more than 0", at: place,
          hint: "leave this temperature out, or run it for longer")
      }
      if let error = point.error, !(error > 0 && error.isFinite) {
        throw InputError("the error is \(error), expected more than 0", at: place)
      }
    }
    let errors = points.compactMap { point in point.error.map { $0 / point.diffusivity } }
    isWeighted = errors.count == points.count
    guard
      let line = LinearFit(
        points.map { 1 / (Constants.boltzmann * $0.temperature) },
        points.map { log($0.diffusivity) }, errors: isWeighted ? errors : nil)
    else {
      throw InputError(
        "an Arrhenius fit needs two temperatures or more, found \(Set(points.map(\.temperature)).count)"
      )
    }
    self.points = points
    self.line = line
    activationEnergy = -line.slope
    activationEnergyError = line.covariance.map { $0.slope.squareRoot() }
    prefactor = exp(line.intercept)
  }

  /// The coefficient at a temperature by the line.
  ///
  /// - Parameter temperature: K.
  /// - Returns: D in the unit of the points, and the factor that one standard deviation of ln D makes.
  public func diffusivity(at temperature: Double) -> (value: Double, factor: Double?) {
    let (value, error) = line.value(at: 1 / (Constants.boltzmann * temperature))
    return (exp(value), error.map { exp($0) })
  }
}
