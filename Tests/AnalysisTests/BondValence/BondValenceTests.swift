import Analysis
import CellgenTestSupport
import Crystal
import Foundation
import Testing

@Suite struct BondValenceTests {
  @Test("sums and instability of crystals are those of another program")
  func crystals() throws {
    for reference in try Reference("bvs.json").list("crystal_bvs") {
      let formal: [String: Double] = try reference["formal"]
      let symbols: [String] = try reference["elements"]
      let species = try symbols.map { Species(try #require(Element(symbol: $0))) }
      let structure = Structure(
        lattice: try reference.lattice, species: species, positions: try reference.positions)
      let result = Reference(object: try reference["result"])
      let name: String = try reference["name"]
      for cutoff in [6, 3] {
        let sums = try BondValenceSums(
          structure, charges: symbols.map { formal[$0] ?? 0 }, table: BondValenceTable(),
          cutoff: Double(cutoff))
        let expected: [String: [Double]] = try result["cutoff_\(cutoff)A"]
        for (symbol, values) in expected {
          let own = symbols.indices.filter { symbols[$0] == symbol }.map { sums.sums[$0] }
          // Every sum is one of the listed ones, and every listed one occurs.
          #expect(
            own.allSatisfy { sum in values.contains { ($0 - sum).magnitude < 6e-5 } }, "\(name)")
          #expect(
            values.allSatisfy { value in own.contains { ($0 - value).magnitude < 6e-5 } }, "\(name)"
          )
        }
        let index: Double = try result["cutoff_\(cutoff)A_GII"]
        #expect((sums.globalInstability - index).magnitude < 6e-6, "\(name)")
      }
    }
  }

  @Test("the sums over cations and over anions are equal")
  func conservation() throws {
    var stream = RandomStream(seed: 3, purpose: "bond valence")
    let magnesium = try #require(Element(symbol: "Mg"))
    let positions = (0..<12).map { _ in
      Fractional(2 * stream.uniform(), stream.uniform() - 1, stream.uniform())
    }
    let structure = Structure(
      lattice: skewedLattice,
      species: (0..<12).map { Species($0 < 6 ? magnesium : .oxygen) }, positions: positions)
    let sums = try BondValenceSums(
      structure, charges: (0..<12).map { $0 < 6 ? 2 : -2 }, table: BondValenceTable(), cutoff: 5)
    let (cations, anions) = (sums.sums[..<6].reduce(0, +), sums.sums[6...].reduce(0, +))
    #expect((cations / anions - 1).magnitude < 1e-12)
    #expect(sums.bondCounts[..<6].reduce(0, +) == sums.bondCounts[6...].reduce(0, +))
  }

  @Test("missing parameters are named with the nearest that exist")
  func missing() throws {
    let manganese = try #require(Element(symbol: "Mn"))
    let table = BondValenceTable()
    let fractional = #expect(throws: InputError.self) {
      try table.bond(cation: Species(manganese, oxidationState: 3.5), anion: .oxygen)
    }
    #expect(fractional?.description.contains("Mn3.5+ and O") == true)
    #expect(fractional?.hint?.contains("Mn2+, Mn3+, Mn4+, Mn7+") == true)
    let sodium = try #require(Element(symbol: "Na"))
    let sulfur = try #require(Element(symbol: "S"))
    let pair = #expect(throws: InputError.self) {
      try table.bond(cation: Species(sodium, oxidationState: 1), anion: sulfur)
    }
    #expect(pair?.hint?.contains("with O the table has Na+") == true)
    var own = BondValenceTable()
    own.own[.init(cation: sodium, anion: sulfur)] = BondValence(r0: 2.28)
    #expect(try own.bond(cation: Species(sodium, oxidationState: 1), anion: sulfur).r0 == 2.28)
  }
}

