public import Crystal

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// The electrostatic energy of point charges in a periodic cell, with its derivatives.
///
///     E = ½ k Σᵢⱼ Σ_T' qᵢ qⱼ erfc(α r) / r                          (real)
///       + (2πk/V) Σ_{G≠0} exp(-G²/4α²) / G² |Σᵢ qᵢ exp(i G·rᵢ)|²     (reciprocal)
///       - k α/√π Σᵢ qᵢ²                                              (self)
///       - k π Q² / (2 V α²)                                          (background)       [eV]
///
/// Conventions: tin-foil boundary; a cell with charge Q ≠ 0 is compensated by a uniform background,
/// so that neither the energy nor a derivative depends on α.
///
/// Reference: as ``EwaldPair``.
public struct EwaldSum: Sendable {
  /// The four parts of the energy, eV.
  public let components: Components

  /// Potential at each site, V: φᵢ = ∂E/∂qᵢ; n sites.
  public let potentials: [Double]

  /// Force on each site, eV/Å; n sites.
  public let forces: [SIMD3<Double>]

  /// Derivative by a symmetric strain ε, eV: rows of the 3 × 3 matrix ∂E/∂ε; stress is this over V.
  public let strainDerivative: [SIMD3<Double>]

  /// The parts of an Ewald sum, eV.
  public struct Components: Hashable, Sendable {
    /// Short-range sum over images.
    public var real = 0.0
    /// Sum over waves.
    public var reciprocal = 0.0
    /// Each charge with its own smeared cloud.
    public var selfInteraction = 0.0
    /// Uniform background of a charged cell.
    public var background = 0.0
  }

  /// Total energy per cell, eV.
  public var energy: Double {
    components.real + components.reciprocal + components.selfInteraction + components.background
  }

  /// Sums over a cell.
  ///
  /// - Parameters:
  ///   - lattice: The cell, Å.
  ///   - positions: Sites; any image, no two on the same point.
  ///   - charges: One charge per site, e.
  ///   - accuracy: Size of what is neglected relative to the largest value of its kind, in (0, 1).
  ///   - splitting: α, Å⁻¹; nil balances the cost of both sums.
  /// - Complexity: O(n^1.5 log(1/accuracy)^1.5).
  /// - Precondition: as many charges as positions.
  public init(
    lattice: Lattice, positions: [Fractional], charges: [Double], accuracy: Double = 1e-14,
    splitting: Double? = nil
  ) {
    precondition(positions.count == charges.count, "one charge per site")
    let n = positions.count
    let volume = lattice.volume
    // Both sums take equally long if there are `costRatio` times as many site-wave products as pairs.
    let balanced =
      Double.pi.squareRoot() * pow(EwaldSum.costRatio * Double(max(1, n)), 1.0 / 6) / cbrt(volume)
    let alpha = splitting ?? balanced
    let reach = ewaldReach(accuracy)
    let k = Constants.coulomb

    let real = EwaldPart(
      real: lattice, positions: positions, charges: charges, splitting: alpha,
      cutoff: reach / alpha)
    let reciprocal = EwaldPart(
      reciprocal: lattice, positions: positions, charges: charges, splitting: alpha,
      cutoff: 2 * alpha * reach)
    let charge = charges.reduce(0, +)
    let backgroundPotential = -k * Double.pi * charge / (volume * alpha * alpha)
    let selfPotential = -2 * k * alpha / Double.pi.squareRoot()
    let background = 0.5 * charge * backgroundPotential
    self.components = Components(
      real: real.energy, reciprocal: reciprocal.energy,
      selfInteraction: 0.5 * selfPotential * charges.reduce(0) { $0 + $1 * $1 },
      background: background)
    self.potentials = charges.indices.map {
      real.potentials[$0] + reciprocal.potentials[$0] + selfPotential * charges[$0]
        + backgroundPotential
    }
    self.forces = charges.indices.map { real.forces[$0] + reciprocal.forces[$0] }
    self.strainDerivative = (0..<3).map { row in
      var derivative = real.strain[row] + reciprocal.strain[row]
      derivative[row] -= background
      return derivative
    }
  }

  /// Time of a pair of the real sum over that of a site and a wave of the reciprocal one, measured.
  private static let costRatio = 12.0
}
