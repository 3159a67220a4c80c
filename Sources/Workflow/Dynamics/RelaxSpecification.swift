public import Crystal
public import Dynamics

/// All settings of a relaxation.
public struct RelaxSpecification: Hashable, Codable, Sendable {
  /// Which energy of which structure.
  public var energy: EnergySpecification

  /// How the steps are chosen.
  public var method = Relaxation.Method.lbfgs

  /// How the cell may change.
  public var cell = CellFreedom.fixed

  /// Pressure outside, GPa.
  public var pressureGPa = 0.0

  /// What stays: numbers of sites from 1, ranges `1-4`, labels, elements.
  public var fixed: [String] = []

  /// Largest force at the end, eV/Å.
  public var force = 0.01

  /// Largest stress at the end, less the target, GPa.
  public var stressGPa = 0.02

  /// Largest change of the energy in the last step, eV/atom; nil for any.
  public var energyChange: Double?

  /// Steps at most.
  public var steps = 500

  /// The defaults for a structure.
  public init(energy: EnergySpecification) { self.energy = energy }

  /// Checks everything that can be checked without the file.
  ///
  /// - Throws: ``InputErrors`` with all that is wrong.
  public func validate() throws(InputErrors) {
    var checks = InputChecks()
    checks.collect(energy.validate)
    checks.check(force, 1e-9...100, "--force-tolerance", "eV/Å")
    checks.check(stressGPa, 1e-9...1000, "--stress-tolerance", "GPa")
    if let energyChange { checks.check(energyChange, 1e-15...1, "--energy-tolerance", "eV/atom") }
    checks.check(pressureGPa, -1000...10_000, "--pressure", "GPa")
    checks.check(steps, 1...1_000_000, "--steps")
    if cell == .fixed || cell == .shape, pressureGPa != 0 {
      checks.problems.append(
        InputError(
          "a pressure needs a cell whose volume can change", at: "--pressure",
          hint: "add --cell isotropic or --cell full"))
    }
    try checks.finish()
  }

  /// The relaxation that does this.
  var relaxation: Relaxation {
    var relaxation = Relaxation()
    relaxation.method = method
    relaxation.cell = cell
    relaxation.pressure = pressureGPa * UnitFactor.gigapascal
    relaxation.criteria.force = force
    relaxation.criteria.stress = stressGPa * UnitFactor.gigapascal
    relaxation.criteria.energyChange = energyChange
    relaxation.criteria.steps = steps
    return relaxation
  }
}
