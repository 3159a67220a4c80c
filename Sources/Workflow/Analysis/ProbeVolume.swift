internal import Analysis
internal import Crystal
internal import Foundation

/// Where the centre of a spherical probe can be between atoms with radii.
struct ProbeVolume {
  /// Radius of the probe, Å.
  let radius: Double

  /// The points.
  let grid: PeriodicGrid

  /// Part of the cell where the centre can be.
  let accessibleFraction: Double

  /// Part of the cell where it can be and from where it gets through the crystal.
  let percolatingFraction: Double

  /// In how many directions it gets through.
  let dimensions: Int

  /// The largest radius with which a probe gets through in 1, 2 and 3 dimensions, Å; nil where none does.
  let percolationRadii: [Double?]

  /// The largest probe that fits anywhere, radius in Å.
  let largestIncluded: Double

  /// - Parameters:
  ///   - structure: The atoms.
  ///   - radii: Of every atom, Å.
  ///   - probe: Radius of the probe, Å.
  ///   - spacing: Of the grid, Å.
  ///   - largestVoid: Distance of the place that is farthest from all atoms, Å.
  /// - Throws: ``InputError`` for a grid that is too fine.
  init(
    _ structure: Structure, radii: [Double], probe: Double, spacing: Double, largestVoid: Double
  ) throws(InputError) {
    let grid = try PeriodicGrid(lattice: structure.lattice, spacing: spacing)
    // Keys, members and sets of points.
    try checkMemory(grid, bytesPerPoint: 60)
    let distances = clearances(
      grid, positions: structure.positions, radii: radii,
      // No place is farther from all centres than the largest void, and the nearest surface may belong
      // to an atom whose centre is farther by the difference of the radii.
      reach: largestVoid + 2 * (radii.max() ?? 0) + 1e-6)
    let isAccessible = distances.map { $0 >= probe }
    let clusters = PeriodicClusters(divisions: grid.divisions, isMember: isAccessible)
    let percolating = clusters.clusters.filter { $0.dimensions > 0 }
    let points = Double(grid.count)
    self.radius = probe
    self.grid = grid
    accessibleFraction = Double(isAccessible.count { $0 }) / points
    percolatingFraction = Double(percolating.reduce(0) { $0 + $1.pointCount }) / points
    dimensions = clusters.dimensions
    percolationRadii = percolationThresholds(
      divisions: grid.divisions, keys: distances.map { -$0 },
      isAllowed: distances.map { $0 > 0 }
    ).map { $0.map { -$0 } }
    largestIncluded = max(0, distances.max() ?? 0)
  }
}

/// Refuses a grid that does not fit into memory.
///
/// - Parameters:
///   - grid: The points.
///   - bytesPerPoint: What the analysis keeps for each of them.
/// - Throws: ``InputError`` with the forecast.
func checkMemory(_ grid: PeriodicGrid, bytesPerPoint: Int) throws(InputError) {
  let needed = Double(grid.count) * Double(bytesPerPoint)
  guard needed <= largestGridMemory else {
    let n = grid.divisions
    let fitting = grid.spacings.max() * cbrt(needed / largestGridMemory)
    throw InputError(
      "a grid of \(n.x) × \(n.y) × \(n.z) points needs about \(fixed(needed / 1e9, 1)) GB, expected at most "
        + "\(fixed(largestGridMemory / 1e9, 0)) GB",
      hint: "a spacing of \(fixed(fitting + 0.005, 2)) Å or more fits")
  }
}

/// What a grid may take, bytes.
private let largestGridMemory = 4e9
