public import Crystal

/// Where ions are on average, folded back to one cell.
///
/// Values are mean numbers of ions per volume, so that their integral over the cell is the mean number
/// of ions in it.
public struct PopulationDensity: Sendable {
  /// Points along a, b, c.
  public let counts: SIMD3<Int>

  private var hits: [Double]
  private var frames = 0

  /// Nothing seen yet.
  public init(counts: SIMD3<Int>) {
    self.counts = counts
    hits = Array(repeating: 0, count: counts.x * counts.y * counts.z)
  }

  /// Adds a frame.
  ///
  /// - Parameter positions: Fractions of the cell that the density is folded back to; any image.
  public mutating func append(_ positions: [SIMD3<Double>]) {
    let size = SIMD3(Double(counts.x), Double(counts.y), Double(counts.z))
    for position in positions {
      let f = position - position.rounded(.down)
      let scaled = (f * size).rounded(.toNearestOrEven)
      let (i, j, k) = (
        Int(scaled.x) % counts.x, Int(scaled.y) % counts.y, Int(scaled.z) % counts.z
      )
      hits[(i * counts.y + j) * counts.z + k] += 1
    }
    frames += 1
  }

  /// The density, Å⁻³, in the order of ``counts``, c fastest.
  ///
  /// - Parameters:
  ///   - lattice: The cell.
  ///   - cells: Number of such cells in the cell of the trajectory.
  ///   - width: Standard deviation of the Gaussian that smooths it, Å; 0 for none.
  /// - Returns: n₁ × n₂ × n₃ values.
  public func values(_ lattice: Lattice, cells: Int, width: Double) -> [Double] {
    let smooth = width > 0 ? smoothed(hits, counts, lattice, width: width) : hits
    let volume = lattice.volume / Double(hits.count)
    let scale = 1 / (Double(max(1, frames)) * Double(cells) * volume)
    return smooth.map { $0 * scale }
  }
}
