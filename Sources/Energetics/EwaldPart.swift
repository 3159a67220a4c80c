internal import Crystal

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// One of the two sums of an ``EwaldSum``.
struct EwaldPart {
  /// Energy, eV.
  private(set) var energy = 0.0
  /// Potential at each site, V.
  private(set) var potentials: [Double]
  /// Force on each site, eV/Å.
  private(set) var forces: [SIMD3<Double>]
  /// Derivative by a symmetric strain, eV, rows.
  private(set) var strain = [SIMD3<Double>](repeating: .zero, count: 3)

  private init(siteCount: Int) {
    potentials = [Double](repeating: 0, count: siteCount)
    forces = [SIMD3<Double>](repeating: .zero, count: siteCount)
  }

  private mutating func addStrain(_ factor: Double, _ u: SIMD3<Double>) {
    for row in 0..<3 { strain[row] += factor * u[row] * u }
  }

  /// The sum over images, k q q erfc(α r) / r.
  ///
  /// - Parameters:
  ///   - lattice: The cell, Å.
  ///   - positions: n sites.
  ///   - charges: n charges, e.
  ///   - alpha: Splitting parameter, Å⁻¹.
  ///   - cutoff: Å.
  init(
    real lattice: Lattice, positions: [Fractional], charges: [Double], splitting alpha: Double,
    cutoff: Double
  ) {
    self.init(siteCount: positions.count)
    let k = Constants.coulomb
    let slopeFactor = k * 2 * alpha / Double.pi.squareRoot()
    ImagePairs(lattice: lattice, positions: positions, cutoff: cutoff).forEach { i, j, r, r2 in
      let distance = r2.squareRoot()
      let screened = k * erfc(alpha * distance) / distance
      // -d/dr (erfc(αr)/r) / r
      let slope = (screened + slopeFactor * exp(-alpha * alpha * r2)) / r2
      let product = charges[i] * charges[j]
      energy += product * screened
      potentials[i] += charges[j] * screened
      potentials[j] += charges[i] * screened
      let force = product * slope * r
      forces[i] -= force
      forces[j] += force
      addStrain(-product * slope, r)
    }
  }

  /// The sum over waves, (4πk/V) exp(-G²/4α²) / G² |Σ q exp(i G·r)|² for one of each pair ±G.
  ///
  /// - Parameters:
  ///   - lattice: The cell, Å.
  ///   - positions: n sites.
  ///   - charges: n charges, e.
  ///   - alpha: Splitting parameter, Å⁻¹.
  ///   - cutoff: Å⁻¹, with 2π.
  init(
    reciprocal lattice: Lattice, positions: [Fractional], charges: [Double],
    splitting alpha: Double, cutoff: Double
  ) {
    self.init(siteCount: positions.count)
    let waves = halfSpaceWaves(lattice, cutoff: cutoff)
    var phases = WavePhases(positions: positions, waves: waves.map(\.indices))
    let q = SiteLanes.pack(charges)
    let blocks = q.count
    var (phi, fx, fy, fz) = (q, q, q, q)
    for block in 0..<blocks {
      (phi[block], fx[block], fy[block], fz[block]) = (.zero, .zero, .zero, .zero)
    }
    let prefactor = Constants.coulomb * 8 * Double.pi / lattice.volume
    for wave in waves {
      phases.evaluate(wave.indices)
      var (reLanes, imLanes) = (SiteLanes.Lanes.zero, SiteLanes.Lanes.zero)
      for block in 0..<blocks {
        reLanes += q[block] * phases.cosines[block]
        imLanes += q[block] * phases.sines[block]
      }
      let (re, im) = (reLanes.sum(), imLanes.sum())
      // Twice: G and -G.
      let weight = prefactor * exp(-wave.square / (4 * alpha * alpha)) / wave.square
      let (a, b) = (weight * re, weight * im)
      for block in 0..<blocks {
        let (c, s) = (phases.cosines[block], phases.sines[block])
        phi[block] += a * c + b * s
        let slope = a * s - b * c
        fx[block] += slope * wave.vector.x
        fy[block] += slope * wave.vector.y
        fz[block] += slope * wave.vector.z
      }
      let waveEnergy = 0.5 * weight * (re * re + im * im)
      energy += waveEnergy
      addStrain(2 * waveEnergy * (1 / wave.square + 1 / (4 * alpha * alpha)), wave.vector)
      for axis in 0..<3 { strain[axis][axis] -= waveEnergy }
    }
    for i in charges.indices {
      let (block, lane) = (i / 4, i % 4)
      potentials[i] = phi[block][lane]
      forces[i] = charges[i] * SIMD3(fx[block][lane], fy[block][lane], fz[block][lane])
    }
  }
}

