/// Connected regions of points of a periodic grid, and the directions in which each goes on without end.
///
/// Points are connected through faces: along a, b and c. A region that comes back to itself in another cell
/// percolates; the cells in which it does are a lattice of dimension 0 to 3.
public struct PeriodicClusters: Sendable {
  /// A connected region.
  public struct Cluster: Hashable, Sendable {
    /// Points of the cell that belong to it.
    public var pointCount: Int
    /// In how many independent directions it goes on: 0 for a region that is closed in itself.
    public var dimensions: Int
    /// Independent lattice vectors along which it repeats itself, as many as there are dimensions.
    public var directions: [SIMD3<Int>]
    /// Its first point, an index into the grid.
    public var firstPoint: Int
  }

  /// The regions, those of more dimensions first, then larger ones, then those that begin earlier.
  public let clusters: [Cluster]

  /// In how many directions points are connected: the most of all clusters.
  public var dimensions: Int { clusters.first?.dimensions ?? 0 }

  /// Finds the regions.
  ///
  /// - Parameters:
  ///   - divisions: Points along a, b and c; the last runs fastest.
  ///   - isMember: Whether a point counts, for every point.
  public init(divisions: SIMD3<Int>, isMember: [Bool]) {
    let n = divisions
    precondition(isMember.count == n.x * n.y * n.z, "one value per point")
    var forest = PeriodicForest(divisions: n, isMember: isMember)
    for point in isMember.indices where isMember[point] {
      for axis in 0..<3 { forest.connect(point, axis, 1) }
    }
    var clusters: [Cluster] = []
    var clusterOfRoot: [Int32: Int] = [:]
    for point in isMember.indices where isMember[point] {
      let root = forest.root(of: point)
      if let cluster = clusterOfRoot[root] {
        clusters[cluster].pointCount += 1
      } else {
        let winding = forest.winding(ofRoot: root)
        clusterOfRoot[root] = clusters.count
        clusters.append(
          Cluster(
            pointCount: 1, dimensions: winding.count, directions: winding, firstPoint: point))
      }
    }
    self.clusters = clusters.sorted {
      ($1.dimensions, $1.pointCount, $0.firstPoint) < ($0.dimensions, $0.pointCount, $1.firstPoint)
    }
  }
}

/// The values at which the points of a grid begin to percolate in one, two and three dimensions, when they
/// are added in rising order of a key.
///
/// - Parameters:
///   - divisions: Points along a, b and c; the last runs fastest.
///   - keys: One per point.
///   - isAllowed: Whether a point may be added, for every point.
/// - Returns: The key of the point that made a cluster percolate in 1, 2 and 3 dimensions; nil where that
///   never happens.
/// - Complexity: O(n log n) for n allowed points.
public func percolationThresholds(
  divisions: SIMD3<Int>, keys: [Double], isAllowed: [Bool]
) -> [Double?] {
  let n = divisions
  precondition(keys.count == n.x * n.y * n.z && keys.count == isAllowed.count, "one key per point")
  var forest = PeriodicForest(divisions: n, isMember: isAllowed)
  var isPresent = [Bool](repeating: false, count: keys.count)
  let order = isAllowed.indices.filter { isAllowed[$0] }.map { (key: keys[$0], point: $0) }
    .sorted { $0 < $1 }
  var thresholds: [Double?] = [nil, nil, nil]
  var reached = 0
  for (key, point) in order {
    isPresent[point] = true
    for axis in 0..<3 {
      for step in [-1, 1] {
        guard isPresent[forest.neighbour(of: point, axis, step).point] else { continue }
        let dimensions = forest.connect(point, axis, step)
        while reached < dimensions {
          thresholds[reached] = key
          reached += 1
        }
      }
    }
    if reached == 3 { break }
  }
  return thresholds
}
