import Crystal
import Dynamics
import Energetics
import Engines
import Foundation

/// Time of a step of molecular dynamics of ions, beside LAMMPS on two processes in the same run.
///
/// Rocksalt MgO with formal charges and the published Buckingham terms, cut off at 10 Å, accuracy 10⁻⁵,
/// neighbour lists with a shell of 1 Å, constant energy, 300 K, 1 fs.
enum ForceFieldBench {
  private static let (cutoff, accuracy) = (10.0, 1e-5)

  /// One row for each size.
  static func rows() throws -> [CellgenBench.Row] {
    try [("5x5x5", 300, 1.0), ("12x11x11", 40, 1.5)].map { supercell, steps, allowed in
      let (start, charges) = try crystal(supercell)
      let schedule = Schedule([Schedule.Segment(steps: steps, temperature: .init(300))])
      let settings = DynamicsSettings(timeStep: 1, seed: 1)
      let velocities = maxwellVelocities(
        start.species, temperature: 300, degreesOfFreedom: 3 * charges.count - 3, seed: 1)
      let model = ForceField(
        species: start.species, charges: charges, potentials: .lewisCatlow,
        electrostatics: Electrostatics(
          lattice: start.lattice, charges: charges, cutoff: cutoff, accuracy: accuracy),
        threads: ProcessInfo.processInfo.activeProcessorCount)
      let here = try CellgenBench.seconds(2) {
        let dynamics = try MolecularDynamics(
          start, velocities: velocities, settings: settings, schedule: schedule, model: model)
        for _ in 0..<steps { try dynamics.advance() }
      }
      var twin = "LAMMPS is not installed"
      if LAMMPSProgram.isInstalled {
        let peer = try lammps(start, charges, velocities, settings, schedule)
        let ratio = here / Double(steps) / peer
        twin = "LAMMPS, 2 processes: \(fixed(1000 * peer, 2)) ms; ratio \(fixed(ratio, 2))"
      }
      return CellgenBench.Row(
        what: "MD step, \(charges.count) ions, PME",
        figure: "\(fixed(1000 * here / Double(steps), 2)) ms", twin: twin,
        required: "ratio < \(allowed)")
    }
  }

  private static func crystal(_ supercell: String) throws -> (Configuration, [Double]) {
    guard let element = Element(symbol: "Mg") else { throw InputError("no Mg") }
    let (a, magnesium) = (4.2112, Species(element, oxidationState: 2))
    let oxide = Species(.oxygen, oxidationState: -2)
    let corners: [SIMD3<Double>] = [
      .zero, SIMD3(0, 0.5, 0.5), SIMD3(0.5, 0, 0.5), SIMD3(0.5, 0.5, 0),
    ]
    let cell = Structure(
      lattice: try .cubic(a),
      species: [Species](repeating: magnesium, count: 4) + [Species](repeating: oxide, count: 4),
      positions: (corners + corners.map { $0 + SIMD3(0.5, 0, 0) }).map { Fractional($0) })
    let configuration = Configuration(
      try cell.repeated(SupercellMatrix(parsing: supercell)))
    return (configuration, configuration.species.map { $0.oxidationState ?? 0 })
  }

  /// Time of a step in the words of LAMMPS, s.
  private static func lammps(
    _ start: Configuration, _ charges: [Double], _ velocities: [SIMD3<Double>],
    _ settings: DynamicsSettings, _ schedule: Schedule
  ) throws -> Double {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "cellgen-bench-\(ProcessInfo.processInfo.processIdentifier)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let run = LAMMPSDynamics(
      model: try LAMMPSModel(
        species: start.species, charges: charges, potentials: .lewisCatlow, cutoff: cutoff,
        accuracy: accuracy), settings: settings, schedule: schedule)
    var best = Double.infinity
    for _ in 0..<2 {
      _ = try run.run(
        in: folder.path(), from: start, velocities: velocities,
        program: LAMMPSProgram(processes: 2))
      let log = try String(
        contentsOf: folder.appending(path: LAMMPSDynamics.Name.log), encoding: .utf8)
      let lines = log.split(separator: "\n").filter { $0.hasPrefix("Loop time of ") }
      guard let word = lines.first?.split(separator: " ").dropFirst(3).first,
        let time = NumberReader.real(word)
      else { throw InputError("LAMMPS wrote no loop time") }
      best = min(best, time / Double(schedule.steps))
    }
    return best
  }
}