/// Values per site in groups of four, which the processor handles together; filled up with zeros.
private enum SiteLanes {
  typealias Lanes = SIMD4<Double>

  static func pack(_ values: [Double]) -> [Lanes] {
    stride(from: 0, to: values.count, by: 4).map { first in
      var lanes = Lanes.zero
      for i in first..<min(first + 4, values.count) { lanes[i - first] = values[i] }
      return lanes
    }
  }
}

/// cos and sin of 2π h·x for all sites, as products of one factor per axis.
private struct WavePhases {
  /// Of the wave that was evaluated last.
  private(set) var cosines: [SiteLanes.Lanes]
  private(set) var sines: [SiteLanes.Lanes]

  private let tables: [AxisTable]
  /// The product of the first two factors, which many waves in a row share.
  private var sharedCosines: [SiteLanes.Lanes]
  private var sharedSines: [SiteLanes.Lanes]
  private var sharedIndices: (Double, Double)?

  /// cos and sin of 2π h x for one coordinate and h = 0, 1, …; block b of h at `h × blocks + b`.
  private struct AxisTable {
    var cosines: [SiteLanes.Lanes] = []
    var sines: [SiteLanes.Lanes] = []

    init(_ coordinates: [Double], highest: Double) {
      for h in 0...Int(highest) {
        let angles = coordinates.map { x in
          // Reduced: the sine of a large angle is less exact.
          let turns = Double(h) * x
          return 2 * Double.pi * (turns - turns.rounded(.toNearestOrEven))
        }
        cosines += SiteLanes.pack(angles.map { cos($0) })
        sines += SiteLanes.pack(angles.map { sin($0) })
      }
    }
  }

  init(positions: [Fractional], waves: [SIMD3<Double>]) {
    tables = (0..<3).map { axis in
      AxisTable(
        positions.map { $0.components[axis] - $0.components[axis].rounded(.toNearestOrEven) },
        highest: waves.reduce(0) { max($0, $1[axis].magnitude) })
    }
    let empty = SiteLanes.pack([Double](repeating: 0, count: positions.count))
    (cosines, sines, sharedCosines, sharedSines) = (empty, empty, empty, empty)
  }

  mutating func evaluate(_ indices: SIMD3<Double>) {
    let blocks = cosines.count
    if sharedIndices.map({ $0 != (indices.x, indices.y) }) ?? true {
      sharedIndices = (indices.x, indices.y)
      let (first, second) = (Int(indices.x) * blocks, Int(indices.y.magnitude) * blocks)
      let sign = indices.y < 0 ? -1.0 : 1.0
      for b in 0..<blocks {
        let (c0, s0) = (tables[0].cosines[first + b], tables[0].sines[first + b])
        let (c1, s1) = (tables[1].cosines[second + b], sign * tables[1].sines[second + b])
        sharedCosines[b] = c0 * c1 - s0 * s1
        sharedSines[b] = s0 * c1 + c0 * s1
      }
    }
    let third = Int(indices.z.magnitude) * blocks
    let sign = indices.z < 0 ? -1.0 : 1.0
    for b in 0..<blocks {
      let (c0, s0) = (sharedCosines[b], sharedSines[b])
      let (c1, s1) = (tables[2].cosines[third + b], sign * tables[2].sines[third + b])
      cosines[b] = c0 * c1 - s0 * s1
      sines[b] = s0 * c1 + c0 * s1
    }
  }
}
