#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// A chain of thermostats that takes kinetic energy from one set of degrees of freedom, reversibly.
///
///     Q₁ v̇₁ = 2K - N kT - Q₁ v₁ v₂,   Q₂ v̇₂ = Q₁ v₁² - kT - Q₂ v₂ v₃, …
///     Q₁ = N kT τ²,  Qₖ = kT τ²
///
/// Reference: G. J. Martyna, M. E. Tuckerman, D. J. Tobias and M. L. Klein, Mol. Phys. 87, 1117 (1996).
public struct NoseHooverChain: Hashable, Codable, Sendable {
  /// vₖ, 1/fs.
  public var velocities: [Double]

  /// ∫ kT (N dξ₁ + Σ dξₖ), eV: what has gone into the thermostats, but for their kinetic energy.
  public var heat = 0.0

  /// A chain at rest.
  public init(length: Int) {
    velocities = [Double](repeating: 0, count: length)
  }

  /// What the chain is coupled to, and how strongly.
  struct Coupling {
    /// N.
    var degreesOfFreedom: Int
    /// kT, eV.
    var thermalEnergy: Double
    /// τ, fs.
    var period: Double

    /// Qₖ, eV fs².
    func mass(_ k: Int) -> Double {
      (k == 0 ? Double(degreesOfFreedom) : 1) * thermalEnergy * period * period
    }
  }

  /// Kinetic energy of the thermostats and what has gone into them, eV.
  func energy(_ coupling: Coupling) -> Double {
    var sum = heat
    for k in velocities.indices {
      sum += 0.5 * coupling.mass(k) * velocities[k] * velocities[k]
    }
    return sum
  }

  /// Weights of the parts into which a step is divided, fourth order in time.
  ///
  /// Reference: H. Yoshida, Phys. Lett. A 150, 262 (1990).
  private static let parts: SIMD3<Double> = {
    let outer = 1 / (2 - cbrt(2.0))
    return SIMD3(outer, 1 - 2 * outer, outer)
  }()

  /// Advances the chain and what it is coupled to.
  ///
  /// - Parameters:
  ///   - kinetic: Kinetic energy of the degrees of freedom, eV.
  ///   - coupling: To what, and how strongly.
  ///   - time: fs.
  /// - Returns: The factor by which their velocities change.
  mutating func advance(kinetic: Double, _ coupling: Coupling, time: Double) -> Double {
    var (kinetic, scale) = (kinetic, 1.0)
    let last = velocities.count - 1
    let target = Double(coupling.degreesOfFreedom) * coupling.thermalEnergy
    func drive(_ k: Int) -> Double {
      let push =
        k == 0
        ? 2 * kinetic - target
        : coupling.mass(k - 1) * velocities[k - 1] * velocities[k - 1] - coupling.thermalEnergy
      return push / coupling.mass(k)
    }
    for part in 0..<3 {
      let dt = NoseHooverChain.parts[part] * time
      velocities[last] += 0.5 * dt * drive(last)
      for k in (0..<last).reversed() {
        let friction = exp(-0.25 * dt * velocities[k + 1])
        velocities[k] = friction * (friction * velocities[k] + 0.5 * dt * drive(k))
      }
      let factor = exp(-dt * velocities[0])
      scale *= factor
      kinetic *= factor * factor
      heat += dt * target * velocities[0]
      for k in 1..<max(1, velocities.count) where k <= last {
        heat += dt * coupling.thermalEnergy * velocities[k]
      }
      for k in 0..<last {
        let friction = exp(-0.25 * dt * velocities[k + 1])
        velocities[k] = friction * (friction * velocities[k] + 0.5 * dt * drive(k))
      }
      velocities[last] += 0.5 * dt * drive(last)
    }
    return scale
  }
}
