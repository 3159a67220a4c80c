/// The settings of a calculation on which its energy depends: energies with different ones do not belong
/// into one hull.
///
/// A value that is not known, because a code does not print it, is nil and equal to nothing else; two
/// calculations are compared value by value, and only where both are known.
public struct CalculationSettings: Codable, Hashable, Sendable {
  /// The program.
  public var code: SimulationCode?

  /// The exchange–correlation functional as cellgen writes it, `LDA`, `PBE`, `PBEsol`, `SCAN` or `r2SCAN`.
  ///
  /// What the code prints if it is none of these; for LAMMPS, the potential.
  public var functional: String?

  /// The correction of dispersion, `D2`, `D3` or `D3BJ`; `none` for none.
  public var dispersion: String?

  /// The cutoff of the plane waves, eV; for CP2K, of the density grid.
  public var cutoffEV: Double?

  /// Effective Hubbard U, eV, by element symbol, only those that are not 0.
  public var hubbardEV: [String: Double]?

  /// Pseudopotential or POTCAR label, `Mg_pv`, by element symbol.
  public var pseudopotentials: [String: String]?

  /// Whether spin is polarised.
  public var isSpinPolarised: Bool?

  /// Settings of which nothing is known.
  public init() {}
}
