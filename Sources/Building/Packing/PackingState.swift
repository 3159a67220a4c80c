internal import Crystal

/// The points of a packing on their way apart.
struct PackingState: Sendable {
  /// Cartesian positions, Å; any image.
  private(set) var points: [SIMD3<Double>]
  /// Atoms that found no room.
  let crowded: Int
  /// Steps of the relaxation so far.
  private(set) var steps = 0

  private let kinds: [Int32]
  private let kindCount: Int
  private let edges: SIMD3<Double>
  private let table: [Double]
  private let largest: Double

  /// Tries per atom before it is put where there is most room.
  private static let tries = 60

  /// Puts the atoms down, the largest first.
  init(_ plan: PackingPlan) {
    let kinds = plan.kinds
    let distances = plan.distances
    let order = kinds.indices.sorted { i, j in
      (-distances(kinds[i], kinds[i]), i) < (-distances(kinds[j], kinds[j]), j)
    }
    var points = Array(repeating: SIMD3<Double>.zero, count: kinds.count)
    var cells = BoxCells(edges: plan.edges, reach: distances.largest)
    var placed: [Int] = []
    var crowded = 0
    for (number, atom) in order.enumerated() {
      var stream = RandomStream(seed: plan.seed, purpose: "packing", index: number)
      var best = (point: SIMD3<Double>.zero, room: -Double.infinity)
      for _ in 0..<PackingState.tries where best.room < 1 {
        let point =
          SIMD3(stream.uniform(), stream.uniform(), stream.uniform()) * plan.edges
        // Smallest square of d/d₀ to the atoms that are there.
        var room = Double.infinity
        cells.forEachNear(point) { other in
          let d = cells.shortest(points[placed[other]] - point)
          let least = distances(kinds[atom], kinds[placed[other]])
          room = min(room, (d * d).sum() / (least * least))
        }
        if room > best.room { best = (point, room) }
      }
      if best.room < 1 { crowded += 1 }
      points[atom] = best.point
      cells.append(cells.wrapped(best.point))
      placed.append(atom)
    }
    self.points = points
    self.crowded = crowded
    self.kinds = kinds.map(Int32.init)
    self.kindCount = distances.elements.count
    self.edges = plan.edges
    self.table = distances.table
    self.largest = distances.largest
  }

  /// Smallest d/d₀ of all pairs; infinite if all are far apart.
  func tightness() -> Double {
    smallestRatio(points, kinds: kinds, edges: edges, table: table, largest: largest)
  }

  /// Distances aimed at are longer than needed by this factor, so that the last steps are not slow.
  private static let margin = 1.004

  /// Drives pairs apart by the fast inertial relaxation engine.
  ///
  /// Reference: E. Bitzek et al., Phys. Rev. Lett. 97, 170201 (2006).
  ///
  /// - Parameter limit: Steps before it gives up.
  /// - Returns: Whether no pair is nearer than its least distance.
  mutating func relax(limit: Int) -> Bool {
    let skin = 0.25 * largest
    let reach = largest * PackingState.margin + skin
    let inverse = 1 / edges
    let targets = table.map { $0 * PackingState.margin }
    var velocities = Array(repeating: SIMD3<Double>.zero, count: points.count)
    var forces = velocities
    var listed = points
    var pairs = BoxCells.pairs(points, edges: edges, reach: reach)
    var (step, mixing, downhill) = (0.1, 0.1, 0)
    for _ in 0...limit {
      let moved = zip(points, listed).reduce(0.0) { farthest, pair in
        let d = pair.0 - pair.1
        return max(farthest, (d * d).sum())
      }
      if 4 * moved > skin * skin {
        listed = points
        pairs = BoxCells.pairs(points, edges: edges, reach: reach)
      }
      for i in forces.indices { forces[i] = .zero }
      var overlaps = 0
      for (a, b) in pairs {
        let (i, j) = (Int(a), Int(b))
        var d = points[j] - points[i]
        d -= (d * inverse).rounded(.toNearestOrEven) * edges
        let place = Int(kinds[i]) * kindCount + Int(kinds[j])
        let (square, target) = ((d * d).sum(), targets[place])
        guard square < target * target else { continue }
        if square < table[place] * table[place] { overlaps += 1 }
        let r = max(square.squareRoot(), 1e-9)
        let push = (target - r) / r * d
        forces[i] -= push
        forces[j] += push
      }
      if overlaps == 0 { return true }
      var (power, v2, f2) = (0.0, 0.0, 0.0)
      for i in forces.indices {
        power += (forces[i] * velocities[i]).sum()
        v2 += (velocities[i] * velocities[i]).sum()
        f2 += (forces[i] * forces[i]).sum()
      }
      if power > 0 {
        let turn = mixing * (v2 / max(f2, 1e-300)).squareRoot()
        for i in velocities.indices {
          velocities[i] = (1 - mixing) * velocities[i] + turn * forces[i]
        }
        downhill += 1
        if downhill > 5 {
          step = min(step * 1.1, 0.6)
          mixing *= 0.99
        }
      } else if power < 0 {
        for i in velocities.indices { velocities[i] = .zero }
        (step, mixing, downhill) = (step * 0.5, 0.1, 0)
      }
      for i in points.indices {
        velocities[i] += step * forces[i]
        var move = step * velocities[i]
        let size = (move * move).sum().squareRoot()
        if size > 0.2 { move *= 0.2 / size }
        points[i] += move
      }
      steps += 1
    }
    return false
  }

  /// The part of the density that the packing reaches when it is grown until all distances are kept.
  ///
  /// Halfway between what is certain and what failed is tried a few times.
  func looserDensityFactor(steps: Int) -> Double {
    var good = tightness()
    var bad = 1.0
    for _ in 0..<4 {
      let middle = (good + bad) / 2
      var trial = PackingState(shrunk: self, by: middle)
      if trial.relax(limit: steps) {
        good = middle
      } else {
        bad = middle
        good = max(good, middle * trial.tightness())
      }
    }
    return good * good * good
  }

  /// The packing in a box that is larger by 1/factor, with the same distances.
  private init(shrunk other: PackingState, by factor: Double) {
    points = other.points.map { $0 / factor }
    edges = other.edges / factor
    crowded = other.crowded
    kinds = other.kinds
    kindCount = other.kindCount
    table = other.table
    largest = other.largest
  }
}

/// Smallest d/d₀ of all pairs in a periodic box; infinite if all are far apart.
///
/// - Parameters:
///   - points: Cartesian positions, Å; any image.
///   - kinds: Kind of each point.
///   - edges: Edges of the box, Å.
///   - table: d₀ of two kinds, Å, row by row.
///   - largest: The largest d₀, Å.
/// - Returns: The ratio; 1 or more if no two points are too near.
func smallestRatio(
  _ points: [SIMD3<Double>], kinds: [Int32], edges: SIMD3<Double>, table: [Double],
  largest: Double
) -> Double {
  let kindCount = Int(Double(table.count).squareRoot())
  var least = Double.infinity
  let cells = BoxCells(edges: edges, reach: largest)
  for (i, j) in BoxCells.pairs(points, edges: edges, reach: largest * 1.01) {
    let d = cells.shortest(points[Int(j)] - points[Int(i)])
    let d0 = table[Int(kinds[Int(i)]) * kindCount + Int(kinds[Int(j)])]
    least = min(least, (d * d).sum().squareRoot() / d0)
  }
  return least
}
