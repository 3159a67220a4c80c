public import Crystal
public import Dynamics

/// All settings of a molecular dynamics run; together with the structure they determine every result.
public struct MDSpecification: Hashable, Codable, Sendable {
  /// What holds the temperature.
  public enum Thermostat: String, Codable, Sendable, CaseIterable {
    /// Random forces and friction.
    case langevin
    /// A Nosé-Hoover chain.
    case noseHoover = "nose-hoover"
    /// Nothing: the energy is constant.
    case none
  }

  /// Where the first velocities come from.
  public enum Velocities: String, Codable, Sendable, CaseIterable {
    /// A Maxwell distribution of the first temperature.
    case maxwell
    /// The column `velocities` of the file.
    case file
  }

  /// Which positions a trajectory has.
  public enum Positions: String, Codable, Sendable, CaseIterable {
    /// Those within the cell.
    case wrapped
    /// Those that atoms have gone to, for displacements.
    case unwrapped
  }

  /// A plane of shear.
  public enum ShearPlane: String, Codable, Sendable, CaseIterable {
    /// σ_xy.
    case xy
    /// σ_xz.
    case xz
    /// σ_yz.
    case yz

    /// One at its place among σ_yz, σ_xz, σ_xy.
    var direction: SIMD3<Double> {
      switch self {
      case .yz: SIMD3(1, 0, 0)
      case .xz: SIMD3(0, 1, 0)
      case .xy: SIMD3(0, 0, 1)
      }
    }
  }

  /// Which energy of which structure.
  public var energy: EnergySpecification

  /// Length of each stretch, fs.
  public var times: [Double]

  /// Temperature of each stretch, or one for all, K.
  public var temperatures: [Schedule.Ramp]

  /// Pressure of each stretch, or one for all, GPa.
  public var pressuresGPa = [Schedule.Ramp(0)]

  /// Shear stress of each stretch, or one for all, GPa.
  public var shearsGPa = [0.0]

  /// The plane of the shear stress.
  public var shearPlane = ShearPlane.xy

  /// Time step, fs.
  public var timeStep = 1.0

  /// What holds the temperature.
  public var thermostat = Thermostat.langevin

  /// Time of the thermostat, fs: 1/friction or the period of the chain.
  public var thermostatTime = 100.0

  /// Thermostats in a Nosé-Hoover chain.
  public var chainLength = 3

  /// What random forces do to the total momentum.
  public var momentum = DynamicsSettings.Momentum.kept

  /// How the cell may change.
  public var cell = CellFreedom.fixed

  /// Period of the barostat, fs.
  public var barostatTime = 1000.0

  /// Steps after which the drift that rounding has left is taken out; 0 for never.
  public var driftRemoval = 100

  /// Where the first velocities come from.
  public var velocities = Velocities.maxwell

  /// Steps between frames of the trajectory.
  public var frameInterval = 100

  /// Steps between lines of the log.
  public var logInterval = 10

  /// Which positions the trajectory has.
  public var positions = Positions.wrapped

  /// What stays: numbers of sites from 1, ranges `1-4`, labels, elements.
  public var fixed: [String] = []

  /// Seed of the random numbers.
  public var seed: UInt64

  /// The defaults for a structure, one stretch and one temperature.
  public init(
    energy: EnergySpecification, times: [Double], temperatures: [Schedule.Ramp], seed: UInt64
  ) {
    self.energy = energy
    self.times = times
    self.temperatures = temperatures
    self.seed = seed
  }
}

extension MDSpecification {
  /// Steps of each stretch.
  var stretchSteps: [Int] {
    times.map { Int(($0 / timeStep).rounded(.toNearestOrEven)) }
  }

  /// Most steps of a run: random numbers are told apart by them.
  private static let mostSteps = 4e9

  /// Checks everything that can be checked without the file.
  ///
  /// - Throws: ``InputErrors`` with all that is wrong.
  public func validate() throws(InputErrors) {
    var checks = InputChecks()
    checks.collect(energy.validate)
    checks.check(timeStep, 1e-4...100, "--time-step", "fs")
    for time in times {
      if !(time > 0 && time.isFinite) {
        checks.problems.append(InputError("\(time) fs, expected a positive time", at: "--time"))
      } else if timeStep > 0, time / timeStep < 0.5 {
        checks.problems.append(
          InputError(
            "\(time) fs are no step of \(timeStep) fs", at: "--time",
            hint: "give a longer time, such as --time 1ps"))
      }
    }
    if timeStep > 0, times.reduce(0, +) / timeStep > MDSpecification.mostSteps {
      checks.problems.append(InputError("more than 4e9 steps", at: "--time"))
    }
    // A thermostat or a cell in motion needs a scale of energy.
    let needsHeat = thermostat != .none || cell != .fixed
    for value in temperatures.flatMap(\.ends)
    where !(value <= 1e6 && (needsHeat ? value >= 1e-3 : value >= 0)) {
      checks.problems.append(
        InputError(
          "\(value) K, expected a temperature from \(needsHeat ? "0.001" : "0") to 1e6 K",
          at: "--temperature"))
    }
    for value in pressuresGPa.flatMap(\.ends) {
      checks.check(value, -1000...10_000, "--pressure", "GPa")
    }
    for value in shearsGPa { checks.check(value, -1000...1000, "--shear-stress", "GPa") }
    for (count, place) in [
      (temperatures.count, "--temperature"), (pressuresGPa.count, "--pressure"),
      (shearsGPa.count, "--shear-stress"),
    ] where count != 1 && count != times.count {
      checks.problems.append(
        InputError(
          "\(count) values for \(times.count) times", at: place,
          hint: "give one for all, or one for each of --time"))
    }
    checks.check(thermostatTime, 0.01...1e9, "--thermostat-time", "fs")
    checks.check(barostatTime, 0.01...1e9, "--barostat-time", "fs")
    checks.check(chainLength, 1...20, "--chain")
    checks.check(driftRemoval, 0...1_000_000_000, "--remove-drift")
    checks.check(frameInterval, 1...1_000_000_000, "--frames-every")
    checks.check(logInterval, 1...1_000_000_000, "--log-every")
    checks.problems += conflicts
    try checks.finish()
  }

