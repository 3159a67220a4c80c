/// With what the empty sites of a structure are filled.
public struct SiteFillingSpecification: Codable, Hashable, Sendable {
  /// The ion with its oxidation state, `Mg2+`.
  public var ion: String

  /// How many ions.
  public var count: Int

  /// The least distance of two of them, Å.
  public var separation = 2.4

  /// Oxidation states of the host that replace the usual ones, such as `V=auto`.
  public var oxidation: [String] = []

  /// How the ions find their places.
  public var method = Method.best

  /// Energies for the method `rank`.
  public var model: EnergyModelChoice = .ewald

  /// Nodes of branch and bound at most.
  public var nodes = 200_000

  /// Seed of the search.
  public var seed: UInt64 = 1

  /// How the ions find their places.
  public enum Method: String, Codable, Sendable, CaseIterable {
    /// The best sites that are far enough apart.
    case best
    /// The lowest energy, by branch and bound after a genetic search.
    case rank
    /// Not at all: the problem is written, for `rank`, `anneal` or `ga`.
    case problem
  }

  /// Everything else at its default.
  public init(ion: String, count: Int) {
    self.ion = ion
    self.count = count
  }
}
