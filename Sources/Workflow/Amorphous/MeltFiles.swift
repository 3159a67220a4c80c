internal import Crystal
internal import Report
internal import StructureIO

/// The files of a melt–quench that grow with it.
final class MeltFiles {
  let folder: OutputFolder
  private let trajectory: AppendedFile
  private let thermo: AppendedFile

  /// Names of the files.
  static let trajectoryName = "trajectory.extxyz"
  static let logName = "thermo.csv"

  static let header =
    "segment,step,time_fs,T_K,E_pot_eV,E_kin_eV,conserved_eV,P_GPa,volume_A3,density_g_cm3\n"

  /// Opens the files and cuts off what was written after the run was saved.
  init(_ folder: OutputFolder, _ state: MeltState) throws {
    self.folder = folder
    trajectory = try AppendedFile(
      folder.file(MeltFiles.trajectoryName), keeping: state.trajectoryBytes)
    thermo = try AppendedFile(folder.file(MeltFiles.logName), keeping: state.logBytes)
    if state.logBytes == 0 { try thermo.write(MeltFiles.header) }
  }

  /// Writes down what it takes to go on.
  func save(_ state: inout MeltState) throws {
    try trajectory.synchronize()
    try thermo.synchronize()
    state.trajectoryBytes = trajectory.length
    state.logBytes = thermo.length
    try folder.write(compactJSON(state), to: MeltState.name)
  }

  /// Adds a line to the log.
  ///
  /// - Parameters:
  ///   - reading: The line.
  ///   - segment: The name of the segment.
  ///   - mass: Of all atoms, amu.
  ///   - time: Since the start of the run, fs.
  /// - Throws: ``InputError`` if it cannot be written.
  func log(_ reading: MeltReading, _ segment: String, mass: Double, time: Double) throws {
    let numbers = [
      time, reading.temperature, reading.energy, reading.kineticEnergy, reading.conservedEnergy,
      reading.pressure / UnitFactor.gigapascal, reading.volume,
      mass / reading.volume / UnitFactor.gramPerCubicCentimetre,
    ]
    try thermo.write(
      ([segment, "\(reading.step)"] + numbers.map(\.description)).joined(separator: ",")
        + "\n")
  }

  /// Adds a frame to the trajectory.
  func frame(
    _ structure: Structure, energy: Double, _ segment: String, time: Double
  ) throws {
    var structure = structure
    structure.info.removeAll { ["segment", "time_fs"].contains($0.key) }
    structure.info.append(Structure.InfoEntry("energy", "\(energy)"))
    structure.info.append(Structure.InfoEntry("segment", segment))
    structure.info.append(Structure.InfoEntry("time_fs", "\(time)"))
    try trajectory.write(
      ExtendedXYZ.write(
        structure,
        at: structure.positions.map { structure.lattice.cartesian($0.wrapped).components }
      ))
  }
}
