/// How cubes cut from crystals are put together.
public struct ParticleSpecification: Hashable, Sendable, Codable {
  /// Edge of the cubes, Å; nil if the number of formula units is given.
  public var edge: Double?

  /// Formula units of every particle; nil for as many as the cube holds.
  public var formulaUnits: Int?

  /// Composition that every particle has; nil for that of its structure.
  public var formula: String?

  /// Number of particles along each edge of the box.
  public var arrangement = [2, 2, 2]

  /// How the particles are turned.
  public var rotation = Rotation.quarterTurns

  /// Distance of the faces of neighbouring cubes, Å.
  public var gap = 2.0

  /// What is done about atoms of different particles that are too near.
  public var overlaps = Overlaps.widen

  /// Too near is less than this times the sum of the ionic radii.
  public var closeness = 0.7

  /// Whether all particles of a structure are alike.
  public var cuts = Cuts.same

  /// Random places of the cube in the crystal, of which the best is taken.
  public var trials = 32

  /// Oxidation states by symbol; others come from the structures or are usual ones.
  public var oxidation: [String: Double] = [:]

  /// Of the random numbers.
  public var seed: UInt64 = 1

  /// How particles are turned.
  public enum Rotation: String, Hashable, Sendable, Codable, CaseIterable {
    /// Not at all.
    case none
    /// By 90° against all six neighbours, so that their z axes differ.
    case quarterTurns
    /// By one of the 24 rotations of the cube, at random.
    case random
  }

  /// What is done about overlaps.
  public enum Overlaps: String, Hashable, Sendable, Codable, CaseIterable {
    /// They are counted.
    case keep
    /// The gap is widened until there are none.
    case widen
    /// Whole neutral groups, units of the reduced formula of the box, are removed until there are none.
    case remove
  }

  /// Where particles are cut.
  public enum Cuts: String, Hashable, Sendable, Codable, CaseIterable {
    /// All from the same place of their structure.
    case same
    /// Each from a place of its own.
    case independent
  }

  /// Eight cubes in a box.
  public init() {}
}
