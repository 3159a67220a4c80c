public import Crystal
internal import Foundation

/// A format of files that hold one frame after another.
public enum TrajectoryFormat: Hashable, Sendable {
  /// Extended XYZ with one frame or many.
  case extxyz
  /// Text dump of LAMMPS with atoms (`dump atom` or `dump custom`).
  case lammpsDump
  /// XDATCAR of VASP, with a constant or a variable cell.
  case xdatcar
  /// A structure file, each structure in it a frame.
  case structure(StructureFormat)

  /// The format of a file by its first lines, else by its name.
  ///
  /// - Throws: ``InputError`` if it cannot be read, or neither tells.
  public init(of path: String) throws(InputError) {
    try StructureFile.checkIsFile(path)
    guard let handle = FileHandle(forReadingAtPath: path) else {
      throw InputError("cannot be read", at: path, hint: "check its permissions")
    }
    let head = (try? handle.read(upToCount: TrajectoryFormat.headLength)) ?? nil
    let text = String(decoding: head ?? Data(), as: UTF8.self)
    let name = path.split(separator: "/").last.map { $0.lowercased() } ?? ""
    if text.hasPrefix("ITEM:") {
      self = .lammpsDump
    } else if name.hasPrefix("xdatcar") || name.hasSuffix("xdatcar")
      || text.contains("\nDirect configuration")
    {
      self = .xdatcar
    } else if let format = StructureFormat(fileName: path) {
      self = format == .extxyz ? .extxyz : .structure(format)
    } else {
      throw InputError(
        "neither the name nor the first lines tell the format", at: path,
        hint:
          "expected extended XYZ (.extxyz, .xyz), a text dump of LAMMPS, an XDATCAR of VASP or a "
          + "structure file")
    }
  }

  /// Bytes in which the first atoms of an XDATCAR begin, bar absurd numbers of elements.
  private static let headLength = 4096
}
