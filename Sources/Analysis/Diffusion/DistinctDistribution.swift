public import Crystal

/// Where other atoms are at a later time, seen from where an atom was: distinct part of van Hove's
/// function.
///
///     g_d(r, t) = ⟨ Σ_{j≠i} δ(|rⱼ(t₀ + t) − rᵢ(t₀)| − r) ⟩ / (4π r² N_b / V)
///
/// It is the radial distribution function at t = 0 and tends to 1 for long times.
public struct DistinctDistribution: Sendable {
  /// Lags, frames.
  public let lags: [Int]

  /// Width of a bin, Å.
  public let binWidth: Double

  /// g_d, [lag][bin], up to half the smallest distance between opposite faces of the cell.
  public let values: [[Double]]

  /// Pairs of atoms and origins that are looked at per lag, about.
  public static let pairLimit = 5_000_000

  /// Averages over atoms and origins.
  ///
  /// - Parameters:
  ///   - history: The displacements.
  ///   - start: Cell and positions of all atoms in the first frame; the cell must not change.
  ///   - centres: Atoms at the origin of time.
  ///   - others: Atoms at the later time.
  ///   - lags: Lags, frames.
  ///   - binWidth: Å.
  public init(
    _ history: DisplacementHistory, start: Structure, centres: [Int], others: [Int], lags: [Int],
    binWidth: Double
  ) {
    self.lags = lags
    self.binWidth = binWidth
    let lattice = start.lattice
    let spacings = lattice.planeSpacings
    // Within this radius the rounded image is the nearest one, whatever the angles.
    let radius = min(spacings.x, spacings.y, spacings.z) / 2
    let bins = max(0, Int(radius / binWidth))
    let home = start.cartesianPositions.map(\.components)
    let density = Double(others.count) / lattice.volume
    values = lags.map { lag in
      let origins = history.frames - lag
      let wanted = max(1, Self.pairLimit / max(1, centres.count * others.count))
      let every = max(1, (origins + wanted - 1) / wanted)
      var counts = Array(repeating: 0, count: bins)
      var seen = 0
      for origin in stride(from: 0, to: origins, by: every) {
        let before = history.displacements(of: centres, at: origin)
        let after = history.displacements(of: others, at: origin + lag)
        func fractions(_ atoms: [Int], _ moved: [SIMD3<Double>]) -> [SIMD3<Double>] {
          zip(atoms, moved).map {
            lattice.fractional(Cartesian(home[$0] + $1)).components
          }
        }
        let (from, to) = (fractions(centres, before), fractions(others, after))
        for (i, p) in zip(centres, from) {
          for (j, q) in zip(others, to) where i != j {
            var f = q - p
            f -= f.rounded(.toNearestOrEven)
            let r = f.x * lattice.a + f.y * lattice.b + f.z * lattice.c
            let bin = Int(dot(r, r).squareRoot() / binWidth)
            if bin < bins { counts[bin] += 1 }
          }
        }
        seen += centres.count
      }
      return counts.enumerated().map { bin, count in
        let (inner, outer) = (Double(bin) * binWidth, Double(bin + 1) * binWidth)
        let shell = 4 * Double.pi / 3 * (outer * outer * outer - inner * inner * inner)
        return Double(count) / (Double(seen) * density * shell)
      }
    }
  }
}
