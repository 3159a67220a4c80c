/// How a run is integrated.
public struct DynamicsSettings: Hashable, Codable, Sendable {
  /// What holds the temperature.
  public enum Thermostat: Hashable, Codable, Sendable {
    /// Nothing.
    case none
    /// Random forces and friction of rate 1/`time`, 1/fs, in the order B A O A B.
    ///
    /// Reference: B. Leimkuhler and C. Matthews, Appl. Math. Res. Express 2013, 34.
    case langevin(time: Double, Momentum)
    /// A Nosé-Hoover chain of a length with a period, fs.
    case noseHoover(period: Double, length: Int)
  }

  /// What random forces do to the total momentum.
  public enum Momentum: String, Hashable, Codable, Sendable {
    /// Their sum is zero, so it stays.
    case kept
    /// It changes as that of a body in a heat bath.
    case free
  }

  /// What holds the pressure: a cell with inertia.
  ///
  /// Chosen before rescaling of the cell by random numbers because it is reversible and conserves a
  /// quantity that shows whether the time step is good, with either thermostat.
  ///
  /// Reference: G. J. Martyna, D. J. Tobias and M. L. Klein, J. Chem. Phys. 101, 4177 (1994).
  public struct Barostat: Hashable, Codable, Sendable {
    /// How the cell may change; not fixed.
    public var cell: CellFreedom
    /// Period, fs.
    public var period: Double

    /// A barostat.
    public init(cell: CellFreedom, period: Double) {
      self.cell = cell
      self.period = period
    }
  }

  /// Time step, fs.
  public var timeStep: Double

  /// What holds the temperature.
  public var thermostat = Thermostat.none

  /// What holds the pressure; nil for a fixed cell.
  public var barostat: Barostat?

  /// Steps after which the momentum that rounding has left is taken out; 0 for never.
  public var driftRemoval = 0

  /// Atoms that stay where they are; only in a fixed cell.
  ///
  /// They hold the others, so that there is no total momentum to keep.
  public var fixedAtoms: [Int] = []

  /// Seed of the random numbers.
  public var seed: UInt64

  /// Velocity Verlet at constant energy.
  public init(timeStep: Double, seed: UInt64) {
    self.timeStep = timeStep
    self.seed = seed
  }
}
