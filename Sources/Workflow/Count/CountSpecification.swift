/// All settings of a count.
public struct CountSpecification: Codable, Hashable, Sendable {
  /// What is counted.
  public var problem = ProblemChoice()

  /// Also count in all distinct supercells with up to so many cells.
  public var upTo: Int?

  /// Threads that the forecast reckons with.
  public var threads = 1

  /// The built-in problem.
  public init() {}
}
