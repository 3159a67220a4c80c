import Analysis
import CellgenTestSupport
import Crystal
import Testing

@Suite struct VolumeReferenceTests {
  @Test("volumes of crystals, plain and radical, are those of half-space intersections")
  func crystals() throws {
    for reference in try Reference("voronoi.json").list("cases") {
      guard reference.object["frac"] != nil else { continue }
      let labels: [String] = try reference["labels"]
      let expected: [String: Double] = try reference["volume_per_site"]
      let cells = try VoronoiTessellation(
        lattice: reference.lattice, positions: reference.positions,
        radii: reference.object["radii"] as? [Double]
      ).cells
      let difference: Double = try reference["max_diff_two_routes"]
      let name: String = try reference["name"]
      for (cell, label) in zip(cells, labels) {
        let volume = try #require(expected[label])
        // The half-space volumes themselves are exact to the difference of both routes.
        #expect((cell.volume - volume).magnitude < max(1e-9, 1.5 * difference), "\(name) \(label)")
      }
      #expect(cells.count == labels.count)
    }
  }

  /// Rocksalt MgO of n³ cubes without the Mg at the origin if `isDefective`.
  private func magnesia(_ n: Int, defective isDefective: Bool) throws -> (
    Lattice, [Fractional], [Element]
  ) {
    let magnesium = try #require(Element(symbol: "Mg"))
    var (positions, elements): ([Fractional], [Element]) = ([], [])
    for i in 0..<(2 * n) {
      for j in 0..<(2 * n) {
        for k in 0..<(2 * n) {
          let isCation = (i + j + k).isMultiple(of: 2)
          if isDefective, i + j + k == 0 { continue }
          let m = Double(2 * n)
          positions.append(Fractional(Double(i) / m, Double(j) / m, Double(k) / m))
          elements.append(isCation ? magnesium : .oxygen)
        }
      }
    }
    return (try .cubic(4.2112 * Double(n)), positions, elements)
  }

  @Test("a missing Mg is 1/64 of free volume, by the volumes and by the excess of oxygen")
  func freeVolume() throws {
    let (lattice, positions, elements) = try magnesia(2, defective: true)
    let cells = try VoronoiTessellation(lattice: lattice, positions: positions).cells
    let statistics = VolumeStatistics.byElement(cells.map(\.volume), elements)
    let free = FreeVolume(
      statistics, cellVolume: lattice.volume, references: [.oxygen: FreeVolume.oxideInMagnesia])
    #expect((free.fraction - 1.0 / 64).magnitude < 1e-9)
    // n_O (⟨V_O⟩ − V_O(MgO)) / V(cell): the volumes fill the cell.
    #expect((free.fraction - free.fractionByExcess).magnitude < 1e-9)
    let magnesium = try #require(statistics.first { $0.element.symbol == "Mg" })
    #expect((free.equivalentCount(atomVolume: magnesium.mean) - 1).magnitude < 1e-6)
    // 26 O of 9.33529 and 6 of 10.8912 Å³, 31 Mg of 9.33529 Å³.
    let oxygen = try #require(statistics.first { $0.element == .oxygen })
    #expect((oxygen.mean - (26 * 9.33529 + 6 * 10.8912) / 32).magnitude < 1e-5)
    #expect((oxygen.most - 10.8912).magnitude < 1e-4)
    #expect((oxygen.least - 9.33529).magnitude < 1e-4)
    #expect((magnesium.mean - 9.33529).magnitude < 1e-4 && magnesium.deviation < 1e-6)
    #expect(magnesium.count == 31 && oxygen.count == 32)
  }

  @Test("a crystal of the reference itself has no free volume")
  func perfect() throws {
    let (lattice, positions, elements) = try magnesia(1, defective: false)
    let cells = try VoronoiTessellation(lattice: lattice, positions: positions).cells
    let statistics = VolumeStatistics.byElement(cells.map(\.volume), elements)
    let free = FreeVolume(
      statistics, cellVolume: lattice.volume, references: [.oxygen: FreeVolume.oxideInMagnesia])
    #expect(free.fraction.magnitude < 1e-9)
  }

