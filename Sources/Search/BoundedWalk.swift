internal import Arrangement
internal import Energetics

/// A ``CanonicalWalk`` with the energy of its sites and a ``ConvexBound`` on that of all completions.
///
/// Not thread-safe: one for each thread.
@safe final class BoundedWalk {
  private let bound: ConvexBound
  private let walk: CanonicalWalk
  private var counts: FillingCounts
  private let start: FillingCounts
  private let n, m: Int
  private let pools: Int

  /// For every depth, n numbers: potential of the filled sites, and the point c of the bound.
  private let potentials, points: UnsafeMutablePointer<Double>
  /// For every depth, n × m numbers: short-range energies with the filled sites; one row if none.
  private let nearby: UnsafeMutablePointer<Double>
  /// Energy of the filled sites for every depth, eV.
  private let energies: UnsafeMutablePointer<Double>
  private let coulomb: UnsafeMutablePointer<Double>
  /// Scratch: M c, energies by site and species, keys of the assignment.
  private let product, linear, keys: UnsafeMutablePointer<Double>
  /// Limits of the charge on each position, and sum of the open charges of each pool.
  private let lowest, highest, sums: UnsafeMutablePointer<Double>
  private let poolOfPosition: UnsafeMutablePointer<Int>
  private var multipliers: [Double]
  /// The c of the root: the mean charge of each pool.
  private let meanCharges: [Double]

  init(_ bound: ConvexBound, _ problem: ArrangementProblem, _ group: OrderedGroup) {
    self.bound = bound
    walk = CanonicalWalk(group)
    start = FillingCounts(problem, group)
    counts = start
    (n, m) = (bound.n, bound.m)
    pools = problem.pools.count
    func allocate(_ count: Int) -> UnsafeMutablePointer<Double> {
      let memory = UnsafeMutablePointer<Double>.allocate(capacity: max(1, count))
      unsafe memory.initialize(repeating: 0, count: max(1, count))
      return unsafe memory
    }
    unsafe potentials = allocate((n + 1) * n)
    unsafe points = allocate((n + 1) * n)
    unsafe nearby = allocate(bound.neighbours.isEmpty ? 0 : (n + 1) * n * m)
    unsafe energies = allocate(n + 1)
    unsafe coulomb = allocate(n * n)
    unsafe product = allocate(n)
    unsafe linear = allocate(n * m)
    unsafe keys = allocate(n)
    unsafe lowest = allocate(n)
    unsafe highest = allocate(n)
    unsafe sums = allocate(pools)
    unsafe poolOfPosition = .allocate(capacity: max(1, n))
    for (p, pool) in start.poolOfPosition.enumerated() { unsafe poolOfPosition[p] = pool }
    multipliers = [Double](repeating: 0, count: pools * m)
    for (i, value) in bound.coulomb.enumerated() { unsafe coulomb[i] = value }
    unsafe energies[0] = bound.constant
    var means: [Double] = []
    for p in 0..<n {
      let base = start.poolOfPosition[p] * m
      var (charge, sites) = (0.0, 0)
      for s in 0..<m {
        charge += bound.charges[s] * Double(start.left[base + s])
        sites += start.left[base + s]
      }
      means.append(sites > 0 ? charge / Double(sites) : 0)
    }
    meanCharges = means
    reset()
  }

  deinit {
    unsafe potentials.deallocate()
    unsafe points.deallocate()
    unsafe nearby.deallocate()
    unsafe energies.deallocate()
    unsafe coulomb.deallocate()
    unsafe product.deallocate()
    unsafe linear.deallocate()
    unsafe keys.deallocate()
    unsafe lowest.deallocate()
    unsafe highest.deallocate()
    unsafe sums.deallocate()
    unsafe poolOfPosition.deallocate()
  }

  var depth: Int { walk.depth }
  var speciesCount: Int { m }
  var isComplete: Bool { walk.depth == n }

  /// The arrangement, site by site, when it is complete.
  var arrangement: [UInt8] { walk.arrangement }

  /// Energy of the filled sites, eV; of the cell when all are filled.
  var energy: Double { unsafe energies[walk.depth] }

