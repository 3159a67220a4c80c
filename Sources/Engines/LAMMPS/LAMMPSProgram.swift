public import Crystal

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// LAMMPS as it is installed, and how it is run.
public struct LAMMPSProgram: Hashable, Sendable {
  /// The path of the program.
  public let path: String

  /// The path of `mpirun`; nil for one process.
  let launcher: String?

  /// Processes.
  public let processes: Int

  /// Names under which LAMMPS is installed.
  static let names = ["lmp", "lmp_mpi", "lmp_serial"]

  /// Whether there is a LAMMPS on the search path.
  public static var isInstalled: Bool { names.contains { Program.path(of: $0) != nil } }

  /// Finds the program.
  ///
  /// - Parameter processes: How many share the work.
  /// - Throws: ``InputError`` if it is not installed, or if there is no `mpirun` for several processes.
  public init(processes: Int = 1) throws(InputError) {
    guard let path = LAMMPSProgram.names.lazy.compactMap(Program.path).first else {
      throw InputError(
        "LAMMPS is not installed: there is no \(LAMMPSProgram.names.joined(separator: ", ")) on the "
          + "search path", at: "engine",
        hint: "apt install lammps or brew install lammps; leave --engine out for the built-in model"
      )
    }
    let launcher =
      processes > 1 ? ["mpirun", "mpiexec"].lazy.compactMap(Program.path).first : nil
    guard processes == 1 || launcher != nil else {
      throw InputError(
        "there is no mpirun for \(processes) processes", at: "engine",
        hint: "apt install openmpi-bin or brew install open-mpi; lammps alone takes one process")
    }
    self.path = path
    self.launcher = launcher
    self.processes = processes
  }

  /// A line for `/bin/sh` that runs an input in a folder.
  func command(_ input: String, in folder: String) -> String {
    var words = ["env", "OMP_NUM_THREADS=1"]
    if let launcher {
      // Open MPI refuses the superuser, which is all that a container has.
      if geteuid() == 0 {
        words += ["OMPI_ALLOW_RUN_AS_ROOT=1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1"]
      }
      words += [launcher, "-n", "\(processes)"]
    }
    words += [path, "-in", input, "-log", "none"]
    return "cd \(CommandTemplate.quoted(folder)) && exec "
      + words.map(CommandTemplate.quoted).joined(separator: " ")
  }

  /// What LAMMPS, or what starts it, says went wrong; nil if it says nothing.
  func complaint(in log: String) -> String? {
    if log.contains("not enough slots") {
      return "there are not enough slots for \(processes) processes: take lammps:N with at most as "
        + "many as there are cores, or as the batch system has given"
    }
    let lines = log.split(whereSeparator: \.isNewline)
    guard let index = lines.firstIndex(where: { $0.hasPrefix("ERROR") }) else { return nil }
    let last = lines[index...].dropFirst().first { $0.hasPrefix("Last command:") }
    return "LAMMPS: \(lines[index])" + (last.map { " (\($0))" } ?? "")
  }

  /// What to do about atoms that are where none can be.
  static let collapseHint =
    "relax the start first, lower the temperature, take a shorter time step, or a model with "
    + "repulsion at short distances"

  /// What to do about what LAMMPS says; nil if that is not known.
  static func hint(for log: String) -> String? {
    let signs = [
      "Lost atoms:", "Out of range atoms", "Non-numeric", "table inner cutoff",
    ]
    return signs.contains(where: log.contains) ? collapseHint : nil
  }
}