  private var conflicts: [InputError] {
    var problems: [InputError] = []
    let canSwell = cell == .isotropic || cell == .full
    if !canSwell, pressuresGPa != [Schedule.Ramp(0)] {
      problems.append(
        InputError(
          "a pressure needs a cell whose volume can change", at: "--pressure",
          hint: "add --cell isotropic or --cell full"))
    }
    if cell != .full, cell != .shape, shearsGPa.contains(where: { $0 != 0 }) {
      problems.append(
        InputError(
          "a shear stress needs a cell whose angles can change", at: "--shear-stress",
          hint: "add --cell full or --cell shape"))
    }
    if !fixed.isEmpty, cell != .fixed {
      problems.append(
        InputError(
          "fixed sites need a fixed cell", at: "--fix", hint: "leave out --cell, or --fix"))
    }
    if thermostat == .none, temperatures.contains(where: { $0.from != $0.to }) {
      problems.append(
        InputError(
          "a ramp of the temperature needs a thermostat", at: "--temperature",
          hint: "leave out --thermostat none"))
    }
    return problems
  }

  /// How the run is integrated.
  var settings: DynamicsSettings {
    var settings = DynamicsSettings(timeStep: timeStep, seed: seed)
    settings.thermostat =
      switch thermostat {
      case .none: .none
      case .langevin: .langevin(time: thermostatTime, momentum)
      case .noseHoover: .noseHoover(period: thermostatTime, length: chainLength)
      }
    if cell != .fixed { settings.barostat = .init(cell: cell, period: barostatTime) }
    // Random forces that may push the whole body are not to be undone.
    settings.driftRemoval =
      thermostat == .langevin && momentum == .free ? 0 : driftRemoval
    return settings
  }

  /// What the run aims at.
  var schedule: Schedule {
    func value<Value>(_ values: [Value], _ k: Int) -> Value {
      values.count == 1 ? values[0] : values[k]
    }
    return Schedule(
      stretchSteps.enumerated().map { k, steps in
        let pressure = value(pressuresGPa, k)
        let shear = value(shearsGPa, k) * UnitFactor.gigapascal
        return Schedule.Segment(
          steps: steps, temperature: value(temperatures, k),
          pressure: Schedule.Ramp(
            from: pressure.from * UnitFactor.gigapascal,
            to: pressure.to * UnitFactor.gigapascal),
          shear: shear * shearPlane.direction)
      })
  }
}

extension MDSpecification {
  /// Times such as `10ps,500fs,0.1ns`; a number without a unit counts fs.
  ///
  /// - Returns: fs.
  /// - Throws: ``InputErrors`` that name the words that are no times.
  public static func times(_ text: String) throws(InputErrors) -> [Double] {
    try words(text) { word in
      timeInFemtoseconds(word) ?? NumberReader.real(word)
    } problem: {
      InputError("\"\($0)\" is no time", at: "--time", hint: "such as 10ps, 500fs or 0.1ns")
    }
  }

  /// Values and linear ramps such as `300..900,900`.
  ///
  /// - Parameters:
  ///   - text: Words separated by commas.
  ///   - place: The option, for messages.
  /// - Returns: One ramp for each word.
  /// - Throws: ``InputErrors`` that name the words that are neither.
  public static func ramps(_ text: String, of place: String) throws(InputErrors) -> [Schedule.Ramp]
  {
    try words(text) { word in
      guard let dots = word.firstRange(of: "..") else {
        return NumberReader.real(word).map { Schedule.Ramp($0) }
      }
      guard let from = NumberReader.real(String(word[..<dots.lowerBound])),
        let to = NumberReader.real(String(word[dots.upperBound...]))
      else { return nil }
      return Schedule.Ramp(from: from, to: to)
    } problem: {
      InputError(
        "\"\($0)\" is neither a number nor a ramp", at: place, hint: "such as 300 or 300..900")
    }
  }

  private static func words<Value>(
    _ text: String, _ value: (String) -> Value?, problem: (String) -> InputError
  ) throws(InputErrors) -> [Value] {
    var values: [Value] = []
    var problems: [InputError] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let word = String(part.filter { !$0.isWhitespace })
      if let value = value(word) { values.append(value) } else { problems.append(problem(word)) }
    }
    guard problems.isEmpty else { throw InputErrors(problems) }
    return values
  }
}

/// A time such as `10 ps`, `500fs` or `2 ns`, fs; nil if it is none.
func timeInFemtoseconds(_ text: String) -> Double? {
  let compact = text.filter { !$0.isWhitespace }
  for (unit, factor) in [("fs", 1.0), ("ps", 1e3), ("ns", 1e6)] where compact.hasSuffix(unit) {
    return NumberReader.real(String(compact.dropLast(2))).map { $0 * factor }
  }
  return nil
}

extension Schedule.Ramp {
  /// Its values at both ends; one if they are equal.
  fileprivate var ends: [Double] { from == to ? [from] : [from, to] }
}
