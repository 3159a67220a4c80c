public import Crystal
internal import Symmetry

/// The layers of a crystal parallel to a plane, and the surfaces that can be cut between them.
///
/// Heights are along the normal of the plane, (h k l) being the Miller indices of the cell as given.
/// A surface is a cut between two layers; of cuts that symmetry operations of the crystal carry into
/// each other without turning the normal over only one is listed. A termination is the surface above
/// its topmost layer; the surface below a layer is the termination ``Termination/reverse`` of a slab
/// that is turned over.
public struct SurfaceStacking: Sendable {
  /// Miller indices in the cell of the structure, without common factor.
  public let plane: SIMD3<Int>

  /// Area of the cell in the plane, Å².
  public let area: Double

  /// Height after which the layers repeat, Å.
  public let period: Double

  /// The layers of one period, from the bottom up.
  public let layers: [Layer]

  /// The distinct surfaces; those without dipole first.
  public let terminations: [Termination]

  /// Whether some operation of the crystal turns the normal over.
  public let canBeTurnedOver: Bool

  /// Charges per atom of the structure are known.
  public let hasCharges: Bool

  /// Atoms of about the same height.
  public struct Layer: Hashable, Sendable {
    /// Mean height, Å.
    public let height: Double
    /// Lowest atom, Å.
    public let lowest: Double
    /// Highest atom, Å.
    public let highest: Double
    /// Atoms of each element per cell.
    public let counts: [Element: Int]
    /// Charge per cell, e; nil if it is not known.
    public let charge: Double?

    /// The formula of the layer, `MgO`.
    public var formula: String { "\(Composition(counts: counts))" }
    /// Number of atoms per cell.
    public var atoms: Int { counts.values.reduce(0, +) }
  }

  /// A surface.
  public struct Termination: Hashable, Sendable {
    /// Index of its topmost layer in ``SurfaceStacking/layers``.
    public let top: Int
    /// Index of the layer above, which is cut off.
    public let next: Int
    /// Distance of the two layers, Å, from the highest atom of one to the lowest of the other.
    public let gap: Double
    /// Dipole moment of the repeat unit below the surface, e·Å per cell; nil without charges.
    public let repeatDipole: Double?
    /// Tasker's type; nil without charges.
    public let type: TaskerType?
    /// The termination of the other side of the same cut; nil if the crystal cannot be turned over.
    public let reverse: Int?
    /// Indices of the cuts that are equivalent to this one, its own among them.
    public let equivalents: [Int]
  }

  /// The kinds of surfaces of ionic crystals.
  ///
  /// Reference: P. W. Tasker, J. Phys. C 12, 4977 (1979).
  public enum TaskerType: Int, Hashable, Sendable, Codable {
    /// Every layer is neutral.
    case neutralLayers = 1
    /// Layers are charged, but the repeat unit has no dipole.
    case noDipole = 2
    /// The repeat unit has a dipole: polar, not stable without reconstruction.
    case polar = 3
  }

  /// The crystal from which slabs are cut.
  let crystal: Structure
  /// Index of each of its atoms in the structure as given.
  let parents: [Int]
  /// The vectors for the plane.
  let basis: SurfaceBasis
  /// Charge of each atom, e.
  let charges: [Double]?
  /// Coordinates along the vectors for the plane; the third from 0 to 1, counted from the lowest cut.
  let coordinates: [SIMD3<Double>]
  /// Heights of the cuts, cut i above layer i, in periods.
  let cuts: [Double]
  /// Cut j lies where an operation that turns the normal over puts cut i.
  let turnedCuts: [[Int]]

  /// Height of the gap that a cut needs at least, Å.
  static let toleranceRange = 1e-3...3.0

  /// Finds the layers and surfaces of a crystal.
  ///
  /// - Parameters:
  ///   - structure: The crystal; empty sites are kept, but form no layers.
  ///   - plane: Miller indices in its cell, three integers.
  ///   - cell: The vectors in the plane.
  ///   - layerTolerance: Atoms whose heights differ by no more than this, from one to the next, form a
  ///     layer, Å.
  ///   - oxidation: Oxidation states by symbol.
  /// - Throws: ``InputError`` for indices 0 0 0, a tolerance that joins all layers, or a structure
  ///   without symmetry data.
  public init(
    _ structure: Structure, plane: [Int], cell: SlabSpecification.Cell = .primitive,
    layerTolerance: Double = 0.3, oxidation: [String: Double] = [:]
  ) throws(InputError) {
    let miller = try SurfaceStacking.reduced(plane)
    guard SurfaceStacking.toleranceRange.contains(layerTolerance) else {
      throw InputError(
        "layer tolerance of \(layerTolerance) Å, expected 0.001 to 3 Å", at: "layer_tolerance")
    }
    guard structure.species.contains(where: { !$0.isVacancy }) else {
      throw InputError("the structure has no atoms")
    }
    let charges = try FormalCharges.perAtom(structure, states: oxidation)
    let unit = try SurfaceCrystal(structure, plane: miller, cell: cell)
    self.plane = miller
    self.crystal = unit.crystal
    self.parents = unit.parents
    self.basis = try SurfaceBasis(unit.crystal.lattice, plane: unit.plane)
    self.charges = charges.map { all in unit.parents.map { all[$0] } }
    self.hasCharges = charges != nil
    self.period = basis.spacing
    let flat = basis.lattice
    self.area = length(cross(flat.a, flat.b))

    let stack = try LayerStack(
      crystal, basis: basis, charges: self.charges, tolerance: layerTolerance)
    self.coordinates = stack.coordinates
    self.layers = stack.layers
    self.cuts = stack.cuts
    let maps = unit.heightMaps()
    let images = CutImages(cuts: stack.cuts, origin: stack.origin, period: period, maps: maps)
    self.turnedCuts = images.turned
    self.canBeTurnedOver = images.turned.contains { !$0.isEmpty }
    self.terminations = stack.terminations(images)
  }

  /// The indices without their common factor.
  static func reduced(_ plane: [Int]) throws(InputError) -> SIMD3<Int> {
    guard plane.count == 3 else {
      throw InputError(
        "\(plane.count) Miller indices, expected three", at: "plane",
        hint: "hexagonal indices (h k i l) are given as h k l")
    }
    guard plane.contains(where: { $0 != 0 }) else {
      throw InputError(
        "the Miller indices 0 0 0 are no plane", at: "plane", hint: "write for example 1 0 0")
    }
    guard plane.allSatisfy({ $0.magnitude <= 50 }) else {
      throw InputError(
        "Miller indices \(plane.map(String.init).joined(separator: " ")), expected -50 to 50",
        at: "plane")
    }
    let factor = plane.reduce(0) { greatestCommonDivisor($0, $1) }.magnitude
    return SIMD3(plane[0], plane[1], plane[2]) / Int(factor)
  }
}
