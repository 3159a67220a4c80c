import ArgumentParser
import Crystal
import StructureIO
import Workflow

/// The trajectories that a command reads, and which frames of them.
struct TrajectoryOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "Trajectories: extxyz, LAMMPS dump, XDATCAR, or structure files.", valueName: "file"))
  var files: [String] = []

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Frames to leave out at the beginning (default: 0).", valueName: "frames"))
  var skip: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Use each such frame (default: 1, all).", valueName: "number"))
  var every: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Time per step, or between frames if they have no steps [fs] (default: as the file says).",
      valueName: "time"))
  var timestep: Double?

  @Option(
    help: ArgumentHelp(
      "Species of the atom types of a LAMMPS dump without elements, such as Mg,Cl.",
      valueName: "list"))
  var types: String?

  func validate() throws {
    try validated {
      if let skip, skip < 0 { throw InputError("\(skip), expected 0 or more", at: "--skip") }
      if let every, every < 1 { throw InputError("\(every), expected 1 or more", at: "--every") }
      if let timestep, !(timestep > 0 && timestep <= 1e9) {
        throw InputError("\(timestep), expected more than 0 fs", at: "--timestep")
      }
      _ = try species()
    }
  }

  /// Refuses a command line without trajectories.
  func checkFiles(of verb: String) throws {
    guard !files.isEmpty else {
      throw InputError(
        "a trajectory is missing", hint: "cellgen \(verb) FILE, such as md/trajectory.extxyz")
    }
  }

  /// The trajectories, opened.
  func open() throws -> [Trajectory] {
    let types = try species()
    return try files.map { try Trajectory($0, types: types) }
  }

  private func species() throws -> [Species] {
    try commaSeparated(types ?? "").map { name in
      guard let species = Species(name), !species.isVacancy else {
        throw InputError(
          "\"\(name)\" is no species", at: "--types", hint: "list them such as Mg,Cl,Ga,F")
      }
      return species
    }
  }
}