  /// Species of the filled positions.
  var beginning: [UInt8] { (0..<walk.depth).map { walk[$0] } }

  /// Back to the root, with nothing left of what was visited before.
  func reset() {
    walk.reset()
    counts = start
    for (p, charge) in meanCharges.enumerated() { unsafe points[p] = charge }
    for i in multipliers.indices { multipliers[i] = 0 }
  }

  /// Fills the next position; false, with nothing changed, if that cannot or need not be.
  func push(_ s: Int) -> Bool {
    let d = walk.depth
    guard counts.canPlace(s, at: d), walk.push(UInt8(truncatingIfNeeded: s)) else { return false }
    counts.take(s, at: d)
    let q = bound.charges[s]
    let phi = unsafe potentials + d &* n
    let next = unsafe phi + n
    var energy = unsafe energies[d] + bound.siteEnergies[d &* m &+ s] + q * phi[d]
    if !bound.neighbours.isEmpty { energy += unsafe nearby[(d &* n &+ d) &* m &+ s] }
    unsafe energies[d &+ 1] = energy
    let row = unsafe coulomb + d &* n
    var k = d &+ 1
    while k < n {
      unsafe next[k] = phi[k] + q * row[k]
      k &+= 1
    }
    if !bound.neighbours.isEmpty { pushNeighbours(d, s) }
    let point = unsafe points + d &* n
    k = d &+ 1
    while k < n {
      unsafe point[n &+ k] = point[k]
      k &+= 1
    }
    return true
  }

  func pop() {
    walk.pop()
    counts.giveBack(Int(walk[walk.depth]), at: walk.depth)
  }

  private func pushNeighbours(_ d: Int, _ s: Int) {
    let old = unsafe nearby + d * n * m
    let new = unsafe old + n * m
    for k in ((d + 1) * m)..<max((d + 1) * m, n * m) { unsafe new[k] = old[k] }
    for neighbour in bound.neighbours[d] where neighbour.position > d {
      for t in 0..<m {
        unsafe new[neighbour.position * m + t] +=
          bound.pairEnergies[(neighbour.kind * m + s) * m + t]
      }
    }
  }

  /// Steps of the descent at most.
  static let steps = 3

  /// A lower bound on the energy of every completion, eV.
  ///
  /// As soon as it exceeds `limit` it is not improved further. It is infinite if a site is left that can
  /// take none of the species that are left: then there is no completion.
  func lowerBound(limit: Double) -> Double {
    let d = walk.depth
    if d == n { return energy }
    let shift = bound.shifts[d]
    let c = unsafe points + d * n
    limitCharges(d)
    for i in d..<n where unsafe lowest[i] > highest[i] { return .infinity }
    var best = -Double.infinity
    for step in 0...BoundedWalk.steps {
      unsafe project(c, d)
      // M c, column by column.
      var k = d
      while k < n {
        unsafe product[k] = shift * bound.weights[k] * c[k]
        k &+= 1
      }
      var j = d
      while j < n {
        let (row, value) = unsafe (coulomb + j &* n, c[j])
        if value != 0 {
          k = d
          while k < n {
            unsafe product[k] += value * row[k]
            k &+= 1
          }
        }
        j &+= 1
      }
      var square = 0.0
      k = d
      while k < n {
        unsafe square += c[k] * product[k]
        k &+= 1
      }
      linearise(d, shift)
      best = max(best, energy - 0.5 * square + assignment(d))
      if best > limit || step == BoundedWalk.steps { break }
      unsafe descend(c, d)
    }
    return best
  }

  /// The energy of every species on every open site when charges are replaced by c elsewhere.
  private func linearise(_ d: Int, _ shift: Double) {
    let phi = unsafe potentials + d * n
    let hasPairs = !bound.neighbours.isEmpty
    for i in d..<n {
      let half = 0.5 * shift * bound.weights[i]
      for s in 0..<m {
        let q = bound.charges[s]
        var value = bound.siteEnergies[i &* m &+ s] - half * q * q
        unsafe value += q * (phi[i] + product[i])
        if hasPairs {
          unsafe value += nearby[(d &* n &+ i) &* m &+ s]
          value += bound.openPairs[(d &* n &+ i) &* m &+ s]
        }
        unsafe linear[i &* m &+ s] = value
      }
    }
  }

