public import Crystal

/// The Crystallographic Information File, read by way of gemmi.
///
/// **Reading** expands the listed sites to the whole cell. Operations given in the file come before
/// any name; a name that leaves the origin open is refused. Labels of the file become the column
/// `cif_label`, multiplicity and Wyckoff letter the column `label` (`16d`). Where the structure is
/// disordered there are the columns `occupancy` (1 where the file gives none), `occupancy_su` if any
/// standard uncertainty is given, `disorder_assembly` and `disorder_group` if any is named, and the
/// lines of the sites as `cif_line`. Atoms that share a site are kept beside each other. Vectors a
/// and b of the lattice lie along x and in the xy plane.
///
/// **Writing** gives space group P 1, or that of an ``AsymmetricUnit``, and leaves vacancies out. Labels of atoms are unique and end
/// in the Wyckoff label, `Mg3_16d`. Tags that begin with `_cellgen_` hold the orientation of the
/// lattice and all columns, so that reading gives the same structure; other programs skip them.
///
/// Reference: S. R. Hall, F. H. Allen, I. D. Brown, Acta Cryst. A47, 655 (1991); M. Wojdyr,
/// J. Open Source Softw. 7, 4200 (2022).
public enum CIF {
  /// Default distance below which images of a site are one atom, Å: more than coordinates of three
  /// digits are off in a cell of 50 Å, less than any split site.
  public static let defaultMergeTolerance = 0.05

  /// Reads the first block that has atoms, or the one with a name.
  ///
  /// - Parameters:
  ///   - text: The contents of a file.
  ///   - source: The name of the file in messages.
  ///   - name: The name of a block without `data_`, in any capitals; nil takes the first with atoms.
  ///   - mergeTolerance: Images of a site nearer than this are one atom, Å; in (0, 1).
  /// - Returns: The structure, with remarks.
  /// - Throws: ``InputError`` with the place of the first mistake.
  public static func read(
    _ text: String, source: String = "CIF", block name: String? = nil,
    mergeTolerance: Double = defaultMergeTolerance
  ) throws(InputError) -> StructureReading {
    precondition(mergeTolerance > 0 && mergeTolerance < 1, "mergeTolerance must be in (0, 1) Å")
    let document = try CIFDocument(text, source: source)
    let withAtoms = document.blocks.filter { $0.column("_atom_site_fract_x") != nil }
    guard let first = withAtoms.first else {
      let isCartesian = document.blocks.contains { $0.column("_atom_site_cartn_x") != nil }
      throw InputError(
        "no block has atoms (_atom_site_fract_x)", at: source,
        hint: isCartesian ? "Cartesian coordinates are not read; convert them to fractional" : nil)
    }
    let names = withAtoms.map(\.name)
    guard let name else {
      var reader = try CIFReader(first, mergeTolerance: mergeTolerance)
      var reading = try reader.read()
      if names.count > 1 {
        reading.warnings.append(
          "\(source): block \(first.name) was read, \(names.count - 1) more with atoms were not: "
            + shortList(names.dropFirst()))
      }
      return reading
    }
    let matches = withAtoms.filter { $0.name.lowercased() == name.lowercased() }
    guard let match = matches.first else {
      throw InputError(
        "no block with atoms is called \(quotedForMessage(name))", at: source,
        hint: nearestMatch(to: name, among: names).map { "did you mean \($0)?" }
          ?? "blocks with atoms are \(shortList(names))")
    }
    var reader = try CIFReader(match, mergeTolerance: mergeTolerance)
    return try reader.read()
  }

  /// The text of a file.
  ///
  /// - Throws: ``InputError`` for what the format cannot hold, such as labels that are not ASCII.
  public static func write(_ structure: Structure) throws(InputError) -> String {
    try CIFWriter.write(structure)
  }

  /// The text of a file with a space group, its operations, and one site of each orbit.
  ///
  /// - Throws: ``InputError`` for what the format cannot hold, such as labels that are not ASCII.
  public static func write(_ unit: AsymmetricUnit) throws(InputError) -> String {
    try CIFWriter.write(unit)
  }

  /// Tags of cellgen, in lower case.
  enum Tag {
    static let title = "_cellgen_title"
    static let columns = "_cellgen_atom_site_columns"
    static let infoKey = "_cellgen_info_key"
    static let infoValue = "_cellgen_info_value"
    static let vector = ["_cellgen_lattice_x", "_cellgen_lattice_y", "_cellgen_lattice_z"]

    /// The tag of one component of a column.
    static func column(_ field: ColumnField, _ component: Int) -> String {
      if field.name == Column.Name.occupancy, field.width == 1 { return "_atom_site_occupancy" }
      let tag = "_cellgen_atom_site_\(field.name)"
      return field.width == 1 ? tag : "\(tag)_\(component + 1)"
    }
  }
}

/// The names with commas between them, the first ten at most.
func shortList(_ names: some Collection<String>) -> String {
  let shown = names.prefix(10).joined(separator: ", ")
  return names.count > 10 ? "\(shown), …" : shown
}
