public import Crystal
internal import Dispatch

/// The points of a grid that are outside of spheres around atoms.
///
/// - Parameters:
///   - grid: The points.
///   - positions: Of the atoms; any images.
///   - radii: Of every atom, Å, or one for all of them.
/// - Returns: One value per point: true where the distance from every atom is at least its radius.
/// - Complexity: O(points), on all cores.
public func pointsOutside(
  _ grid: PeriodicGrid, positions: [Fractional], radii: [Double]
) -> [Bool] {
  precondition(radii.count == positions.count || radii.count == 1, "one radius per atom")
  let squares = positions.indices.map { i in
    let radius = radii[radii.count == 1 ? 0 : i]
    return radius * radius
  }
  var isOutside = [Bool](repeating: true, count: grid.count)
  guard let largest = radii.max(), largest > 0 else { return isOutside }
  let rows = GridRows(grid, positions: positions, radius: largest)
  let n = grid.divisions
  unsafe isOutside.withUnsafeMutableBufferPointer { buffer in
    nonisolated(unsafe) let mask = unsafe buffer
    DispatchQueue.concurrentPerform(iterations: n.x) { plane in
      rows.forEachSegment(ofPlane: plane) { row, segment in
        let square = squares[segment.atom]
        guard let points = segment.points(within: square) else { return }
        let start = (plane * n.y + row) * n.z
        for k in points where segment.square(k) < square {
          unsafe mask[start + k] = false
        }
      }
    }
  }
  return isOutside
}

/// Distance of every point of a grid from the nearest surface of an atom.
///
/// - Parameters:
///   - grid: The points.
///   - positions: Of the atoms; any images.
///   - radii: Of every atom, Å.
///   - reach: Largest distance from an atom's centre that is looked at, Å.
/// - Returns: |r − rᵢ| − Rᵢ for the atom with the least one, Å, negative inside of atoms; `reach` less the
///   largest radius where no atom is nearer.
/// - Complexity: O(points × atoms within reach), on all cores.
public func clearances(
  _ grid: PeriodicGrid, positions: [Fractional], radii: [Double], reach: Double
) -> [Double] {
  precondition(radii.count == positions.count, "one radius per atom")
  let most = reach - (radii.max() ?? 0)
  var clearances = [Double](repeating: most, count: grid.count)
  let rows = GridRows(grid, positions: positions, radius: reach)
  let n = grid.divisions
  unsafe clearances.withUnsafeMutableBufferPointer { buffer in
    nonisolated(unsafe) let values = unsafe buffer
    DispatchQueue.concurrentPerform(iterations: n.x) { plane in
      rows.forEachSegment(ofPlane: plane) { row, segment in
        let start = (plane * n.y + row) * n.z
        let radius = radii[segment.atom]
        for k in segment.first...segment.last {
          let clearance = segment.square(k).squareRoot() - radius
          if unsafe clearance < values[start + k] { unsafe values[start + k] = clearance }
        }
      }
    }
  }
  return clearances
}
