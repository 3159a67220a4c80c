import CellgenTestSupport
import Crystal
import Foundation
import StructureIO
import Testing

@testable import Analysis

@Suite struct CoordinationTests {
  private let magnesium = Element.all[11]
  private let titanium = Element.all[21]
  private let manganese = Element.all[24]
  private let zinc = Element.all[29]

  private func rutile() throws -> Structure {
    let (a, c, u) = (4.5937, 2.9587, 0.3048)
    return Structure(
      lattice: try Lattice(a: SIMD3(a, 0, 0), b: SIMD3(0, a, 0), c: SIMD3(0, 0, c)),
      species: [titanium, titanium, .oxygen, .oxygen, .oxygen, .oxygen].map { Species($0) },
      positions: [
        Fractional(0, 0, 0), Fractional(0.5, 0.5, 0.5), Fractional(u, u, 0), Fractional(-u, -u, 0),
        Fractional(0.5 + u, 0.5 - u, 0.5), Fractional(0.5 - u, 0.5 + u, 0.5),
      ])
  }

  /// Normal spinel ZnMn2O4 with a cubic cell of 8.5 Å, u = 0.2625, origin choice 2.
  private func spinel() throws -> Structure {
    let faces: [SIMD3<Double>] = [
      .zero, SIMD3(0, 0.5, 0.5), SIMD3(0.5, 0, 0.5), SIMD3(0.5, 0.5, 0),
    ]
    let eighth = SIMD3(repeating: 0.125)
    let a: [SIMD3<Double>] = [eighth, SIMD3(repeating: 0.875)]
    let b: [SIMD3<Double>] = [
      SIMD3(0.5, 0.5, 0.5), SIMD3(0.5, 0.25, 0.25), SIMD3(0.25, 0.5, 0.25), SIMD3(0.25, 0.25, 0.5),
    ]
    // Oxygen around both kinds of 8a, at the corners of tetrahedra.
    let d = 0.2625 - 0.125
    let corners = [SIMD3(d, d, d), SIMD3(d, -d, -d), SIMD3(-d, d, -d), SIMD3(-d, -d, d)]
    let oxygen = corners.map { a[0] + $0 } + corners.map { a[1] - $0 }
    func all(_ sites: [SIMD3<Double>]) -> [Fractional] {
      sites.flatMap { site in faces.map { Fractional(site + $0) } }
    }
    return Structure(
      lattice: try .cubic(8.5),
      species: [Species](repeating: Species(zinc), count: 8)
        + [Species](repeating: Species(manganese), count: 16)
        + [Species](repeating: Species(.oxygen), count: 32),
      positions: all(a) + all(b) + all(oxygen))
  }

  private func shells(
    _ structure: Structure, _ cutoffs: [NeighbourShells.Cutoff]
  ) -> NeighbourShells {
    NeighbourShells(
      structure.lattice, positions: structure.positions, atoms: structure.species.map(\.element),
      cutoffs: cutoffs)
  }

