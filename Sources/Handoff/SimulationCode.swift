/// A program for which cellgen writes inputs and reads results.
public enum SimulationCode: String, Codable, Hashable, Sendable, CaseIterable {
  /// VASP.
  case vasp
  /// `pw.x` of Quantum ESPRESSO.
  case qe
  /// CP2K.
  case cp2k
  /// ABINIT.
  case abinit
  /// LAMMPS.
  case lammps

  /// The name as people write it.
  public var title: String {
    switch self {
    case .vasp: "VASP"
    case .qe: "Quantum ESPRESSO"
    case .cp2k: "CP2K"
    case .abinit: "ABINIT"
    case .lammps: "LAMMPS"
    }
  }

  /// The file of a calculation folder that the program is started with.
  public var inputFile: String {
    switch self {
    case .vasp: "INCAR"
    case .qe: "pw.in"
    case .cp2k: "cp2k.inp"
    case .abinit: "run.abi"
    case .lammps: "in.lammps"
    }
  }

  /// The file to which what the program prints is redirected.
  public var printedFile: String {
    switch self {
    case .vasp: "vasp.out"
    case .qe: "pw.out"
    case .cp2k: "cp2k.out"
    case .abinit: "abinit.out"
    case .lammps: "lammps.out"
    }
  }

  /// The program and its arguments, run in the calculation folder.
  public var command: [String] {
    switch self {
    case .vasp: ["vasp_std"]
    case .qe: ["pw.x", "-in", inputFile]
    case .cp2k: ["cp2k", "-i", inputFile]
    case .abinit: ["abinit", inputFile]
    case .lammps: ["lmp", "-in", inputFile]
    }
  }
}
