#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

internal import Crystal

/// A short-range interaction of two ions as a function of their distance.
///
///     v(r) = Σ w u(r)    for r ≤ cutoff, 0 beyond                                     [eV]
///
/// More than one term is a sum, such as Morse and a wall, or an average over oxidation states.
public struct PairPotential: Hashable, Sendable {
  /// The terms with their weights.
  public var terms: [Term]

  /// One function of the distance with a weight.
  public struct Term: Hashable, Sendable {
    /// Weight, dimensionless.
    public var weight: Double
    /// The function.
    public var form: PairForm

    /// A term.
    public init(weight: Double = 1, _ form: PairForm) {
      self.weight = weight
      self.form = form
    }

    /// A Buckingham term: A in eV, ρ in Å, C in eV·Å⁶.
    public init(weight: Double = 1, amplitude: Double, range: Double, dispersion: Double = 0) {
      self.init(
        weight: weight, .buckingham(amplitude: amplitude, range: range, dispersion: dispersion))
    }
  }

  /// A potential from its terms.
  public init(_ terms: [Term]) { self.terms = terms }

  /// The energy of a pair at distance `r`, Å, without regard to the cutoff, eV.
  public func energy(_ r: Double) -> Double {
    terms.reduce(0) { $0 + $1.weight * $1.form.energy(r) }
  }

  /// The derivative of ``energy(_:)`` by the distance, eV/Å.
  public func derivative(_ r: Double) -> Double {
    terms.reduce(0) { $0 + $1.weight * $1.form.derivative(r) }
  }
}

/// A function of the distance of two ions.
public enum PairForm: Hashable, Sendable {
  /// A exp(-r/ρ) - C/r⁶; A in eV, ρ in Å, C in eV·Å⁶.
  case buckingham(amplitude: Double, range: Double, dispersion: Double)

  /// Born–Mayer–Huggins: A exp((σ - r)/ρ) - C/r⁶ - D/r⁸; A in eV, σ and ρ in Å, C in eV·Å⁶, D in eV·Å⁸.
  case bornMayerHuggins(
    amplitude: Double, size: Double, range: Double, dispersion6: Double, dispersion8: Double)

  /// D ([1 - exp(-a (r - r₀))]² - 1); D in eV, a in Å⁻¹, r₀ in Å.
  case morse(depth: Double, stiffness: Double, distance: Double)

  /// 4ε ((σ/r)¹² - (σ/r)⁶); ε in eV, σ in Å.
  case lennardJones(depth: Double, size: Double)

  /// C/rⁿ; C in eV·Åⁿ.
  case inversePower(coefficient: Double, power: Int)

  /// A erfc(r/ρ)/r, a screened Coulomb repulsion; A in eV·Å, ρ in Å.
  case screenedCoulomb(amplitude: Double, range: Double)

  /// The universal repulsion of nuclei of Ziegler, Biersack and Littmark, by atomic numbers.
  ///
  /// Reference: J. F. Ziegler, J. P. Biersack and U. Littmark, The Stopping and Range of Ions in Matter
  /// (Pergamon, 1985): k Z₁Z₂/r Σ cᵢ exp(-dᵢ r/a), a = 0.46850 Å / (Z₁^0.23 + Z₂^0.23).
  case nuclearRepulsion(first: Int, second: Int)

  /// The energy at distance `r`, Å, eV.
  public func energy(_ r: Double) -> Double { value(r).energy }

  /// The derivative of the energy by the distance, eV/Å.
  public func derivative(_ r: Double) -> Double { value(r).slope }

  private func value(_ r: Double) -> (energy: Double, slope: Double) {
    switch self {
    case .buckingham(let amplitude, let range, let dispersion):
      let wall = amplitude * exp(-r / range)
      let r2 = r * r
      let tail = dispersion / (r2 * r2 * r2)
      return (wall - tail, -wall / range + 6 * tail / r)
    case .bornMayerHuggins(let amplitude, let size, let range, let c, let d):
      let wall = amplitude * exp((size - r) / range)
      let r2 = r * r
      let r6 = r2 * r2 * r2
      let (sixth, eighth) = (c / r6, d / (r6 * r2))
      return (wall - sixth - eighth, -wall / range + (6 * sixth + 8 * eighth) / r)
    case .morse(let depth, let stiffness, let distance):
      let e = exp(-stiffness * (r - distance))
      return (depth * e * (e - 2), 2 * depth * stiffness * e * (1 - e))
    case .lennardJones(let depth, let size):
      let s2 = (size / r) * (size / r)
      let s6 = s2 * s2 * s2
      return (4 * depth * s6 * (s6 - 1), 24 * depth * s6 * (1 - 2 * s6) / r)
    case .inversePower(let coefficient, let power):
      let value = coefficient / pow(r, Double(power))
      return (value, -Double(power) * value / r)
    case .screenedCoulomb(let amplitude, let range):
      let value = amplitude * erfc(r / range) / r
      let cloud = amplitude * 2 / (range * Double.pi.squareRoot()) * exp(-r * r / (range * range))
      return (value, -(value + cloud) / r)
    case .nuclearRepulsion(let first, let second):
      let (z1, z2) = (Double(first), Double(second))
      let length = 0.46850 / (pow(z1, 0.23) + pow(z2, 0.23))
      let strength = Constants.coulomb * z1 * z2
      var (sum, slope) = (0.0, 0.0)
      for (c, d) in PairForm.nuclearTerms {
        let part = c * exp(-d * r / length)
        sum += part
        slope -= d / length * part
      }
      return (strength * sum / r, strength * (slope - sum / r) / r)
    }
  }

  private static let nuclearTerms = [
    (0.18175, 3.19980), (0.50986, 0.94229), (0.28022, 0.40290), (0.02817, 0.20162),
  ]
}
