public import Crystal

/// The structure in an input of CP2K: `&CELL`, `&COORD` and `&KIND` of `&SUBSYS`.
///
/// **Reading** takes the cell by `A`, `B`, `C` or by `ABC` and `ALPHA_BETA_GAMMA`, units in brackets,
/// `SCALED` and `UNIT` of the coordinates, elements of kinds, and velocities. Coordinates in another
/// file, variables and included files are refused.
///
/// **Writing** gives `&FORCE_EVAL` with `&SUBSYS`, to be completed or included. Species with several
/// oxidation states of an element are told apart by a number, `Mn1`, `Mn2`. Vacancies are left out.
/// What has no place stands in comments behind the atoms.
///
/// Reference: https://manual.cp2k.org
public enum CP2K {
  /// Reads a structure.
  ///
  /// - Parameters:
  ///   - text: The contents of a file.
  ///   - source: The name of the file in messages.
  /// - Returns: The structure, with remarks.
  /// - Throws: ``InputError`` with the place of the first mistake.
  public static func read(
    _ text: String, source: String = "CP2K input"
  ) throws(InputError) -> StructureReading {
    var reader = CP2KReader(TextScanner(text, source: source))
    return try reader.read()
  }

  /// The text of a file.
  ///
  /// - Throws: ``InputError`` for what the format cannot hold, such as labels with spaces.
  public static func write(_ structure: Structure) throws(InputError) -> String {
    let atoms = structure.withoutVacancies()
    try atoms.checkWritable()
    let kinds = AtomKinds(atoms)
    var writer = TextWriter(capacity: 150 * atoms.count + 1000)
    if !atoms.title.isEmpty { writer.write("# \(firstLine(atoms.title))\n") }
    writer.write("&FORCE_EVAL\n  &SUBSYS\n    &CELL\n")
    for (name, vector) in zip(["A", "B", "C"], atoms.lattice.vectors) {
      writer.write("      \(name)")
      writer.write(vector)
      writer.newline()
    }
    writer.write("      PERIODIC XYZ\n    &END CELL\n    &COORD\n      SCALED\n")
    var notes = AtomNotesWriter(atoms)
    for n in 0..<atoms.count {
      writer.write("      \(kinds.name(atoms.species[n]))")
      writer.write(atoms.positions[n].components)
      if !notes.isEmpty {
        writer.write(" !")
        notes.write(n, to: &writer)
      }
      writer.newline()
    }
    writer.write("    &END COORD\n")
    if let velocities = atoms.realVectors(Column.Name.velocity) {
      writer.write("    &VELOCITY\n")
      for velocity in velocities {
        writer.write("     ")
        writer.write(velocity / velocityUnit)
        writer.newline()
      }
      writer.write("    &END VELOCITY\n")
    }
    for (name, species) in zip(kinds.names, kinds.species) {
      let element = species.element == .dummy ? "H\n      GHOST" : species.element.symbol
      writer.write("    &KIND \(name)\n      ELEMENT \(element)\n    &END KIND\n")
    }
    writer.write("  &END SUBSYS\n&END FORCE_EVAL\n")
    return writer.text
  }

  /// Å/fs per bohr per atomic unit of time, the unit of velocities.
  static let velocityUnit = UnitFactor.bohr / UnitFactor.atomicTime
}
