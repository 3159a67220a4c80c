internal import Analysis
internal import Crystal
internal import StructureIO

/// The density of one element and what follows from it.
struct SpeciesDensity: Sendable {
  let element: Element
  /// Å⁻³.
  let grid: VolumetricGrid
  let sites: SiteLattice
  /// Å⁻³.
  let levels: [Double]
  /// The network of sites at each level.
  let networks: [DensityNetwork]

  /// Mean number of ions in the cell.
  var ions: Double {
    grid.values.reduce(0, +) * sites.lattice.volume / Double(grid.values.count)
  }

  /// The largest density, Å⁻³.
  var largest: Double { grid.values.max() ?? 0 }

  init(
    _ element: Element, _ grid: VolumetricGrid, _ sites: SiteLattice,
    _ specification: DensitySpecification
  ) {
    self.element = element
    self.grid = grid
    self.sites = sites
    levels = specification.levels.isEmpty ? [0.1 * (grid.values.max() ?? 0)] : specification.levels
    networks = levels.map { level in
      DensityNetwork(sites, reach: specification.reach, level: level) { grid.value(at: $0) }
    }
  }

  /// Links of sites with two labels at about one distance.
  struct LinkKind: Sendable {
    let labels: [String]
    /// Mean distance, Å.
    let length: Double
    let count: Int
    /// How many are joined.
    let joined: Int
    /// The least density on the line, Å⁻³: the lowest and the highest of all such links.
    let lowest: Double
    let highest: Double
  }

  /// The links at a level, by labels and length.
  func kinds(_ network: DensityNetwork) -> [LinkKind] {
    var groups: [[String]: [DensityNetwork.Link]] = [:]
    for link in network.links {
      let labels = [sites.sites[link.first].label, sites.sites[link.second].label].sorted()
      // Links of one kind differ in length by the strain of the cell only.
      groups[labels + [fixed(link.length, 1)], default: []].append(link)
    }
    return groups.map { key, links in
      LinkKind(
        labels: Array(key.prefix(2)),
        length: links.reduce(0) { $0 + $1.length } / Double(links.count), count: links.count,
        joined: links.count { $0.least >= network.level },
        lowest: links.map(\.least).min() ?? 0, highest: links.map(\.least).max() ?? 0)
    }.sorted { ($0.length, $0.labels.joined()) < ($1.length, $1.labels.joined()) }
  }

  /// The plane through the largest density, normal to c.
  var defaultSlice: DensitySlice {
    let index = grid.values.indices.max { grid.values[$0] < grid.values[$1] } ?? 0
    return DensitySlice(
      axis: 2, fraction: Double(index % grid.counts.z) / Double(grid.counts.z))
  }
}
