public import Crystal
internal import Symmetry

/// A crystal whose sites are shared by several species, or empty in part, as in most refined
/// structures: sites, what occupies them, and how well that is known.
///
/// It is made from a structure with the column `occupancy`, as read from a CIF or an extxyz file;
/// without that column every atom occupies its site fully. The rules:
///
/// - Atoms within ``mergeDistance`` of one another are on one site, at the mean of their positions.
/// - Where the occupancies of a site add up to less than 1, it is vacant for the rest. A sum counts as
///   1 within 0.005, or within the uncertainties of the occupancies if they are larger, and is then
///   scaled to 1, which is noted. A larger sum is an error.
/// - Atoms of one element on one site are added up, whatever their oxidation states.
/// - Atoms with occupancy 0 are left out, which is noted.
/// - Sites that share rows of the file form a group with its own label. The Wyckoff label of the file
///   is taken where there is one, otherwise the labels of the rows, `Li1/Mg1`.
/// - Sites nearer than ``splitDistance``, of which one is occupied in part, are one atom on a split
///   position. Arrangements could fill both, so they are refused unless told otherwise.
public struct DisorderedCrystal: Sendable {
  /// The unit cell with one atom per site, labelled, showing what occupies most of it.
  public let parent: Structure

  /// Equivalent sites with what occupies them, in the order of the sites.
  public let groups: [SiteGroup]

  /// Oxidation numbers given in the structure: for each element the states with the numbers of atoms
  /// in the parent cell, by state; elements without any are left out.
  public let oxidationNumbers: [Element: [OxidationShare]]

  /// What was assumed or left out, one sentence each.
  public let notes: [String]

  /// Doubtful but legal: to be shown to the user, one sentence each.
  public let warnings: [String]

  /// The atoms of an element that have one oxidation state.
  public struct OxidationShare: Hashable, Sendable {
    /// Oxidation state, e.
    public let state: Double
    /// Atoms in the parent cell, a mean.
    public let amount: Double
  }

  /// What to do about partially occupied sites that are too near to be occupied at once.
  public enum SplitSitePolicy: Hashable, Sendable {
    /// An error.
    case refuse
    /// A warning; arrangements may fill both.
    case warn
  }

  /// Atoms nearer than this share a site, Å.
  public static let mergeDistance = 0.1

  /// Sites nearer than this are one atom on a split position, Å: less than any bond, 0.74 Å in H2.
  public static let splitDistance = 0.7

  /// Partially occupied sites nearer than this are probably not occupied at once, Å; they are noted.
  public static let crowdedDistance = 2.0

