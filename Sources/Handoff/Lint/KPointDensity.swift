internal import Crystal

/// Lengths of the reciprocal vectors including 2π, Å⁻¹.
func reciprocalLengths(_ lattice: Lattice) -> [Double] {
  let reciprocal = lattice.reciprocal
  return [length(reciprocal.a), length(reciprocal.b), length(reciprocal.c)]
}

/// The largest distance of k-points along a reciprocal vector that is not warned of, Å⁻¹.
///
/// One k-point is enough from 2π/0.7 = 9 Å between lattice planes on; 4 × 4 × 4 points of the primitive
/// cell of a rock salt with a = 4.2 Å are 0.65 Å⁻¹ apart.
let largestKSpacing = 0.7

/// How a set of k-points falls short of the cell, nil if it does not.
///
/// - Parameters:
///   - grid: Numbers of k-points along the reciprocal vectors.
///   - lattice: The cell.
/// - Returns: The distances and what is found too large, with the grid that would do as a hint.
func coarseGrid(_ grid: SIMD3<Int>, _ lattice: Lattice) -> (message: String, hint: String)? {
  let lengths = reciprocalLengths(lattice)
  let spacings = (0..<3).map { lengths[$0] / Double(max(1, grid[$0])) }
  guard let largest = spacings.max(), largest > largestKSpacing * (1 + 1e-6) else { return nil }
  let needed = lengths.map { String(Int(($0 / largestKSpacing - 1e-6).rounded(.up))) }
  return (
    "\(grid.x) x \(grid.y) x \(grid.z) k-points are \(fixed(largest, 2)) Å⁻¹ apart, expected at most "
      + "\(fixed(largestKSpacing, 1)) Å⁻¹ for this cell",
    "at least \(needed.joined(separator: " x ")); metals need more"
  )
}

/// Whether a and b are of one length with 60° or 120° between them, and c is normal to both.
func isHexagonal(_ lattice: Lattice) -> Bool {
  let (sizes, angles) = (lattice.lengths, lattice.anglesDegrees)
  return (sizes.x - sizes.y).magnitude < 1e-3 * sizes.x && (angles.x - 90).magnitude < 0.1
    && (angles.y - 90).magnitude < 0.1
    && min((angles.z - 120).magnitude, (angles.z - 60).magnitude) < 0.1
}
