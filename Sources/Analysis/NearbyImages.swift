internal import Crystal

/// Calls `body` with every image of atoms that can be within a distance of a point in the cell.
///
/// - Parameters:
///   - positions: Any images.
///   - lattice: The cell.
///   - distance: Å.
///   - body: Takes the index of the atom and the fractional coordinates of its image, atom by atom.
@inline(__always)
func forEachImage(
  of positions: [Fractional], in lattice: Lattice, within distance: Double,
  _ body: (_ atom: Int, _ image: SIMD3<Double>) -> Void
) {
  let reach = (distance + 1e-9) / lattice.planeSpacings
  let range = (0..<3).map { Int((reach[$0] + 1).rounded(.up)) }
  for (atom, position) in positions.enumerated() {
    let f = position.wrapped.components
    for i in -range[0]...range[0] {
      let x = f.x + Double(i)
      guard x >= -reach.x, x <= 1 + reach.x else { continue }
      for j in -range[1]...range[1] {
        let y = f.y + Double(j)
        guard y >= -reach.y, y <= 1 + reach.y else { continue }
        for k in -range[2]...range[2] {
          let z = f.z + Double(k)
          guard z >= -reach.z, z <= 1 + reach.z else { continue }
          body(atom, SIMD3(x, y, z))
        }
      }
    }
  }
}
