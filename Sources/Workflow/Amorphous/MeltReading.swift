internal import Crystal
internal import Dynamics
internal import Energetics
internal import Engines

/// What guards and the log look at after a step of a segment.
struct MeltReading {
  /// Steps of the segment.
  var step: Int
  /// K.
  var temperature: Double
  /// Energy without that of motion, eV.
  var energy: Double
  /// eV.
  var kineticEnergy: Double
  /// Energy with that which thermostat and barostat have taken, eV.
  var conservedEnergy: Double
  /// eV/Å³.
  var pressure: Double
  /// Å³.
  var volume: Double
  /// The fastest atom, if it is known, and its speed, Å/fs.
  var fastest: (atom: Int?, speed: Double)

  /// What the built-in dynamics came to.
  init(_ dynamics: MolecularDynamics) {
    let state = dynamics.state
    step = state.step
    temperature = dynamics.temperature
    energy = state.energy
    kineticEnergy = dynamics.kineticEnergy
    conservedEnergy = dynamics.conservedEnergy
    pressure = dynamics.pressure
    volume = state.lattice.volume
    let speeds = state.velocities.map(length)
    let atom = speeds.indices.max { speeds[$0] < speeds[$1] }
    fastest = (atom, atom.map { speeds[$0] } ?? 0)
  }

  /// What LAMMPS wrote.
  init(_ row: LAMMPSDynamics.Row) {
    step = row.step
    temperature = row.temperature
    energy = row.energy
    kineticEnergy = row.kineticEnergy
    conservedEnergy = row.conservedEnergy
    pressure = row.pressure
    volume = row.volume
    fastest = (nil, row.largestSpeed)
  }
}
