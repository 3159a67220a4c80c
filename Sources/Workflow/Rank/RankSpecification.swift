/// All settings of a ranking; together with the problem they determine every result.
public struct RankSpecification: Codable, Hashable, Sendable {
  /// What is ranked.
  public var problem = ProblemChoice()

  /// Lowest distinct arrangements that are wanted.
  public var top = 10

  /// All arrangements within so much of the lowest instead, eV per cell.
  public var window: Double?

  /// Nodes of branch and bound at most.
  public var nodes = 10_000_000

  /// Rank with other charges and another energy model too, and compare.
  public var stability = false

  /// Other oxidation states to compare with, such as `Mg=2,Mn=4`.
  public var otherOxidation: [String] = []

  /// How the list is evaluated again as whole structures; nil for the lattice energy alone.
  public var evaluation: EvaluationSpecification?

  /// Seed of the search for low arrangements to begin with.
  public var seed: UInt64 = 1

  /// The built-in problem.
  public init() {}
}
