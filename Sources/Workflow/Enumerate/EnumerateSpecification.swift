/// All settings of an enumeration; together with the problem they determine every byte of the list.
public struct EnumerateSpecification: Codable, Hashable, Sendable {
  /// What is enumerated.
  public var problem = ProblemChoice()

  /// All distinct supercells with up to so many cells instead of the problem's supercell; arrangements
  /// that repeat within a supercell are left out, as they belong to a smaller one.
  public var upTo: Int?

  /// The first so many arrangements only.
  public var limit: Int?

  /// So many distinct arrangements, drawn with equal probabilities.
  public var sample: Int?

  /// Seed of the sample.
  public var seed: UInt64 = 1

  /// How the list is written.
  public var format = ArrangementArchive.Format.csv

  /// The built-in problem, everything.
  public init() {}
}
