#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// A short-range interaction of two ions as a function of their distance.
///
///     v(r) = Σ w (A exp(-r/ρ) - C/r⁶)    for r ≤ cutoff, 0 beyond                 [eV]
///
/// More than one term is an average over oxidation states, with weights w that add up to one.
public struct PairPotential: Hashable, Sendable {
  /// The terms with their weights.
  public var terms: [Term]

  /// A Buckingham term.
  public struct Term: Hashable, Sendable {
    /// Weight, dimensionless.
    public var weight: Double
    /// A, eV.
    public var amplitude: Double
    /// ρ, Å.
    public var range: Double
    /// C, eV·Å⁶.
    public var dispersion: Double

    /// A term.
    public init(weight: Double = 1, amplitude: Double, range: Double, dispersion: Double = 0) {
      self.weight = weight
      self.amplitude = amplitude
      self.range = range
      self.dispersion = dispersion
    }
  }

  /// A potential from its terms.
  public init(_ terms: [Term]) { self.terms = terms }

  /// The energy of a pair at distance `r`, Å, without regard to the cutoff, eV.
  public func energy(_ r: Double) -> Double {
    var sum = 0.0
    for term in terms {
      let r2 = r * r
      sum +=
        term.weight
        * (term.amplitude * exp(-r / term.range) - term.dispersion / (r2 * r2 * r2))
    }
    return sum
  }

  /// The derivative of ``energy(_:)`` by the distance, eV/Å.
  public func derivative(_ r: Double) -> Double {
    var sum = 0.0
    for term in terms {
      let r2 = r * r
      let repulsion = -term.amplitude / term.range * exp(-r / term.range)
      sum += term.weight * (repulsion + 6 * term.dispersion / (r2 * r2 * r2 * r))
    }
    return sum
  }
}
