internal import Arrangement
public import Crystal
internal import Energetics

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Temperatures for replicas, chosen from trial moves in a short anneal.
///
/// Walkers from random arrangements are cooled on a grid from kT = ``SearchSpace/exchangeScale``, a
/// quarter of an octave a step. At each temperature some sweeps are made and then trial exchanges are
/// evaluated, none of them carried out:
///
///     a(T) = ⟨min(1, exp(-ΔE/kT))⟩     over pairs of different species with |ΔE| > 1e-6 eV
///     C(T) = (⟨Ω²⟩ - ⟨Ω⟩²) / kT²       mean over the walkers                          [eV/K]
///
/// The highest temperature is the lowest on the grid down to which a(T) stays at 0.4 or more. The
/// lowest is the first with a(T) ≤ 0.001. Where the grid ends before, at 1/512 of its start, it is
/// the end or δ/(k ln n), whichever is higher: a state that lies δ above the best stable arrangement,
/// its lowest excitation by one exchange, has the weight 1/n there.
///
/// Neighbours overlap if their exchange is accepted with a probability of 0.3. For energies
/// with normal distributions that is erfc(½ √(C/k) Δln T) = 0.3, so
///
///     Δ ln T = 1.466 / √(C/k),   at most ln 2
///
/// A constant heat capacity makes the ladder geometric; where it peaks the steps are smaller.
///
/// The temperatures belong to the problem: they do not depend on the seed of a run.
///
/// Reference: A. Kone and D. A. Kofke, J. Chem. Phys. 122, 206101 (2005).
public struct TemperatureLadder: Hashable, Sendable {
  /// The temperatures, lowest first, K.
  public let temperatures: [Double]

  /// What the trial moves showed, highest temperature first.
  public let trials: [Trial]

  /// What is to be told about the choice, one sentence each.
  public let notes: [String]

  /// One temperature of the preliminary anneal.
  public struct Trial: Hashable, Sendable, Codable {
    /// K.
    public var temperature: Double
    /// Mean acceptance of an exchange of different species that changes the energy.
    public var acceptance: Double
    /// Mean of Ω, which is the energy where the composition is fixed, eV per cell.
    public var energy: Double
    /// Heat capacity, eV/K per cell.
    public var heatCapacity: Double
  }

  /// What may be prescribed.
  public struct Limits: Hashable, Sendable, Codable {
    /// Lowest temperature, K; nil to choose it.
    public var lowest: Double?
    /// Highest temperature, K; nil to choose it.
    public var highest: Double?
    /// Number of temperatures; nil to choose it.
    public var count: Int?

    /// Limits.
    public init(lowest: Double? = nil, highest: Double? = nil, count: Int? = nil) {
      self.lowest = lowest
      self.highest = highest
      self.count = count
    }
  }

  /// Largest number of temperatures that is chosen.
  public static let largestCount = 48
  /// a(T) at the highest and the lowest temperature.
  static let (hotAcceptance, coldAcceptance) = (0.4, 0.001)
  /// √(C/k) Δ ln T for an acceptance of 0.3: 2 erfc⁻¹(0.3).
  static let stepScale = 1.4657
  /// Steps of the grid, and steps per octave.
  static let (gridSteps, stepsPerOctave) = (36, 4.0)
  /// Walkers, and their sweeps per temperature before and during the measurement.
  static let (walkers, settling, measured) = (4, 30, 60)

  /// Makes trial moves and chooses temperatures.
  ///
  /// - Parameters:
  ///   - ensemble: What is sampled.
  ///   - limits: What is prescribed.
  ///   - threads: Walkers at the same time.
  /// - Throws: ``InputErrors`` if the limits are out of range.
  public init(
    _ ensemble: Ensemble, limits: Limits = Limits(), threads: Int
  ) async throws(InputErrors) {
    try TemperatureLadder.check(limits)
    let top = ensemble.space.exchangeScale / Constants.boltzmann
    var low = min(limits.lowest ?? top, top)
    low = min(low, top * exp2(-Double(TemperatureLadder.gridSteps) / 4))
    let high = max(limits.highest ?? top, top)
    let steps = Int((log2(high / low) * TemperatureLadder.stepsPerOctave).rounded(.up))
    let grid = (0...steps).map { high * exp2(-Double($0) / TemperatureLadder.stepsPerOctave) }
    let records = await parallelMap(
      Array(0..<TemperatureLadder.walkers), width: max(1, threads)
    ) { index in
      TrialWalk(ensemble, grid: grid, index: index)
    }
    let count = Double(records.count)
    let trials = grid.enumerated().map { k, temperature in
      Trial(
        temperature: temperature,
        acceptance: records.reduce(0) { $0 + $1.acceptances[k] } / count,
        energy: records.reduce(0) { $0 + $1.energies[k] } / count,
        heatCapacity: records.reduce(0) { $0 + $1.variances[k] } / count
          / (Constants.boltzmann * temperature * temperature))
    }
    let best = records.min { $0.lowestEnergy < $1.lowestEnergy }
    let n = Double(max(3, ensemble.space.problem.activeSites.count))
    let floor = (best?.excitation).map { $0 / (Constants.boltzmann * log(n)) } ?? 0
    var notes: [String] = []
    self.trials = trials
    temperatures = TemperatureLadder.choose(trials, limits, floor: floor, &notes)
    self.notes = notes
  }

  private static func check(_ limits: Limits) throws(InputErrors) {
    var problems: [InputError] = []
    for (value, place) in [(limits.lowest, "lowest"), (limits.highest, "highest")] {
      if let value, !temperatureRange.contains(value) {
        problems.append(
          InputError("\(value) K, expected 0.001 to 1e7", at: "\(place) temperature"))
      }
    }
    if let low = limits.lowest, let high = limits.highest, low > high {
      problems.append(
        InputError("the lowest temperature \(low) K is above the highest, \(high) K"))
    }
    if let count = limits.count, !(1...1000).contains(count) {
      problems.append(InputError("\(count) temperatures, expected 1 to 1000"))
    }
    if !problems.isEmpty { throw InputErrors(problems) }
  }

  /// Temperatures that are not taken for a mistake, K.
  static let temperatureRange = 1e-3...1e7
}
