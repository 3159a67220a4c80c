public import Crystal

/// Data files of LAMMPS, as `read_data` takes them, in units `metal` and atom style `charge`.
///
/// **Writing** turns the cell to what LAMMPS needs: a along x, b in the xy plane, right-handed;
/// left-handed vectors become -a, -b, -c. Velocities turn along. There is one atom type per species,
/// named in a comment behind its mass, `1 24.305 # Mg2+`. Charges are the column `initial_charges`,
/// otherwise the oxidation states, otherwise 0. Vacancies are left out. Labels stand in comments
/// behind the atoms.
///
/// **Reading** takes the atom styles `atomic`, `charge`, `molecular` and `full`, named behind `Atoms`
/// or told by the number of words, in the units `metal` (the default) or `real`, named in the first
/// line as LAMMPS does. Types are named by the section `Atom Type Labels`, by a comment behind the
/// mass, or by the mass itself. Atoms come in the order of their numbers; image flags are not
/// applied. Charges become the column `initial_charges`, unless all are 0.
///
/// Reference: https://docs.lammps.org/read_data.html, https://docs.lammps.org/Howto_triclinic.html
public enum LAMMPSData {
  /// Where the names of the atom types are written.
  public enum TypeNames: Sendable {
    /// In comments behind the masses, which every LAMMPS reads.
    case comments
    /// Also in a section `Atom Type Labels`, which LAMMPS reads from September 2022 on.
    case section
  }

  /// Reads a structure.
  ///
  /// - Parameters:
  ///   - text: The contents of a file.
  ///   - source: The name of the file in messages.
  /// - Returns: The structure, with remarks.
  /// - Throws: ``InputError`` with the place of the first mistake.
  public static func read(
    _ text: String, source: String = "LAMMPS data"
  ) throws(InputError) -> StructureReading {
    var reader = LAMMPSDataReader(TextScanner(text, source: source))
    return try reader.read()
  }

  /// The text of a file.
  ///
  /// - Throws: ``InputError`` for what the format cannot hold, such as labels with spaces.
  public static func write(
    _ structure: Structure, typeNames: TypeNames = .comments
  ) throws(InputError) -> String {
    let atoms: Structure
    do {
      atoms = try structure.withoutVacancies().orientedLowerTriangular()
    } catch {
      throw InputError(error.description)
    }
    try atoms.checkWritable()
    let types = LAMMPSData.types(atoms)
    var writer = TextWriter(capacity: 130 * atoms.count + 1000)
    let title = firstLine(atoms.title)
    writer.write("\(title.isEmpty ? "cellgen" : title), units = metal\n\n")
    writer.write("\(atoms.count) atoms\n\(types.count) atom types\n\n")
    let (a, b, c) = (atoms.lattice.a, atoms.lattice.b, atoms.lattice.c)
    writer.write("0.0 \(a.x) xlo xhi\n0.0 \(b.y) ylo yhi\n0.0 \(c.z) zlo zhi\n")
    if b.x != 0 || c.x != 0 || c.y != 0 { writer.write("\(b.x) \(c.x) \(c.y) xy xz yz\n") }
    if typeNames == .section {
      writer.write("\nAtom Type Labels\n\n")
      for (index, type) in types.enumerated() {
        writer.write("\(index + 1) \(SpeciesText.write(type))\n")
      }
    }
    writer.write("\nMasses\n\n")
    for (index, type) in types.enumerated() {
      // LAMMPS refuses atoms without mass.
      let mass = type.element.mass > 0 ? type.element.mass : 1
      writer.write("\(index + 1) \(mass) # \(SpeciesText.write(type))\n")
    }
    writeAtoms(atoms, types, to: &writer)
    return writer.text
  }

  /// The species in the order of the types.
  private static func types(_ atoms: Structure) -> [Species] { Set(atoms.species).sorted() }

  private static func writeAtoms(
    _ atoms: Structure, _ types: [Species], to writer: inout TextWriter
  ) {
    let typeOfSpecies = Dictionary(
      uniqueKeysWithValues: types.enumerated().map { ($0.element, $0.offset + 1) })
    let charges = atoms.charges ?? atoms.species.map { $0.oxidationState ?? 0 }
    // The species stands behind the masses.
    var bare = atoms
    for n in 0..<bare.count { bare.setSpecies(Species(bare.species[n].element), at: n) }
    var notes = AtomNotesWriter(bare, omitting: [Column.Name.charge])
    writer.write("\nAtoms # charge\n\n")
    for n in 0..<atoms.count {
      writer.write("\(n + 1) \(typeOfSpecies[atoms.species[n]] ?? 0) \(charges[n])")
      writer.write(atoms.lattice.cartesian(atoms.positions[n]).components)
      if !notes.isEmpty {
        writer.write(" #")
        notes.write(n, to: &writer)
      }
      writer.newline()
    }
    guard let velocities = atoms.realVectors(Column.Name.velocity) else { return }
    writer.write("\nVelocities\n\n")
    for n in 0..<atoms.count {
      writer.write(n + 1)
      writer.write(1000 * velocities[n])
      writer.newline()
    }
  }
}

/// The first line of a text.
func firstLine(_ text: String) -> String {
  String(text.prefix { !$0.isNewline })
}

extension Structure {
  /// The vectors of a real column of width 3, nil if there is none.
  func realVectors(_ name: String) -> [SIMD3<Double>]? {
    guard let column = self[column: name], column.width == 3, case .real(let values) = column.values
    else { return nil }
    return (0..<count).map { SIMD3(values[3 * $0], values[3 * $0 + 1], values[3 * $0 + 2]) }
  }
}

extension Column {
  /// A real column of width 3.
  init(_ name: String, vectors: [SIMD3<Double>]) {
    var values: [Double] = []
    values.reserveCapacity(3 * vectors.count)
    for vector in vectors { for axis in 0..<3 { values.append(vector[axis]) } }
    self.init(name, width: 3, .real(values))
  }
}
