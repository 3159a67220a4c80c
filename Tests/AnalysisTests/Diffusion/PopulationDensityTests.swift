import CellgenTestSupport
import Crystal
import StructureIO
import Testing

@testable import Analysis

@Suite struct PopulationDensityTests {
  @Test("the density integrates to the number of ions per cell, smoothed or not")
  func integral() {
    var random = RandomStream(seed: 2, purpose: "density")
    var density = PopulationDensity(counts: SIMD3(10, 12, 15))
    for _ in 0..<50 {
      density.append(
        (0..<6).map { _ in 8 * SIMD3(random.uniform(), random.uniform(), random.uniform()) })
    }
    for width in [0, 0.1, 0.5, 3] {
      let values = density.values(skewedLattice, cells: 4, width: width)
      let integral = values.reduce(0, +) * skewedLattice.volume / Double(values.count)
      #expect((integral - 1.5).magnitude < 1e-9)
      #expect(values.allSatisfy { $0 >= 0 })
    }
  }

  @Test("an ion at rest becomes a Gaussian of the distance, also in a skewed cell")
  func gaussian() {
    let counts = SIMD3(40, 40, 40)
    var density = PopulationDensity(counts: counts)
    density.append([SIMD3(0.5, 0.25, -0.25)])
    let width = 0.5
    let grid = VolumetricGrid(
      counts: counts, values: density.values(skewedLattice, cells: 1, width: width))
    let centre = Fractional(0.5, 0.25, 0.75)
    for offset in [
      SIMD3(0.0, 0, 0), SIMD3(0.05, 0, 0), SIMD3(0, 0.1, 0), SIMD3(0.1, -0.05, 0.15),
    ] {
      let place = Fractional(centre.components + offset)
      let r = skewedLattice.distance(place, centre)
      let norm = 1 / (2 * Double.pi * width * width)
      let expected = norm * norm.squareRoot() * exponential(-r * r / (2 * width * width))
      #expect((grid.value(at: place) - expected).magnitude < 1e-5)
    }
  }

  /// e to the power x by its series, which converges quickly for the small x here.
  private func exponential(_ x: Double) -> Double {
    var (sum, term) = (1.0, 1.0)
    for n in 1..<60 {
      term *= x / Double(n)
      sum += term
    }
    return sum
  }

  @Test("folding back is the same for every image and every supercell")
  func folding() {
    var one = PopulationDensity(counts: SIMD3(7, 8, 9))
    var other = one
    let places = [SIMD3(0.1, 0.2, 0.3), SIMD3(0.999, 0.5, 0.01)]
    one.append(places)
    other.append(places + places.map { $0 + SIMD3(1, -2, 3) })
    let (a, b) = (
      one.values(skewedLattice, cells: 1, width: 0.3),
      other.values(skewedLattice, cells: 2, width: 0.3)
    )
    for (p, q) in zip(a, b) { #expect((p - q).magnitude < 1e-12) }
  }

  @Test("sites are joined where the density between them stays high, and directions are counted")
  func network() throws {
    let magnesium = try #require(Element(symbol: "Mg"))
    var parent = Structure(
      lattice: try Lattice.cubic(4), species: [Species(magnesium), .vacancy],
      positions: [Fractional(0, 0, 0), Fractional(0.5, 0, 0)])
    parent.labels = ["A", "B"]
    let sites = try SiteLattice(
      parent, start: parent.withoutVacancies(), mobile: magnesium)
    // A channel along a: high where y and z are small.
    func channel(_ position: Fractional) -> Double {
      let f = position.components - position.components.rounded(.toNearestOrEven)
      return f.y.magnitude < 0.1 && f.z.magnitude < 0.1 ? 2 : 0.5
    }
    let line = DensityNetwork(sites, reach: 2.5, level: 1, density: channel)
    #expect(line.links.count == 2)
    #expect(line.links.allSatisfy { $0.least == 2 && ($0.length - 2).magnitude < 1e-12 })
    #expect(line.dimensions == 1)
    #expect(DensityNetwork(sites, reach: 2.5, level: 3, density: channel).dimensions == 0)
    let wide = DensityNetwork(sites, reach: 4.1, level: 0.4, density: channel)
    #expect(wide.dimensions == 3)
    // A to B twice, and each of A and B to itself along a, b and c.
    #expect(wide.links.count == 8)
    #expect(wide.links.count { $0.least == 0.5 } == 4)
  }
}