  /// One step against the gradient: the slope of the linearised energy with the charge.
  private func descend(_ c: UnsafeMutablePointer<Double>, _ d: Int) {
    for i in d..<n {
      let base = unsafe poolOfPosition[i] &* m
      var (weight, meanCharge, meanEnergy) = (0.0, 0.0, 0.0)
      for s in 0..<m where counts.allowed[i] >> UInt32(s) & 1 == 1 {
        let w = Double(counts.left[base &+ s])
        weight += w
        meanCharge += w * bound.charges[s]
        unsafe meanEnergy += w * linear[i &* m &+ s]
      }
      if weight == 0 { continue }
      meanCharge /= weight
      meanEnergy /= weight
      var (numerator, denominator) = (0.0, 0.0)
      for s in 0..<m where counts.allowed[i] >> UInt32(s) & 1 == 1 {
        let w = Double(counts.left[base &+ s])
        let dq = bound.charges[s] - meanCharge
        unsafe numerator += w * dq * (linear[i &* m &+ s] - meanEnergy)
        denominator += w * dq * dq
      }
      if denominator > 1e-12 { unsafe c[i] -= bound.step * numerator / denominator }
    }
  }

  /// The nearest point with the right sum in every pool, between the smallest and the largest charge
  /// that a site can take: a shift of all charges of a pool, cut off at the limits.
  private func project(_ c: UnsafeMutablePointer<Double>, _ d: Int) {
    for pool in 0..<pools {
      let total = unsafe sums[pool]
      var (below, above) = (Double.infinity, -Double.infinity)
      var first = -1
      for i in d..<n where unsafe poolOfPosition[i] == pool {
        if first < 0 { first = i }
        unsafe below = min(below, lowest[i] - c[i])
        unsafe above = max(above, highest[i] - c[i])
      }
      if first < 0 { continue }
      // The sum grows with the shift, piecewise linearly: Newton's steps, kept within brackets.
      var shift = min(above, max(below, 0))
      var sum = 0.0
      for _ in 0..<60 {
        sum = 0
        var free = 0
        for i in d..<n where unsafe poolOfPosition[i] == pool {
          let moved = unsafe c[i] + shift
          if unsafe moved <= lowest[i] {
            unsafe sum += lowest[i]
          } else if unsafe moved >= highest[i] {
            unsafe sum += highest[i]
          } else {
            sum += moved
            free &+= 1
          }
        }
        let missing = total - sum
        if missing.magnitude < 1e-11 { break }
        if missing > 0 { below = shift } else { above = shift }
        if above - below < 1e-12 { break }
        let newton = free > 0 ? shift + missing / Double(free) : .nan
        shift = newton > below && newton < above ? newton : 0.5 * (below + above)
      }
      sum = 0
      for i in d..<n where unsafe poolOfPosition[i] == pool {
        unsafe c[i] = min(highest[i], max(lowest[i], c[i] + shift))
        unsafe sum += c[i]
      }
      // The bound is valid for sums that are exactly right only.
      unsafe c[first] += total - sum
    }
  }

  /// Smallest and largest charge that each open position can take, and the sum of each pool.
  private func limitCharges(_ d: Int) {
    for pool in 0..<pools {
      var total = 0.0
      for s in 0..<m { total += Double(counts.left[pool &* m &+ s]) * bound.charges[s] }
      unsafe sums[pool] = total
    }
    for i in d..<n {
      let base = unsafe poolOfPosition[i] &* m
      var (low, high) = (Double.infinity, -Double.infinity)
      for s in 0..<m
      where counts.allowed[i] >> UInt32(s) & 1 == 1 && counts.left[base &+ s] > 0 {
        low = min(low, bound.charges[s])
        high = max(high, bound.charges[s])
      }
      unsafe lowest[i] = low
      unsafe highest[i] = high
    }
  }

