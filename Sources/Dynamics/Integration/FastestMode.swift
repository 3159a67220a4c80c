internal import Crystal
public import Energetics

/// The highest vibration frequency of a configuration, from forces.
///
///     ω² = largest eigenvalue of M^(-½) (∂²E/∂r²) M^(-½)
///
/// by the Lanczos method, in which the product of the second derivatives and a vector is a difference of
/// forces. An estimate from below that a dozen evaluations bring within a few per cent.
///
/// Reference: C. Lanczos, J. Res. Natl. Bur. Stand. 45, 255 (1950).
public struct FastestMode: Hashable, Sendable {
  /// ω, rad/fs; 0 if no direction is stable.
  public let angularFrequency: Double

  /// Period 2π/ω, fs.
  public var period: Double { 2 * Double.pi / angularFrequency }

  /// Estimates the highest frequency.
  ///
  /// - Parameters:
  ///   - configuration: Where the atoms are.
  ///   - forces: There, eV/Å.
  ///   - model: The energy.
  ///   - evaluations: Evaluations that are spent.
  /// - Throws: What the model throws.
  /// - Precondition: atoms have mass.
  public init(
    _ configuration: Configuration, forces: [SIMD3<Double>], model: any EnergyModel,
    evaluations: Int = 12
  ) throws {
    let roots = configuration.species.map {
      ($0.element.mass / DynamicsUnits.acceleration).squareRoot()
    }
    let meanRoot = roots.reduce(0, +) / Double(max(1, roots.count))
    let step = FastestMode.displacement * meanRoot
    // The estimate belongs to the structure, so it has random numbers of its own.
    let numbers = GaussianNumbers(seed: 0, purpose: "fastest mode")
    var vector = roots.indices.map { numbers.vector(step: 0, index: $0) }
    var previous = [SIMD3<Double>](repeating: .zero, count: roots.count)
    var next = previous
    var moved = configuration
    var (diagonal, beside) = ([Double](), [Double]())
    var norm = product(vector, vector).squareRoot()
    for i in roots.indices { vector[i] /= norm }
    for _ in 0..<min(evaluations, 3 * roots.count) {
      for i in roots.indices {
        moved.positions[i] = configuration.positions[i] + (step / roots[i]) * vector[i]
      }
      let there = try model.evaluate(moved).forces
      for i in roots.indices {
        next[i] = (forces[i] - there[i]) / (step * roots[i]) - (beside.last ?? 0) * previous[i]
      }
      let overlap = product(next, vector)
      diagonal.append(overlap)
      for i in roots.indices { next[i] -= overlap * vector[i] }
      norm = product(next, next).squareRoot()
      // The directions that are left are orthogonal to all that move.
      guard norm > 1e-12 * overlap.magnitude else { break }
      beside.append(norm)
      (previous, vector) = (vector, next)
      for i in roots.indices { vector[i] /= norm }
    }
    angularFrequency = max(0, FastestMode.largest(diagonal, beside)).squareRoot()
  }

  /// Length of the finite step for an atom of mean mass that moves alone, Å.
  private static let displacement = 0.003

  /// The largest eigenvalue of a symmetric tridiagonal matrix, by bisection with Sturm's sequence.
  private static func largest(_ diagonal: [Double], _ beside: [Double]) -> Double {
    // Gershgorin's circles hold all eigenvalues.
    let bound = (diagonal + beside).map(\.magnitude).max().map { 3 * $0 } ?? 0
    var (low, high) = (-bound, bound)
    for _ in 0..<100 where high - low > 1e-12 * bound {
      let middle = 0.5 * (low + high)
      var (ratio, above) = (1.0, 0)
      for (k, value) in diagonal.enumerated() {
        ratio = value - middle - (k > 0 ? beside[k - 1] * beside[k - 1] / ratio : 0)
        if ratio == 0 { ratio = 1e-300 }
        if ratio > 0 { above += 1 }
      }
      if above > 0 { low = middle } else { high = middle }
    }
    return 0.5 * (low + high)
  }
}
