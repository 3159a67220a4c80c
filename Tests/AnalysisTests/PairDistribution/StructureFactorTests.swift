import CellgenTestSupport
import Crystal
import Foundation
import Testing

@testable import Analysis

@Suite struct StructureFactorTests {
  private let wavenumbers = stride(from: 0.5, through: 20, by: 0.25).map { $0 }

  /// Rocksalt with an edge of 4.2 Å.
  private func rocksalt() throws -> PairDistribution {
    let magnesium = try #require(Element(symbol: "Mg"))
    let lattice = try Lattice(a: SIMD3(0, 2.1, 2.1), b: SIMD3(2.1, 0, 2.1), c: SIMD3(2.1, 2.1, 0))
    var distribution = PairDistribution(
      elements: [magnesium, .oxygen], radius: 8, binWidth: 0.002)
    distribution.add(
      lattice, positions: [Fractional(0, 0, 0), Fractional(0.5, 0.5, 0.5)],
      atoms: [magnesium, .oxygen])
    return distribution
  }

  private func factor(
    _ distribution: PairDistribution, _ window: StructureFactor.Window = .none
  ) throws -> StructureFactor {
    var result: StructureFactor?
    _ = distribution.estimate(blocks: 0) { means in
      result = StructureFactor(
        means, elements: distribution.elements, distances: distribution.distances,
        binWidth: distribution.binWidth, wavenumbers: wavenumbers, window: window)
      return []
    }
    return try #require(result)
  }

  @Test("partial structure factors are sums over shells less the sphere of even density")
  func shells() throws {
    let distribution = try rocksalt()
    let factor = try factor(distribution)
    let magnesium = try #require(Element(symbol: "Mg"))
    // Unlike neighbours up to 8 Å in units of half the edge: number at distance².
    let shells = [(1, 6), (3, 8), (5, 24), (9, 30), (11, 24), (13, 24)]
    let (density, radius) = (2 / (4.2 * 4.2 * 4.2 / 4), 8.0)
    for (q, value) in zip(wavenumbers, factor.partial(magnesium, .oxygen)) {
      // Σ over b around a, divided by the fraction of b, minus the integral of the even density.
      let sum = shells.reduce(0.0) { sum, shell in
        let r = 2.1 * Double(shell.0).squareRoot()
        return sum + Double(shell.1) * sin(q * r) / (q * r) / 0.5
      }
      let even = 4 * .pi * density * (sin(q * radius) - q * radius * cos(q * radius)) / (q * q * q)
      #expect(abs(value - (1 + sum - even)) < 0.03 + 0.01 * abs(sum), "q = \(q)")
    }
  }

  @Test("g = 1 gives S = 1, whatever scatters, with either window")
  func gas() throws {
    // A point lattice so fine that every bin holds its even share.
    var distribution = PairDistribution(elements: [.oxygen], radius: 6, binWidth: 0.5)
    var random = RandomStream(seed: 1, purpose: "gas")
    let positions = (0..<3000).map { _ in
      Fractional(SIMD3<Double>.random(in: 0..<1, using: &random))
    }
    for _ in 0..<2 {
      distribution.add(
        try .cubic(20), positions: positions,
        atoms: [Element](repeating: .oxygen, count: positions.count))
    }
    for window in StructureFactor.Window.allCases {
      let values = try factor(distribution, window)
      let (xray, neutron) = (try values.total(.xray), try values.total(.neutron))
      for (index, value) in values.partial(.oxygen, .oxygen).enumerated() {
        // One element: the amplitudes cancel.
        #expect(abs(xray[index] - value) < 1e-12 && abs(neutron[index] - value) < 1e-12)
        #expect(abs(value - 1) < 1.2)
      }
    }
  }

  @Test("the sums weigh pairs with fractions and amplitudes")
  func weights() throws {
    let factor = try factor(rocksalt(), .lorch)
    let magnesium = try #require(Element(symbol: "Mg"))
    let (bMg, bO) = (5.375, 5.803)
    let neutron = try factor.total(.neutron)
    for index in wavenumbers.indices {
      let parts =
        bMg * bMg * (factor.partial(magnesium, magnesium)[index] - 1)
        + 2 * bMg * bO * (factor.partial(.oxygen, magnesium)[index] - 1)
        + bO * bO * (factor.partial(.oxygen, .oxygen)[index] - 1)
      #expect(abs(neutron[index] - 1 - parts / ((bMg + bO) * (bMg + bO))) < 1e-12)
    }
  }

  @Test("form factors begin at the number of electrons, for all tabulated elements")
  func forward() throws {
    var count = 0
    for element in Element.all {
      guard let f = ScatteringTable.amplitude(of: element, .xray, wavenumber: 0) else { continue }
      count += 1
      #expect(abs(f - Double(element.atomicNumber)) < 0.06, "\(element)")
      let far = try #require(
        ScatteringTable.amplitude(
          of: element, .xray, wavenumber: ScatteringTable.largestWavenumber))
      #expect(far < f && far > -0.2, "\(element)")
    }
    #expect(count == 98)
  }

  @Test(
    "amplitudes of another digitisation of the same tables",
    arguments: [
      // X-rays at q = 5 Å⁻¹: periodictable 2.1.0, cromermann.fxrayatq; neutrons: Sears 1992.
      ("Li", 1.275_4, -1.90), ("O", 3.024_4, 5.803), ("Mg", 6.221_9, 5.375),
      ("Ti", 10.897_3, -3.438),
      ("V", 11.580_5, -0.3824), ("Mn", 13.084_6, -3.73), ("Zn", 17.479_0, 5.68),
    ])
  func amplitudes(symbol: String, xray: Double, neutron: Double) throws {
    let element = try #require(Element(symbol: symbol))
    let f = try #require(ScatteringTable.amplitude(of: element, .xray, wavenumber: 5))
    #expect(abs(f - xray) < 0.02)
    #expect(ScatteringTable.amplitude(of: element, .neutron, wavenumber: 5) == neutron)
  }

  @Test("elements without data are named")
  func unknown() throws {
    let polonium = try #require(Element(symbol: "Po"))
    let hassium = try #require(Element(symbol: "Hs"))
    let lattice = try Lattice.cubic(4)
    var distribution = PairDistribution(
      elements: [polonium, hassium, .oxygen], radius: 5, binWidth: 0.1)
    distribution.add(
      lattice,
      positions: [Fractional(0, 0, 0), Fractional(0.5, 0.5, 0.5), Fractional(0.5, 0, 0)],
      atoms: [polonium, hassium, .oxygen])
    let factor = try factor(distribution)
    #expect {
      _ = try factor.total(.neutron)
    } throws: {
      "\($0)" == "no neutron scattering length is tabulated for Po, Hs"
    }
    #expect {
      _ = try factor.total(.xray)
    } throws: {
      "\($0)" == "no X-ray form factor is tabulated for Hs"
    }
  }
}
