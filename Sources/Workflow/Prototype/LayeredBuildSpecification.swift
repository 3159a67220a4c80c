internal import Building
internal import Crystal

/// A layered host MX2 with ions between its slabs.
public struct LayeredBuildSpecification: Hashable, Codable, Sendable {
  /// How the slabs are stacked.
  public var stacking = LayeredStacking.named(.o3)

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

  /// Builds the crystal.
  ///
  /// - Throws: ``InputError`` or ``InputErrors`` for a host that is no MX2, too much of the ion, or
  ///   lengths that do not fit.
  public func build() throws -> HostBuild {
    let (metals, anions) = try slab()
    let ions = try ionShares()
    let isOxide = anions.allSatisfy { $0.species.element == .oxygen }
    var host = try layers(isOxide: isOxide)
    let unchanged = host.definition.sites
    for label in host.metals { host.definition.sites.update(label, metals, role: .cation) }
    for label in host.anions { host.definition.sites.update(label, anions, role: .anion) }
    for label in host.ions.prefix(host.filled) {
      host.definition.sites.update(label, ions.shares, role: .cation)
    }
    for label in host.ions {
      guard let site = host.definition.sites.firstIndex(where: { $0.label == label }) else {
        continue
      }
      host.definition.sites[site].role = .cation
      host.definition.sites[site].allowed = [ions.element, .vacancy]
    }
    var notes = host.notes
    if host.definition.sites != unchanged, a == nil || spacing == nil {
      notes.append(
        "a and the spacing are those of \(host.definition.title) where not given; relax the cell")
    }
    if host.filled < host.ions.count {
      notes.append(
        "ions sit on \(host.ions.prefix(host.filled).joined(separator: ", ")); "
          + "\(host.ions.dropFirst(host.filled).joined(separator: ", ")) "
          + "\(host.ions.count - host.filled == 1 ? "is" : "are") open to them in the problem, but "
          + "neighbours of both kinds are only a/√3 apart")
    }
    host.definition.title = "Layered \(stacking), \(ions.element)x\(self.host)"
    return try HostBuild(
      command: "layered", host.definition, oxidation: oxidation, filling: filling, notes: notes)
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
    let most = stacking == .named(.t1) ? 2 : 1
    guard let amount = NumberReader.rational(content), amount >= .zero, amount <= Rational(most)
    else {
      throw InputError(
        "content \(content), expected 0 to \(most) in \(stacking)", at: "content",
        hint: "write a decimal or a fraction such as 2/3")
    }
    let fraction = try amount.divided(by: Rational(most))
    let shares =
      fraction == .zero
      ? [SiteShare(.vacancy, .one)] : try [SiteShare(species, fraction)].filledWithVacancies()
    return (species.element, shares)
  }
}
