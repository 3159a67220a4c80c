/// Which slab is cut from a crystal.
public struct SlabSpecification: Hashable, Sendable, Codable {
  /// Miller indices of the surface in the cell of the structure, three integers; a common factor is
  /// dropped.
  public var plane: [Int]

  /// The surface, counted from 1 in the list of terminations.
  public var termination = 1

  /// Least thickness from the lowest to the highest atom, Å; nil if layers are counted.
  public var thickness: Double?

  /// Least number of atomic layers; nil if the thickness is given.
  public var layers: Int?

  /// Empty space between the slab and its next image, Å; nil for a crystal without surface, whose
  /// third vector may be oblique.
  public var vacuum: Double? = 15

  /// What the slab must have besides its thickness.
  public var balance = Balance.stoichiometric

  /// Cells in the plane: two numbers, or four for a matrix row by row.
  public var supercell = [1, 1]

  /// The vectors in the plane.
  public var cell = Cell.primitive

  /// Where the slab lies along the normal.
  public var placement = Placement.centred

  /// Atoms whose heights differ by no more than this, from one to the next, form a layer, Å.
  public var layerTolerance = 0.3

  /// Oxidation states by symbol; what is left out is taken from the structure or from usual states.
  public var oxidation: [String: Double] = [:]

  /// What a slab must have besides its thickness.
  public enum Balance: String, Hashable, Sendable, Codable, CaseIterable {
    /// The composition of the crystal.
    case stoichiometric
    /// Two surfaces that a symmetry operation exchanges, so that there is no dipole.
    case symmetric
    /// Neither: exactly as many layers as asked for.
    case any
  }

  /// The vectors in the plane.
  public enum Cell: String, Hashable, Sendable, Codable, CaseIterable {
    /// The shortest of the crystal.
    case primitive
    /// The shortest of the cell as given, also if the crystal has shorter ones.
    case given
  }

  /// Where a slab lies along the normal.
  public enum Placement: String, Hashable, Sendable, Codable, CaseIterable {
    /// In the middle of the cell.
    case centred
    /// With its lowest atom at height 0.
    case bottom
  }

  /// A slab of at least 10 Å in 15 Å of vacuum.
  public init(plane: [Int]) {
    self.plane = plane
    self.thickness = 10
  }
}
