internal import Building
internal import Crystal

/// A rocksalt with all cations at random on one sublattice and all anions on the other.
public struct RocksaltBuildSpecification: Hashable, Codable, Sendable {
  /// Composition with at least as many anions as cations; missing cations are vacancies.
  public var composition = "MgO"

  /// Edge of the conventional cell, Å; nil takes one that is typical of the anion.
  public var a: Double?

  /// Whether numbers of atoms that are not whole are refused instead of rounded.
  public var exact = false

  /// Oxidation states by element symbol, e.
  public var oxidation: [String: Double] = [:]

  /// The supercell and the seed; the numbers are rounded unless ``exact``.
  public var filling = SupercellFilling()

  /// MgO in one unit cell.
  public init() {}

  /// Edges that are typical of rocksalts of each anion, Å: near MgO, LiF, LiCl, MgS and so on.
  static let typicalEdges: [(anion: String, edge: Double)] = [
    ("O", 4.15), ("F", 4.05), ("N", 4.2), ("S", 5.2), ("Se", 5.5), ("Cl", 5.2), ("Br", 5.5),
  ]

  /// Builds the crystal.
  ///
  /// - Throws: ``InputError`` or ``InputErrors`` for a composition that is no rocksalt.
  public func build() throws -> HostBuild {
    var definition = try PrototypeLibrary().file(named: "rocksalt-disordered").definition
    let formula: Composition
    do {
      formula = try Composition(parsing: composition)
    } catch {
      throw error.inside("composition")
    }
    let cations = formula.amounts.filter { !$0.element.isUsualAnion }
    let anions = formula.amounts.filter { $0.element.isUsualAnion }
    guard !cations.isEmpty, !anions.isEmpty else {
      throw InputError(
        "\(formula) has no \(cations.isEmpty ? "cation" : "anion")", at: "composition",
        hint: "write a formula such as Li2TiO3 or Li2MnO2F")
    }
    let total = try anions.reduce(Rational.zero) { try $0.adding($1.amount) }
    func shares(_ amounts: [Composition.Amount]) throws -> [SiteShare] {
      try amounts.map { SiteShare(Species($0.element), try $0.amount.divided(by: total)) }
    }
    definition.title = "Disordered rocksalt \(formula)"
    do {
      definition.sites[0].shares = try shares(cations).filledWithVacancies()
      definition.sites[1].shares = try shares(anions)
    } catch is InputError {
      let sum = cations.reduce(0) { $0 + $1.amount.doubleValue }
      throw InputError(
        "\(formula) has \(fixed(sum, 4)) cations for \(fixed(total.doubleValue, 4)) anions, more than a "
          + "rocksalt has sites", at: "composition")
    }
    definition.sites[1].role = .anion
    var notes: [String] = []
    if let a {
      definition.lattice["a"] = a
      definition.source = "Fm-3m, all coordinates fixed by symmetry; edge as given"
    } else {
      var edge = 0.0
      for anion in anions {
        guard
          let typical = RocksaltBuildSpecification.typicalEdges
            .first(where: { $0.anion == anion.element.symbol })
        else {
          throw InputError(
            "no typical edge is known for \(anion.element)", at: "a", hint: "give --a")
        }
        edge += typical.edge * anion.amount.doubleValue / total.doubleValue
      }
      definition.lattice["a"] = Double(fixed(edge, 4)) ?? edge
      definition.source = "Fm-3m, all coordinates fixed by symmetry; edge typical of the anion"
      notes.append("the edge \(fixed(edge, 4)) Å is a guess; give --a, or relax the cell")
    }
    var filling = filling
    filling.round = !exact
    return try HostBuild(
      command: "rocksalt", definition, oxidation: oxidation, filling: filling, notes: notes)
  }
}
