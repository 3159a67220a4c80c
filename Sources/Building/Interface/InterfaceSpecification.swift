/// How two slabs are put together.
public struct InterfaceSpecification: Hashable, Sendable, Codable {
  /// Largest area of the common cell, Å².
  public var maximumArea = 400.0

  /// Largest mean strain.
  public var maximumStrain = 0.05

  /// The match that is built, counted from 1 in the list.
  public var match = 1

  /// Which side is strained.
  public var strained = Strained.film

  /// Distance from the highest atom of the substrate to the lowest of the film, Å.
  public var gap = 2.5

  /// Shift of the film along the vectors of the common cell, fractions.
  public var shift = [0.0, 0.0]

  /// Empty space above the film, Å; nil for a multilayer, with the same gap at the second interface.
  public var vacuum: Double?

  /// Which side is strained.
  public enum Strained: String, Hashable, Sendable, Codable, CaseIterable {
    /// The film alone.
    case film
    /// The substrate alone.
    case substrate
    /// Both, by equal and opposite strains.
    case both
  }

  /// A multilayer with the film strained.
  public init() {}
}
