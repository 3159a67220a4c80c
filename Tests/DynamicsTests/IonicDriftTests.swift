import CellgenTestSupport
import Crystal
import Dynamics
import Energetics
import Testing

@Suite struct IonicDriftTests {
  @Test(
    "1,000 ions at 1000 K keep their energy over 1 ps in steps of 1 fs",
    arguments: [Truncation.plain, .smooth])
  func drift(truncation: Truncation) throws {
    let (cell, _) = try magnesia(a: 4.2112)
    let size = 5
    var (species, positions) = ([Species](), [SIMD3<Double>]())
    for n in 0..<(size * size * size) {
      let shift = 4.2112 * SIMD3(Double(n / size / size), Double(n / size % size), Double(n % size))
      species += cell.species
      positions += cell.positions.map { $0 + shift }
    }
    let start = Configuration(
      lattice: try .cubic(4.2112 * Double(size)), species: species, positions: positions)
    let charges = species.map { $0.oxidationState ?? 0 }
    var potentials = PotentialSet.lewisCatlow
    potentials.cutoff = 8
    potentials.truncation = truncation
    let run = try MolecularDynamics(
      start,
      velocities: maxwellVelocities(
        species, temperature: 2000, degreesOfFreedom: 3 * species.count - 3, seed: 3),
      settings: DynamicsSettings(timeStep: 1, seed: 3),
      schedule: Schedule([Schedule.Segment(steps: 1300, temperature: .init(1000))]),
      model: ForceField(
        species: species, charges: charges, potentials: potentials,
        electrostatics: Electrostatics(
          lattice: start.lattice, charges: charges, cutoff: 8, accuracy: 1e-5),
        threads: 2))
    // Half of the kinetic energy becomes potential energy.
    for _ in 0..<300 { try run.advance() }
    var (times, energies) = ([Double](), [Double]())
    for step in 0..<1000 {
      try run.advance()
      times.append(0.001 * Double(step))
      energies.append(run.conservedEnergy / Double(species.count))
    }
    #expect(abs(run.temperature - 1000) < 100)
    let middle = times.reduce(0, +) / Double(times.count)
    let spread = times.reduce(0) { $0 + ($1 - middle) * ($1 - middle) }
    let slope = zip(times, energies).reduce(0) { $0 + ($1.0 - middle) * $1.1 } / spread
    // eV/atom per ps.
    #expect(abs(slope) < 1e-5, "\(slope)")
  }
}
