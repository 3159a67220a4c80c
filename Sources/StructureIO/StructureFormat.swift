/// A format of structure files.
public enum StructureFormat: String, CaseIterable, Sendable {
  /// Extended XYZ.
  case extxyz
  /// POSCAR or CONTCAR of VASP.
  case poscar
  /// Crystallographic Information File.
  case cif
  /// Data file of LAMMPS.
  case lammps
  /// XSF of XCrySDen.
  case xsf
  /// JSON of pymatgen.
  case json
  /// Input of pw.x of Quantum ESPRESSO.
  case espresso
  /// Input of CP2K.
  case cp2k
  /// SHELX file as AIRSS writes it.
  case res

  /// The format that a file name stands for, nil if it stands for none.
  ///
  /// By extension (``fileExtensions``), or by a name that begins or ends with POSCAR or CONTCAR;
  /// folders before the name do not matter.
  public init?(fileName: String) {
    let name = fileName.split(separator: "/").last.map { $0.lowercased() } ?? ""
    if let last = name.split(separator: ".", omittingEmptySubsequences: false).dropFirst().last,
      let format = StructureFormat.allCases.first(where: {
        $0.fileExtensions.contains(String(last))
      })
    {
      self = format
      return
    }
    let isVASP = ["poscar", "contcar"].contains { name.hasPrefix($0) || name.hasSuffix($0) }
    guard isVASP else { return nil }
    self = .poscar
  }

  /// The extensions of file names in lower case; new files get the first one.
  public var fileExtensions: [String] {
    switch self {
    case .extxyz: ["extxyz", "xyz"]
    case .poscar: ["vasp", "poscar", "contcar"]
    case .cif: ["cif"]
    case .lammps: ["lmp", "lammps", "data", "lammps-data"]
    case .xsf: ["xsf", "axsf"]
    case .json: ["json"]
    case .espresso: ["pwi", "pw", "in", "qe"]
    case .cp2k: ["inp", "cp2k"]
    case .res: ["res", "shelx"]
    }
  }

  /// What the format is called, for people.
  public var name: String {
    switch self {
    case .extxyz: "extended XYZ"
    case .poscar: "POSCAR of VASP"
    case .cif: "CIF"
    case .lammps: "data file of LAMMPS"
    case .xsf: "XSF of XCrySDen"
    case .json: "JSON of pymatgen"
    case .espresso: "pw.x input of Quantum ESPRESSO"
    case .cp2k: "input of CP2K"
    case .res: "res of SHELX and AIRSS"
    }
  }

  /// Whether a file can hold several structures that cellgen writes.
  public var holdsFrames: Bool { self == .extxyz }
}