  @Test("voids of a crystal are at the corners of its cells")
  func voids() throws {
    // The octahedral void of fcc has a/2, the tetrahedral one √3/4 a; 4 and 8 in a cube.
    let fcc = [SIMD3<Double>.zero, SIMD3(0, 0.5, 0.5), SIMD3(0.5, 0, 0.5), SIMD3(0.5, 0.5, 0)]
      .map { Fractional($0 + SIMD3(0.1, 0.2, 0.3)) }
    let lattice = try Lattice.cubic(4)
    let cells = try VoronoiTessellation(lattice: lattice, positions: fcc)
    let radii = voidRadii(lattice, positions: fcc, tessellation: cells)
    #expect(radii.count == 12)
    #expect(radii.prefix(8).allSatisfy { ($0 - 3.0.squareRoot()).magnitude < 1e-6 })
    #expect(radii.suffix(4).allSatisfy { ($0 - 2).magnitude < 1e-6 })
  }

  @Test("the largest void is that of a fine grid, in a triclinic cell")
  func largest() throws {
    var stream = RandomStream(seed: 5, purpose: "voids")
    let positions = (0..<9).map { _ in
      Fractional(stream.uniform(), 2 * stream.uniform(), stream.uniform() - 1)
    }
    let cells = try VoronoiTessellation(lattice: skewedLattice, positions: positions)
    let radii = voidRadii(skewedLattice, positions: positions, tessellation: cells)
    let found = try #require(radii.last)
    let onGrid = largestVoid(skewedLattice, positions: positions, spacing: 0.15)
    #expect(onGrid <= found + 1e-9 && onGrid > found - 0.15)
  }

  @Test("atoms in another order have the same cells; equal radii change nothing")
  func permutation() throws {
    var stream = RandomStream(seed: 6, purpose: "voronoi")
    let positions = (0..<40).map { _ in
      Fractional(stream.uniform(), stream.uniform(), stream.uniform())
    }
    func volumes(_ positions: [Fractional], _ radii: [Double]?) throws -> [Double] {
      try VoronoiTessellation(lattice: skewedLattice, positions: positions, radii: radii).cells
        .map(\.volume)
    }
    let plain = try volumes(positions, nil)
    let backwards = try volumes(positions.reversed(), nil)
    let weighted = try volumes(positions, [Double](repeating: 1.3, count: 40))
    for i in 0..<40 {
      #expect((plain[i] - backwards[39 - i]).magnitude < 1e-9)
      #expect((plain[i] - weighted[i]).magnitude < 1e-9)
    }
    // The larger the radius, the larger the cell, and the cells still fill space.
    var radii = [Double](repeating: 1.3, count: 40)
    radii[7] = 1.6
    let grown = try volumes(positions, radii)
    #expect(grown[7] > plain[7])
    #expect((grown.reduce(0, +) - skewedLattice.volume).magnitude < 1e-8)
    // A point far inside of a large sphere has no cell left.
    radii = [Double](repeating: 0, count: 40)
    radii[3] = 30
    #expect(try volumes(positions, radii).filter { $0 == 0 }.count == 39)
  }

  @Test("many points are divided into parts, which are the parts of one tessellation")
  func parts() throws {
    var stream = RandomStream(seed: 7, purpose: "voronoi")
    let positions = (0..<2000).map { _ in
      Fractional(stream.uniform(), stream.uniform(), stream.uniform())
    }
    let lattice = try Lattice(
      a: SIMD3(24, 0, 0), b: SIMD3(5, 26, 0), c: SIMD3(-4, 3, 25))
    let cells = try VoronoiTessellation(lattice: lattice, positions: positions).cells
    #expect((cells.reduce(0) { $0 + $1.volume } - lattice.volume).magnitude < 1e-5)
    // Every face is seen from both sides.
    var areas: [SIMD2<Int>: Double] = [:]
    for (index, cell) in cells.enumerated() {
      for face in cell.faces { areas[SIMD2(index, face.neighbour), default: 0] += face.area }
    }
    for (pair, area) in areas {
      #expect((area - (areas[SIMD2(pair.y, pair.x)] ?? 0)).magnitude < 1e-6)
    }
  }
}
