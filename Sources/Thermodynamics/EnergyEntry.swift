public import Crystal

/// A calculated or measured energy of a crystal with a composition.
public struct EnergyEntry: Hashable, Sendable {
  /// Name of the entry, unique in its table.
  public var id: String

  /// Composition as written, of any number of atoms.
  public var formula: Composition

  /// Number of atoms that `energy` and `volume` belong to: the formula's, or a multiple of it.
  public var atoms: Double

  /// Total energy of `atoms` atoms, eV.
  public var energy: Double

  /// Volume of `atoms` atoms, Å³; nil if unknown.
  public var volume: Double?

  /// Where the energy comes from, such as a code and a functional.
  public var source: String

  /// Path of the structure file, absolute or relative to the working folder; empty if there is none.
  public var structure: String

  /// Line of the table on which the entry was read; nil if it was not read from a table.
  public var line: Int?

  /// An energy.
  ///
  /// - Parameters:
  ///   - id: Name, unique among the entries it is compared with.
  ///   - formula: Composition.
  ///   - energy: Total energy of `atoms` atoms, eV.
  ///   - atoms: A multiple of the atoms of the formula; nil for exactly one formula.
  ///   - volume: Volume of `atoms` atoms, Å³.
  ///   - source: Where the energy comes from.
  ///   - structure: Path of the structure file.
  ///   - line: Line of the table.
  public init(
    id: String, formula: Composition, energy: Double, atoms: Double? = nil,
    volume: Double? = nil, source: String = "", structure: String = "", line: Int? = nil
  ) {
    self.id = id
    self.formula = formula
    self.atoms = atoms ?? formula.atomCount
    self.energy = energy
    self.volume = volume
    self.source = source
    self.structure = structure
    self.line = line
  }

  /// Energy per atom, eV.
  public var energyPerAtom: Double { energy / atoms }

  /// Volume per atom, Å³.
  public var volumePerAtom: Double? { volume.map { $0 / atoms } }
}
