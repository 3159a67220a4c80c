internal import Arrangement
internal import Crystal
internal import Energetics

/// A lower bound on the energy of every completion of a partial arrangement.
///
/// With the sites F filled and the sites R open, the charges qᵢ of R have to minimise
///
///     E = E_F + Σ_R aᵢ(σᵢ) + ½ qᵀ Φ q,      aᵢ(s) = hᵢ(s) + q(s) φᵢ + short range with F
///
/// where φ is the potential of F. Φ is not convex, but the sum of the charges in every pool is given, so
/// only its action on vectors y with Σ_pool yᵢ = 0 counts. With a shift Dᵢ that makes M = Φ_RR + diag(D)
/// convex on them, and for any vector c whose sums over the pools are those of the open charges
///
///     ½ qᵀ Φ q ≥ cᵀ M q - ½ cᵀ M c - ½ Σ Dᵢ qᵢ²
///
/// The right-hand side is a sum over sites, so its minimum over all arrangements with the given numbers
/// of species is an assignment problem, whose value is the bound: exactly for two species in a pool (the
/// smallest differences), by Lagrange multipliers, which can only lower it, for more. The bound is valid for
/// every c; a few steps of projected gradient descent from the c of the parent make it tight.
///
/// D = α w with weights w that equivalent sites share, chosen to make Σ Dᵢ Var(qᵢ) small, and α = -λ, λ
/// the smallest eigenvalue of w^-½ Φ_RR w^-½ on the vectors that count: taken anew for every depth, α falls
/// as sites are filled.
///
/// Short-range interactions between open sites, if there are any, enter by their smallest values.
///
/// The idea of convexifying a quadratic 0-1 problem on its constraints: A. Billionnet, S. Elloumi and
/// M.-C. Plateau, Discrete Appl. Math. 157, 1185 (2009).
struct ConvexBound: Sendable {
  /// Number of active sites and of species.
  let n, m: Int

  /// Φ between positions, eV/e².
  let coulomb: [Double]

  /// hᵢ(s) by position, eV.
  let siteEnergies: [Double]

  /// Charge of each species, e.
  let charges: [Double]

  /// E₀, eV.
  let constant: Double

  /// α for each depth, eV/e².
  let shifts: [Double]

  /// w for each position.
  let weights: [Double]

  /// Step of the gradient descent, e²/eV.
  let step: Double

  /// Short-range neighbours of each position; empty if there are none.
  let neighbours: [[Neighbour]]

  /// v(s, t) by class of pairs, eV.
  let pairEnergies: [Double]

  /// ½ Σ over open neighbours of the smallest v(s, t), for each depth, position and species; empty if
  /// there are none.
  let openPairs: [Double]

  /// A neighbour with which a position has a short-range interaction.
  struct Neighbour: Sendable {
    var position: Int
    var kind: Int
  }

  /// Prepares the bound.
  ///
  /// - Complexity: O(n³ × depths) for the eigenvalues, at ``depthsWithShift`` depths.
  init(_ table: InteractionTable, _ problem: ArrangementProblem, _ group: OrderedGroup) {
    let (n, m) = (table.siteCount, table.species.count)
    let site = group.siteAtPosition
    var position = [Int](repeating: 0, count: n)
    for (p, s) in site.enumerated() { position[s] = p }
    var coulomb = [Double](repeating: 0, count: n * n)
    for p in 0..<n {
      for q in 0..<n { coulomb[p * n + q] = table.coulomb[site[p] * n + site[q]] }
    }
    self.n = n
    self.m = m
    self.coulomb = coulomb
    siteEnergies = site.flatMap { s in (0..<m).map { table.siteEnergies[s * m + $0] } }
    charges = table.charges
    constant = table.constant
    let spread = ChargeSpread(problem, group, table.charges)
    weights = spread.weights(coulomb, isExact: n <= ConvexBound.exactLimit)
    let depths = n <= ConvexBound.exactLimit ? ConvexBound.depthsWithShift : 1
    (shifts, step) = ConvexBound.shifts(coulomb, weights, spread, depths: depths)

    var neighbours: [[Neighbour]] = []
    if !table.shortRange.isEmpty {
      neighbours = site.map { s in
        let range = Int(table.shortRange.offsets[s])..<Int(table.shortRange.offsets[s + 1])
        return table.shortRange.neighbours[range].map {
          Neighbour(position: position[Int($0.site)], kind: Int($0.kind))
        }
      }
    }
    self.neighbours = neighbours
    pairEnergies = table.shortRange.energies
    openPairs = ConvexBound.openPairs(neighbours, table.shortRange.energies, n, m)
  }

  /// Depths at which α is computed; between them the one before is valid too.
  static let depthsWithShift = 64

  /// Sites up to which weights are optimised and α falls with the depth.
  static let exactLimit = 512

  /// α for each depth, and the step of the descent.
  private static func shifts(
    _ coulomb: [Double], _ weights: [Double], _ spread: ChargeSpread, depths: Int
  ) -> (shifts: [Double], step: Double) {
    let n = weights.count
    var shifts = [Double](repeating: 0, count: n + 1)
    let stride = max(1, (n + depths - 1) / depths)
    for depth in 0..<n {
      if depth % stride != 0 {
        shifts[depth] = shifts[depth - 1]
        continue
      }
      let smallest = spread.smallestEigenvalue(coulomb, weights, depth)
      // Rounding must not make the bound invalid.
      shifts[depth] = max(0, -smallest) * (1 + 1e-9) + 1e-9
    }
    // No eigenvalue of M is larger than the largest sum of a row of |M|, and few come near it.
    var largest = 1e-6
    for i in 0..<n {
      var sum = 0.0
      for j in 0..<n { sum += coulomb[i * n + j].magnitude }
      largest = max(largest, sum)
    }
    let uniform = [Double](repeating: 1, count: n)
    let own = n <= exactLimit ? spread.largestEigenvalue(coulomb, uniform) : largest
    return (shifts, 1.5 / (own + (shifts.first ?? 0) * (weights.max() ?? 1)))
  }

  private static func openPairs(
    _ neighbours: [[Neighbour]], _ energies: [Double], _ n: Int, _ m: Int
  ) -> [Double] {
    guard !neighbours.isEmpty else { return [] }
    var result = [Double](repeating: 0, count: (n + 1) * n * m)
    for depth in 0..<n {
      for p in depth..<n {
        for s in 0..<m {
          var sum = 0.0
          for neighbour in neighbours[p] where neighbour.position >= depth {
            sum += (0..<m).map { energies[(neighbour.kind * m + s) * m + $0] }.min() ?? 0
          }
          result[(depth * n + p) * m + s] = 0.5 * sum
        }
      }
    }
    return result
  }
}
