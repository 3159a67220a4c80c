/// Physical constants in the units used everywhere inside cellgen: Å, eV, e, amu, K, fs.
///
/// Reference: CODATA 2018 (E. Tiesinga et al., Rev. Mod. Phys. 93, 025010, 2021).
public enum Constants {
  /// Coulomb constant e²/(4πε₀), eV·Å/e².
  public static let coulomb = 14.399_645_478_425_5

  /// Boltzmann constant, eV/K.
  public static let boltzmann = 8.617_333_262e-5

  /// Faraday constant, C/mol.
  public static let faraday = 96_485.332_12

  /// Avogadro constant, 1/mol.
  public static let avogadro = 6.022_140_76e23
}

/// Factors that turn a quantity given in another unit into the unit used inside cellgen.
public enum UnitFactor {
  /// eV per Rydberg.
  public static let rydberg = 13.605_693_122_994

  /// eV per hartree.
  public static let hartree = 27.211_386_245_988

  /// eV per kJ/mol.
  public static let kilojoulePerMole = 1000 / (1.602_176_634e-19 * Constants.avogadro)

  /// eV per kcal/mol.
  public static let kilocaloriePerMole = 4.184 * kilojoulePerMole

  /// Å per bohr.
  public static let bohr = 0.529_177_210_903

  /// fs per atomic unit of time, ħ/hartree.
  public static let atomicTime = 0.024_188_843_265_857

  /// eV/Å³ per GPa.
  public static let gigapascal = 1 / 160.217_663_4

  /// amu/Å³ per g/cm³.
  public static let gramPerCubicCentimetre = 1e-24 * Constants.avogadro
}
