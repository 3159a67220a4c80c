public import Arrangement
public import BigInt
public import Symmetry

/// What it would take, on this machine, to list or to rank all distinct arrangements.
///
/// The speed of the walk is measured for a few milliseconds; everything else follows from the count.
public struct Forecast: Sendable {
  /// Ways to rank.
  public enum Method: String, Sendable, Codable {
    /// Every distinct arrangement is looked at.
    case exhaustive
    /// Branches that cannot hold a wanted arrangement are left out; ends with a proof or a gap.
    case branchAndBound = "branch and bound"
    /// A genetic search, and a lower bound for the whole.
    case geneticSearch = "genetic search"
  }

  /// Distinct arrangements per second that a walk visits with all threads.
  public let rate: Double

  /// Time to list all, s; infinite beyond any number.
  public let enumerationSeconds: Double

  /// Size of the list in the compact format and as CSV, bytes.
  public let compactBytes, csvBytes: Double

  /// Memory that a walk takes, bytes: tables, one walk for each thread, and what waits to be written.
  public let memoryBytes: Double

  /// How `rank` would go about it.
  public let method: Method

  /// Arrangements up to which all are looked at without help.
  public static let exhaustiveLimit: BigUInt = 100_000

  /// Forecasts from a count.
  ///
  /// - Parameters:
  ///   - problem: The problem, of several compositions the one with most arrangements.
  ///   - permutations: Its group.
  ///   - distinct: Distinct arrangements of all compositions.
  ///   - largest: Distinct arrangements of `problem`.
  ///   - threads: Threads that will work.
  public init(
    _ problem: ArrangementProblem, _ permutations: PermutationTable, distinct: BigUInt,
    largest: BigUInt, threads: Int
  ) {
    let n = Double(problem.activeSites.count)
    let walkBytes = (n + 1) * Double(permutations.count) * 8
    // The order of the sites takes longer than a count in very large groups: forecast from the size.
    let isSmall =
      n * Double(permutations.count) < 1e6
      && problem.activeSites.count < OrderedGroup.siteLimit
    if isSmall {
      rate = Forecast.measuredRate(problem, permutations) * Double(threads)
    } else {
      rate = 2e5 * Double(threads)
    }
    let number = Double(distinct)
    enumerationSeconds = number / rate
    compactBytes = number * Double(ArrangementArchive.recordBytes(problem))
    csvBytes = number * (n + 16)
    memoryBytes = 3e7 + (Double(threads) + 1) * walkBytes + n * n * 16
    method =
      n > 512 ? .geneticSearch : largest <= Forecast.exhaustiveLimit ? .exhaustive : .branchAndBound
  }

  /// Arrangements that are visited to measure the speed.
  private static let sampleSize = 20_000

  private static func measuredRate(
    _ problem: ArrangementProblem, _ permutations: PermutationTable
  ) -> Double {
    let enumeration = Enumeration(problem, OrderedGroup(permutations))
    let walk = enumeration.makeWalk()
    let clock = ContinuousClock()
    var visited = 0
    let start = clock.now
    _ = enumeration.segment([], limit: sampleSize, walk: walk) { _ in visited += 1 }
    let seconds = max(1e-6, (clock.now - start) / .seconds(1))
    return max(1, Double(visited)) / seconds
  }
}
