internal import Building
public import Crystal

/// A layered host MX2 with ions between its slabs.
public struct LayeredBuildSpecification: Hashable, Codable, Sendable {
  /// The stacking: coordination of the ion (O octahedral, P prismatic, T tetrahedral) and number of
  /// slabs per cell.
  public var stacking = Stacking.o3

  /// The slabs, such as `CoO2`, `Ni0.8Mn0.1Co0.1O2` or `TiS2`.
  public var host = "CoO2"

  /// The ion between the slabs.
  public var ion = "Li"

  /// Ions per formula unit of the host, a decimal or a fraction.
  public var content = "1"

  /// Edge in the plane, Å; nil takes that of the prototype.
  public var a: Double?

  /// Distance of neighbouring slabs, Å; nil takes that of the prototype.
  public var spacing: Double?

  /// Length of the bond in the slabs, Å; nil keeps the thickness of the slabs of the prototype.
  public var bond: Double?

  /// Oxidation states by element symbol, e.
  public var oxidation: [String: Double] = [:]

  /// The supercell and how it is filled.
  public var filling = SupercellFilling()

  /// LiCoO2 in one unit cell.
  public init() {}

  /// Stackings after Delmas.
  public enum Stacking: String, Hashable, Codable, Sendable, CaseIterable {
    /// R-3m, as LiCoO2.
    case o3 = "O3"
    /// P6_3mc.
    case o2 = "O2"
    /// P6_3/mmc, as Na0.7CoO2.
    case p2 = "P2"
    /// R3m.
    case p3 = "P3"
    /// P-3m1, as LiTiS2.
    case o1 = "O1"
    /// P-3m1 with tetrahedral ions, as 1T-Li2NiO2.
    case t1 = "T1"

    /// The stacking with a name, in capitals or not.
    ///
    /// - Throws: ``InputError`` if there is none.
    public init(named name: String) throws(InputError) {
      guard let stacking = Stacking(rawValue: name.uppercased()) else {
        let known = Stacking.allCases.map(\.rawValue).joined(separator: ", ")
        throw InputError(
          "there is no stacking \"\(name)\"", at: "stacking", hint: "known are \(known)")
      }
      self = stacking
    }
  }

  /// Builds the crystal.
  ///
  /// - Throws: ``InputError`` or ``InputErrors`` for a host that is no MX2, too much of the ion, or
  ///   lengths that do not fit.
  public func build() throws -> HostBuild {
    let file = try PrototypeLibrary().file(named: "layered-\(stacking.rawValue.lowercased())")
    var definition = file.definition
    let (metals, anions) = try slab()
    let labels = stacking.labels
    definition.sites.update(labels.metal, metals, role: .cation)
    for label in labels.anions { definition.sites.update(label, anions, role: .anion) }
    let ions = try ionShares()
    definition.sites.update(labels.ions[0], ions.shares, role: .cation)
    for label in labels.ions {
      guard let site = definition.sites.firstIndex(where: { $0.label == label }) else { continue }
      definition.sites[site].allowed = [ions.element, .vacancy]
    }
    if stacking == .o1, anions.allSatisfy({ $0.species.element == .oxygen }) {
      try takeOxideGeometry(&definition)
    }
    let isOther = definition.sites != file.definition.sites
    var notes: [String] = []
    if isOther, a == nil || spacing == nil {
      notes.append(
        "a and the spacing are those of \(definition.title) where not given; relax the cell")
    }
    if labels.ions.count > 1 {
      notes.append(
        "ions sit on \(labels.ions[0]); \(labels.ions[1]) is open to them in the problem, but neighbours of "
          + "both kinds are only a/√3 apart")
    }
    try setGeometry(&definition)
    definition.title = "Layered \(stacking.rawValue), \(ions.element)x\(host)"
    return try HostBuild(
      command: "layered", definition, oxidation: oxidation, filling: filling, notes: notes)
  }

  /// Metals and anions of the slabs with their fractions.
  private func slab() throws -> (metals: [SiteShare], anions: [SiteShare]) {
    let formula: Composition
    do {
      formula = try Composition(parsing: host)
    } catch {
      throw error.inside("host")
    }
    let anions = formula.amounts.filter { $0.element.isUsualAnion }
    let total = try anions.reduce(Rational.zero) { try $0.adding($1.amount) }
    guard total > .zero else {
      throw InputError(
        "\(host) has no anion", at: "host", hint: "write a slab such as CoO2 or TiS2")
    }
    func shares(_ amounts: [Composition.Amount], perAnion: Rational) throws -> [SiteShare] {
      try amounts.map {
        SiteShare(
          Species($0.element), try $0.amount.divided(by: total).multiplied(by: perAnion))
      }
    }
    let metals = try shares(
      formula.amounts.filter { !$0.element.isUsualAnion }, perAnion: Rational(2))
    guard !metals.isEmpty else { throw InputError("\(host) has no metal", at: "host") }
    do {
      return (try metals.filledWithVacancies(), try shares(anions, perAnion: .one))
    } catch is InputError {
      throw InputError(
        "\(host) has more than one metal for two anions", at: "host",
        hint:
          "give the slabs alone, such as CoO2, and the ions between them with --ion and --content")
    }
  }

  /// The ion and how it fills its sites.
  private func ionShares() throws -> (element: Element, shares: [SiteShare]) {
    guard let species = Species(ion), !species.isVacancy, !species.element.isUsualAnion else {
      throw InputError(
        "there is no ion \"\(ion)\"", at: "ion", hint: "write an element such as Li, Na or Mg")
    }
    let most = stacking == .t1 ? 2 : 1
    guard let amount = NumberReader.rational(content), amount >= .zero, amount <= Rational(most)
    else {
      throw InputError(
        "content \(content), expected 0 to \(most) in \(stacking.rawValue)", at: "content",
        hint: "write a decimal or a fraction such as 2/3")
    }
    let fraction = try amount.divided(by: Rational(most))
    let shares =
      fraction == .zero
      ? [SiteShare(.vacancy, .one)] : try [SiteShare(species, fraction)].filledWithVacancies()
    return (species.element, shares)
  }
}
