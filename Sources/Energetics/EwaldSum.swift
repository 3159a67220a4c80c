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
  ///   - accuracy: Size of the largest neglected term relative to 1, in (0, 1).
  ///   - splitting: α, Å⁻¹; nil balances the cost of both sums.
  /// - Complexity: O(n^1.5 log(1/accuracy)^1.5) terms, plus O(n²) distances.
  /// - Precondition: as many charges as positions.
  public init(
    lattice: Lattice, positions: [Fractional], charges: [Double], accuracy: Double = 1e-14,
    splitting: Double? = nil
  ) {
    precondition(accuracy > 0 && accuracy < 1, "accuracy must be in (0, 1)")
    precondition(positions.count == charges.count, "one charge per site")
    let n = positions.count
    let volume = lattice.volume
    // Equal numbers of pairs and of site-wave products; for one site both cells are reached equally.
    let balanced = Double.pi.squareRoot() * pow(Double(max(1, n)), 1.0 / 6) / cbrt(volume)
    let alpha = splitting ?? balanced
    let reach = (-log(accuracy)).squareRoot()
    let cutoff2 = (reach / alpha) * (reach / alpha)
    let k = Constants.coulomb

    var components = Components()
    var potentials = [Double](repeating: 0, count: n)
    var forces = [SIMD3<Double>](repeating: .zero, count: n)
    var strain = [SIMD3<Double>](repeating: .zero, count: 3)
    func addStrain(_ factor: Double, _ u: SIMD3<Double>) {
      for row in 0..<3 { strain[row] += factor * u[row] * u }
    }

    let images = lattice.latticePoints(within: reach / alpha).map {
      Double($0.x) * lattice.a + Double($0.y) * lattice.b + Double($0.z) * lattice.c
    }
    for i in 0..<n {
      for j in 0...i {
        var f = positions[i].components - positions[j].components
        f -= f.rounded(.toNearestOrEven)
        let d = lattice.cartesian(Fractional(f)).components
        let weight = i == j ? 0.5 : 1.0
        for image in images where !(i == j && image == .zero) {
          let r = d + image
          let r2 = dot(r, r)
          guard r2 <= cutoff2 else { continue }
          let distance = r2.squareRoot()
          let screened = k * erfc(alpha * distance) / distance
          // -d/dr (erfc(αr)/r) / r
          let slope =
            (screened + k * 2 * alpha / Double.pi.squareRoot() * exp(-alpha * alpha * r2)) / r2
          let product = weight * charges[i] * charges[j]
          components.real += product * screened
          potentials[i] += weight * charges[j] * screened
          potentials[j] += weight * charges[i] * screened
          if i != j {
            forces[i] += product * slope * r
            forces[j] -= product * slope * r
          }
          addStrain(-product * slope, r)
        }
      }
    }

    let phases = PhaseTable(positions: positions)
    var cosines = [Double](repeating: 0, count: n)
    var sines = [Double](repeating: 0, count: n)
    for wave in halfSpaceWaves(lattice, cutoff: 2 * alpha * reach) {
      phases.evaluate(wave.indices, &cosines, &sines)
      var (re, im) = (0.0, 0.0)
      for i in 0..<n {
        re += charges[i] * cosines[i]
        im += charges[i] * sines[i]
      }
      // Twice: G and -G.
      let weight =
        k * 8 * Double.pi / volume * exp(-wave.square / (4 * alpha * alpha)) / wave.square
      let energy = 0.5 * weight * (re * re + im * im)
      components.reciprocal += energy
      for i in 0..<n {
        potentials[i] += weight * (re * cosines[i] + im * sines[i])
        forces[i] += charges[i] * weight * (re * sines[i] - im * cosines[i]) * wave.vector
      }
      addStrain(2 * energy * (1 / wave.square + 1 / (4 * alpha * alpha)), wave.vector)
      for axis in 0..<3 { strain[axis][axis] -= energy }
    }

    let charge = charges.reduce(0, +)
    let backgroundPotential = -k * Double.pi * charge / (volume * alpha * alpha)
    components.background = 0.5 * charge * backgroundPotential
    for axis in 0..<3 { strain[axis][axis] -= components.background }
    for i in 0..<n {
      let own = -2 * k * alpha / Double.pi.squareRoot() * charges[i]
      components.selfInteraction += 0.5 * charges[i] * own
      potentials[i] += own + backgroundPotential
    }

    self.components = components
    self.potentials = potentials
    self.forces = forces
    self.strainDerivative = strain
  }
}

/// cos and sin of 2π h·x for all sites, built from one complex factor per axis.
private struct PhaseTable {
  private let positions: [SIMD3<Double>]

  init(positions: [Fractional]) {
    self.positions = positions.map { $0.components - $0.components.rounded(.toNearestOrEven) }
  }

  func evaluate(_ indices: SIMD3<Double>, _ cosines: inout [Double], _ sines: inout [Double]) {
    for i in positions.indices {
      let angle = 2 * Double.pi * dot(indices, positions[i])
      cosines[i] = cos(angle)
      sines[i] = sin(angle)
    }
  }
}
