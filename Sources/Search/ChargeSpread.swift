internal import Arrangement

/// The sites of a ``ConvexBound`` in the order of their positions: their pools, which of them are
/// equivalent, and how much their charges can vary.
struct ChargeSpread {
  private let pool: [Int]
  /// Orbit of each position under the group.
  private let orbit: [Int]
  private let orbitCount: Int
  /// Variance of the charge on each position if the species of its pool were shared out evenly, e².
  private let variances: [Double]

  init(_ problem: ArrangementProblem, _ group: OrderedGroup, _ charges: [Double]) {
    let n = group.siteCount
    var position = [Int](repeating: 0, count: n)
    for (p, site) in group.siteAtPosition.enumerated() { position[site] = p }
    var pool = [Int](repeating: 0, count: n)
    var variances = [Double](repeating: 0, count: n)
    for (index, members) in problem.pools.enumerated() {
      for site in members.sites {
        pool[position[site]] = index
        var (weight, mean, square) = (0.0, 0.0, 0.0)
        for (s, count) in members.counts.enumerated()
        where problem.allowed[site] >> UInt32(s) & 1 == 1 {
          weight += Double(count)
          mean += Double(count) * charges[s]
          square += Double(count) * charges[s] * charges[s]
        }
        guard weight > 0 else { continue }
        mean /= weight
        variances[position[site]] = max(0, square / weight - mean * mean)
      }
    }
    self.pool = pool
    self.variances = variances
    (orbit, orbitCount) = group.orbitOfPosition
  }

  /// Weights of the sites that make α Σ wᵢ Var(qᵢ) small: one for each orbit, found by doubling and
  /// halving, then by smaller steps.
  ///
  /// - Parameters:
  ///   - coulomb: Φ between positions.
  ///   - isExact: False leaves all at 1, which is valid too.
  /// - Returns: A weight for each position.
  func weights(_ coulomb: [Double], isExact: Bool) -> [Double] {
    var scales = [Double](repeating: 1, count: orbitCount)
    func spread(_ scales: [Double]) -> [Double] { orbit.map { scales[$0] } }
    func cost(_ scales: [Double]) -> Double {
      let weights = spread(scales)
      let shift = max(0, -smallestEigenvalue(coulomb, weights, 0))
      return shift * zip(weights, variances).reduce(0) { $0 + $1.0 * $1.1 }
    }
    guard isExact, orbitCount > 1, orbitCount <= 16 else { return spread(scales) }
    var best = cost(scales)
    var step = 4.0
    while step > 1.1 {
      var isBetter = false
      for k in 0..<orbitCount {
        for factor in [step, 1 / step] {
          var trial = scales
          trial[k] *= factor
          guard trial[k] > 1e-4, trial[k] < 1e4 else { continue }
          let value = cost(trial)
          if value < best * (1 - 1e-6) {
            (scales, best, isBetter) = (trial, value, true)
          }
        }
      }
      if !isBetter { step = step.squareRoot() }
    }
    return spread(scales)
  }

  /// The smallest eigenvalue of w^-½ Φ_RR w^-½ for the positions R from `depth` on, on vectors whose
  /// charges add up to zero in every pool; at most 0.
  func smallestEigenvalue(_ coulomb: [Double], _ weights: [Double], _ depth: Int) -> Double {
    extremeEigenvalues(projected(coulomb, weights, depth), weights.count - depth).smallest
  }

  /// The largest eigenvalue of the same matrix for all positions; at least 0.
  func largestEigenvalue(_ coulomb: [Double], _ weights: [Double]) -> Double {
    extremeEigenvalues(projected(coulomb, weights, 0), weights.count).largest
  }

  /// The scaled matrix with the vectors uᵢ = wᵢ^-½ of each pool projected out on both sides.
  private func projected(_ coulomb: [Double], _ weights: [Double], _ depth: Int) -> [Double] {
    let n = weights.count
    let r = n - depth
    let u = (depth..<n).map { 1 / weights[$0].squareRoot() }
    let pools = Array(pool[depth...])
    let poolCount = (pools.max() ?? 0) + 1
    var norm = [Double](repeating: 0, count: poolCount)
    for i in 0..<r { norm[pools[i]] += u[i] * u[i] }
    var matrix = [Double](repeating: 0, count: r * r)
    for i in 0..<r {
      for j in 0..<r { matrix[i * r + j] = u[i] * u[j] * coulomb[(depth + i) * n + depth + j] }
    }
    func project(_ place: (Int, Int) -> Int) {
      for i in 0..<r {
        var overlap = [Double](repeating: 0, count: poolCount)
        for j in 0..<r { overlap[pools[j]] += u[j] * matrix[place(i, j)] }
        for j in 0..<r { matrix[place(i, j)] -= u[j] * overlap[pools[j]] / norm[pools[j]] }
      }
    }
    project { i, j in i * r + j }
    project { i, j in j * r + i }
    return matrix
  }
}
