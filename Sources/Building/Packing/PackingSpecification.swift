/// Which random packing of atoms is made.
public struct PackingSpecification: Hashable, Sendable, Codable {
  /// What is packed: one formula unit, `MgCl2` or `(MgCl2)(GaF3)`.
  public var formula: String

  /// About how many atoms; the number of formula units is the nearest one.
  public var atoms: Int? = 1000

  /// Number of formula units; goes before ``atoms``.
  public var formulaUnits: Int?

  /// Density, g/cm³; nil if the box is given.
  public var density: Double?

  /// Edges of the rectangular box, Å, three numbers or one for a cube; nil for a cube by density.
  public var box: [Double]?

  /// Factor on the sums of Shannon's radii, which are the least distances.
  public var factor = 1.0

  /// Least distances by pair, `Mg-Cl`, Å, which replace those sums.
  public var distances: [String: Double] = [:]

  /// Radii by symbol that replace Shannon's, Å.
  public var radii: [String: Double] = [:]

  /// Oxidation states by symbol; others are the usual ones that balance.
  public var oxidation: [String: Double] = [:]

  /// Of the random numbers.
  public var seed: UInt64 = 1

  /// Steps of the relaxation before it gives up.
  public var steps = 2000

  /// A packing of about 1000 atoms; a density or a box must be added.
  public init(formula: String) { self.formula = formula }
}
