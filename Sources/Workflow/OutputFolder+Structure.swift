internal import Crystal
internal import StructureIO

extension OutputFolder {
  /// Writes a structure as extended XYZ, CIF and POSCAR.
  ///
  /// - Parameters:
  ///   - structure: Atoms in groups of one species.
  ///   - name: The name in the folder without its ending.
  /// - Throws: ``InputError`` if a file cannot be written.
  func write(_ structure: Structure, named name: String) throws {
    try write(ExtendedXYZ.write(structure), to: "\(name).extxyz")
    try write(CIF.write(structure), to: "\(name).cif")
    try write(POSCAR.write(structure), to: "\(name).vasp")
  }
}
