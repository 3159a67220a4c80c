public import Crystal

/// The spheres that fit between the atoms: one around each corner of the Voronoi cells.
///
/// A corner is equally far from four or more atoms, and no atom is nearer, so that the largest of these
/// spheres is the largest one of all that hold no atom's centre.
///
/// - Parameters:
///   - lattice: The cell.
///   - positions: Of the atoms.
///   - tessellation: Their plain Voronoi cells.
/// - Returns: The distance of every distinct corner from the nearest atoms, Å, in rising order.
public func voidRadii(
  _ lattice: Lattice, positions: [Fractional], tessellation: VoronoiTessellation
) -> [Double] {
  // Atoms that share a corner list it once each, and crystals list corners of more than four atoms more
  // often.
  let sameCorner = 1e-3
  let corners = tessellation.cells.enumerated().flatMap { atom, cell in
    cell.vertices.map { (atom: atom, vertex: $0) }
  }
  let grid = NeighbourGrid(lattice: lattice, positions: corners.map(\.vertex), radius: 1)
  var radii: [Double] = []
  for (index, corner) in corners.enumerated() {
    var isFirst = true
    grid.forEach(near: corner.vertex, within: sameCorner) {
      if $0.index < index { isFirst = false }
    }
    if isFirst { radii.append(lattice.distance(positions[corner.atom], corner.vertex)) }
  }
  return radii.sorted()
}
