public import Crystal
internal import Symmetry

/// A prototype turned into a unit cell in which every site carries its label.
///
/// The cell is compared with the prototype before it is handed out: multiplicities, space group, site
/// symmetries, and distances between sites.
public struct PrototypeCrystal: Sendable {
  /// The prototype that was built.
  public let prototype: Prototype

  /// The conventional cell with all sites, the empty ones too, label by label in the order of the
  /// prototype; columns: `label`.
  public let unitCell: Structure

  /// One row per Wyckoff position, in the order of the prototype.
  public let siteTable: [SiteTableRow]

  /// Sites that are closer to each other than this cannot be meant, Å.
  public static let shortestDistance = 0.5

  /// Expands the Wyckoff positions of a prototype.
  ///
  /// - Throws: ``InputError`` if the space group is unknown, or if the sites do not have the
  ///   multiplicity, symmetry or distances that the prototype demands.
  public init(_ prototype: Prototype) throws(InputError) {
    let group = try SpaceGroup(prototype.spaceGroup, originChoice: prototype.originChoice)
    var (species, positions, labels, firstSites): ([Species], [Fractional], [String], [Int]) =
      ([], [], [], [])
    for site in prototype.sites {
      guard !labels.contains(site.label) else {
        throw InputError("\(prototype.name): two sites have the label \(site.label)")
      }
      let orbit = group.orbit(of: site.representative)
      guard orbit.count == site.multiplicity else {
        throw InputError(
          "\(prototype.name): site \(site.label) has \(orbit.count) points per cell, expected "
            + "\(site.multiplicity)",
          hint: "its coordinates lie on another Wyckoff position of \(group)")
      }
      firstSites.append(positions.count)
      positions += orbit
      species += Array(repeating: site.occupant, count: orbit.count)
      labels += Array(repeating: site.label, count: orbit.count)
    }
    var cell = Structure(lattice: prototype.lattice, species: species, positions: positions)
    cell.labels = labels
    cell.title = prototype.name

    let typeOfSite = prototype.sites.enumerated().flatMap { type, site in
      Array(repeating: type, count: site.multiplicity)
    }
    let dataset = try SymmetryDataset(cell, types: typeOfSite)
    guard dataset.number == group.number else {
      throw InputError(
        "\(prototype.name): the sites have space group \(dataset.symbol), expected \(group.symbol)")
    }
    var table: [SiteTableRow] = []
    for (site, first) in zip(prototype.sites, firstSites) {
      let symmetry = dataset.siteSymmetries[first].filter { $0 != "." && $0 != " " }
      guard symmetry == site.siteSymmetry else {
        throw InputError(
          "\(prototype.name): site \(site.label) has site symmetry \(symmetry), expected "
            + site.siteSymmetry)
      }
      let distances = NeighbourDistances(around: first, in: cell, labels: labels)
      let shells = distances.nearestShells
      if let near = shells.first, near.distance < PrototypeCrystal.shortestDistance {
        throw InputError(
          "\(prototype.name): sites \(site.label) and \(near.label) are "
            + "\(fixed(near.distance, 3)) Å apart",
          hint: "check the lattice parameters and the free coordinates")
      }
      table.append(
        SiteTableRow(
          label: site.label, multiplicity: site.multiplicity, siteSymmetry: symmetry,
          representative: site.representative.wrapped, shells: shells,
          coordination: PrototypeCrystal.coordination(
            of: site, distances.coordinationShells, prototype),
          allowed: site.allowed))
    }
    self.prototype = prototype
    self.unitCell = cell
    self.siteTable = table
  }

  /// The row of a label, nil if there is none.
  public func row(of label: String) -> SiteTableRow? { siteTable.first { $0.label == label } }

  /// The shells of the other role; around an anion only sites that the prototype fills.
  private static func coordination(
    of site: PrototypeSite, _ shells: [NeighbourShell], _ prototype: Prototype
  ) -> [NeighbourShell] {
    shells.filter { shell in
      guard let other = prototype.sites.first(where: { $0.label == shell.label }) else {
        return false
      }
      return other.role != site.role && !other.occupant.isVacancy
    }
  }
}
