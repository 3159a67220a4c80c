#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// A range of lags over which a mean squared displacement is fitted.
public struct FitWindow: Hashable, Sendable, Codable {
  /// The shortest lag, fs.
  public var from: Double

  /// The longest lag, fs.
  public var to: Double

  /// A window, fs.
  public init(from: Double, to: Double) {
    self.from = from
    self.to = to
  }
}

/// A diffusion coefficient from the slope of a mean squared displacement.
///
///     D = slope / (2 d)                                                             [Å²/fs]
///
/// with a line through the points of the window, intercept included, because vibrations add a constant.
public struct Diffusivity: Hashable, Sendable {
  /// D, Å²/fs.
  public let value: Double

  /// Mean squared displacement that the line has at no lag, Å²: that of vibrations.
  public let intercept: Double

  /// Slope of ln MSD over ln lag in the window: 1 for diffusion, 0 for vibration, 2 for flight; nil if
  /// the displacement is not positive throughout.
  public let logSlope: Double?

  /// Number of lags in the window.
  public let points: Int

  /// cm²/s per Å²/fs.
  public static let squareCentimetresPerSecond = 0.1

  /// A fit; nil with fewer than two lags in the window.
  ///
  /// - Parameters:
  ///   - lags: fs.
  ///   - displacement: Mean squares at these lags, Å².
  ///   - window: Which lags are used.
  ///   - dimensions: d: 3, or 1 for one direction.
  public init?(
    lags: [Double], displacement: [Double], window: FitWindow, dimensions: Int = 3
  ) {
    // Times in files are rounded, so that the ends of the window are met only nearly.
    let slack = 1e-6 * window.to
    let used = lags.indices.filter {
      lags[$0] >= window.from - slack && lags[$0] <= window.to + slack
    }
    guard let fit = LinearFit(used.map { lags[$0] }, used.map { displacement[$0] }) else {
      return nil
    }
    value = fit.slope / (2 * Double(dimensions))
    intercept = fit.intercept
    points = used.count
    let later = used.filter { lags[$0] > 0 }
    if later.allSatisfy({ displacement[$0] > 0 }) {
      logSlope = LinearFit(later.map { log(lags[$0]) }, later.map { log(displacement[$0]) })?.slope
    } else {
      logSlope = nil
    }
  }
}
