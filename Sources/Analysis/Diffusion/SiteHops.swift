internal import Crystal

/// Jumps of ions from site to site.
///
/// An ion belongs to a site from when it comes within a radius of it until it comes within that radius
/// of another one; crossing a boundary back and forth is no jump.
public struct SiteHops: Sendable {
  /// A jump.
  public struct Hop: Hashable, Sendable {
    /// Which ion, an index into the ions that were followed.
    public let ion: Int
    /// The frame in which it arrives.
    public let frame: Int
    /// Label of the site that it leaves.
    public let from: String
    /// Label of the site that it reaches.
    public let to: String
    /// The way from site to site, Å.
    public let vector: SIMD3<Double>
    /// Half way between the sites, fractions of the parent cell, image as the ion went.
    public let middle: SIMD3<Double>
    /// Whether it goes back to the site that it came from.
    public let isReturn: Bool
  }

  /// The jumps in the order of frames, then ions.
  public private(set) var hops: [Hop] = []

  /// Number of frames so far.
  public private(set) var frames = 0

  /// Frames that ions spent on sites of a label, summed over ions.
  public private(set) var residence: [String: Int] = [:]

  /// Radius of a site, Å.
  public let radius: Double

  private let sites: SiteLattice

  /// A site and the cell that it is in.
  private struct Place: Hashable {
    var site: Int
    var cell: SIMD3<Double>
  }

  private var place: [Place?]
  private var before: [Place?]

  /// Nothing seen yet.
  ///
  /// - Parameters:
  ///   - sites: Where ions can be.
  ///   - ions: Number of ions.
  ///   - radius: Radius of a site, Å; made smaller where spheres of two sites would overlap.
  public init(_ sites: SiteLattice, ions: Int, radius: Double) {
    self.sites = sites
    self.radius = min(radius, 0.5 * SiteHops.leastDistance(sites))
    place = Array(repeating: nil, count: ions)
    before = place
  }

  /// Adds a frame.
  ///
  /// - Parameter positions: Fractions of the parent cell of each ion, which must not jump by periods
  ///   from frame to frame.
  public mutating func append(_ positions: [SIMD3<Double>]) {
    for (ion, position) in positions.enumerated() {
      if let now = place[ion] {
        let isThere = distanceSquared(position, now) <= radius * radius
        if !isThere, let next = occupied(position), next != now {
          let from = sites.sites[now.site].position.components + now.cell
          let to = sites.sites[next.site].position.components + next.cell
          hops.append(
            Hop(
              ion: ion, frame: frames, from: sites.sites[now.site].label,
              to: sites.sites[next.site].label,
              vector: sites.lattice.cartesian(Fractional(to - from)).components,
              middle: 0.5 * (from + to), isReturn: before[ion] == next))
          before[ion] = now
          place[ion] = next
        }
      } else {
        place[ion] = occupied(position)
      }
      if let now = place[ion] { residence[sites.sites[now.site].label, default: 0] += 1 }
    }
    frames += 1
  }

  /// The site within whose radius a point is.
  private func occupied(_ position: SIMD3<Double>) -> Place? {
    for site in sites.sites.indices {
      let cell = (position - sites.sites[site].position.components).rounded(.toNearestOrEven)
      let place = Place(site: site, cell: cell)
      if distanceSquared(position, place) <= radius * radius { return place }
    }
    return nil
  }

  private func distanceSquared(_ position: SIMD3<Double>, _ place: Place) -> Double {
    let f = position - sites.sites[place.site].position.components - place.cell
    let r = sites.lattice.cartesian(Fractional(f)).components
    return dot(r, r)
  }

  /// The least distance of two sites, Å.
  private static func leastDistance(_ sites: SiteLattice) -> Double {
    var least = min(
      length(sites.lattice.a), length(sites.lattice.b), length(sites.lattice.c))
    for (n, one) in sites.sites.enumerated() {
      for two in sites.sites[..<n] {
        least = min(least, sites.lattice.distance(one.position, two.position))
      }
    }
    return least
  }
}

extension SiteHops {
  /// Two jumps in a row of one ion.
  public struct Path: Hashable, Sendable {
    /// Labels of the three sites.
    public let labels: [String]
    /// Whether the third site is the first one.
    public let isReturn: Bool
    /// How often.
    public let count: Int
  }

  /// How often ions went from one label over a second to a third, the most frequent first.
  public var paths: [Path] {
    var last: [Int: Hop] = [:]
    var counts: [[String]: [Int]] = [:]
    for hop in hops {
      if let first = last[hop.ion] {
        counts[[first.from, hop.from, hop.to], default: [0, 0]][hop.isReturn ? 1 : 0] += 1
      }
      last[hop.ion] = hop
    }
    return counts.flatMap { labels, counts in
      [
        Path(labels: labels, isReturn: false, count: counts[0]),
        Path(labels: labels, isReturn: true, count: counts[1]),
      ]
    }.filter { $0.count > 0 }.sorted {
      $0.count != $1.count
        ? $0.count > $1.count
        : ($0.labels.joined(separator: " "), $0.isReturn ? 1 : 0)
          < ($1.labels.joined(separator: " "), $1.isReturn ? 1 : 0)
    }
  }

  /// Pairs of jumps of two ions that are near in space and time.
  public struct Concerted: Hashable, Sendable {
    /// Pairs found.
    public let pairs: Int
    /// Pairs that jumps at the same places at independent times would give.
    public let expected: Double
  }

  /// Counts pairs of jumps of different ions, all pairs, whose middles are near.
  ///
  /// Of n pairs that are near in space, n ((2 w + 1) F − w (w + 1)) / F² are expected to be at most w of
  /// F frames apart in time as well.
  ///
  /// - Parameters:
  ///   - distance: Largest distance of the middles of the jumps, Å, by the nearest image.
  ///   - window: Largest difference of their frames.
  /// - Returns: The number of pairs, and that expected by chance.
  public func concerted(within distance: Double, window: Int) -> Concerted {
    let inverse = RealMatrix(
      rows: (0..<3).map { row in
        SIMD3(
          Double(sites.supercell.matrix[row, 0]), Double(sites.supercell.matrix[row, 1]),
          Double(sites.supercell.matrix[row, 2]))
      }
    ).inverse
    // In the cell of the trajectory, whose images are the real ones.
    let middles = hops.map { hop in
      hop.middle.x * inverse.rows[0] + hop.middle.y * inverse.rows[1]
        + hop.middle.z * inverse.rows[2]
    }
    var (near, pairs) = (0, 0)
    for i in hops.indices {
      for j in 0..<i where hops[i].ion != hops[j].ion {
        var f = middles[i] - middles[j]
        f -= f.rounded(.toNearestOrEven)
        let r = sites.lattice.cartesian(Fractional(sites.supercell.multiples(f))).components
        guard dot(r, r) <= distance * distance else { continue }
        near += 1
        if hops[i].frame - hops[j].frame <= window { pairs += 1 }
      }
    }
    let (w, total) = (Double(min(window, max(0, frames - 1))), Double(max(1, frames)))
    let chance = ((2 * w + 1) * total - w * (w + 1)) / (total * total)
    return Concerted(pairs: pairs, expected: Double(near) * chance)
  }
}
