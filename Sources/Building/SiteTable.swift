public import Crystal

/// What a scientist wants to know about one Wyckoff position of a crystal.
public struct SiteTableRow: Hashable, Sendable {
  /// Label, `16d`.
  public let label: String

  /// Number of sites per conventional cell.
  public let multiplicity: Int

  /// Site symmetry without dots, as found in the finished crystal: `-3m`.
  public let siteSymmetry: String

  /// Coordinates of one of the sites, fractional.
  public let representative: Fractional

  /// The nearest sites of every label, the own one included, by distance.
  public let shells: [NeighbourShell]

  /// What coordinates the site: the anions around a cation site, the sites that the prototype fills
  /// with cations around an anion, the nearest atoms in a metal.
  ///
  /// Neighbours of one element up to 30 % farther than the nearest count, in a metal up to 10 %. The
  /// distance of each label is that of its nearest neighbour.
  public let coordination: [NeighbourShell]

  /// What may sit on the sites.
  public let allowed: [Species]

  /// Number of neighbours in ``coordination``: 4 for a tetrahedral site.
  public var coordinationNumber: Int { coordination.reduce(0) { $0 + $1.count } }

  /// The nearest shell of a label, nil if there is no such site.
  public func shell(of label: String) -> NeighbourShell? { shells.first { $0.label == label } }
}

/// The nearest neighbours with one label around a site.
public struct NeighbourShell: Hashable, Sendable {
  /// Label of the neighbours.
  public let label: String

  /// How many there are at this distance.
  public let count: Int

  /// Their distance, Å.
  public let distance: Double
}

/// Distances from one site to all others near it, by label.
struct NeighbourDistances {
  private var distancesByLabel: [String: [Double]] = [:]

  /// Neighbours whose distances differ by less belong to one shell, Å.
  static let tolerance = 1e-4

  /// Measures the distances around a site of a structure with one label per site.
  init(around site: Int, in structure: Structure, labels: [String]) {
    let lattice = structure.lattice
    // Every site has an image within half the sum of the edges, and a site that is alone with its
    // label has its own images as nearest neighbours.
    let edges = lattice.lengths
    let images = lattice.latticePoints(within: max(0.5 * edges.sum(), edges.max()))
    for other in structure.positions.indices {
      var step = structure.positions[other].components - structure.positions[site].components
      step -= step.rounded(.toNearestOrEven)
      for image in images where other != site || image != .zero {
        let shift = SIMD3(Double(image.x), Double(image.y), Double(image.z))
        let distance = length(lattice.cartesian(Fractional(step + shift)).components)
        distancesByLabel[labels[other], default: []].append(distance)
      }
    }
  }

  /// The nearest shell of every label, by distance, then by label.
  var nearestShells: [NeighbourShell] {
    let shells = distancesByLabel.map { label, distances in
      let nearest = distances.min() ?? 0
      let bound = nearest + NeighbourDistances.tolerance
      return NeighbourShell(
        label: label, count: distances.count { $0 < bound }, distance: nearest)
    }
    return NeighbourDistances.sorted(shells)
  }

  /// The neighbours with some labels, together up to a little farther than the nearest of them, by
  /// distance, then by label.
  ///
  /// - Parameters:
  ///   - labels: Labels that count, such as those of all sites of one anion.
  ///   - width: How much farther, relative to the nearest.
  /// - Returns: One entry per label that has such neighbours.
  func coordination(_ labels: [String], width: Double) -> [NeighbourShell] {
    let nearest = labels.compactMap { distancesByLabel[$0]?.min() }.min() ?? 0
    let bound = nearest * (1 + width)
    let shells: [NeighbourShell] = labels.compactMap { label in
      let near = (distancesByLabel[label] ?? []).filter { $0 < bound }
      return near.min().map { NeighbourShell(label: label, count: near.count, distance: $0) }
    }
    return NeighbourDistances.sorted(shells)
  }

  private static func sorted(_ shells: [NeighbourShell]) -> [NeighbourShell] {
    shells.sorted { ($0.distance, $0.label) < ($1.distance, $1.label) }
  }
}
