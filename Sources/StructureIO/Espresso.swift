public import Crystal

/// The structure in an input of `pw.x` of Quantum ESPRESSO.
///
/// **Reading** takes `&SYSTEM` with any documented `ibrav`, by `celldm` or by `A`, `B`, `C` and cosines;
/// `CELL_PARAMETERS`, `ATOMIC_SPECIES` and `ATOMIC_POSITIONS` in all their units, with flags of fixed
/// coordinates as the column `selective_dynamics`. Everything else is skipped.
///
/// **Writing** gives `&SYSTEM` with `ibrav = 0` and the three cards in Å and crystal coordinates: the
/// part of an input that describes the structure. Species with several oxidation states of an element
/// are told apart by a number, `Mn1`, `Mn2`. Vacancies are left out. What has no place stands in comment
/// lines before the card of positions, one for each atom.
///
/// Reference: https://www.quantum-espresso.org/Doc/INPUT_PW.html
public enum Espresso {
  /// Reads a structure.
  ///
  /// - Parameters:
  ///   - text: The contents of a file.
  ///   - source: The name of the file in messages.
  /// - Returns: The structure, with remarks.
  /// - Throws: ``InputError`` with the place of the first mistake.
  public static func read(
    _ text: String, source: String = "pw.x input"
  ) throws(InputError) -> StructureReading {
    var reader = EspressoReader(TextScanner(text, source: source))
    return try reader.read()
  }

  /// The text of a file.
  ///
  /// - Throws: ``InputError`` for what the format cannot hold, such as labels with spaces.
  public static func write(_ structure: Structure) throws(InputError) -> String {
    let atoms = structure.withoutVacancies()
    try atoms.checkWritable()
    let kinds = AtomKinds(atoms)
    var writer = TextWriter(capacity: 130 * atoms.count + 1000)
    writer.write("&CONTROL\n  title = '\(title(atoms))'\n/\n")
    writer.write("&SYSTEM\n  ibrav = 0\n  nat = \(atoms.count)\n  ntyp = \(kinds.species.count)\n")
    writer.write("! to be added: ecutwfc, ecutrho\n/\n&ELECTRONS\n/\nATOMIC_SPECIES\n")
    for (name, species) in zip(kinds.names, kinds.species) {
      let symbol = species.element.symbol
      writer.write("  \(name) \(max(species.element.mass, 1)) \(symbol).UPF\n")
    }
    writer.write("CELL_PARAMETERS angstrom\n")
    for vector in atoms.lattice.vectors {
      writer.write(vector)
      writer.newline()
    }
    // Before the card: pw.x takes comments between cards, not between the lines of one.
    var notes = AtomNotesWriter(atoms)
    notes.writeLines(prefix: "! ", to: &writer)
    writer.write("ATOMIC_POSITIONS crystal\n")
    let free = atoms.freeFlags
    for n in 0..<atoms.count {
      writer.write(kinds.name(atoms.species[n]))
      writer.write(atoms.positions[n].components)
      if let free {
        for axis in 0..<3 { writer.write(free[3 * n + axis] ? " 1" : " 0") }
      }
      writer.newline()
    }
    return writer.text
  }

  /// The title as a Fortran string.
  private static func title(_ atoms: Structure) -> String {
    firstLine(atoms.title).replacing("'", with: "''")
  }
}

/// Names for the species of a structure where a code wants one name for each: the symbol, with a number
/// if an element has several oxidation states.
struct AtomKinds {
  let species: [Species]
  let names: [String]
  private let nameOfSpecies: [Species: String]

  init(_ atoms: Structure) {
    species = Set(atoms.species).sorted()
    var numbers: [Element: Int] = [:]
    let counts = species.reduce(into: [Element: Int]()) { $0[$1.element, default: 0] += 1 }
    names = species.map { entry in
      let number = numbers[entry.element, default: 0] + 1
      numbers[entry.element] = number
      return (counts[entry.element] ?? 1) > 1
        ? "\(entry.element.symbol)\(number)" : entry.element.symbol
    }
    nameOfSpecies = Dictionary(uniqueKeysWithValues: zip(species, names))
  }

  func name(_ species: Species) -> String { nameOfSpecies[species] ?? species.element.symbol }
}

extension Structure {
  /// The flags of coordinates that may move, 3 × n; nil if there are none.
  var freeFlags: [Bool]? {
    guard let column = self[column: Column.Name.free], column.width == 3,
      case .logical(let values) = column.values
    else { return nil }
    return values
  }
}