  /// Finds the sites of a structure and what occupies them.
  ///
  /// - Parameters:
  ///   - structure: The unit cell with every atom, those that symmetry generates too.
  ///   - disorderGroup: The group that is kept in every disorder assembly; its occupancies are scaled
  ///     so that it is there always. Nil keeps all, and refuses alternatives on different positions.
  ///   - splitSites: What to do about sites nearer than ``splitDistance``.
  ///   - source: The name of the file in messages.
  /// - Throws: ``InputErrors`` with everything that is wrong, naming labels and lines.
  public init(
    _ structure: Structure, disorderGroup: Int? = nil, splitSites: SplitSitePolicy = .refuse,
    source: String? = nil
  ) throws(InputErrors) {
    var problems = DisorderProblems(source: source)
    let all = try DisorderedAtom.read(structure, &problems)
    let lattice = structure.lattice
    var notes: [String] = []
    let unused = all.filter { $0.occupancy == 0 }
    if !unused.isEmpty {
      notes.append(
        "\(distinct(unused.map(\.name)).joined(separator: ", ")): occupancy 0, left out")
    }
    let chosen = DisorderGroups(
      all.filter { $0.occupancy > 0 }, choice: disorderGroup, lattice: lattice,
      distance: DisorderedCrystal.mergeDistance, &problems)
    try problems.throwIfAny()
    guard !chosen.atoms.isEmpty else {
      throw InputErrors([InputError("no atom has an occupancy above 0", at: source)])
    }
    notes += chosen.notes
    var warnings = chosen.warnings

    var sites: [DisorderedSite] = []
    for cluster in DisorderedSite.clusters(
      chosen.atoms, lattice: lattice, distance: DisorderedCrystal.mergeDistance)
    {
      var site = DisorderedSite(cluster.map { chosen.atoms[$0] }, lattice: lattice)
      site.checkSpread(lattice, &problems)
      let remark = site.resolve(&problems)
      if let remark { notes.append("\(site.names(problems)): \(remark)") }
      sites.append(site)
    }
    try problems.throwIfAny()
    let distances = NearSites(sites, lattice: lattice, source: source)
    if splitSites == .refuse {
      if !distances.split.isEmpty { throw InputErrors(distances.split) }
    } else {
      warnings += distances.split.map(\.message)
    }
    warnings += distances.crowded

    let groups = SiteGroup.groups(of: sites, lattice: lattice)
    for group in groups where group.isMixed {
      if let vacancy = group.occupants.last, vacancy.element.isVacancy {
        let rest = group.occupants.dropLast().map { "\($0.element) \(shortest($0.occupancy))" }
        notes.append(
          "\(group.label): \(rest.joined(separator: " + ")); the rest, "
            + "\(shortest(vacancy.occupancy)), is vacant")
      }
    }
    self.parent = DisorderedCrystal.parent(of: sites, groups, structure)
    self.groups = groups
    self.oxidationNumbers = DisorderedCrystal.oxidationNumbers(of: sites, &warnings)
    self.notes = distinct(notes)
    self.warnings = warnings
  }

  /// One atom per site, showing what occupies most of it.
  private static func parent(
    of sites: [DisorderedSite], _ groups: [SiteGroup], _ structure: Structure
  ) -> Structure {
    let species = sites.map { site in
      let most = site.occupants.max { $0.occupancy < $1.occupancy }?.element ?? .vacancy
      return site.atoms.first { $0.species.element == most }?.species ?? Species.vacancy
    }
    var parent = Structure(
      lattice: structure.lattice, species: species, positions: sites.map(\.position),
      title: structure.title)
    var labels = [String](repeating: "", count: sites.count)
    for group in groups {
      for site in group.sites { labels[site] = group.label }
    }
    parent.labels = labels
    if structure[column: Column.Name.fileLabel] != nil {
      let names = sites.map {
        distinct($0.atoms.compactMap(\.fileLabel)).joined(separator: "/")
      }
      parent.set(Column(Column.Name.fileLabel, .text(names)))
    }
    return parent
  }

  /// The states of each element; none if all of them are 0, which is how programs write that they do
  /// not know.
  private static func oxidationNumbers(
    of sites: [DisorderedSite], _ warnings: inout [String]
  ) -> [Element: [OxidationShare]] {
    var amounts: [Element: [Double: Double]] = [:]
    for site in sites {
      for atom in site.atoms where atom.species.element.atomicNumber > 0 {
        guard let state = atom.species.oxidationState else { continue }
        amounts[atom.species.element, default: [:]][state, default: 0] += atom.occupancy
      }
    }
    if !amounts.isEmpty, amounts.values.allSatisfy({ $0.keys.allSatisfy { $0 == 0 } }) {
      warnings.append("all oxidation numbers of the structure are 0; they are not used")
      return [:]
    }
    return amounts.mapValues { states in
      states.sorted { $0.key < $1.key }.map { OxidationShare(state: $0.key, amount: $0.value) }
    }
  }

  /// Whether every site is filled by one element: nothing is left to arrange.
  public var isOrdered: Bool { !groups.contains(where: \.isMixed) }

  /// Atoms of each element in the parent cell, a mean; vacancies are left out.
  public var amounts: [Element: Double] {
    var amounts: [Element: Double] = [:]
    for group in groups {
      for occupant in group.occupants where !occupant.element.isVacancy {
        amounts[occupant.element, default: 0] += occupant.occupancy * Double(group.sites.count)
      }
    }
    return amounts
  }
}
