/// What `calculation.json` in a calculation folder says: what is calculated there, so that results find
/// back to the structure they belong to.
///
/// A calculation folder holds the input of one structure for one code, `calculation.json`, and
/// `structure.extxyz`: the same atoms in the same order as in the input, with all their columns.
public struct CalculationRecord: Codable, Hashable, Sendable {
  /// The name of the file in a calculation folder.
  public static let fileName = "calculation.json"

  /// The name of the structure in a calculation folder.
  public static let structureName = "structure.extxyz"

  /// Version of cellgen that wrote it.
  public var cellgen: String

  /// Name of the calculation, that of its folder; the `id` of its row in `energies.csv`.
  public var id: String

  /// The program.
  public var code: SimulationCode

  /// The preset from which the settings come.
  public var preset: String

  /// What the energy depends on.
  public var settings: CalculationSettings

  /// Formula of the cell.
  public var formula: String

  /// Atoms in the cell.
  public var atoms: Int

  /// Sum of the oxidation states of the cell, e; nil if an atom has none.
  public var charge: Double?

  /// What relaxes: `none`, `ions` or `cell`.
  public var relaxing: String

  /// The structure file that it was made from.
  public var source: String

  /// SHA-256 of that file.
  public var sourceSHA256: String

  /// The program and its arguments, run in the folder.
  public var command: [String]

  /// A record.
  public init(
    cellgen: String, id: String, code: SimulationCode, preset: String,
    settings: CalculationSettings, formula: String, atoms: Int, charge: Double?, relaxing: String,
    source: String, sourceSHA256: String, command: [String]
  ) {
    self.cellgen = cellgen
    self.id = id
    self.code = code
    self.preset = preset
    self.settings = settings
    self.formula = formula
    self.atoms = atoms
    self.charge = charge
    self.relaxing = relaxing
    self.source = source
    self.sourceSHA256 = sourceSHA256
    self.command = command
  }
}
