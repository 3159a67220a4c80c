internal import Crystal
public import Search

/// All settings of an anneal; together with the problem they determine every result.
public struct AnnealSpecification: Codable, Hashable, Sendable {
  /// What is arranged.
  public var problem = ProblemChoice()

  /// What decides between arrangements.
  public var objective = Objective.energy

  /// The temperatures, ascending, K; empty to choose them.
  public var temperatures: [Double] = []

  /// What the choice has to keep to.
  public var ladder = TemperatureLadder.Limits()

  /// Sweeps of proposals in a round.
  public var sweeps = 20

  /// Rounds before the averages begin.
  public var equilibration = 500

  /// Rounds that count; with the objective `sqs` all rounds.
  public var rounds = 2000

  /// Chemical potentials by element, eV per atom; empty for a fixed composition.
  public var chemicalPotentials: [String: Double] = [:]

  /// Shells whose short-range order is measured, per pair of labels; 0 for none.
  public var shells = 3

  /// Targets of the short-range order, one for each shell or one for all; empty for 0.
  public var targets: [Double] = []

  /// Weights of the shells, one for each or one for all; empty for weights that fall with the distance.
  public var weights: [Double] = []

  /// Temperatures of the objective `sqs`.
  public var replicas = 8

  /// Best distinct structures that are written.
  public var top = 10

  /// How the best are evaluated again as whole structures; nil for the lattice energy alone.
  public var evaluation: EvaluationSpecification?

  /// Seed of the random numbers.
  public var seed: UInt64

  /// What decides between arrangements.
  public enum Objective: String, Codable, Sendable, CaseIterable {
    /// The energy, at temperatures.
    case energy
    /// Short-range order near a target: special quasirandom structures.
    case sqs
  }

  /// The defaults with a seed.
  public init(seed: UInt64) { self.seed = seed }

  /// Rounds unless told otherwise.
  public static func defaultRounds(_ objective: Objective) -> Int {
    objective == .energy ? 2000 : 500
  }
}

extension AnnealSpecification {
  /// Checks everything that does not depend on the problem.
  ///
  /// - Throws: ``InputErrors`` with all that is wrong.
  public func validate() throws {
    var problems: [InputError] = []
    func check(_ value: Int, _ range: ClosedRange<Int>, _ place: String) {
      if !range.contains(value) {
        problems.append(
          InputError(
            "\(value), expected \(range.lowerBound) to \(range.upperBound)", at: place))
      }
    }
    let most = 1_000_000_000
    check(sweeps, 1...1_000_000, "--sweeps")
    check(equilibration, 0...most, "--equilibration")
    check(rounds, 1...most, "--rounds")
    check(shells, (objective == .sqs ? 1 : 0)...100, "--shells")
    check(top, 1...999, "--top")
    check(replicas, 1...1000, "--replicas")
    if let count = ladder.count { check(count, 1...1000, "--replicas") }
    problems += temperatureProblems + conflicts
    do {
      try evaluation?.validate()
    } catch {
      problems += error.problems
    }
    if evaluation != nil, objective == .sqs || !chemicalPotentials.isEmpty {
      problems.append(
        InputError(
          "only the lowest arrangements of one composition are evaluated", at: "--energy",
          hint: "leave out --energy or --engine, or --objective sqs and --chemical-potential"))
    }
    for (name, value) in chemicalPotentials.sorted(by: { $0.key < $1.key })
    where !(value.magnitude <= 1e6) {
      problems.append(
        InputError(
          "\(value), expected a number of eV per atom from -1000000 to 1000000",
          at: "--chemical-potential \(name)"))
    }
    for (k, target) in targets.enumerated() where !(target <= 1 && target >= -1e6) {
      problems.append(
        InputError(
          "target \(k + 1) is \(target), expected a number up to 1", at: "--target",
          hint: "0 is a random arrangement, negative prefers unlike neighbours"))
    }
    for (k, weight) in weights.enumerated() where !(weight >= 0 && weight <= 1e6) {
      problems.append(
        InputError("weight \(k + 1) is \(weight), expected 0 or a positive number", at: "--weight"))
    }
    if !problems.isEmpty { throw InputErrors(problems) }
  }

  /// Temperatures that are not taken for a mistake, K.
  private static let temperatureRange = 1e-3...1e7

  private var temperatureProblems: [InputError] {
    var problems: [InputError] = []
    let ends = [(ladder.lowest, "--lowest"), (ladder.highest, "--highest")]
    let given = temperatures.map { ($0 as Double?, "--temperatures") } + ends
    for case (let value?, let place) in given
    where !AnnealSpecification.temperatureRange.contains(value) {
      problems.append(
        InputError("\(value) K, expected a temperature from 0.001 to 1e7 K", at: place))
    }
    if !problems.isEmpty { return problems }
    for (a, b) in zip(temperatures, temperatures.dropFirst()) where b <= a {
      problems.append(
        a == b
          ? InputError("\(a) K is given twice", at: "--temperatures", hint: "remove one of them")
          : InputError(
            "\(b) K stands after \(a) K, expected ascending temperatures", at: "--temperatures",
            hint: "--temperatures "
              + Set(temperatures).sorted().map { AnnealSpecification.short($0) }
              .joined(separator: ",")))
    }
    if let low = ladder.lowest, let high = ladder.highest, low > high {
      problems.append(
        InputError("--lowest \(low) K is above --highest \(high) K", hint: "exchange them"))
    }
    return problems
  }

  /// Settings that do not go together.
  private var conflicts: [InputError] {
    let isLadderGiven = ladder != TemperatureLadder.Limits()
    switch objective {
    case .energy:
      if !targets.isEmpty || !weights.isEmpty {
        return [
          InputError(
            "--target and --weight belong to quasirandom structures", hint: "add --objective sqs")
        ]
      }
      if !temperatures.isEmpty, isLadderGiven {
        return [
          InputError(
            "--temperatures already says all temperatures",
            hint: "leave out --lowest, --highest and --replicas, or --temperatures")
        ]
      }
    case .sqs:
      if !temperatures.isEmpty || isLadderGiven {
        return [
          InputError(
            "quasirandom structures have no temperature",
            hint: "leave out --temperatures, --lowest and --highest")
        ]
      }
      if !chemicalPotentials.isEmpty {
        return [
          InputError(
            "quasirandom structures have a fixed composition",
            hint: "leave out --chemical-potential")
        ]
      }
    }
    return []
  }

  /// `300` for 300.0.
  private static func short(_ value: Double) -> String {
    value == value.rounded(.toNearestOrEven) && value.magnitude < 1e9 ? fixed(value, 0) : "\(value)"
  }
}