  @Test("bonds of spinel: four, six and one plus three, back and forth, in any supercell")
  func spinelBonds() throws {
    let unit = try spinel()
    for structure in [unit, try unit.repeated(SupercellMatrix(parsing: "1 1 0 0 1 0 0 0 2"))] {
      let shells = shells(structure, [.init("Zn", "O", 2.1), .init("O", "Mn", 2.1)])
      let cells = structure.count / 56
      #expect(
        LocalOrder(shells, centre: zinc, neighbours: [.oxygen]).histogram == [
          0, 0, 0, 0, 8 * cells,
        ])
      let octahedra = LocalOrder(shells, centre: manganese, neighbours: [.oxygen])
      #expect(octahedra.histogram == [0, 0, 0, 0, 0, 0, 16 * cells] && octahedra.meanNumber == 6)
      // At u = 0.2625 both bonds are a √3 (u − 1/8) long.
      #expect(abs((octahedra.meanDistance ?? 0) - 8.5 * 3.0.squareRoot() * 0.1375) < 1e-9)
      #expect(
        LocalOrder(shells, centre: .oxygen, neighbours: [zinc, manganese]).histogram == [
          0, 0, 0, 0, 32 * cells,
        ])
      #expect(LocalOrder(shells, centre: .oxygen, neighbours: [zinc]).histogram == [0, 32 * cells])
      for (atom, neighbours) in shells.neighbours.enumerated() {
        for neighbour in neighbours {
          let back = shells.neighbours[neighbour.atom]
          #expect(back.contains { $0.atom == atom && $0.cell == SIMD3(0, 0, 0) &- neighbour.cell })
        }
      }
    }
  }

  @Test(
    "tetrahedra of spinel share corners with octahedra, octahedra share edges",
    arguments: ["1 0 0 0 1 0 0 0 1", "1 1 0 0 1 0 0 0 2", "0.5 0.5 0 0 0.5 0.5 0.5 0 0.5"])
  func spinelSharing(cell: String) throws {
    var structure = try spinel()
    var cells = 1
    if cell.hasPrefix("0.5") {
      // The primitive cell: a quarter of the atoms.
      let lattice = structure.lattice
      let (a, b, c) = (lattice.a / 2, lattice.b / 2, lattice.c / 2)
      let primitive = try Lattice(a: a + b, b: b + c, c: c + a)
      let first = stride(from: 0, to: 56, by: 4).map { $0 }
      structure = Structure(
        lattice: primitive, species: first.map { structure.species[$0] },
        positions: first.map { primitive.fractional(lattice.cartesian(structure.positions[$0])) })
    } else {
      structure = try structure.repeated(SupercellMatrix(parsing: cell))
      cells = structure.count / 56
    }
    let shells = shells(structure, [.init("Zn", "O", 2.1), .init("O", "Mn", 2.1)])
    let sharing = PolyhedraSharing(shells, centres: [zinc, manganese], ligands: [.oxygen]).counts
    // Per 8 Zn and 16 Mn: every octahedron has 6 others at its edges, every tetrahedron 12 octahedra at its
    // corners, and tetrahedra do not touch.
    let scale = Double(structure.count) / 56
    #expect(sharing.count == 2)
    #expect(Double(sharing[0].edges) == 48 * scale && sharing[0].corners == 0)
    #expect(sharing[0].first == manganese && sharing[0].second == manganese)
    #expect(Double(sharing[1].corners) == 96 * scale && sharing[1].edges == 0)
    #expect(sharing.allSatisfy { $0.faces == 0 } && cells > 0)
  }

  @Test("octahedra of rutile share two edges and eight corners, of nickel arsenide two faces")
  func sharing() throws {
    let rutile = shells(try rutile(), [.init("Ti", "O", 2.1)])
    let counts = PolyhedraSharing(rutile, centres: [titanium], ligands: [.oxygen]).counts
    #expect(counts.map { [$0.corners, $0.edges, $0.faces] } == [[8, 2, 0]])
    // NiAs: octahedra in columns that share faces along c and edges in the plane.
    let nickel = try #require(Element(symbol: "Ni"))
    let arsenic = try #require(Element(symbol: "As"))
    let arsenide = Structure(
      lattice: try Lattice(lengths: SIMD3(3.6, 3.6, 5), anglesDegrees: SIMD3(90, 90, 120)),
      species: [nickel, nickel, arsenic, arsenic].map { Species($0) },
      positions: [
        Fractional(0, 0, 0), Fractional(0, 0, 0.5), Fractional(1.0 / 3, 2.0 / 3, 0.25),
        Fractional(2.0 / 3, 1.0 / 3, 0.75),
      ])
    let columns = PolyhedraSharing(
      shells(arsenide, [.init("Ni", "As", 2.6)]), centres: [nickel], ligands: [arsenic]
    ).counts
    // Per two nickel atoms: 2 faces, 6 edges, and 12 corners with the next layers.
    #expect(columns.map { [$0.corners, $0.edges, $0.faces] } == [[12, 6, 2]])
  }

  @Test("angles of octahedra and tetrahedra")
  func angles() throws {
    let shells = shells(try spinel(), [.init("Zn", "O", 2.1), .init("O", "Mn", 2.1)])
    let tetrahedra = AngleHistogram(shells, .oxygen, zinc, .oxygen)
    #expect(tetrahedra.count == 8 * 6)
    #expect(abs((tetrahedra.mean ?? 0) - acos(-1.0 / 3) * 180 / .pi) < 1e-9)
    #expect((tetrahedra.deviation ?? 1) < 1e-5)
    let octahedra = AngleHistogram(shells, .oxygen, manganese, .oxygen)
    #expect(octahedra.count == 16 * 15 && octahedra.counts[89] == 16 * 3)
    #expect(abs(octahedra.density.reduce(0, +) * AngleHistogram.binWidth - 1) < 1e-12)
    // Each oxygen has one zinc and three manganese around it.
    #expect(AngleHistogram(shells, zinc, .oxygen, manganese).count == 32 * 3)
    #expect(AngleHistogram(shells, manganese, .oxygen, manganese).count == 32 * 3)
  }

  @Test("solid angles give 8 for bcc and 12 for fcc, and 6 and 4 for spinel, in small cells too")
  func voronoi() throws {
    func numbers(_ lattice: Lattice, _ positions: [Fractional], _ share: Double) throws -> [Int] {
      try NeighbourShells(
        lattice, positions: positions, atoms: positions.map { _ in magnesium }, leastShare: share
      ).neighbours.map(\.count)
    }
    let bcc = try Lattice(a: SIMD3(-2, 2, 2), b: SIMD3(2, -2, 2), c: SIMD3(2, 2, -2))
    let fcc = try Lattice(a: SIMD3(0, 2, 2), b: SIMD3(2, 0, 2), c: SIMD3(2, 2, 0))
    let origin = [Fractional(0.2, 3.1, -0.4)]
    // The square faces of bcc have 0.360 of the solid angle of the hexagonal ones.
    #expect(try numbers(bcc, origin, 0.37) == [8] && numbers(bcc, origin, 0.35) == [14])
    #expect(try numbers(fcc, origin, 0.9) == [12])
    #expect(try numbers(.cubic(3), origin, 0.5) == [6])
    let structure = try spinel()
    let shells = try NeighbourShells(
      structure.lattice, positions: structure.positions,
      atoms: structure.species.map(\.element), leastShare: 0.4)
    #expect(LocalOrder(shells, centre: zinc, neighbours: [.oxygen]).meanNumber == 4)
    #expect(LocalOrder(shells, centre: manganese, neighbours: [.oxygen]).meanNumber == 6)
    for (atom, neighbours) in shells.neighbours.enumerated() {
      for neighbour in neighbours {
        // The vector leads to the atom that it is said to lead to.
        let (from, to) = (
          structure.positions[atom].wrapped, structure.positions[neighbour.atom].wrapped
        )
        let cell = SIMD3<Double>(neighbour.cell)
        let step = structure.lattice.cartesian(
          Fractional(to.components + cell - from.components)
        ).components
        #expect(length(step - neighbour.vector) < 1e-6)
      }
    }
  }

  @Test(
    "mean neighbours of the published glass",
    arguments: [("POSCAR_300K", 5.208333, 6.5), ("CONTCAR_900K", 5.333333, 6.083333)])
  func glass(file: String, vanadium: Double, magnesium expected: Double) throws {
    let structure = try StructureFile.read(
      analysisData.appending(path: "amorphous-MgV2O5/\(file)").path()
    ).structure
    let shells = shells(structure, [.init("V", "O", 2.5), .init("Mg", "O", 2.8)])
    let v = try #require(Element(symbol: "V"))
    #expect(abs(LocalOrder(shells, centre: v, neighbours: [.oxygen]).meanNumber - vanadium) < 1e-6)
    #expect(
      abs(LocalOrder(shells, centre: magnesium, neighbours: [.oxygen]).meanNumber - expected) < 1e-6
    )
  }
}
