public import Crystal

/// The POSCAR and CONTCAR format of VASP.
///
/// Positions are written in fractional coordinates with all digits, atoms grouped by element in the
/// order in which the elements first appear; vacancies are left out. What VASP has no place for
/// stands in a comment behind each atom and is read back:
///
///     0.125 0.125 0.125 ! species=Mg2+ label=8a parent_site=3 cell_index=12
///
/// So do `initial_charges`, `initial_magmoms` and `occupancy`. The columns `selective_dynamics`
/// (logical, width 3) and `velocities` (real, width 3) are written in the format's own way. Other
/// columns and `info` are left out.
///
/// Reference: https://www.vasp.at/wiki/POSCAR
public enum POSCAR {
  /// Reads a structure.
  ///
  /// Velocities become the column `velocities`, Å/fs.
  ///
  /// - Parameters:
  ///   - text: The contents of a file.
  ///   - source: The name of the file in messages.
  /// - Returns: The structure, with remarks.
  /// - Throws: ``InputError`` with the place of the first mistake.
  public static func read(
    _ text: String, source: String = "POSCAR"
  ) throws(InputError) -> StructureReading {
    var reader = POSCARReader(TextScanner(text, source: source))
    return try reader.read()
  }

  /// The text of a file.
  ///
  /// - Parameters:
  ///   - structure: What to write.
  ///   - kinds: A number for each atom: atoms of an element with different numbers stand in groups of their
  ///     own, as for different U; nil for one group for each element.
  /// - Returns: The text.
  /// - Throws: ``InputError`` for what the format cannot hold, such as labels with spaces.
  public static func write(
    _ structure: Structure, kinds: [Int]? = nil
  ) throws(InputError) -> String {
    try POSCARWriter.write(structure, kinds: kinds)
  }
}
