import CellgenTestSupport
import Crystal
import Testing

@testable import Analysis

@Suite struct SiteHopTests {
  /// Two kinds of sites along a line, and an anion between them.
  private func parent() throws -> Structure {
    let magnesium = try #require(Element(symbol: "Mg"))
    var structure = Structure(
      lattice: try Lattice.cubic(4),
      species: [Species(magnesium), .vacancy, Species(.oxygen)],
      positions: [Fractional(0, 0, 0), Fractional(0.5, 0, 0), Fractional(0.5, 0.5, 0.5)])
    structure.labels = ["8a", "16c", "32e"]
    return structure
  }

  private func sites(shift: SIMD3<Double> = .zero) throws -> SiteLattice {
    let large = try parent().withoutVacancies().repeated(SupercellMatrix(parsing: "3x2x2"))
    let moved = Structure(
      lattice: large.lattice, species: large.species,
      positions: large.positions.map { position in
        Fractional(
          large.lattice.fractional(
            Cartesian(large.lattice.cartesian(position).components + shift)
          ).components)
      })
    return try SiteLattice(
      parent(), start: moved, mobile: try #require(Element(symbol: "Mg")))
  }

  @Test("the sites of cations and the shift of the framework are found")
  func siteLattice() throws {
    let sites = try sites(shift: SIMD3(0.3, -0.2, 0.9))
    #expect(sites.sites.map(\.label) == ["8a", "16c"])
    #expect(sites.supercell.cellCount == 12)
    #expect(length(4 * sites.shift - SIMD3(0.3, -0.2, 0.9)) < 1e-9)
    #expect((sites.frameworkDeviation ?? 1) < 1e-9)
    #expect((sites.lattice.a.x - 4).magnitude < 1e-12)
    let wrong = Structure(
      lattice: try Lattice.cubic(9), species: [Species(.oxygen)], positions: [Fractional(0, 0, 0)])
    #expect(throws: InputError.self) {
      try SiteLattice(parent(), start: wrong, mobile: .oxygen)
    }
    var bare = try parent()
    bare.labels = nil
    #expect(throws: InputError.self) {
      try SiteLattice(bare, start: wrong, mobile: .oxygen)
    }
  }

  @Test("an ion jumps when it arrives, and crossing a boundary back and forth is no jump")
  func hops() throws {
    var hops = SiteHops(try sites(), ions: 1, radius: 0.6)
    // Along a, in Å: out and back, then to 16c, on to the next 8a, back to 16c.
    for x in [0.2, 1.1, 0.9, 1.05, 0.3, 1.5, 2.1, 2.9, 3.5, 4.2, 2.5, 2.0] {
      hops.append([SIMD3(x / 4, 0, 0)])
    }
    #expect(hops.hops.map(\.from) == ["8a", "16c", "8a"])
    #expect(hops.hops.map(\.to) == ["16c", "8a", "16c"])
    #expect(hops.hops.map(\.isReturn) == [false, false, true])
    #expect(hops.hops.map(\.frame) == [5, 8, 10])
    #expect(hops.hops[0].vector == SIMD3(2, 0, 0))
    #expect(hops.hops[1].middle == SIMD3(0.75, 0, 0))
    #expect(hops.residence == ["8a": 7, "16c": 5])
    #expect(
      hops.paths == [
        .init(labels: ["16c", "8a", "16c"], isReturn: true, count: 1),
        .init(labels: ["8a", "16c", "8a"], isReturn: false, count: 1),
      ])
  }

  @Test("pairs of near jumps are counted through the boundary, with the number by chance")
  func concerted() throws {
    // Two ions one cell apart jump in frames 3 and 5; a third one far away in frame 3.
    var hops = SiteHops(try sites(), ions: 3, radius: 1)
    for frame in 0..<10 {
      hops.append([
        SIMD3(frame < 3 ? 0 : 0.5, 0, 0), SIMD3(frame < 5 ? 3 : 3.5, 2, 0),
        SIMD3(frame < 3 ? 1 : 1.5, 1, 1),
      ])
    }
    #expect(hops.hops.count == 3)
    // The second ion is an image of the first one's place: 3 × 4 Å and 2 × 4 Å are periods.
    let near = hops.concerted(within: 1, window: 2)
    #expect(near.pairs == 1)
    // ((2 · 2 + 1) · 10 − 2 · 3) / 100 of one pair.
    #expect((near.expected - 0.44).magnitude < 1e-12)
    #expect(hops.concerted(within: 1, window: 1).pairs == 0)
    // All three pairs in space; one of them at the same time, two within two frames.
    let all = hops.concerted(within: 7, window: 0)
    #expect(all.pairs == 1)
    #expect((all.expected - 0.3).magnitude < 1e-12)
    #expect(hops.concerted(within: 7, window: 2).pairs == 3)
  }

  @Test("independent jumps are concerted as often as expected")
  func chance() throws {
    var random = RandomStream(seed: 11, purpose: "hops")
    let (ions, frames) = (12, 20_000)
    var hops = SiteHops(try sites(), ions: ions, radius: 1)
    var place = Array(repeating: 0.0, count: ions)
    for _ in 0..<frames {
      for ion in 0..<ions where random.uniform() < 0.002 { place[ion] = 0.5 - place[ion] }
      hops.append((0..<ions).map { SIMD3(place[$0] + Double($0 % 3), Double($0 / 3), 0) })
    }
    let found = hops.concerted(within: 30, window: 20)
    #expect(found.pairs > 100)
    // Pairs share jumps, so that the scatter is a little above that of independent ones.
    #expect((Double(found.pairs) - found.expected).magnitude < 5 * found.expected.squareRoot())
  }
}
