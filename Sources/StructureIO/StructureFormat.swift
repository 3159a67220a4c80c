/// A format of structure files.
public enum StructureFormat: String, CaseIterable, Sendable {
  /// Extended XYZ.
  case extxyz
  /// POSCAR or CONTCAR of VASP.
  case poscar
  /// Crystallographic Information File.
  case cif

  /// The format that a file name stands for, nil if it stands for none.
  ///
  /// By extension (`.extxyz`, `.xyz`, `.cif`, `.vasp`, `.poscar`, `.contcar`), or by a name that
  /// begins or ends with POSCAR or CONTCAR; folders before the name do not matter.
  public init?(fileName: String) {
    let name = fileName.split(separator: "/").last.map { $0.lowercased() } ?? ""
    switch name.split(separator: ".", omittingEmptySubsequences: false).dropFirst().last {
    case "extxyz", "xyz": self = .extxyz
    case "cif": self = .cif
    case "vasp", "poscar", "contcar": self = .poscar
    default:
      let isVASP = ["poscar", "contcar"].contains { name.hasPrefix($0) || name.hasSuffix($0) }
      guard isVASP else { return nil }
      self = .poscar
    }
  }
}