@Suite struct BondValenceMapTests {
  @Test("maps of MgO with a vacancy and of spinel MnO2 are those of another program")
  func references() throws {
    for reference in try Reference("bvs.json").list("probe_maps") {
      let symbols: [String] = try reference["elements"]
      let divisions: [Int] = try reference["grid"]
      let positions = try reference.positions
      let bond = BondValence(r0: try reference["R0"], b: try reference["b"])
      let grid = try PeriodicGrid(
        lattice: reference.lattice, divisions: SIMD3(divisions[0], divisions[1], divisions[2]))
      let ions = symbols.indices.filter { symbols[$0] == "O" }
        .map { BondValenceMap.CounterIon(position: positions[$0], bond: bond) }
      let map = BondValenceMap(
        grid: grid, counterIons: ions, atoms: positions, cutoff: try reference["anion_cutoff"],
        exclusion: try reference["exclusion"])
      let allowed = map.isAllowed.indices.filter { map.isAllowed[$0] }
      let allowedCount: Int = try reference["n_not_excluded"]
      #expect(allowed.count == allowedCount)
      let selected = map.selection(
        valence: try reference["ideal"], tolerance: try reference["tolerance"]
      ).count { $0 }
      let selectedCount: Int = try reference["n_selected"]
      #expect(selected == selectedCount)
      let sums = allowed.map { map.values[$0] }
      let (least, most): (Double, Double) = (
        try reference["bvs_min_allowed"], try reference["bvs_max_allowed"]
      )
      #expect(((sums.min() ?? 0) - least).magnitude < 2e-6)
      #expect(((sums.max() ?? 0) - most).magnitude < 2e-6)
      // Points by themselves, excluded ones too: a map without exclusion.
      let full = BondValenceMap(
        grid: grid, counterIons: ions, atoms: positions, cutoff: try reference["anion_cutoff"],
        exclusion: 0)
      for point in try reference.list("points") {
        let f: [Double] = try point["frac"]
        let place = (0..<3).map { Int((f[$0] * Double(divisions[$0])).rounded()) }
        let value = full.values[grid.index(place[0], place[1], place[2])]
        let expected: Double = try point["bvs"]
        #expect((value - expected).magnitude < 2e-6)
      }
    }
  }

  @Test("the fast sum is the double loop's, in a triclinic cell with two kinds of bonds")
  func naive() throws {
    var stream = RandomStream(seed: 9, purpose: "map")
    let positions = (0..<7).map { _ in
      Fractional(3 * stream.uniform() - 1, stream.uniform(), stream.uniform() + 4)
    }
    let bonds = [BondValence(r0: 1.693), BondValence(r0: 1.2, b: 0.45)]
    let ions = (0..<5).map {
      BondValenceMap.CounterIon(position: positions[$0], bond: bonds[$0 % 2])
    }
    let grid = try PeriodicGrid(lattice: skewedLattice, divisions: SIMD3(7, 11, 13))
    let (cutoff, exclusion) = (8.5, 1.3)
    let map = BondValenceMap(
      grid: grid, counterIons: ions, atoms: positions, cutoff: cutoff, exclusion: exclusion)
    let points = skewedLattice.latticePoints(within: cutoff).map {
      skewedLattice.cartesian(Fractional(SIMD3(Double($0.x), Double($0.y), Double($0.z))))
        .components
    }
    var compared = 0
    for index in 0..<grid.count {
      let place = grid.point(index)
      let nearest = positions.map { skewedLattice.distance($0, place) }.min() ?? 0
      #expect(map.isAllowed[index] == (nearest >= exclusion))
      guard map.isAllowed[index] else {
        #expect(map.values[index] == 0)
        continue
      }
      var sum = 0.0
      for ion in ions {
        var f = ion.position.components - place.components
        f -= f.rounded(.toNearestOrEven)
        let d = skewedLattice.cartesian(Fractional(f)).components
        for point in points {
          let v = d + point
          let r = (v * v).sum().squareRoot()
          if r <= cutoff { sum += ion.bond.valence(r) }
        }
      }
      #expect((map.values[index] / sum - 1).magnitude < 1e-7)
      compared += 1
    }
    #expect(compared > 100)
  }

  @Test("near a counter-ion the exponential itself is taken")
  func core() throws {
    let bond = BondValence(r0: 1.693)
    let grid = try PeriodicGrid(lattice: .cubic(8), divisions: SIMD3(80, 80, 80))
    let map = BondValenceMap(
      grid: grid, counterIons: [.init(position: Fractional(0.5, 0.5, 0.5), bond: bond)], atoms: [],
      cutoff: 3.5, exclusion: 0)
    for (point, distance) in [
      (SIMD3(40, 40, 40), 0.0), (SIMD3(40, 40, 47), 0.7), (SIMD3(30, 40, 40), 1),
      (SIMD3(40, 22, 40), 1.8),
    ] {
      let value = map.values[grid.index(point.x, point.y, point.z)]
      #expect((value / exp((1.693 - distance) / 0.37) - 1).magnitude < 1e-8)
    }
    #expect(map.values[0] == 0)
  }
}
