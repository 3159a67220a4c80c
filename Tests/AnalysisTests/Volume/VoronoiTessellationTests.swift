import Analysis
import CellgenTestSupport
import Crystal
import Testing

@Suite struct VoronoiTessellationTests {
  @Test(
    "cells fill space, and faces and corners are as far from both sides", arguments: [1, 2, 12])
  func triclinic(points: Int) throws {
    var stream = RandomStream(seed: UInt64(points), purpose: "voronoi")
    let positions = (0..<points).map { _ in
      Fractional(3 * stream.uniform() - 1, stream.uniform(), stream.uniform())
    }
    let tessellation = try VoronoiTessellation(lattice: skewedLattice, positions: positions)
    let volume = tessellation.cells.reduce(0) { $0 + $1.volume }
    #expect((volume - skewedLattice.volume).magnitude < 1e-8)
    for (index, cell) in tessellation.cells.enumerated() {
      for vertex in cell.vertices {
        let distances = positions.map { skewedLattice.distance($0, vertex) }
        #expect((distances[index] - (distances.min() ?? 0)).magnitude < 1e-6)
      }
      for face in cell.faces {
        let (own, other) = (
          skewedLattice.distance(positions[index], face.centre),
          skewedLattice.distance(positions[face.neighbour], face.centre)
        )
        #expect((own - other).magnitude < 1e-6)
        #expect(face.area >= 0)
      }
    }
  }

  @Test("the cell of an fcc atom is a rhombic dodecahedron")
  func rhombicDodecahedron() throws {
    let lattice = try Lattice(a: SIMD3(0, 2, 2), b: SIMD3(2, 0, 2), c: SIMD3(2, 2, 0))
    let cell = try #require(
      try VoronoiTessellation(lattice: lattice, positions: [Fractional(0.3, 0.1, 0.9)]).cells.first)
    #expect((cell.volume - 16).magnitude < 1e-9)
    #expect(cell.faces.filter { $0.area > 1e-6 }.count == 12)
    // Edge a/2·√3/2·…: area of each face is √2 a²/8 for the edge a = 4 of the cube.
    let total = cell.faces.reduce(0) { $0 + $1.area }
    #expect((total - 12 * 2.0.squareRoot() * 16 / 8).magnitude < 1e-6)
  }

  @Test("long and left-handed cells")
  func shapes() throws {
    let long = try Lattice(a: SIMD3(3, 0, 0), b: SIMD3(0, 3, 0), c: SIMD3(33, 21, 30))
    let cells = try VoronoiTessellation(lattice: long, positions: [Fractional(0, 0, 0)]).cells
    #expect((cells[0].volume - 270).magnitude < 1e-6)
    for edges in [SIMD3(3.0, 3, 33), SIMD3(33.0, 33, 3), SIMD3(3.0, 33, 17)] {
      let cell = try Lattice(
        a: SIMD3(edges.x, 0, 0), b: SIMD3(0.3 * edges.x, edges.y, 0), c: SIMD3(0, 1, edges.z))
      let found = try VoronoiTessellation(
        lattice: cell, positions: [Fractional(0, 0, 0), Fractional(0.1, 0.6, 0.3)])
      #expect((found.cells[0].volume + found.cells[1].volume - cell.volume).magnitude < 1e-6)
    }
    let left = try Lattice(a: SIMD3(0, 3, 0), b: SIMD3(3, 0, 0), c: SIMD3(0, 0, 4))
    #expect(
      try VoronoiTessellation(lattice: left, positions: [Fractional(0, 0, 0)]).cells.count == 1)
    let needle = try Lattice(a: SIMD3(3, 0, 0), b: SIMD3(0, 3, 0), c: SIMD3(0, 0, 90))
    #expect(throws: InputError.self) {
      try VoronoiTessellation(lattice: needle, positions: [Fractional(0, 0, 0)])
    }
  }
}
