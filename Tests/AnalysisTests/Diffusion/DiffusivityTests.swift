import CellgenTestSupport
import Crystal
import Foundation
import Testing

@testable import Analysis

@Suite struct DiffusivityTests {
  /// The published table: t in fs, MSD, MSD along a, b, c, and MSCD in Å².
  private func table() throws -> [[Double]] {
    let url = ReferenceCases.folder.appending(path: "amorphous-MgV2O5/msd_table_1000K.txt")
    return try String(contentsOf: url, encoding: .utf8).split(separator: "\n")
      .filter { !$0.hasPrefix("#") }
      .map { $0.split(separator: " ").compactMap { NumberReader.real($0) } }
  }

  @Test("the published table of amorphous MgV2O5 at 1000 K gives D*, D_J and the Haven ratio")
  func publishedTable() throws {
    let expected = try ReferenceCases.read().published_MSD_table_1000K
    let rows = try table()
    #expect(rows.count == 21)
    let lags = rows.map { $0[0] }
    func diffusivity(_ column: Int, dimensions: Int = 3) throws -> Double {
      let fit = try #require(
        Diffusivity(
          lags: lags, displacement: rows.map { $0[column] },
          window: FitWindow(from: 0, to: 4_000_000), dimensions: dimensions))
      #expect(fit.points == 21)
      return Diffusivity.squareCentimetresPerSecond * fit.value
    }
    let reference = expected.fits.least_squares_all_points
    let tracer = try diffusivity(1)
    let values = [
      "D_star_cm2_s": tracer, "D_J_cm2_s": try diffusivity(5),
      "Haven": tracer / (try diffusivity(5)),
      "D_a_cm2_s": try diffusivity(2, dimensions: 1),
      "D_b_cm2_s": try diffusivity(3, dimensions: 1),
      "D_c_cm2_s": try diffusivity(4, dimensions: 1),
    ]
    for (name, value) in values {
      let wanted = try #require(reference[name])
      #expect((value - wanted).magnitude < 1e-9 * wanted, "\(name)")
    }
    #expect((tracer / expected.published.D_paper - 1).magnitude < 0.02)
  }

  @Test("lines have the slope of their kind of motion")
  func logSlopes() throws {
    let lags = (0..<100).map { 10 * Double($0) }
    let window = FitWindow(from: 100, to: 800)
    for (power, slope) in [(1.0, 1.0), (2, 2), (0.5, 0.5)] {
      let fit = try #require(
        Diffusivity(lags: lags, displacement: lags.map { 0.3 * pow($0, power) }, window: window))
      #expect(((fit.logSlope ?? 0) - slope).magnitude < 1e-9)
    }
    let walk = try #require(
      Diffusivity(lags: lags, displacement: lags.map { 0.7 + 0.06 * $0 }, window: window))
    #expect((walk.value - 0.01).magnitude < 1e-12)
    #expect((walk.intercept - 0.7).magnitude < 1e-9)
    #expect(walk.points == 71)
    #expect(Diffusivity(lags: lags, displacement: lags, window: FitWindow(from: 5, to: 14)) == nil)
    let still = Diffusivity(lags: lags, displacement: lags.map { _ in 0 }, window: window)
    #expect(still?.value == 0 && still?.logSlope == nil)
  }

  @Test("published coefficients give the published activation energy")
  func arrhenius() throws {
    let reference = try ReferenceCases.read().arrhenius_paper002
    let fit = try ArrheniusFit(
      zip(reference.T, reference.D_cm2_s).map { .init(temperature: $0, diffusivity: $1) })
    #expect((fit.activationEnergy - reference.fit_ln.Ea_eV).magnitude < 1e-6)
    #expect((fit.prefactor / reference.fit_ln.D0_cm2_s - 1).magnitude < 1e-5)
    #expect(!fit.isWeighted && (fit.activationEnergyError ?? 0) > 0)
    let back = fit.diffusivity(at: 300)
    #expect((back.value / 1.67e-6 - 1).magnitude < 0.02)
    #expect((back.factor ?? 0) > 1)
  }

  @Test("weights follow the errors, and the extrapolation has the error of the line")
  func weightedArrhenius() throws {
    let (energy, prefactor) = (0.4, 1e-3)
    func exact(_ temperature: Double) -> Double {
      prefactor * exp(-energy / (Constants.boltzmann * temperature))
    }
    func point(_ temperature: Double, _ factor: Double, _ error: Double) -> ArrheniusFit.Point {
      .init(
        temperature: temperature, diffusivity: factor * exact(temperature),
        error: error * exact(temperature))
    }
    // A point that is far off but has a large error hardly counts.
    let fit = try ArrheniusFit([
      point(600, 1, 0.01), point(800, 1, 0.01), point(1000, 3, 3), point(1200, 1, 0.01),
    ])
    #expect(fit.isWeighted)
    #expect((fit.activationEnergy - energy).magnitude < 1e-3)
    // Two points: the errors of the ends of a lever, by hand.
    let two = try ArrheniusFit([point(500, 1, 0.1), point(1000, 1, 0.2)])
    let (x1, x2) = (1 / (Constants.boltzmann * 500), 1 / (Constants.boltzmann * 1000))
    let slopeError = (0.1 * 0.1 + 0.2 * 0.2).squareRoot() / (x1 - x2)
    #expect(((two.activationEnergyError ?? 0) / slopeError - 1).magnitude < 1e-9)
    let x = 1 / (Constants.boltzmann * 300)
    let (p, q) = (0.1 * (x - x2) / (x1 - x2), 0.2 * (x - x1) / (x1 - x2))
    let factor = exp((p * p + q * q).squareRoot())
    let target = two.diffusivity(at: 300)
    #expect((target.value / exact(300) - 1).magnitude < 1e-9)
    #expect(((target.factor ?? 0) / factor - 1).magnitude < 1e-9)
    #expect(
      try ArrheniusFit([
        .init(temperature: 500, diffusivity: 1), .init(temperature: 600, diffusivity: 2),
      ])
      .activationEnergyError == nil)
  }

  @Test("coefficients that have no logarithm, or one temperature, are refused")
  func badArrhenius() {
    for (points, message) in [
      ([(500, 1e-6), (600, -1e-7)], "600.0 K: the diffusion coefficient is -1e-07"),
      ([(500, 1e-6), (500, 2e-6)], "two temperatures or more, found 1"),
      ([], "two temperatures or more, found 0"), ([(-5, 1e-6)], "temperature -5.0 K"),
    ] as [([(Double, Double)], String)] {
      let error = #expect(throws: InputError.self) {
        _ = try ArrheniusFit(points.map { .init(temperature: $0.0, diffusivity: $0.1) })
      }
      #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    }
  }

  @Test("Nernst and Einstein with the square of the charge give the published conductivity")
  func nernstEinstein() throws {
    let reference = try ReferenceCases.read().nernst_einstein_paper004
    // 1000 ions in the volume that makes the published density.
    let conductivity = IonicConductivity.nernstEinstein(
      diffusivity: reference.D_cm2_s / Diffusivity.squareCentimetresPerSecond,
      charge: reference.z, ions: 1000, volume: 1000 / reference.implied_number_density_per_A3,
      temperature: reference.T)
    #expect((conductivity - reference.sigma_published_mS_cm).magnitude < 1e-5)
  }

  @Test("the conductivity of given displacements splits into the reference parts")
  func partition() throws {
    let reference = try ReferenceCases.read().conductivity_partition_MgCl
    let lattice = try Lattice.cubic(1000)
    let count = reference.species.count
    var history = DisplacementHistory(
      atoms: count, driftWeights: Array(repeating: 0, count: count))
    let start = (0..<count).map { SIMD3(Double($0), 0, 0) }
    history.append(start.map { lattice.fractional(Cartesian($0)) }, lattice)
    history.append(
      zip(start, reference.displacements).map {
        lattice.fractional(Cartesian($0 + SIMD3($1[0], $1[1], $1[2])))
      }, lattice)
    let names = ["Mg", "Cl"]
    let groups = names.map { name in (0..<count).filter { reference.species[$0] == name } }
    let parts = ChargePartition(
      DisplacementCorrelations(history, groups: groups),
      charges: names.map { reference.charges[$0] ?? 0 })
    let found = [
      "self_Mg": parts.own[0][1], "distinct_Mg": parts.distinct[0][1], "self_Cl": parts.own[1][1],
      "distinct_Cl": parts.distinct[1][1], "cross_abs_Cl_Mg": parts.cross[0].values[1],
      "total": parts.total[1],
    ]
    #expect(found.count == reference.sums_A2.count)
    for (name, value) in found {
      #expect((value - (reference.sums_A2[name] ?? .nan)).magnitude < 1e-4, "\(name)")
      let conductivity = IonicConductivity.einstein(
        slope: value / (1000 * reference.time_ps), volume: reference.volume_A3,
        temperature: reference.T)
      #expect(
        (conductivity - (reference.sigma_mS_per_cm[name] ?? .nan)).magnitude < 1e-5, "\(name)")
    }
  }

  @Test("distances of Gaussian steps have their distribution and no non-Gaussian parameter")
  func gaussianSteps() throws {
    var random = RandomStream(seed: 4, purpose: "steps")
    // The sum of twelve uniform numbers is nearly Gaussian with variance 1.
    func step() -> Double { (0..<12).reduce(-6.0) { sum, _ in sum + random.uniform() } }
    let (atoms, frames) = (40, 400)
    var history = DisplacementHistory(
      atoms: atoms, driftWeights: Array(repeating: 0, count: atoms), isUnwrapped: true)
    let lattice = try Lattice.cubic(10)
    var place = Array(repeating: SIMD3<Double>(), count: atoms)
    for _ in 0..<frames {
      for atom in 0..<atoms { place[atom] += 0.1 * SIMD3(step(), step(), step()) }
      history.append(place.map { lattice.fractional(Cartesian($0)) }, lattice)
    }
    let found = DisplacementDistribution(
      history, atoms: Array(0..<atoms), lags: [1, 4], binWidth: 0.02)
    for (lag, (density, parameter)) in zip(
      [1.0, 4], zip(found.density, found.nonGaussian))
    {
      let total = density.reduce(0, +) * 0.02
      #expect((total - 1).magnitude < 1e-12)
      let mean = density.enumerated().reduce(0) { $0 + (Double($1.0) + 0.5) * 0.02 * $1.1 * 0.02 }
      // ⟨r⟩ = 2 σ √(2/π)
      let expected = 2 * 0.1 * lag.squareRoot() * (2 / Double.pi).squareRoot()
      #expect((mean / expected - 1).magnitude < 0.02)
      #expect((parameter ?? 1).magnitude < 0.05)
    }
    // Half of the ions at rest: ⟨r⁴⟩ and ⟨r²⟩² halve and quarter, so α₂ = 1.
    var mixed = DisplacementHistory(
      atoms: 2, driftWeights: [0, 0], isUnwrapped: true)
    var walker = SIMD3<Double>()
    for _ in 0..<3000 {
      walker += 0.1 * SIMD3(step(), step(), step())
      mixed.append([Fractional(0, 0, 0), lattice.fractional(Cartesian(walker))], lattice)
    }
    let half = DisplacementDistribution(mixed, atoms: [0, 1], lags: [1], binWidth: 0.02)
    #expect(((half.nonGaussian[0] ?? 0) - 1).magnitude < 0.35)
    #expect(DisplacementDistribution.logarithmicLags(upTo: 100, count: 3) == [1, 10, 100])
    #expect(DisplacementDistribution.logarithmicLags(upTo: 3, count: 10) == [1, 2, 3])
  }

  @Test("the distinct function starts as the shells of the crystal and stays so without motion")
  func distinct() throws {
    let cell = Structure(
      lattice: try Lattice.cubic(3), species: [Species(.oxygen)],
      positions: [Fractional(0.3, 0.1, 0.7)])
    let start = try cell.repeated(SupercellMatrix(parsing: "4x4x4"))
    var history = DisplacementHistory(
      atoms: 64, driftWeights: Array(repeating: 0, count: 64))
    for _ in 0..<3 { history.append(start.positions, start.lattice) }
    let found = DistinctDistribution(
      history, start: start, centres: Array(0..<64), others: Array(0..<64), lags: [0, 1],
      binWidth: 0.45)
    for (now, later) in zip(found.values[0], found.values[1]) {
      #expect((now - later).magnitude < 1e-12 * (1 + now))
    }
    #expect(found.values[0].count == 13)
    // 6, 12 and 8 neighbours at 3, 4.24 and 5.20 Å.
    for (bin, neighbours) in [(6, 6.0), (9, 12), (11, 8)] {
      let (r, s) = (0.45 * Double(bin), 0.45 * Double(bin + 1))
      let shell = 4 * Double.pi / 3 * (s * s * s - r * r * r)
      #expect((found.values[0][bin] - neighbours / (shell / 27)).magnitude < 1e-9)
    }
    #expect(found.values[0].count { $0 > 0 } == 3)
  }
}
