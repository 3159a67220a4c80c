public import Crystal

/// A crystal structure as data: a space group with its origin, and the Wyckoff positions that can be
/// occupied.
public struct Prototype: Hashable, Sendable {
  /// Name, `spinel`.
  public var name: String

  /// Symbol or number of the space group, as ``Symmetry/SpaceGroup`` reads it.
  public var spaceGroup: String

  /// The origin that the coordinates refer to, 1 or 2; nil for groups with one origin.
  public var originChoice: Int?

  /// The conventional cell.
  public var lattice: Lattice

  /// The sites, one entry per Wyckoff position.
  public var sites: [PrototypeSite]

  /// Where the coordinates and the lattice parameters come from.
  public var source: String

  /// A prototype.
  public init(
    name: String, spaceGroup: String, originChoice: Int? = nil, lattice: Lattice,
    sites: [PrototypeSite], source: String
  ) {
    self.name = name
    self.spaceGroup = spaceGroup
    self.originChoice = originChoice
    self.lattice = lattice
    self.sites = sites
    self.source = source
  }
}

/// A Wyckoff position of a prototype.
public struct PrototypeSite: Hashable, Sendable {
  /// Label, multiplicity and Wyckoff letter: `16d`.
  public var label: String

  /// Coordinates of one of its points, fractional.
  public var representative: Fractional

  /// Number of points per conventional cell.
  public var multiplicity: Int

  /// Site symmetry of the International Tables without dots: `-43m`; nil if it is not checked.
  public var siteSymmetry: String?

  /// What sits on the sites in the prototype; the vacancy for sites that are usually empty, and the
  /// largest of ``shares`` where several species are mixed.
  public var occupant: Species

  /// The species on the sites with their fractions, which add up to 1; vacancies included.
  public var shares: [SiteShare]

  /// What may sit on the sites.
  public var allowed: [Species]

  /// Whether the sites form the framework of anions, which coordinates the others.
  public var role: Role

  /// The part that a site plays in the structure.
  public enum Role: Hashable, Sendable {
    /// A site for cations, occupied or empty.
    case cation
    /// A site of the anion framework.
    case anion
  }

  /// A Wyckoff position; without `shares` the occupant fills it.
  public init(
    label: String, representative: Fractional, multiplicity: Int, siteSymmetry: String?,
    occupant: Species, allowed: [Species], role: Role, shares: [SiteShare] = []
  ) {
    self.label = label
    self.representative = representative
    self.multiplicity = multiplicity
    self.siteSymmetry = siteSymmetry
    self.occupant = occupant
    self.allowed = allowed
    self.role = role
    self.shares = shares.isEmpty ? [SiteShare(occupant, .one)] : shares
  }
}

/// A species on the sites of a Wyckoff position, and the fraction of them that it takes.
public struct SiteShare: Hashable, Sendable {
  /// The species; the vacancy for empty sites.
  public var species: Species

  /// Fraction of the sites, 0 to 1.
  public var fraction: Rational

  /// A share.
  public init(_ species: Species, _ fraction: Rational) {
    self.species = species
    self.fraction = fraction
  }
}
