internal import Energetics

/// All that a run goes on from; together with settings and model it determines every later step.
public struct DynamicsState: Hashable, Codable, Sendable {
  /// Steps done.
  public var step: Int

  /// Lattice vectors, Å; three rows.
  public var lattice: Matrix3

  /// Positions, not wrapped into the cell, Å; n entries.
  public var positions: [SIMD3<Double>]

  /// Velocities, Å/fs; n entries.
  public var velocities: [SIMD3<Double>]

  /// Rate at which the cell is strained, symmetric, 1/fs.
  public var strainRate = Matrix3.zero

  /// Thermostats of the atoms; empty unless there is a Nosé-Hoover chain.
  public var atomChain = NoseHooverChain(length: 0)

  /// Thermostats of the cell; empty unless there is a Nosé-Hoover chain and a barostat.
  public var cellChain = NoseHooverChain(length: 0)

  /// Energy that random forces and friction have taken out so far, eV.
  public var dissipated = 0.0

  /// Work that applied shear stress has done so far, eV.
  public var shearWork = 0.0

  /// Work that changes of the temperature and pressure aimed at have done on thermostats and cell, eV.
  public var scheduleWork = 0.0

  /// Energy, eV.
  public var energy: Double

  /// Forces, eV/Å; n entries.
  public var forces: [SIMD3<Double>]

  /// Derivative of the energy by a strain, eV.
  public var strainDerivative: Matrix3

  /// Replaces energy, forces and strain derivative.
  mutating func take(_ evaluation: Evaluation) {
    energy = evaluation.energy
    forces = evaluation.forces
    strainDerivative = Matrix3(rows: evaluation.strainDerivative)
  }
}