  /// At most the smallest sum of ``linear`` over all assignments of the species that are left.
  private func assignment(_ d: Int) -> Double {
    var sum = 0.0
    for pool in 0..<pools {
      var present: [Int] = []
      for s in 0..<m where counts.left[pool &* m &+ s] > 0 { present.append(s) }
      switch present.count {
      case 0: continue
      case 1:
        for i in d..<n where unsafe poolOfPosition[i] == pool {
          unsafe sum += linear[i &* m &+ present[0]]
        }
      case 2: sum += assignment(d, pool, present[0], present[1])
      default: sum += assignment(d, pool, present)
      }
    }
    return sum
  }

  /// The exact optimum for two species: one everywhere, the other where that gains most.
  private func assignment(_ d: Int, _ pool: Int, _ a: Int, _ b: Int) -> Double {
    var (sum, count) = (0.0, 0)
    var left = counts.left[pool &* m &+ b]
    for i in d..<n where unsafe poolOfPosition[i] == pool {
      let mask = counts.allowed[i] >> UInt32(a) & 1 | (counts.allowed[i] >> UInt32(b) & 1) << 1
      if mask == 2 {
        unsafe sum += linear[i &* m &+ b]
        left &-= 1
        continue
      }
      unsafe sum += linear[i &* m &+ a]
      if mask == 3 {
        unsafe keys[count] = linear[i &* m &+ b] - linear[i &* m &+ a]
        count &+= 1
      }
    }
    guard left > 0 else { return sum }
    unsafe selectSmallest(keys, count, left)
    for k in 0..<min(left, count) { unsafe sum += keys[k] }
    return sum
  }

  /// Lagrange multipliers μ for three species and more: Σᵢ minₛ (uᵢ(s) - μₛ) + Σₛ kₛ μₛ is at most the
  /// optimum for any μ, and is raised species by species.
  private func assignment(_ d: Int, _ pool: Int, _ present: [Int]) -> Double {
    let base = pool &* m
    var value = -Double.infinity
    for _ in 0..<3 {
      for s in present {
        var count = 0
        for i in d..<n where unsafe poolOfPosition[i] == pool {
          guard counts.allowed[i] >> UInt32(s) & 1 == 1 else { continue }
          var other = Double.infinity
          for t in present where t != s && counts.allowed[i] >> UInt32(t) & 1 == 1 {
            unsafe other = min(other, linear[i &* m &+ t] - multipliers[base &+ t])
          }
          unsafe keys[count] = linear[i &* m &+ s] - other
          count &+= 1
        }
        let k = counts.left[base &+ s]
        guard k > 0, k < count else { continue }
        unsafe selectSmallest(keys, count, k)
        var (below, above) = (-Double.infinity, Double.infinity)
        for j in 0..<k { unsafe below = max(below, keys[j]) }
        for j in k..<count { unsafe above = min(above, keys[j]) }
        if below.isFinite, above.isFinite { multipliers[base &+ s] = 0.5 * (below + above) }
      }
      var sum = 0.0
      for s in present { sum += Double(counts.left[base &+ s]) * multipliers[base &+ s] }
      for i in d..<n where unsafe poolOfPosition[i] == pool {
        var lowest = Double.infinity
        for s in present where counts.allowed[i] >> UInt32(s) & 1 == 1 {
          unsafe lowest = min(lowest, linear[i &* m &+ s] - multipliers[base &+ s])
        }
        sum += lowest
      }
      value = max(value, sum)
    }
    return value
  }
}

/// Moves the k smallest of n numbers to the front by Hoare's selection.
private func selectSmallest(_ values: UnsafeMutablePointer<Double>, _ n: Int, _ k: Int) {
  guard k > 0, k < n else { return }
  var (low, high) = (0, n - 1)
  while low < high {
    let pivot = unsafe values[(low + high) / 2]
    var (i, j) = (low, high)
    while i <= j {
      while unsafe values[i] < pivot { i &+= 1 }
      while unsafe values[j] > pivot { j &-= 1 }
      if i <= j {
        unsafe (values[i], values[j]) = (values[j], values[i])
        i &+= 1
        j &-= 1
      }
    }
    if k - 1 <= j { high = j } else if k - 1 >= i { low = i } else { return }
  }
}
