import CellgenTestSupport
import Crystal
import Handoff
import Testing

@Suite struct ImagePathTests {
  /// An ion that hops straight through another one.
  private func ends() throws -> (Structure, Structure) {
    let lattice = try Lattice(a: SIMD3(8, 0, 0), b: SIMD3(0, 8, 0), c: SIMD3(0, 0, 8))
    let (mg, o) = (Species(Element.all[11]), Species(Element.oxygen))
    func cell(_ x: Double) -> Structure {
      Structure(
        lattice: lattice, species: [mg, o, o],
        positions: [
          Fractional(SIMD3(x, 0.5, 0.5)), Fractional(SIMD3(0.5, 0.52, 0.5)),
          Fractional(SIMD3(0.5, 0.1, 0.5)),
        ])
    }
    return (cell(0.3), cell(0.7))
  }

  @Test func `the straight path goes by the nearest image`() throws {
    let lattice = try Lattice.cubic(10)
    func cell(_ x: Double) -> Structure {
      Structure(
        lattice: lattice, species: [Species(.oxygen)], positions: [Fractional(SIMD3(x, 0, 0))])
    }
    let path = try ImagePath(from: cell(0.9), to: cell(0.1), images: 3)
    let places = path.structures.map { $0.positions[0].components.x }
    for (place, expected) in zip(places, [0.9, 0.95, 1, 1.05, 1.1]) {
      #expect((place - expected).magnitude < 1e-12)
    }
    #expect(path.structures.count == 5)
  }

  @Test func `the pair potential moves atoms out of one another's way`() throws {
    let (first, last) = try ends()
    let straight = try ImagePath(from: first, to: last, images: 5)
    let bent = straight.onPairPotential()
    let before = try #require((1...5).compactMap { straight.shortestDistance($0) }.min())
    let after = try #require((1...5).compactMap { bent.shortestDistance($0) }.min())
    #expect(before < 0.3)
    #expect(after > 1.0)
    #expect(bent.structures.first == straight.structures.first)
    #expect(bent.structures.last == straight.structures.last)
    #expect(straight.onPairPotential().structures == bent.structures)
  }

  @Test func `a path without obstacles stays straight`() throws {
    let lattice = try Lattice.cubic(12)
    func cell(_ x: Double) -> Structure {
      Structure(
        lattice: lattice, species: [Species(.oxygen), Species(.oxygen)],
        positions: [Fractional(SIMD3(x, 0.5, 0.5)), Fractional(SIMD3(0, 0.5, 0.5))])
    }
    // The distance grows in proportion on the straight line, as it shall.
    let straight = try ImagePath(from: cell(0.2), to: cell(0.4), images: 3)
    let bent = straight.onPairPotential(cutoff: 5.5)
    for (a, b) in zip(straight.structures, bent.structures) {
      for (p, q) in zip(a.positions, b.positions) {
        let d = p.components - q.components
        #expect((d * d).sum().squareRoot() < 1e-3)
      }
    }
  }

  @Test func `different atoms are refused`() throws {
    let (first, last) = try ends()
    #expect(throws: InputError.self) {
      try ImagePath(from: first, to: last.selecting([1, 0, 2]), images: 1)
    }
  }
}
