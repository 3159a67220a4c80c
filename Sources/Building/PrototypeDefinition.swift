public import Crystal
internal import Symmetry

/// A prototype as it is published: space group and origin, lattice and coordinates with their free
/// parameters, species, and the source of the numbers.
///
/// ``prototype(lattice:parameters:)`` puts numbers in; ``PrototypeCrystal`` builds and checks it.
public struct PrototypeDefinition: Hashable, Sendable {
  /// Name by which it is asked for, `rutile`.
  public var name: String

  /// What it is, `Rutile, TiO2`.
  public var title: String

  /// Other names, such as formulas and minerals.
  public var aliases: [String] = []

  /// Symbol or number of the space group.
  public var spaceGroup: String

  /// The origin that the coordinates refer to; nil for groups with one origin.
  public var originChoice: Int?

  /// Default values of the free lattice parameters: edges in Å, angles in degrees.
  public var lattice: [String: Double]

  /// Default values of the free coordinates, in the order of the file.
  public var parameters: [Parameter] = []

  /// Ratios of edges that have a name, such as a Jahn-Teller ratio.
  public var ratios: [EdgeRatio] = []

  /// The sites, one entry per Wyckoff position.
  public var sites: [Site] = []

  /// Where the numbers come from.
  public var source: String

  /// How far the numbers can be trusted.
  public var status: Status

  /// A prototype without sites; the other properties can be set afterwards.
  public init(
    name: String, title: String, spaceGroup: String, originChoice: Int? = nil,
    lattice: [String: Double] = [:], source: String = "", status: Status = .default
  ) {
    self.name = name
    self.title = title
    self.spaceGroup = spaceGroup
    self.originChoice = originChoice
    self.lattice = lattice
    self.source = source
    self.status = status
  }

  /// A free coordinate.
  public struct Parameter: Hashable, Sendable {
    /// Name, `u`.
    public var name: String
    /// Value, a fraction of a lattice vector.
    public var value: Double

    /// A free coordinate.
    public init(_ name: String, _ value: Double) {
      self.name = name
      self.value = value
    }
  }

  /// A Wyckoff position.
  public struct Site: Hashable, Sendable {
    /// Label that begins with multiplicity and Wyckoff letter: `16d`, `4c_O1`.
    public var label: String
    /// Number of points per conventional cell.
    public var multiplicity: Int
    /// Coordinates of one of its points.
    public var position: [CoordinateExpression]
    /// Site symmetry without dots; nil if it is not checked.
    public var siteSymmetry: String?
    /// What sits there; fractions add up to 1.
    public var shares: [SiteShare]
    /// What may sit there beside the species of ``shares``.
    public var allowed: [Element] = []
    /// Number of neighbours that coordinate the site with the default numbers; nil if it is not
    /// checked.
    public var coordinationNumber: Int?
    /// Whether the site belongs to the anions; nil decides by the oxidation state.
    public var role: PrototypeSite.Role?

    /// A Wyckoff position; the other properties can be set afterwards.
    public init(
      label: String, multiplicity: Int, position: [CoordinateExpression], shares: [SiteShare]
    ) {
      self.label = label
      self.multiplicity = multiplicity
      self.position = position
      self.shares = shares
    }
  }

  /// How far the numbers of a prototype can be trusted.
  public enum Status: String, Hashable, Sendable, CaseIterable {
    /// From a refinement, compared with a database entry or a second source, or fixed by symmetry.
    case refined
    /// Recalled or estimated: a good start for a relaxation, no reference.
    case `default`
  }

  /// The prototype with some numbers replaced.
  ///
  /// - Parameters:
  ///   - lattice: Lattice parameters by name, Å and degrees.
  ///   - parameters: Free coordinates by name.
  /// - Returns: The prototype; its geometry is checked when it is built.
  /// - Throws: ``InputError``, located at the parameter, if one is unknown or out of range.
  public func prototype(
    lattice: [String: Double] = [:], parameters: [String: Double] = [:]
  ) throws(InputError) -> Prototype {
    var values = Dictionary(uniqueKeysWithValues: self.parameters.map { ($0.name, $0.value) })
    for (name, value) in parameters.sorted(by: { $0.key < $1.key }) {
      guard values[name] != nil else {
        let names = self.parameters.map(\.name)
        throw InputError(
          "\(self.name) has no free coordinate \(name)", at: name,
          hint: names.isEmpty
            ? "all its coordinates are fixed by symmetry"
            : nearestMatch(to: name, among: names).map { "did you mean \($0)?" }
              ?? "its free coordinates are \(names.joined(separator: ", "))")
      }
      guard value.isFinite, value.magnitude <= 10 else {
        throw InputError("\(name) = \(value), expected a fraction of the cell", at: name)
      }
      values[name] = value
    }
    return Prototype(
      name: name, spaceGroup: spaceGroup, originChoice: originChoice,
      lattice: try shape().lattice(self.lattice.merging(lattice) { $1 }),
      sites: try sites.map { (site) throws(InputError) in try PrototypeSite(site, values) },
      source: source)
  }

  /// The crystal system of the space group; an origin is not needed for it.
  public func shape() throws(InputError) -> LatticeShape {
    let group: SpaceGroup
    do {
      group = try SpaceGroup(spaceGroup, originChoice: originChoice)
    } catch {
      // A missing origin is reported later, with the one that fits.
      guard originChoice == nil, let any = try? SpaceGroup(spaceGroup, originChoice: 1) else {
        throw error.inside("spacegroup")
      }
      group = any
    }
    return try LatticeShape(group)
  }
}

/// A ratio of two edges with a name: numerator / (factor × denominator).
public struct EdgeRatio: Hashable, Sendable {
  /// Name, `jahn_teller`.
  public var name: String
  /// The edge above the line, `c`; it follows when the ratio is set.
  public var numerator: String
  /// The edge below the line, `a`.
  public var denominator: String
  /// What the denominator is multiplied with, such as √2.
  public var factor: Double

  /// A ratio.
  public init(name: String, numerator: String, denominator: String, factor: Double) {
    self.name = name
    self.numerator = numerator
    self.denominator = denominator
    self.factor = factor
  }

  /// Its value for lattice parameters, nil if one is missing.
  public func value(_ lattice: [String: Double]) -> Double? {
    guard let top = lattice[numerator], let bottom = lattice[denominator] else { return nil }
    return top / (factor * bottom)
  }
}

extension PrototypeSite {
  /// A site of a definition with numbers put in.
  init(_ site: PrototypeDefinition.Site, _ values: [String: Double]) throws(InputError) {
    var point = SIMD3<Double>.zero
    for (axis, expression) in site.position.enumerated() {
      do {
        point[axis] = try expression.value(values)
      } catch {
        throw error.inside("sites: \(site.label)")
      }
    }
    let main = site.shares.max { $0.fraction < $1.fraction }?.species ?? .vacancy
    let species = site.shares.map(\.species)
    let extra = site.allowed.filter { element in !species.contains { $0.element == element } }
    let isAnion = species.contains { ($0.oxidationState ?? 0) < 0 }
    self.init(
      label: site.label, representative: Fractional(point), multiplicity: site.multiplicity,
      siteSymmetry: site.siteSymmetry, occupant: main,
      allowed: species + extra.map { $0.isVacancy ? .vacancy : Species($0) },
      role: site.role ?? (isAnion ? .anion : .cation), shares: site.shares)
  }
}
