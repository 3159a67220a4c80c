internal import Crystal

/// Factors between the units of energies and those of motion.
public enum DynamicsUnits {
  /// Acceleration of 1 amu by 1 eV/Å, Å/fs².
  ///
  ///     1 eV/(Å amu) = e N_A · 10⁻⁷ = F · 10⁻⁷ Å/fs²        (F in C/mol)
  ///
  /// The kinetic energy of 1 amu at 1 Å/fs is half of its inverse in eV.
  public static let acceleration = Constants.faraday * 1e-7
}
