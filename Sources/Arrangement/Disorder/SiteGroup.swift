public import Crystal
internal import Symmetry

/// Equivalent sites of a disordered crystal with what occupies them.
public struct SiteGroup: Hashable, Sendable {
  /// The label of the sites, different from that of every other group: `16d`, `Li1`, `Li1/Mg1`.
  public let label: String

  /// Indices of the sites in the parent cell.
  public let sites: [Int]

  /// What occupies the sites, by atomic number, the vacancy last; the fractions add up to 1.
  public let occupants: [Occupant]

  /// The labels in the file that meet on each of these sites.
  public let fileLabels: [String]

  /// An element, or the vacancy, with the fraction of the sites that it occupies.
  public struct Occupant: Hashable, Sendable {
    /// The element, or the vacancy.
    public let element: Element

    /// Fraction of the sites, from 0 to 1.
    public let occupancy: Double

    /// How far the fraction may be from the true one: the standard uncertainty where one is known,
    /// otherwise half a unit of the last digit that is printed.
    public let tolerance: Double
  }

  /// Whether there is anything to arrange on the sites.
  public var isMixed: Bool { occupants.count > 1 }

  /// The elements that may sit here.
  public var elements: [Element] { occupants.map(\.element) }
}

extension SiteGroup {
  /// Sites put together by the rows of the file that meet on them.
  ///
  /// Where a file lists every site as a row of its own, or does not name rows, sites with the same
  /// occupants that the symmetry of the crystal makes equivalent are put together instead: half an
  /// atom on each of eight rows is four atoms on eight sites.
  static func groups(
    of sites: [DisorderedSite], lattice: Lattice
  ) -> [SiteGroup] {
    var members: [[Int]] = []
    var groupOfKey: [String: Int] = [:]
    for (n, site) in sites.enumerated() {
      if let group = groupOfKey[site.rowKey] {
        members[group].append(n)
      } else {
        groupOfKey[site.rowKey] = members.count
        members.append([n])
      }
    }
    let mixedContents = Set(sites.filter(\.isMixed).map(\.contentKey))
    let mixed = members.filter { sites[$0[0]].isMixed }
    let isListedOneByOne =
      mixed.count > mixedContents.count && members.allSatisfy { $0.count == 1 }
    let hasNoRows =
      !mixed.isEmpty && sites.allSatisfy { site in site.atoms.allSatisfy { !$0.isNamed } }
    if isListedOneByOne, let labelled = labelled(sites) {
      members = labelled
    } else if isListedOneByOne || hasNoRows, let orbits = orbits(of: sites, lattice: lattice) {
      members = orbits
    }
    let labels = labels(of: members, sites)
    return zip(members, labels).map { members, label in
      let site = sites[members[0]]
      return SiteGroup(
        label: label, sites: members, occupants: site.occupants,
        fileLabels: distinct(members.flatMap { sites[$0].atoms.map(\.name) }))
    }
  }

  /// Sites put together by numbered labels that several rows have in common, as when a program writes
  /// every image of `Li1` as `Li1`; nil if the labels do not repeat or are mere elements.
  private static func labelled(_ sites: [DisorderedSite]) -> [[Int]]? {
    let names = sites.map { $0.atoms.compactMap(\.fileLabel) }
    guard
      zip(sites, names).allSatisfy({
        !$0.isMixed || $1.allSatisfy { $0.contains(where: \.isNumber) }
      })
    else { return nil }
    var members: [[Int]] = []
    var groupOfKey: [String: Int] = [:]
    for (n, site) in sites.enumerated() {
      let key = "\(names[n].sorted())|\(site.contentKey)"
      if let group = groupOfKey[key] {
        members[group].append(n)
      } else {
        groupOfKey[key] = members.count
        members.append([n])
      }
    }
    let mixed = members.filter { sites[$0[0]].isMixed }
    return mixed.allSatisfy { $0.count > 1 } ? members : nil
  }

  /// Orbits of sites with the same occupants; nil if no symmetry is found.
  private static func orbits(of sites: [DisorderedSite], lattice: Lattice) -> [[Int]]? {
    var numbers: [String: Int] = [:]
    let types = sites.map { site in
      // Labels of the parent that are the same for several sites mean something; those of rows do not.
      let key = "\(site.contentKey)|\(site.atoms.compactMap(\.wyckoff).first ?? "")"
      let number = numbers[key] ?? numbers.count
      numbers[key] = number
      return number
    }
    let structure = Structure(
      lattice: lattice, species: sites.map(\.atoms[0].species), positions: sites.map(\.position))
    return try? SymmetryDataset(structure, types: types, symprec: orbitTolerance).orbits
  }

  /// Distance within which positions count as equal when sites are put together, Å.
  private static let orbitTolerance = 1e-2

  /// A label for each group: the Wyckoff label if there is one, otherwise the labels of the rows;
  /// with the labels of the rows behind it, or a number, where it would not be the only one.
  private static func labels(of members: [[Int]], _ sites: [DisorderedSite]) -> [String] {
    let rows = members.map { members in
      let atoms = sites[members[0]].atoms
      let names = distinct(atoms.map { $0.fileLabel ?? "\($0.species.element)" })
      // Rows of their own leave the elements as the only name that fits all sites.
      let areAlike = members.allSatisfy {
        Set(sites[$0].atoms.map(\.name)) == Set(atoms.map(\.name))
      }
      let common = areAlike ? names : distinct(atoms.map { "\($0.species.element)" })
      return common.joined(separator: "/")
    }
    let plain = zip(members, rows).map { members, row in
      let names = distinct(sites[members[0]].atoms.compactMap(\.wyckoff))
      return names.isEmpty ? row : names.joined(separator: "/")
    }
    func isUnique(_ label: String, _ labels: [String]) -> Bool {
      labels.count { $0 == label } == 1
    }
    let longer = zip(plain, rows).map { label, row in
      isUnique(label, plain) || label == row ? label : "\(label)_\(row)"
    }
    var used: Set<String> = Set(longer.filter { isUnique($0, longer) })
    return longer.map { label in
      if isUnique(label, longer) { return label }
      var number = 1
      while !used.insert("\(label)_\(number)").inserted { number += 1 }
      return "\(label)_\(number)"
    }
  }
}
