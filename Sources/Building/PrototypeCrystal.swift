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

  /// Number of the space group that spglib finds, which is that of the prototype.
  public let spaceGroupNumber: Int

  /// Short symbol of the space group, `Fd-3m`.
  public let spaceGroupSymbol: String

  /// Sites that are closer to each other than this cannot be meant, Å.
  public static let shortestDistance = 0.5

  /// Expands the Wyckoff positions of a prototype.
  ///
  /// - Throws: ``InputError`` if the space group is unknown, or if the sites do not have the
  ///   multiplicity, symmetry or distances that the prototype demands; it is located at `spacegroup`,
  ///   `origin` or `sites: LABEL`.
  public init(_ prototype: Prototype) throws(InputError) {
    let group = try PrototypeCrystal.group(of: prototype)
    var (species, positions, labels, firstSites): ([Species], [Fractional], [String], [Int]) =
      ([], [], [], [])
    for site in prototype.sites {
      guard !labels.contains(site.label) else {
        throw InputError("two sites have the label \(site.label)", at: "sites: \(site.label)")
      }
      let orbit = group.orbit(of: site.representative)
      guard orbit.count == site.multiplicity else {
        throw PrototypeCrystal.wrongMultiplicity(orbit.count, of: site, in: group, prototype)
      }
      firstSites.append(positions.count)
      positions += orbit
      species += Array(repeating: site.occupant, count: orbit.count)
      labels += Array(repeating: site.label, count: orbit.count)
    }
    var cell = Structure(lattice: prototype.lattice, species: species, positions: positions)
    cell.labels = labels
    cell.title = prototype.name

    let distances = firstSites.map { NeighbourDistances(around: $0, in: cell, labels: labels) }
    for (site, distance) in zip(prototype.sites, distances) {
      guard let near = distance.nearestShells.first,
        near.distance < PrototypeCrystal.shortestDistance
      else { continue }
      throw InputError(
        "sites \(site.label) and \(near.label) are \(fixed(near.distance, 3)) Å apart",
        at: "sites: \(site.label)", hint: "check the lattice parameters and the free coordinates")
    }
    let typeOfSite = prototype.sites.enumerated().flatMap { type, site in
      Array(repeating: type, count: site.multiplicity)
    }
    let dataset = try SymmetryDataset(cell, types: typeOfSite)
    guard dataset.number == group.number else {
      throw InputError(
        "the sites have space group \(dataset.symbol), expected \(group.symbol)", at: "spacegroup",
        hint: "the coordinates, or a ratio of lattice parameters, have a higher symmetry")
    }
    var table: [SiteTableRow] = []
    for (index, site) in prototype.sites.enumerated() {
      let symmetry = dataset.siteSymmetries[firstSites[index]].filter { $0 != "." && $0 != " " }
      if let expected = site.siteSymmetry, expected != symmetry {
        throw InputError(
          "site \(site.label) has site symmetry \(symmetry), expected \(expected)",
          at: "sites: \(site.label)")
      }
      table.append(
        SiteTableRow(
          label: site.label, multiplicity: site.multiplicity, siteSymmetry: symmetry,
          representative: site.representative.wrapped, shells: distances[index].nearestShells,
          coordination: PrototypeCrystal.coordination(of: site, distances[index], prototype),
          allowed: site.allowed))
    }
    self.prototype = prototype
    self.unitCell = cell
    self.siteTable = table
    self.spaceGroupNumber = dataset.number
    self.spaceGroupSymbol = dataset.symbol
  }

  /// The row of a label, nil if there is none.
  public func row(of label: String) -> SiteTableRow? { siteTable.first { $0.label == label } }

  /// How much farther than the nearest a neighbour may be to coordinate a site, relative: enough for
  /// the long bonds of Jahn-Teller ions and of vanadyl groups.
  static let coordinationWidth = 0.3

  /// The same in a metal, where the second shell is near.
  static let metallicWidth = 0.1

  /// The neighbours of the other role, element by element; around an anion only sites that the
  /// prototype fills.
  private static func coordination(
    of site: PrototypeSite, _ distances: NeighbourDistances, _ prototype: Prototype
  ) -> [NeighbourShell] {
    let filled = prototype.sites.filter { !$0.occupant.isVacancy }
    guard prototype.sites.contains(where: { $0.role == .anion }) else {
      return distances.coordination(filled.map(\.label), width: metallicWidth)
    }
    var labels: [Element: [String]] = [:]
    for other in filled where other.role != site.role {
      labels[other.occupant.element, default: []].append(other.label)
    }
    return labels.sorted { $0.key < $1.key }
      .flatMap { distances.coordination($0.value, width: coordinationWidth) }
      .sorted { ($0.distance, $0.label) < ($1.distance, $1.label) }
  }
}
