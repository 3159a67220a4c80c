import CellgenTestSupport
import Crystal
import Testing

@testable import Analysis

/// Rings of known nets; numbers per cell by an exhaustive search in another language, which agree with the
/// vertex symbols of the nets (M. O'Keeffe et al., Acc. Chem. Res. 41, 1782, 2008): dia 6(2) six times, qtz
/// 6.6.6(2).6(2).8(7).8(7), sod 4.4.6.6.6.6.
@Suite struct RingTests {
  private let silicon = Element.all[13]

  private func rings(
    _ lattice: Lattice, _ positions: [SIMD3<Double>], cutoff: Double, largest: Int = 10,
    cell: String = "1x1x1"
  ) throws -> (rings: [Int: Int], angles: [Int: Int]) {
    let structure = try Structure(
      lattice: lattice, species: positions.map { _ in Species(silicon) },
      positions: positions.map { Fractional($0) }
    ).repeated(SupercellMatrix(parsing: cell))
    let shells = NeighbourShells(
      structure.lattice, positions: structure.positions,
      atoms: structure.species.map(\.element), cutoffs: [.init("Si", "Si", cutoff)])
    let rings = ShortestPathRings(shells, centres: [silicon], ligands: [silicon], largest: largest)
    return (nonzero(rings.rings), nonzero(rings.angles))
  }

  private func nonzero(_ counts: [Int]) -> [Int: Int] {
    Dictionary(
      uniqueKeysWithValues: counts.enumerated().filter { $0.element > 0 }.map {
        ($0.offset, $0.element)
      })
  }

  private let fcc = [SIMD3(0, 0.5, 0.5), SIMD3(0.5, 0, 0.5), SIMD3(0.5, 0.5, 0)]

  @Test(
    "diamond has two rings of six per atom, twelve through each, in cells of 2, 16 and 54 atoms",
    arguments: [("1x1x1", 1), ("2x2x2", 8), ("1 1 0 0 3 0 0 1 9", 27)])
  func diamond(cell: String, copies: Int) throws {
    let lattice = try Lattice(a: 5 * fcc[0], b: 5 * fcc[1], c: 5 * fcc[2])
    let found = try rings(
      lattice, [.zero, SIMD3(repeating: 0.25)], cutoff: 2.4, cell: cell)
    #expect(found.rings == [6: 4 * copies] && found.angles == [6: 12 * copies])
  }

  @Test("quartz, sodalite, and the primitive and body-centred cubic nets")
  func nets() throws {
    let quartz = try Lattice(
      lengths: SIMD3(4.9977, 4.9977, 5.4601), anglesDegrees: SIMD3(90, 90, 120))
    let found = try rings(
      quartz, [SIMD3(0.5, 0, 0), SIMD3(0, 0.5, 2.0 / 3), SIMD3(0.5, 0.5, 1.0 / 3)], cutoff: 3.3)
    #expect(found.angles == [6: 12, 8: 6] && found.rings == [6: 3, 8: 21])
    let halves: [SIMD3<Double>] = [
      SIMD3(0.25, 0.5, 0), SIMD3(0.75, 0.5, 0), SIMD3(0, 0.25, 0.5), SIMD3(0, 0.75, 0.5),
      SIMD3(0.5, 0, 0.25), SIMD3(0.5, 0, 0.75), SIMD3(0.25, 0, 0.5), SIMD3(0.75, 0, 0.5),
      SIMD3(0.5, 0.25, 0), SIMD3(0.5, 0.75, 0), SIMD3(0, 0.5, 0.25), SIMD3(0, 0.5, 0.75),
    ]
    let sodalite = try rings(.cubic(8.9), halves, cutoff: 3.2)
    #expect(sodalite.angles == [4: 24, 6: 48] && sodalite.rings == [4: 6, 6: 8])
    let cubic = try rings(.cubic(3), [.zero], cutoff: 3.1)
    #expect(cubic.angles == [4: 12, 6: 3] && cubic.rings == [4: 3, 6: 6])
    let body = try rings(.cubic(3), [.zero, SIMD3(repeating: 0.5)], cutoff: 2.7)
    #expect(body.angles == [4: 48, 6: 8] && body.rings == [4: 24, 6: 120])
  }

  @Test("in oxides the size is the number of cations: rutile and cristobalite")
  func oxides() throws {
    let titanium = Element.all[21]
    let (a, c, u) = (4.5937, 2.9587, 0.3048)
    let rutile = NeighbourShells(
      try Lattice(a: SIMD3(a, 0, 0), b: SIMD3(0, a, 0), c: SIMD3(0, 0, c)),
      positions: [
        Fractional(0, 0, 0), Fractional(0.5, 0.5, 0.5), Fractional(u, u, 0), Fractional(-u, -u, 0),
        Fractional(0.5 + u, 0.5 - u, 0.5), Fractional(0.5 - u, 0.5 + u, 0.5),
      ], atoms: [titanium, titanium, .oxygen, .oxygen, .oxygen, .oxygen],
      cutoffs: [.init("O", "Ti", 2.1)])
    let rings = ShortestPathRings(rutile, centres: [titanium], ligands: [.oxygen], largest: 8)
    #expect(nonzero(rings.rings) == [2: 2, 3: 8, 4: 18])
    #expect(nonzero(rings.angles) == [2: 4, 3: 20, 4: 6] && rings.centreCount == 2)
    // Nothing up to the largest size: all angles are counted as such.
    let few = ShortestPathRings(rutile, centres: [titanium], ligands: [.oxygen], largest: 2)
    #expect(nonzero(few.angles) == [0: 26, 2: 4])
    // The diamond net with oxygen on every edge.
    let lattice = try Lattice(a: 7.13 * fcc[0], b: 7.13 * fcc[1], c: 7.13 * fcc[2])
    let ends = [SIMD3<Double>.zero, SIMD3(1, 0, 0), SIMD3(0, 1, 0), SIMD3(0, 0, 1)]
    let oxygen = ends.map { Fractional((SIMD3(repeating: 0.25) - $0) / 2) }
    let silica = NeighbourShells(
      lattice, positions: [Fractional(0, 0, 0), Fractional(0.25, 0.25, 0.25)] + oxygen,
      atoms: [silicon, silicon] + [Element](repeating: .oxygen, count: 4),
      cutoffs: [.init("Si", "O", 1.6)])
    let six = ShortestPathRings(silica, centres: [silicon], ligands: [.oxygen], largest: 8)
    #expect(nonzero(six.rings) == [6: 4] && nonzero(six.angles) == [6: 12])
  }

  @Test("a chain that closes only through the boundary is no ring")
  func chain() throws {
    let found = try rings(
      Lattice(a: SIMD3(2, 0, 0), b: SIMD3(0, 9, 0), c: SIMD3(0, 0, 9)), [.zero], cutoff: 2.1)
    #expect(found.rings.isEmpty && found.angles == [0: 1])
  }
}
