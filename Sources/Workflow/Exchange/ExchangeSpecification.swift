/// All settings of an ion exchange; together with the structure they determine the result.
public struct ExchangeSpecification: Codable, Hashable, Sendable {
  /// The structure file.
  public var structure: String

  /// Elements that leave, such as `Li`.
  public var from: [String]

  /// Elements that come, with their shares of the charge: `Mg`, or `Mg:0.75`, `Zn:0.25`.
  public var to: [String]

  /// Fraction of the leaving ions that are exchanged.
  public var fraction = 1.0

  /// Composition that is wanted afterwards instead, such as `Mg0.27Li0.09Ti0.11Mo0.22O`.
  public var composition: String?

  /// Labels of the sites that take part; empty for all of the leaving ions.
  public var labels: [String] = []

  /// Labels of empty sites that may be filled too.
  public var onto: [String] = []

  /// Oxidation states that replace the usual ones, such as `Mn=auto`.
  public var oxidation: [String] = []

  /// Accept the nearest numbers that keep the charge.
  public var round = false

  /// How the ions find their places.
  public var method = Method.random

  /// Energies for the method `rank`.
  public var model: EnergyModelChoice = .ewald

  /// Seed of the choice.
  public var seed: UInt64 = 1

  /// How the ions find their places.
  public enum Method: String, Codable, Sendable, CaseIterable {
    /// At random.
    case random
    /// The lowest energy, by branch and bound or a genetic search.
    case rank
    /// Not at all: the problem is written, for `rank`, `anneal` or `ga`.
    case problem
  }

  /// Everything else at its default.
  public init(structure: String, from: [String], to: [String]) {
    self.structure = structure
    self.from = from
    self.to = to
  }
}
