internal import Crystal

/// What a capacity is divided by.
public enum CapacityBasis: String, CaseIterable, Codable, Sendable {
  /// The host with all the ions that it takes up.
  case discharged

  /// The host with the fewest ions.
  case charged
}

/// Charge that a host stores between two contents of ions.
///
///     Q = z Δx F / (3.6 M)          [mAh/g]
///
/// with M in g/mol of host formula units, and the same over the volume instead of the mass.
public struct Capacity: Hashable, Sendable {
  /// Per mass, mAh/g.
  public let gravimetric: Double

  /// Per volume, mAh/cm³ (which is Ah/L); nil where no volume is known.
  public let volumetric: Double?

  /// Mass or volume of which state.
  public let basis: CapacityBasis

  /// mAh in a mole of electrons: F/3.6.
  public static let milliampereHoursPerMole = Constants.faraday / 3.6

  /// The capacity of electrons in a formula unit.
  ///
  /// - Parameters:
  ///   - electrons: Electrons per formula unit.
  ///   - mass: Mass of the formula unit, amu.
  ///   - volume: Volume of the formula unit, Å³.
  ///   - basis: The state that mass and volume belong to.
  public init(electrons: Double, mass: Double, volume: Double?, basis: CapacityBasis) {
    let charge = electrons * Capacity.milliampereHoursPerMole
    gravimetric = charge / mass
    // 1 Å³ per formula unit is 10⁻²⁴ Nₐ cm³/mol.
    volumetric = volume.map { charge / ($0 * 1e-24 * Constants.avogadro) }
    self.basis = basis
  }
}
