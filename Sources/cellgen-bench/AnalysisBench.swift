import Analysis
import Crystal

/// Speed of the analyses of large models.
enum AnalysisBench {
  static func rows() throws -> [CellgenBench.Row] {
    try [voronoiRow(), mapRow(exclusion: 1.7), mapRow(exclusion: 0)]
  }

  /// Points that are nowhere close to each other: a lattice with large random displacements.
  private static func points(_ n: Int, seed: UInt64) -> [Fractional] {
    var stream = RandomStream(seed: seed, purpose: "analysis bench")
    func place(_ i: Int) -> Double { (Double(i) + 0.7 * stream.uniform()) / Double(n) }
    return (0..<(n * n * n)).map {
      Fractional(place($0 / (n * n)), place($0 / n % n), place($0 % n))
    }
  }

  private static func voronoiRow() throws -> CellgenBench.Row {
    let positions = Array(points(23, seed: 1).prefix(12_000))
    let lattice = try Lattice.cubic(50)
    let time = try CellgenBench.seconds {
      _ = try VoronoiTessellation(lattice: lattice, positions: positions)
    }
    return CellgenBench.Row(
      what: "Voronoi cells, 12000 atoms", figure: "\(fixed(time, 3)) s", twin: "",
      required: "< 0.5 s")
  }

  /// The cell of paper 000: 1,000 atoms, half of them O, 200³ points.
  private static func mapRow(exclusion: Double) throws -> CellgenBench.Row {
    let positions = points(10, seed: 2)
    let lattice = try Lattice.cubic(20.38)
    let bond = BondValence(r0: 1.693)
    let anions = stride(from: 0, to: positions.count, by: 2).map {
      BondValenceMap.CounterIon(position: positions[$0], bond: bond)
    }
    let (cutoff, n) = (6.0, 200)
    let grid = try PeriodicGrid(lattice: lattice, divisions: SIMD3(n, n, n))
    let time = CellgenBench.seconds {
      _ = BondValenceMap(
        grid: grid, counterIons: anions, atoms: positions, cutoff: cutoff, exclusion: exclusion)
    }
    // The double loop over points and ions of all images, on every tenth point along each axis.
    let images = lattice.latticePoints(within: cutoff).map {
      Double($0.x) * lattice.a + Double($0.y) * lattice.b + Double($0.z) * lattice.c
    }
    let vectors = anions.map { lattice.cartesian($0.position).components }
    var sum = 0.0
    let part = 20
    let slow = CellgenBench.seconds(1) {
      for i in 0..<(part * part * part) {
        let f = SIMD3(Double(i / (part * part)), Double(i / part % part), Double(i % part))
        let point = lattice.cartesian(Fractional(f / Double(part))).components
        for vector in vectors {
          for image in images {
            let d = vector + image - point
            let square = (d * d).sum()
            if square <= cutoff * cutoff { sum += bond.valence(square.squareRoot()) }
          }
        }
      }
    }
    let factor = Double(n * n * n) / Double(part * part * part)
    return CellgenBench.Row(
      what: "bond-valence map, 200³, \(exclusion == 0 ? "all points" : "1.7 Å from atoms")",
      figure: "\(fixed(time, 3)) s",
      twin: "double loop: \(fixed(slow * factor, 0)) s" + (sum.isNaN ? "!" : ""),
      required: "< 1 s")
  }
}
