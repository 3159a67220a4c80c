public import Search

/// All settings of a genetic search; together with the problem file it determines every result.
public struct GASpecification: Codable, Hashable, Sendable {
  /// Path of the problem file; nil for the built-in problem.
  public var problem: String?

  /// A composition that replaces the one of the problem file.
  public var composition: String?

  /// A formula with `{x}`, searched for every value of ``x``.
  public var sweep: String?

  /// The values of x, as numbers or fractions.
  public var x: [String] = []

  /// An energy model that replaces the one of the problem file.
  public var model: EnergyModelChoice?

  /// Accept the nearest composition that fits the cell.
  public var round = false

  /// Accept a cell with a net charge.
  public var allowCharge = false

  /// Generations at most.
  public var generations = 500

  /// Stop after so many generations without a lower energy; 0 for never.
  public var plateau = 100

  /// Sizes and rates.
  public var parameters = GeneticAlgorithm.Parameters()

  /// Best distinct structures that are written.
  public var top = 5

  /// Seed of the random numbers.
  public var seed: UInt64

  /// The defaults with a seed.
  public init(seed: UInt64) { self.seed = seed }
}
