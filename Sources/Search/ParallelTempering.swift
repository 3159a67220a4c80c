public import Arrangement
public import Crystal
internal import Energetics

/// Metropolis sampling of arrangements at several temperatures, with exchanges between them.
///
/// A round gives every temperature some sweeps of proposals, measures, and then tries to exchange
/// neighbouring temperatures. At each temperature the arrangements are those of the ensemble; one
/// temperature alone is the plain Metropolis method.
///
/// All random numbers are keyed by (seed, round, temperature), potentials are summed anew at the start
/// of every round, and results are put together in the order of the temperatures: a run can stop
/// after any round and go on from its ``State`` with the same bytes, on any number of threads.
///
/// Exchanges are those of two sites. Where labels of one pool allow different species, some
/// arrangements may be connected by larger cycles only, and are then out of reach.
///
/// Reference: K. Hukushima and K. Nemoto, J. Phys. Soc. Jpn. 65, 1604 (1996).
public struct ParallelTempering: Sendable {
  /// What is sampled.
  public let ensemble: Ensemble

  /// The temperatures, lowest first, K.
  public let temperatures: [Double]

  /// Lengths and sizes.
  public let parameters: Parameters

  /// The seed of the run.
  public let seed: UInt64

  /// Short-range order that is measured; nil for none.
  public let order: WarrenCowley?

  let measurement: Measurement

  /// Lengths and sizes of a run.
  public struct Parameters: Hashable, Sendable, Codable {
    /// Sweeps between two measurements, and between two attempts to exchange temperatures.
    public var sweepsPerRound = 20
    /// Rounds before the averages begin.
    public var equilibrationRounds = 500
    /// Rounds that count.
    public var measurementRounds = 2000
    /// Distinct arrangements of low energy that are kept.
    public var collected = 10
    /// Rounds after which arrangements are offered to the collection.
    ///
    /// Those of the coldest quarter of the temperatures, and of all until the collection is full: as
    /// they are, and made stable. New minima are offered in any round.
    public var collectionPeriod = 10

    /// The defaults.
    public init() {}
  }

  /// Describes a run.
  ///
  /// - Parameters:
  ///   - ensemble: What is sampled.
  ///   - temperatures: K; taken in ascending order, each once.
  ///   - parameters: Lengths and sizes.
  ///   - seed: The seed of the run.
  ///   - shells: Shells whose short-range order is measured; nil for none.
  /// - Throws: ``InputErrors`` if a temperature or a length is out of range.
  public init(
    _ ensemble: Ensemble, temperatures: [Double], parameters: Parameters = Parameters(),
    seed: UInt64, shells: ShellTable? = nil
  ) throws(InputErrors) {
    var problems: [InputError] = []
    if temperatures.isEmpty {
      problems.append(InputError("no temperature is given", at: "temperatures"))
    }
    for temperature in temperatures
    where !TemperatureLadder.temperatureRange.contains(temperature) {
      problems.append(InputError("\(temperature) K, expected 0.001 to 1e7", at: "temperatures"))
    }
    let sorted = temperatures.sorted()
    for (a, b) in zip(sorted, sorted.dropFirst()) where a == b {
      problems.append(InputError("\(a) K is given twice", at: "temperatures"))
    }
    let bounds: [(Int, Int, String)] = [
      (parameters.sweepsPerRound, 1, "sweeps per round"),
      (parameters.equilibrationRounds, 0, "equilibration rounds"),
      (parameters.measurementRounds, 0, "measurement rounds"),
      (parameters.collected, 0, "collected arrangements"),
      (parameters.collectionPeriod, 1, "collection period"),
    ]
    for (value, least, place) in bounds where !(least...ParallelTempering.most).contains(value) {
      problems.append(
        InputError("\(value), expected \(least) to \(ParallelTempering.most)", at: place))
    }
    if !problems.isEmpty { throw InputErrors(problems) }
    self.ensemble = ensemble
    self.temperatures = sorted
    self.parameters = parameters
    self.seed = seed
    order = shells.map { WarrenCowley(ensemble.space.problem, table: $0) }
    measurement = Measurement(ensemble.space.problem, order: order)
  }

  /// Numbers of rounds and sweeps that are not taken for a mistake.
  static let most = 1_000_000_000

  /// Rounds of a whole run.
  public var totalRounds: Int { parameters.equilibrationRounds + parameters.measurementRounds }

  /// Whether a run has done all its rounds.
  public func isFinished(_ state: State) -> Bool { state.round >= totalRounds }

  /// 1/kT of each temperature, 1/eV.
  var inverseTemperatures: [Double] { temperatures.map { 1 / (Constants.boltzmann * $0) } }
}
