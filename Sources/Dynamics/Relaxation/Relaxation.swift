internal import Crystal
public import Energetics

/// Moves atoms, and the cell if it may change, to where forces and stress vanish.
///
/// What is minimised is the enthalpy E + P V over positions and a symmetric strain of the cell, so that
/// neither the cell nor the atoms turn.
public struct Relaxation: Hashable, Codable, Sendable {
  /// How the steps are chosen.
  public enum Method: String, Codable, Sendable, CaseIterable {
    /// Damped dynamics, slow and sturdy.
    ///
    /// Reference: J. Guénolé et al., Comput. Mater. Sci. 175, 109584 (2020): FIRE 2.0.
    case fire
    /// A quasi-Newton method with limited memory.
    ///
    /// Reference: D. C. Liu and J. Nocedal, Math. Program. 45, 503 (1989).
    case lbfgs
  }

  /// When a configuration counts as relaxed; every one must hold.
  public struct Criteria: Hashable, Codable, Sendable {
    /// Largest force on an atom that may move, eV/Å.
    public var force = 0.01

    /// Largest component of the stress that the cell may follow, less the target, eV/Å³.
    public var stress = 0.02 * UnitFactor.gigapascal

    /// Largest change of the enthalpy in the last step, eV per atom; nil for any.
    public var energyChange: Double?

    /// Steps after which it ends in any case.
    public var steps = 500

    /// The defaults.
    public init() {}
  }

  /// Why a relaxation ended.
  public enum Ending: String, Codable, Sendable {
    /// All criteria hold.
    case converged
    /// There were as many steps as allowed.
    case stepLimit = "step_limit"
    /// No lower enthalpy was found along the steepest descent, however short the step.
    case stalled
    /// The caller asked for it.
    case stopped
  }

  /// One configuration on the way.
  public struct Step: Sendable {
    /// Number, 0 for the start.
    public var number: Int
    /// Where the atoms are.
    public var configuration: Configuration
    /// Energy and its derivatives there.
    public var evaluation: Evaluation
    /// Enthalpy E + P V, eV; the energy in a fixed cell.
    public var enthalpy: Double
    /// Largest force on an atom that may move, eV/Å.
    public var largestForce: Double
    /// Largest component of the stress that the cell may follow, less the target, eV/Å³.
    public var largestStress: Double
    /// Enthalpy less that of the step before, eV; nil at the start.
    public var enthalpyChange: Double?
  }

  /// How steps are chosen.
  public var method = Method.lbfgs

  /// How the cell may change.
  public var cell = CellFreedom.fixed

  /// Pressure outside, eV/Å³.
  public var pressure = 0.0

  /// When it ends.
  public var criteria = Criteria()

  /// Longest move of an atom in a step, Å.
  public var largestMove = 0.2

  /// A relaxation of the positions at a fixed cell.
  public init() {}

  /// Relaxes a configuration.
  ///
  /// - Parameters:
  ///   - start: Where the atoms are.
  ///   - isFixed: Atoms that keep their fractional coordinates; n entries.
  ///   - model: The energy.
  ///   - follow: Called with every step, the start included; false ends the relaxation.
  /// - Returns: The last step, and why it is the last.
  /// - Throws: What the model or `follow` throws, or ``DynamicsError`` if atoms fall into one another
  ///   or the volume leaves all bounds.
  public func callAsFunction(
    _ start: Configuration, isFixed: [Bool], model: any EnergyModel,
    follow: (Step) throws -> Bool = { _ in true }
  ) throws -> (last: Step, ending: Ending) {
    let coordinates = StrainedCoordinates(
      start, cell: cell, pressure: pressure, isFixed: isFixed)
    var surface = try EnthalpySurface(coordinates, model: model)
    switch method {
    case .fire: return try descendByFIRE(&surface, follow)
    case .lbfgs: return try descendByLBFGS(&surface, follow)
    }
  }

  /// Why it ends with a step, nil if it goes on.
  func ending(
    after step: Step, _ follow: (Step) throws -> Bool
  ) throws -> Ending? {
    let goesOn = try follow(step)
    let atoms = Double(max(1, step.configuration.positions.count))
    var isConverged = step.largestForce <= criteria.force && step.largestStress <= criteria.stress
    if let limit = criteria.energyChange, step.number > 0 {
      isConverged =
        isConverged && (step.enthalpyChange ?? .infinity).magnitude <= limit * atoms
    }
    if isConverged { return .converged }
    if !goesOn { return .stopped }
    return step.number >= criteria.steps ? .stepLimit : nil
  }
}

/// The enthalpy over the generalised coordinates, and the point where it was evaluated last.
struct EnthalpySurface {
  let coordinates: StrainedCoordinates
  let model: any EnergyModel
  private(set) var point: [SIMD3<Double>]
  private(set) var gradient: [SIMD3<Double>]
  private(set) var enthalpy: Double
  private var configuration: Configuration
  private var evaluation: Evaluation

  init(_ coordinates: StrainedCoordinates, model: any EnergyModel) throws {
    self.coordinates = coordinates
    self.model = model
    point = coordinates.start
    gradient = point
    configuration = coordinates.reference
    evaluation = try model.evaluate(configuration)
    enthalpy = coordinates.enthalpy(evaluation, configuration)
    coordinates.gradient(evaluation, configuration, at: point, into: &gradient)
  }

  /// Goes to another point.
  mutating func move(to new: [SIMD3<Double>]) throws {
    point = new
    try coordinates.place(point, into: &configuration)
    let ratio = configuration.lattice.volume / coordinates.reference.lattice.volume
    guard DynamicsError.volumeRatios.contains(ratio) else {
      throw DynamicsError.unbounded(volumeRatio: ratio)
    }
    evaluation = try model.evaluate(configuration)
    let force = longest(evaluation.forces)
    // What is no number is not below it either.
    guard force < DynamicsError.largestForce else { throw DynamicsError.collapsed(force: force) }
    enthalpy = coordinates.enthalpy(evaluation, configuration)
    coordinates.gradient(evaluation, configuration, at: point, into: &gradient)
  }

  /// What is told about the present point.
  func step(_ number: Int, change: Double?) -> Relaxation.Step {
    let forces = zip(evaluation.forces, coordinates.isFixed).map { $1 ? 0 : length($0) }
    let stress = coordinates.drivingStrain(evaluation, configuration).largestElement
    return Relaxation.Step(
      number: number, configuration: configuration, evaluation: evaluation, enthalpy: enthalpy,
      largestForce: forces.max() ?? 0, largestStress: stress / configuration.lattice.volume,
      enthalpyChange: change)
  }
}

/// The scalar product of two vectors of generalised coordinates.
func product(_ u: [SIMD3<Double>], _ v: [SIMD3<Double>]) -> Double {
  var sum = 0.0
  for i in u.indices { sum += dot(u[i], v[i]) }
  return sum
}

/// The length of the longest entry; no number if one of them is none.
func longest(_ u: [SIMD3<Double>]) -> Double {
  var most = 0.0
  for entry in u {
    let square = dot(entry, entry)
    if !(square <= most) { most = square }
  }
  return most.squareRoot()
}
