/// How the atoms of a relaxed structure are assigned to the sites of its parent.
public struct MappingSpecification: Hashable, Sendable, Codable {
  /// The largest distance of an atom from its site, Å; farther atoms stay without a site.
  public var cutoff: Double

  /// An atom is ambiguous if its site is farther than this fraction of the distance of the next one.
  public var ambiguityRatio: Double

  /// The largest principal strain of the cell, as a fraction, that is not taken for another lattice.
  public var largestStrain: Double

  /// Which sites an atom may take.
  public var rule: Rule

  /// Whether a rigid shift is looked for.
  public var shift: Shift

  /// Which sites an atom may take.
  public enum Rule: String, Sendable, CaseIterable, Codable {
    /// Anions only sites of anions, all other atoms only the other sites.
    case anionsApart = "anions-apart"
    /// Any atom any site.
    case anySite = "any-site"
  }

  /// What is done about a rigid shift.
  public enum Shift: String, Sendable, CaseIterable, Codable {
    /// It is found and removed.
    case find
    /// The positions are taken as they are.
    case none
  }

  /// The usual choices.
  public init(
    cutoff: Double = 2, ambiguityRatio: Double = 0.8, largestStrain: Double = 0.12,
    rule: Rule = .anionsApart, shift: Shift = .find
  ) {
    self.cutoff = cutoff
    self.ambiguityRatio = ambiguityRatio
    self.largestStrain = largestStrain
    self.rule = rule
    self.shift = shift
  }
}
