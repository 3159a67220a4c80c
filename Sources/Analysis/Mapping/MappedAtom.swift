/// Where an atom of a relaxed structure sits in the parent.
public struct MappedAtom: Hashable, Sendable {
  /// Index of the atom in the relaxed structure.
  public var atom: Int

  /// The site it was assigned to; nil if none is free within the cutoff.
  public var site: Place?

  /// The nearest other site that it might take, free or not; nil if none is near.
  public var nextSite: Place?

  /// From the site to the atom without strain and shift, Å, in the frame of the parent; zero without
  /// a site.
  public var displacement: SIMD3<Double>

  /// Label of the site that it came from, if known.
  public var origin: String?

  /// Whether another site is nearly as near as its own, or nearer.
  public var isAmbiguous: Bool

  /// A site near an atom.
  public struct Place: Hashable, Sendable {
    /// Index of the site in ``SiteMapping/structure``.
    public var site: Int
    /// Its label.
    public var label: String
    /// Its distance from the atom, Å.
    public var distance: Double
  }

  /// Whether the label of its site differs from that of its origin; false if either is unknown.
  public var isMigrated: Bool {
    guard let origin, let site else { return false }
    return site.label != origin
  }
}

/// Where the labels come from that atoms had before they were relaxed.
public enum MappingOrigin: String, Sendable, Codable {
  /// Another structure with the same atoms.
  case reference
  /// The label column of the relaxed structure.
  case ownLabels = "own labels"
  /// The one label on which the parent holds an element; atoms of other elements have no origin.
  case parent
}

/// Atoms of one element that went from one label to another.
public struct Migration: Hashable, Sendable {
  /// Symbol of the element.
  public var element: String
  /// Label before.
  public var from: String
  /// Label after.
  public var to: String
  /// Number of atoms.
  public var count: Int
}
