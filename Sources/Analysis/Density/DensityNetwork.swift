public import Crystal

/// Which neighbouring sites are joined by a density that stays above a level on the line between them.
public struct DensityNetwork: Sendable {
  /// Two neighbouring sites.
  public struct Link: Hashable, Sendable {
    /// The first site.
    public let first: Int
    /// The second site.
    public let second: Int
    /// The cell of the second site, seen from that of the first.
    public let cell: SIMD3<Int>
    /// Their distance, Å.
    public let length: Double
    /// The least density on the line between them, Å⁻³.
    public let least: Double
  }

  /// All pairs of sites within the reach, each once.
  public let links: [Link]

  /// The level, Å⁻³.
  public let level: Double

  /// In how many independent directions joined sites go on without end: 0 to 3, the most of all
  /// networks.
  public let dimensions: Int

  /// Distance of points on a line, Å.
  private static let step = 0.05

  /// The network of sites.
  ///
  /// - Parameters:
  ///   - sites: The sites.
  ///   - reach: Largest distance of two sites that count as neighbours, Å.
  ///   - level: Å⁻³.
  ///   - density: The density at a fractional position of the parent cell, Å⁻³.
  public init(
    _ sites: SiteLattice, reach: Double, level: Double, density: (Fractional) -> Double
  ) {
    self.level = level
    let lattice = sites.lattice
    let points = lattice.latticePoints(within: reach)
    var links: [Link] = []
    for first in sites.sites.indices {
      for second in first..<sites.sites.count {
        let (one, two) = (sites.sites[first].position, sites.sites[second].position)
        let difference = two.components - one.components
        let whole = difference.rounded(.toNearestOrEven)
        for point in points {
          let shift = SIMD3(Double(point.x), Double(point.y), Double(point.z))
          let f = difference - whole + shift
          let distance = length(lattice.cartesian(Fractional(f)).components)
          guard distance > 1e-6, distance <= reach else { continue }
          let offset = shift - whole
          let cell = SIMD3(Int(offset.x), Int(offset.y), Int(offset.z))
          // Of a site and its own images, one of each pair of opposite ones.
          if first == second, (cell.x, cell.y, cell.z) < (0, 0, 0) { continue }
          let steps = max(1, Int((distance / DensityNetwork.step).rounded(.up)))
          let least = (0...steps).reduce(Double.infinity) { least, n in
            min(least, density(Fractional(one.components + Double(n) / Double(steps) * f)))
          }
          links.append(
            Link(first: first, second: second, cell: cell, length: distance, least: least))
        }
      }
    }
    self.links = links
    dimensions = DensityNetwork.dimensions(
      links.filter { $0.least >= level }, sites: sites.sites.count)
  }

  /// In how many directions links lead back to a site in another cell.
  private static func dimensions(_ links: [Link], sites: Int) -> Int {
    var neighbours = Array(repeating: [(site: Int, cell: SIMD3<Int>)](), count: sites)
    for link in links {
      neighbours[link.first].append((link.second, link.cell))
      neighbours[link.second].append((link.first, SIMD3.zero &- link.cell))
    }
    var cellOfSite: [SIMD3<Int>?] = Array(repeating: nil, count: sites)
    var most = 0
    for start in 0..<sites where cellOfSite[start] == nil {
      cellOfSite[start] = .zero
      var stack = [start]
      var loops: [SIMD3<Double>] = []
      while let site = stack.popLast() {
        for (next, step) in neighbours[site] {
          let cell = (cellOfSite[site] ?? .zero) &+ step
          if let known = cellOfSite[next] {
            let loop = cell &- known
            add(SIMD3(Double(loop.x), Double(loop.y), Double(loop.z)), to: &loops)
          } else {
            cellOfSite[next] = cell
            stack.append(next)
          }
        }
      }
      most = max(most, loops.count)
    }
    return most
  }

  /// Adds a vector to a basis unless it depends on the vectors in it.
  private static func add(_ vector: SIMD3<Double>, to basis: inout [SIMD3<Double>]) {
    switch basis.count {
    case 0: if vector != .zero { basis.append(vector) }
    case 1: if cross(basis[0], vector) != .zero { basis.append(vector) }
    case 2: if dot(cross(basis[0], basis[1]), vector) != 0 { basis.append(vector) }
    default: break
    }
  }
}
