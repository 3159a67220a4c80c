internal import Analysis
internal import Crystal
internal import StructureIO

/// Jumps of the ions of one element between the sites of a parent.
struct SpeciesJumps: Sendable {
  let element: Element
  let ions: Int
  let hops: SiteHops
  let concerted: SiteHops.Concerted
  /// Duration, fs.
  let duration: Double
  /// Time between frames, fs.
  let interval: Double

  /// Jumps between two labels, and how often per time spent on sites of the first one.
  struct Rate: Sendable {
    let from: String
    let to: String
    let count: Int
    /// ps⁻¹.
    let rate: Double
  }

  /// Rates of the kinds of jumps, the most frequent first.
  var rates: [Rate] {
    var counts: [[String]: Int] = [:]
    for hop in hops.hops { counts[[hop.from, hop.to], default: 0] += 1 }
    return counts.map { labels, count in
      let time = Double(hops.residence[labels[0]] ?? 0) * interval / 1000
      return Rate(
        from: labels[0], to: labels[1], count: count, rate: time > 0 ? Double(count) / time : 0)
    }.sorted { ($1.count, $0.from, $0.to) < ($0.count, $1.from, $1.to) }
  }

  /// The jumps of all elements that are reported and that have sites of their own.
  static func count(
    _ read: TrajectoryDisplacements, _ groups: [(element: Element, ions: [Int])],
    _ specification: DiffusionSpecification, _ path: String, _ warnings: inout [String]
  ) throws -> [SpeciesJumps] {
    guard let parentPath = specification.parent else { return [] }
    let parent = try StructureFile.read(parentPath).structure
    // The framework does not jump; without a choice, cations are followed.
    let followed = groups.filter {
      !specification.species.isEmpty || !$0.element.isUsualAnion
    }
    let window = Int(1000 * specification.concertedTime / read.interval)
    if window < 1 {
      warnings.append(
        "\(path): frames are \(fixed(read.interval / 1000, 3)) ps apart, so that concerted jumps within "
          + "\(fixed(specification.concertedTime, 3)) ps are those of one frame")
    }
    return try followed.map { group in
      let sites = try SiteLattice(parent, start: read.start, mobile: group.element)
      if let deviation = sites.frameworkDeviation, deviation > 0.5 {
        warnings.append(
          "\(path): the framework of \(group.element) is \(fixed(deviation, 2)) Å (root mean square) from "
            + "its sites in the parent; jumps may be counted between the wrong sites")
      }
      let home = group.ions.map {
        read.start.lattice.cartesian(read.start.positions[$0]).components
      }
      var hops = SiteHops(sites, ions: group.ions.count, radius: specification.siteRadius)
      for frame in 0..<read.history.frames {
        let moved = read.history.displacements(of: group.ions, at: frame)
        hops.append(
          zip(home, moved).map { home, moved in
            sites.parentFractions(read.start.lattice.fractional(Cartesian(home + moved)))
          })
      }
      return SpeciesJumps(
        element: group.element, ions: group.ions.count, hops: hops,
        concerted: hops.concerted(within: specification.concertedDistance, window: window),
        duration: read.duration, interval: read.interval)
    }
  }
}
