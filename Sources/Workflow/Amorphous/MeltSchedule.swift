public import Crystal
public import Dynamics

/// What a melt–quench does, one segment after another.
public struct MeltSchedule: Hashable, Codable, Sendable {
  /// Its name.
  public var name: String
  /// Where it is from.
  public var source: String
  /// Time step, fs.
  public var timeStep: Double
  /// The segments.
  public var segments: [Segment]

  /// One piece of a schedule.
  public struct Segment: Hashable, Codable, Sendable {
    /// Its name, which names files.
    public var name: String
    /// What happens.
    public var action: Action

    /// The dynamics, if that is what happens.
    var motion: Motion? {
      if case .dynamics(let motion) = action { motion } else { nil }
    }
  }

  /// What happens in a segment.
  public enum Action: Hashable, Codable, Sendable {
    /// Molecular dynamics.
    case dynamics(Motion)
    /// Relaxation of positions, and of the cell if it is not fixed.
    case relax(cell: CellFreedom, force: Double, steps: Int)
    /// Ions leave and others come.
    case exchange(from: [String], to: [String], fraction: Double)
  }

  /// Molecular dynamics of a segment.
  public struct Motion: Hashable, Codable, Sendable {
    /// Temperature at the beginning and at the end, K.
    public var temperature: Schedule.Ramp
    /// fs.
    public var time: Double
    /// What holds the temperature.
    public var thermostat: MDSpecification.Thermostat
    /// Time of the thermostat, fs.
    public var damping: Double
    /// Pressure, GPa; nil for a fixed cell.
    public var pressureGPa: Schedule.Ramp?
    /// How the cell may change if there is a pressure.
    public var cell: CellFreedom
    /// Time of the barostat, fs.
    public var pressureDamping: Double

    /// Whether the temperature falls.
    public var isQuench: Bool { temperature.to < temperature.from }
  }

  /// The whole time of molecular dynamics, fs.
  public var time: Double {
    segments.reduce(0) { sum, segment in
      if case .dynamics(let motion) = segment.action { return sum + motion.time }
      return sum
    }
  }

  /// Changes the time of every segment in which the temperature falls to that of a rate, K/ps.
  ///
  /// - Parameter rate: More than 0.
  /// - Returns: The changed schedule.
  public func quenching(at rate: Double) -> MeltSchedule {
    var copy = self
    for (index, segment) in segments.enumerated() {
      guard case .dynamics(var motion) = segment.action, motion.isQuench else { continue }
      motion.time = 1000 * (motion.temperature.from - motion.temperature.to) / rate
      copy.segments[index].action = .dynamics(motion)
    }
    return copy
  }

  /// Multiplies all times of molecular dynamics.
  ///
  /// - Parameter factor: More than 0.
  /// - Returns: The changed schedule.
  public func scalingTimes(by factor: Double) -> MeltSchedule {
    var copy = self
    for (index, segment) in segments.enumerated() {
      guard case .dynamics(var motion) = segment.action else { continue }
      motion.time *= factor
      copy.segments[index].action = .dynamics(motion)
    }
    return copy
  }
}

extension MeltSchedule {
  /// Steps of a segment at most.
  private static let largestSteps = 1e10

  /// What cannot work in segments of dynamics.
  var problems: [InputError] {
    var problems: [InputError] = []
    for segment in segments {
      guard let motion = segment.motion else { continue }
      func report(_ message: String, _ hint: String) {
        problems.append(InputError(message, at: "segment \(segment.name)", hint: hint))
      }
      let coldest = min(motion.temperature.from, motion.temperature.to)
      if !(motion.time / timeStep <= MeltSchedule.largestSteps) {
        report(
          "\(motion.time) fs are more than \(Int(MeltSchedule.largestSteps)) steps of \(timeStep) fs",
          "give a shorter time or a faster rate")
      }
      if coldest <= 0, motion.thermostat == .noseHoover || motion.pressureGPa != nil {
        report(
          "\(coldest) K with a nose-hoover thermostat or a pressure, whose inertia goes by temperature",
          "expected more than 0 K")
      }
      if motion.thermostat == .none, motion.temperature.from != motion.temperature.to {
        report("a ramp without a thermostat", "write thermostat: langevin or nose-hoover")
      }
      if motion.pressureGPa != nil, motion.cell == .fixed {
        report("a pressure with a cell that is fixed", "write cell: isotropic or full")
      }
    }
    return problems
  }

  /// Adds an exchange of ions at the end, and a relaxation of the cell.
  ///
  /// - Parameter text: Elements that leave and that come, `Li:Mg`.
  /// - Returns: The longer schedule.
  /// - Throws: ``InputError`` if it names no elements.
  public func exchanging(_ text: String) throws(InputError) -> MeltSchedule {
    let sides = text.split(separator: ":", omittingEmptySubsequences: false)
      .map { $0.split(separator: ",").map(String.init) }
    guard sides.count == 2,
      sides.allSatisfy({ side in
        !side.isEmpty && side.allSatisfy { Element(symbol: $0) != nil }
      })
    else {
      throw InputError("\"\(text)\" is no exchange", at: "--exchange", hint: "write Li:Mg")
    }
    var copy = self
    copy.segments += [
      Segment(name: "exchange", action: .exchange(from: sides[0], to: sides[1], fraction: 1)),
      Segment(name: "relax", action: .relax(cell: .full, force: 0.05, steps: 2000)),
    ]
    return copy
  }
}
