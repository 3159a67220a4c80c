internal import Analysis
internal import Crystal

/// What `cellgen diffusion` is to do.
public struct DiffusionSpecification: Codable, Hashable, Sendable {
  /// Trajectories, one per temperature.
  public var trajectories: [String] = []

  /// Table of temperatures and diffusion coefficients, instead of trajectories.
  public var table: String?

  /// Frames to leave out at the beginning.
  public var skip = 0

  /// Use each such frame.
  public var every = 1

  /// Time per step, or between frames without steps, fs; nil takes the times of the file.
  public var timeStep: Double?

  /// Species of the atom types of a LAMMPS dump.
  public var types: [String] = []

  /// Temperatures, K, one per trajectory or one for all; empty if unknown.
  public var temperatures: [Double] = []

  /// Elements to report; empty for all.
  public var species: [String] = []

  /// Charges by element, e, which come before oxidation states in the file.
  public var charges: [String: Double] = [:]

  /// What must not drift.
  public var drift = DriftReference.cell

  /// Elements whose centre of mass is held, with ``DriftReference/elements``.
  public var driftElements: [String] = []

  /// Shortest lag of the fit, ps; nil for 5 % of the duration.
  public var fitFrom: Double?

  /// Longest lag of the fit, ps; nil for 20 % of the duration.
  public var fitTo: Double?

  /// Temperature to extrapolate to, K.
  public var target = 300.0

  /// Cell with every site and its label, to count jumps between sites.
  public var parent: String?

  /// Radius of a site, Å.
  public var siteRadius = 1.0

  /// Largest distance of two concerted jumps, Å.
  public var concertedDistance = 4.0

  /// Largest time between two concerted jumps, ps.
  public var concertedTime = 1.0

  /// Whose centre of mass is held in place.
  public enum DriftReference: String, Codable, Sendable {
    /// That of all atoms.
    case cell
    /// That of some elements, such as the framework.
    case elements
    /// None.
    case none
  }

  /// The defaults.
  public init() {}

  /// Checks what can be checked without the files.
  ///
  /// - Throws: ``InputErrors`` with all problems.
  public func validate() throws {
    var problems: [InputError] = []
    func check(_ isGood: Bool, _ option: String, _ found: String, _ expected: String) {
      if !isGood { problems.append(InputError("\(found), expected \(expected)", at: option)) }
    }
    for name in species + driftElements + Array(charges.keys) where Element(symbol: name) == nil {
      problems.append(
        InputError("\"\(name)\" is no element", hint: "write symbols such as Mg"))
    }
    for value in temperatures {
      check(value > 0 && value <= 1e5, "--temperature", "\(value)", "more than 0 K")
    }
    for (name, value) in charges.sorted(by: { $0.key < $1.key }) {
      check(
        value.magnitude <= 20, "--charges", "\(name)=\(value)", "charges of at most 20 e")
    }
    if table == nil, !temperatures.isEmpty, temperatures.count != 1,
      temperatures.count != trajectories.count
    {
      problems.append(
        InputError(
          "\(temperatures.count) temperatures for \(trajectories.count) trajectories",
          at: "--temperature", hint: "give one for each trajectory, in their order"))
    }
    if let fitFrom { check(fitFrom >= 0, "--fit-from", "\(fitFrom)", "0 ps or more") }
    if let fitTo { check(fitTo > 0, "--fit-to", "\(fitTo)", "more than 0 ps") }
    if let fitFrom, let fitTo {
      check(fitFrom < fitTo, "--fit-from", "\(fitFrom) ps", "less than --fit-to \(fitTo) ps")
    }
    check(target > 0 && target <= 1e5, "--extrapolate", "\(target)", "more than 0 K")
    check(siteRadius > 0, "--site-radius", "\(siteRadius)", "more than 0 Å")
    check(
      concertedDistance > 0, "--concerted-distance", "\(concertedDistance)", "more than 0 Å")
    check(concertedTime >= 0, "--concerted-time", "\(concertedTime)", "0 ps or more")
    guard problems.isEmpty else { throw InputErrors(problems) }
  }

  /// The temperature of a trajectory, if it is known.
  func temperature(of trajectory: Int) -> Double? {
    temperatures.count == 1
      ? temperatures[0] : temperatures.isEmpty ? nil : temperatures[trajectory]
  }

  /// The window of the fit for a trajectory.
  ///
  /// - Parameters:
  ///   - duration: Longest lag, fs.
  ///   - interval: Time between two lags, fs.
  /// - Returns: The shortest and the longest lag.
  /// - Throws: ``InputError`` if it is outside of the data.
  func window(duration: Double, interval: Double) throws(InputError) -> FitWindow {
    let to = fitTo.map { 1000 * $0 } ?? 0.2 * duration
    let from = fitFrom.map { 1000 * $0 } ?? min(0.05 * duration, 0.25 * to)
    let length = "the longest lag is \(fixed(duration / 1000, 4)) ps"
    guard to <= duration * (1 + 1e-9) else {
      throw InputError("\(fixed(to / 1000, 4)) ps is outside the data: \(length)", at: "--fit-to")
    }
    guard from < to else {
      throw InputError(
        "\(fixed(from / 1000, 4)) ps is not below the end of the window, \(fixed(to / 1000, 4)) ps: "
          + length, at: "--fit-from")
    }
    guard to - from >= 1.999 * interval else {
      throw InputError(
        "the fit from \(fixed(from / 1000, 4)) to \(fixed(to / 1000, 4)) ps holds fewer than three "
          + "lags, which are \(fixed(interval / 1000, 4)) ps apart", at: "--fit-to",
        hint: "widen it, or use a longer trajectory")
    }
    return FitWindow(from: from, to: to)
  }
}
