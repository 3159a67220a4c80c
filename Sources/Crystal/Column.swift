/// A named quantity with one or more values per atom, as in a column of an extxyz file.
public struct Column: Hashable, Sendable {
  /// Name as in the extxyz `Properties` key.
  ///
  /// For example `label`, `initial_charges` or `forces`.
  public var name: String

  /// Values per atom; 1 for a scalar, 3 for a vector.
  public var width: Int

  /// The values of all atoms, atom by atom: `width` × atoms.
  public var values: Values

  /// The values of a column by type.
  public enum Values: Hashable, Sendable {
    /// Words without spaces.
    case text([String])
    /// Integers.
    case integer([Int])
    /// Real numbers, in the base units of cellgen.
    case real([Double])
    /// Yes or no.
    case logical([Bool])

    /// Number of values, over all atoms.
    public var count: Int {
      switch self {
      case .text(let values): values.count
      case .integer(let values): values.count
      case .real(let values): values.count
      case .logical(let values): values.count
      }
    }
  }

  /// A column.
  ///
  /// - Precondition: the number of values is a multiple of `width`.
  public init(_ name: String, width: Int = 1, _ values: Values) {
    precondition(width > 0 && values.count.isMultiple(of: width), "width × atoms values")
    self.name = name
    self.width = width
    self.values = values
  }

  /// The column of the atoms at `indices`, which may repeat.
  public func selecting(_ indices: [Int]) -> Column {
    func pick<Value>(_ values: [Value]) -> [Value] {
      width == 1
        ? indices.map { values[$0] }
        : indices.flatMap { values[($0 * width)..<(($0 + 1) * width)] }
    }
    return switch values {
    case .text(let v): Column(name, width: width, .text(pick(v)))
    case .integer(let v): Column(name, width: width, .integer(pick(v)))
    case .real(let v): Column(name, width: width, .real(pick(v)))
    case .logical(let v): Column(name, width: width, .logical(pick(v)))
    }
  }

  /// The names of columns that cellgen itself reads and writes.
  public enum Name {
    /// Wyckoff label of the site in the parent crystal, `16d`; text.
    public static let label = "label"
    /// Index of the site in the unit cell of the parent; integer.
    public static let parentSite = "parent_site"
    /// Index of the unit cell in the supercell; integer.
    public static let cellIndex = "cell_index"
    /// Charge, e; real.
    public static let charge = "initial_charges"
    /// Magnetic moment, Bohr magnetons; real.
    public static let magneticMoment = "initial_magmoms"
    /// Velocity, Å/fs; real, width 3.
    public static let velocity = "velocities"
    /// Force, eV/Å; real, width 3.
    public static let force = "forces"
    /// Whether the atom may move along a, b, c; logical, width 3 (VASP's selective dynamics).
    public static let free = "selective_dynamics"
    /// Fraction of the sites that the species occupies, from 0 to 1; real.
    public static let occupancy = "occupancy"
    /// Standard uncertainty of the occupancy, 0 where none is known; real.
    public static let occupancyUncertainty = "occupancy_su"
    /// Disorder group of a CIF: alternatives that exclude one another, `.` for none; text.
    public static let disorderGroup = "disorder_group"
    /// Disorder assembly of a CIF, within which the groups exclude one another, `.` for none; text.
    public static let disorderAssembly = "disorder_assembly"
    /// Label of the site in the CIF from which it was read, `Mg1`; text.
    public static let fileLabel = "cif_label"
    /// Line of the CIF from which the atom was read, from 1; integer.
    public static let fileLine = "cif_line"
  }
}
