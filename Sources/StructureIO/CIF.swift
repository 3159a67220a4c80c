public import Crystal

/// The Crystallographic Information File, read by way of gemmi.
///
/// **Reading** expands the listed sites to the whole cell. Operations given in the file come before
/// any name; a name that leaves the origin open is refused. Labels of the file become the column
/// `cif_label`, multiplicity and Wyckoff letter the column `label` (`16d`), occupancies the column
/// `occupancy` unless all are 1. Atoms that share a site are kept beside each other. Vectors a and
/// b of the lattice lie along x and in the xy plane.
///
/// **Writing** gives space group P 1 and leaves vacancies out. Labels of atoms are unique and end
/// in the Wyckoff label, `Mg3_16d`. Tags that begin with `_cellgen_` hold the orientation of the
/// lattice and all columns, so that reading gives the same structure; other programs skip them.
///
/// Reference: S. R. Hall, F. H. Allen, I. D. Brown, Acta Cryst. A47, 655 (1991); M. Wojdyr,
/// J. Open Source Softw. 7, 4200 (2022).
public enum CIF {
  /// Default distance below which images of a site are one atom, Å: more than coordinates of three
  /// digits are off in a cell of 50 Å, less than any split site.
  public static let defaultMergeTolerance = 0.05

  /// Reads the first block that has atoms.
  ///
  /// - Parameters:
  ///   - text: The contents of a file.
  ///   - source: The name of the file in messages.
  ///   - mergeTolerance: Images of a site nearer than this are one atom, Å; in (0, 1).
  /// - Returns: The structure, with remarks.
  /// - Throws: ``InputError`` with the place of the first mistake.
  public static func read(
    _ text: String, source: String = "CIF", mergeTolerance: Double = defaultMergeTolerance
  ) throws(InputError) -> StructureReading {
    precondition(mergeTolerance > 0 && mergeTolerance < 1, "mergeTolerance must be in (0, 1) Å")
    let document = try CIFDocument(text, source: source)
    guard let block = document.blocks.first(where: { $0.column("_atom_site_fract_x") != nil })
    else {
      let isCartesian = document.blocks.contains { $0.column("_atom_site_cartn_x") != nil }
      throw InputError(
        "no block has atoms (_atom_site_fract_x)", at: source,
        hint: isCartesian ? "Cartesian coordinates are not read; convert them to fractional" : nil)
    }
    var reader = try CIFReader(block, mergeTolerance: mergeTolerance)
    var reading = try reader.read()
    let others = document.blocks.count { $0.column("_atom_site_fract_x") != nil } - 1
    if others > 0 {
      reading.warnings.append(
        "\(source): block \(block.name) was read, \(others) more with atoms were not")
    }
    return reading
  }

  /// The text of a file.
  ///
  /// - Throws: ``InputError`` for what the format cannot hold, such as labels that are not ASCII.
  public static func write(_ structure: Structure) throws(InputError) -> String {
    try CIFWriter.write(structure)
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

  /// Name of the column with the labels of a file.
  static let labelColumn = "cif_label"
}
