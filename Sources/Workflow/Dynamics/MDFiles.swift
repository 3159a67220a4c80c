internal import Crystal
internal import Dynamics
internal import Energetics
internal import Report
internal import StructureIO

/// The files of a molecular dynamics run that grow with it.
struct MDFiles {
  /// Where they are.
  let folder: OutputFolder

  private let trajectory: AppendedFile
  private let log: AppendedFile

  /// Opens the files and cuts off what was written after the run was saved.
  init(_ folder: OutputFolder, trajectoryBytes: UInt64, logBytes: UInt64) throws {
    self.folder = folder
    trajectory = try AppendedFile(
      folder.file(MDRun.Name.trajectory), keeping: trajectoryBytes)
    log = try AppendedFile(folder.file(MDRun.Name.log), keeping: logBytes)
  }

  static let header = [
    "step", "time_fs", "T_K", "E_pot_eV", "E_kin_eV", "conserved_eV", "P_GPa", "volume_A3",
    "density_g_cm3", "a_A", "b_A", "c_A", "alpha_deg", "beta_deg", "gamma_deg", "stress_xx_GPa",
    "stress_yy_GPa", "stress_zz_GPa", "stress_yz_GPa", "stress_xz_GPa", "stress_xy_GPa",
  ]

  /// Writes the names of the columns.
  func begin(_ run: MDRun) throws { try log.write(csvText(header: MDFiles.header, rows: [])) }

  /// Writes a line and a frame, if they are due.
  func record(_ dynamics: MolecularDynamics, _ run: MDRun) throws {
    let step = dynamics.state.step
    let isLast = step == run.specification.schedule.steps
    if isLast || step.isMultiple(of: run.specification.logInterval) {
      try log.write(row(dynamics, run.specification.timeStep))
    }
    if isLast || step.isMultiple(of: run.specification.frameInterval) {
      try trajectory.write(frame(dynamics, run))
    }
  }

  /// Writes down what it takes to go on.
  func save(_ state: DynamicsState) throws {
    try trajectory.synchronize()
    try log.synchronize()
    try MDState(
      dynamics: state, trajectoryBytes: trajectory.length, logBytes: log.length
    ).write(to: folder)
  }

  private func row(_ dynamics: MolecularDynamics, _ timeStep: Double) throws -> String {
    let state = dynamics.state
    let lattice = try state.lattice.lattice()
    let (l, a) = (lattice.lengths, lattice.anglesDegrees)
    let stress = (1 / UnitFactor.gigapascal) * dynamics.stress
    let numbers = [
      Double(state.step) * timeStep, dynamics.temperature, state.energy, dynamics.kineticEnergy,
      dynamics.conservedEnergy, -stress.trace / 3, lattice.volume,
      dynamics.mass / lattice.volume / UnitFactor.gramPerCubicCentimetre, l.x, l.y, l.z, a.x, a.y,
      a.z,
      stress.x.x, stress.y.y, stress.z.z, stress.y.z, stress.x.z, stress.x.y,
    ]
    return ([state.step.description] + numbers.map(\.description)).joined(separator: ",") + "\n"
  }

  private func frame(_ dynamics: MolecularDynamics, _ run: MDRun) throws -> String {
    let structure = try run.structure(dynamics.state)
    guard run.specification.positions == .unwrapped else {
      return try ExtendedXYZ.write(
        structure,
        at: structure.positions.map { structure.lattice.cartesian($0.wrapped).components })
    }
    var positions = structure.cartesianPositions.map(\.components)
    for (k, site) in run.modelled.atoms.enumerated() {
      positions[site] = dynamics.state.positions[k]
    }
    return try ExtendedXYZ.write(structure, at: positions)
  }
}

extension MDRun {
  /// The structure in a state, with velocities, positions not wrapped.
  func structure(_ state: DynamicsState) throws -> Structure {
    var structure = modelled.structure(
      at: Configuration(
        lattice: try state.lattice.lattice(), species: modelled.configuration.species,
        positions: state.positions))
    structure.set(modelled.column(Column.Name.velocity, state.velocities))
    structure.info.append(Structure.InfoEntry("energy", "\(state.energy)"))
    structure.info.append(Structure.InfoEntry("step", "\(state.step)"))
    structure.info.append(
      Structure.InfoEntry("time_fs", "\(Double(state.step) * specification.timeStep)"))
    return structure
  }
}
