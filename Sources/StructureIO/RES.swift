public import Crystal

/// The `.res` format of SHELX as AIRSS writes it.
///
/// **Reading** expands the atoms by `LATT` and `SYMM`; AIRSS writes all atoms and `LATT -1`. Of the
/// line `TITL` of AIRSS the name becomes the title; pressure (GPa) and enthalpy (eV) become `info`.
/// Site occupancies other than 1 become the column `occupancy`.
///
/// **Writing** gives all atoms in `LATT -1`, with a along x and b in the xy plane as lengths and angles
/// imply; left-handed vectors become -a, -b, -c. Vacancies are left out. What the format has no place
/// for stands in lines `REM` in the order of the atoms.
///
/// Reference: http://shelx.uni-goettingen.de/shelxl_html.php; https://airss-docs.github.io
public enum RES {
  /// Reads a structure.
  ///
  /// - Parameters:
  ///   - text: The contents of a file.
  ///   - source: The name of the file in messages.
  /// - Returns: The structure, with remarks.
  /// - Throws: ``InputError`` with the place of the first mistake.
  public static func read(
    _ text: String, source: String = "res"
  ) throws(InputError) -> StructureReading {
    var reader = RESReader(TextScanner(text, source: source))
    return try reader.read()
  }

  /// The text of a file.
  ///
  /// - Throws: ``InputError`` for what the format cannot hold, such as labels with spaces.
  public static func write(_ structure: Structure) throws(InputError) -> String {
    let atoms: Structure
    do {
      atoms = try structure.withoutVacancies().orientedLowerTriangular()
    } catch {
      throw InputError(error.description)
    }
    try atoms.checkWritable()
    var elements: [Element] = []
    for species in atoms.species where !elements.contains(species.element) {
      elements.append(species.element)
    }
    var writer = TextWriter(capacity: 100 * atoms.count + 500)
    writer.write("TITL \(title(atoms))\n")
    var notes = AtomNotesWriter(atoms, omitting: [Column.Name.occupancy])
    notes.writeLines(prefix: "REM ", to: &writer)
    let (lengths, angles) = (atoms.lattice.lengths, atoms.lattice.anglesDegrees)
    writer.write("CELL 1.54180")
    writer.write(lengths)
    writer.write(angles)
    writer.write("\nLATT -1\nSFAC \(elements.map(\.symbol).joined(separator: " "))\n")
    let occupancies = atoms.reals(Column.Name.occupancy)
    for n in 0..<atoms.count {
      let element = atoms.species[n].element
      writer.write("\(element.symbol) \((elements.firstIndex(of: element) ?? 0) + 1)")
      writer.write(atoms.positions[n].components)
      writer.write(" \(occupancies?[n] ?? 1)\n")
    }
    writer.write("END\n")
    return writer.text
  }

  /// The line of AIRSS if pressure or enthalpy are known, otherwise the title alone.
  private static func title(_ atoms: Structure) -> String {
    func info(_ key: String) -> String? {
      atoms.info.first { $0.key == key }.flatMap { NumberReader.real($0.value).map { "\($0)" } }
    }
    let name = firstLine(atoms.title)
    guard info(Key.pressure) != nil || info(Key.enthalpy) != nil else { return name }
    let word = name.isEmpty ? "cellgen" : oneWord(name)
    return "\(word) \(info(Key.pressure) ?? "0") \(atoms.lattice.volume) "
      + "\(info(Key.enthalpy) ?? "0") 0 0 \(atoms.count) (n/a) n - 1"
  }

  /// Keys of `info`.
  enum Key {
    static let pressure = "pressure_GPa"
    static let enthalpy = "enthalpy_eV"
    static let spaceGroup = "space_group"
  }
}

extension Structure {
  /// A real column of width 1, nil if there is none.
  func reals(_ name: String) -> [Double]? {
    guard let column = self[column: name], column.width == 1, case .real(let values) = column.values
    else { return nil }
    return values
  }
}
