internal import Crystal

/// Where the atoms of all particles lie for a given gap.
struct ParticleLayout {
  /// Turned positions from the centre of the particle, Å, particle by particle.
  private let local: [SIMD3<Double>]
  private let particle: [Int32]
  private let places: [SIMD3<Double>]
  private let counts: SIMD3<Double>
  private let edge: Double
  /// Element of each atom, an index into ``elements``.
  let kinds: [Int]
  let elements: [Element]
  /// Of each atom below the nearest face of its cube, Å.
  let depths: [Double]
  private let distances: MinimumDistances
  private let closeness: Double

  init(
    cuts: [ParticleCut], particles: [ParticleAssembly.Particle], counts: SIMD3<Int>,
    species: [Species], _ specification: ParticleSpecification
  ) throws(InputError) {
    local = zip(cuts, particles).flatMap { cut, particle in
      cut.points.map { ParticleTurn.turned($0, particle.axes) }
    }
    depths = cuts.flatMap { cut in
      cut.points.map { point in
        cut.edge / 2 - max(point.x.magnitude, max(point.y.magnitude, point.z.magnitude))
      }
    }
    particle = cuts.enumerated().flatMap { number, cut in
      Array(repeating: Int32(number), count: cut.points.count)
    }
    places = particles.map {
      SIMD3(Double($0.place.x), Double($0.place.y), Double($0.place.z)) + 0.5
    }
    self.counts = SIMD3(Double(counts.x), Double(counts.y), Double(counts.z))
    closeness = specification.closeness
    edge = cuts.map(\.edge).max() ?? 0
    let elements = Set(species.map(\.element)).sorted()
    self.elements = elements
    let number = Dictionary(
      uniqueKeysWithValues: elements.enumerated().map { ($0.element, $0.offset) })
    kinds = species.map { number[$0.element] ?? 0 }
    let states = FormalCharges.balanced(
      species.reduce(into: [:]) { $0[$1.element, default: 0] += 1 })
    distances = try MinimumDistances(
      elements, states: states ?? [:], factor: specification.closeness)
  }

  /// Positions in the box and its edges, Å.
  func points(gap: Double) -> (points: [SIMD3<Double>], edges: SIMD3<Double>) {
    let pitch = edge + gap
    let points = local.indices.map { places[Int(particle[$0])] * pitch + local[$0] }
    return (points, counts * pitch)
  }

  /// Pairs of different particles that are too near, and the smallest distance over the sum of radii.
  ///
  /// A particle alone along an edge has its own image for a neighbour.
  ///
  /// - Parameters:
  ///   - gap: Distance of the faces, Å.
  ///   - isRemoved: Whether each atom is left out; nil for none.
  /// - Returns: The pairs, and the ratio.
  func overlaps(
    gap: Double, without isRemoved: [Bool]? = nil
  ) -> (pairs: [(Int, Int)], closest: Double) {
    let (points, edges) = points(gap: gap)
    // As far as the largest sum of radii, so that the smallest ratio is found even where none is near.
    let reach = distances.largest / min(1, closeness)
    let cells = BoxCells(edges: edges, reach: reach)
    var (near, closest): ([(Int, Int)], Double) = ([], .infinity)
    for (a, b) in BoxCells.pairs(points, edges: edges, reach: reach) {
      let (i, j) = (Int(a), Int(b))
      if let isRemoved, isRemoved[i] || isRemoved[j] { continue }
      let direct = points[j] - points[i]
      let d = cells.shortest(direct)
      let crosses = ((direct - d) * (direct - d)).sum() > 1e-6
      guard particle[i] != particle[j] || crosses else { continue }
      let ratio = (d * d).sum().squareRoot() / distances(kinds[i], kinds[j])
      closest = min(closest, ratio)
      if ratio < 1 { near.append((i, j)) }
    }
    return (near, closest * closeness)
  }

  /// The least gap without overlap, to 0.001 Å.
  ///
  /// Atoms stay in their cubes, so every distance between two of them grows with the gap.
  func widened(from start: Double) -> Double {
    var (low, high) = (start, max(start, distances.largest))
    while high - low > 1e-3 {
      let middle = (low + high) / 2
      if overlaps(gap: middle).pairs.isEmpty { high = middle } else { low = middle }
    }
    return high
  }
}
