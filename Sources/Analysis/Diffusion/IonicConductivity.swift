internal import Crystal

/// Conductivities from displacements.
public enum IonicConductivity {
  /// e / (k_B T) × 10⁻⁵ m² s⁻¹ / 10⁻³⁰ m³ in C V⁻¹: S/m per Å²/fs of Σ z² D and Å³ of volume.
  private static func factor(_ volume: Double, _ temperature: Double) -> Double {
    let charge = 1.602_176_634e-19
    return charge * 1e25 / (Constants.boltzmann * temperature * volume)
  }

  /// The conductivity of ions that move independently (Nernst–Einstein), mS/cm.
  ///
  ///     σ = N z² e² D / (V k_B T)
  ///
  /// The charge enters squared: once as the charge that is carried, once as the force on it.
  ///
  /// - Parameters:
  ///   - diffusivity: D, Å²/fs.
  ///   - charge: z, e.
  ///   - ions: N in the cell.
  ///   - volume: V of the cell, Å³.
  ///   - temperature: T, K.
  /// - Returns: σ, mS/cm.
  public static func nernstEinstein(
    diffusivity: Double, charge: Double, ions: Int, volume: Double, temperature: Double
  ) -> Double {
    10 * factor(volume, temperature) * Double(ions) * charge * charge * diffusivity
  }

  /// The conductivity of a collective displacement, mS/cm.
  ///
  ///     σ = e² / (6 V k_B T) · d/dt ⟨ Σᵢⱼ zᵢ zⱼ Δrᵢ · Δrⱼ ⟩
  ///
  /// - Parameters:
  ///   - slope: The derivative, Å²/fs.
  ///   - volume: V of the cell, Å³.
  ///   - temperature: T, K.
  /// - Returns: σ, mS/cm.
  public static func einstein(slope: Double, volume: Double, temperature: Double) -> Double {
    10 * factor(volume, temperature) * slope / 6
  }
}

/// The collective squared displacement of charges as a sum over pairs of species.
///
///     ⟨ |Σ zᵢ Δrᵢ|² ⟩ = Σ_a self_a + Σ_a distinct_a + 2 Σ_{a<b} sign(z_a z_b) cross_ab
///
/// with self_a = z_a² Σᵢ ⟨Δrᵢ²⟩, distinct_a = z_a² Σ_{i≠j} ⟨Δrᵢ · Δrⱼ⟩ within one species, and
/// cross_ab = |z_a| |z_b| Σᵢ Σⱼ ⟨Δrᵢ · Δrⱼ⟩ between two. Å², one value per lag.
///
/// Reference: X. Yang et al., Fast Room-Temperature Mg-Ion Conduction in Clay-Like Halide Glassy
/// Electrolytes, Adv. Energy Mater. (2024), equations 2 to 7.
public struct ChargePartition: Sendable {
  /// Charges of the groups, e.
  public let charges: [Double]

  /// self_a of each group.
  public let own: [[Double]]

  /// distinct_a of each group.
  public let distinct: [[Double]]

  /// cross_ab for a < b.
  public let cross: [(first: Int, second: Int, values: [Double])]

  /// The sum.
  public let total: [Double]

  /// The partition of displacements.
  ///
  /// - Precondition: one charge per group.
  public init(_ correlations: DisplacementCorrelations, charges: [Double]) {
    precondition(charges.count == correlations.sizes.count, "one charge per group")
    self.charges = charges
    let groups = charges.indices
    let lags = correlations.collective.first?.first?.indices ?? 0..<0
    let own = groups.map { a in
      correlations.meanSquare(a).map {
        $0 * Double(correlations.sizes[a]) * charges[a] * charges[a]
      }
    }
    let distinct = groups.map { a in
      lags.map { charges[a] * charges[a] * correlations.collective[a][a][$0] - own[a][$0] }
    }
    var cross: [(first: Int, second: Int, values: [Double])] = []
    var total = lags.map { lag in groups.reduce(0.0) { $0 + own[$1][lag] + distinct[$1][lag] } }
    for a in groups {
      for b in groups where b > a {
        let size = (charges[a] * charges[b]).magnitude
        let values = correlations.collective[a][b].map { size * $0 }
        let sign: Double = charges[a] * charges[b] < 0 ? -1 : 1
        for lag in lags { total[lag] += 2 * sign * values[lag] }
        cross.append((a, b, values))
      }
    }
    self.own = own
    self.distinct = distinct
    self.cross = cross
    self.total = total
  }
}
