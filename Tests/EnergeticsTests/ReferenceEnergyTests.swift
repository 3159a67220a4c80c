import CellgenTestSupport
import Crystal
import Energetics
import Foundation
import Testing

/// Energies of fixed configurations from other programs, by the slow sums and by the force field.
@Suite struct ReferenceEnergyTests {
  /// A case of `single_points.json` with the parameters of its pairs.
  struct Case: Decodable {
    let form: String
    let pairs: [String: [Double]]

    struct File: Decodable {
      let cases: [String: Case]
    }

    /// The pairs as potentials between elements.
    func potentials(_ point: SinglePoint) throws -> PotentialSet {
      let isPedone = form.hasPrefix("pedone")
      let pairs = try pairs.sorted { $0.key < $1.key }.map { key, numbers in
        let species = try key.split(separator: "-").map {
          Species(try #require(Element(symbol: String($0))))
        }
        let forms: [PairForm] =
          isPedone
          ? [
            .morse(depth: numbers[0], stiffness: numbers[1], distance: numbers[2]),
            .inversePower(coefficient: numbers[3], power: 12),
          ]
          : [
            .buckingham(amplitude: numbers[0], range: numbers[1], dispersion: numbers[2])
          ]
        return PotentialSet.Pair(species[0], species[1], terms: forms.map { .init($0) })
      }
      return PotentialSet(name: "reference", source: "", cutoff: point.cutoff, pairs: pairs)
    }
  }

  @Test(
    "ions at fixed geometry",
    arguments: [
      "LC_MgO", "LC_MgAl2O4", "MA_rutile", "BKS_quartz", "Pedone_MgO", "Pedone_MgCr2O4",
    ])
  func singlePoints(name: String) throws {
    let point = try SinglePoint.named(name)
    let parameters = try #require(readData("single_points.json", as: Case.File.self).cases[name])
    let potentials = try parameters.potentials(point)
    let configuration = Configuration(try point.structure())
    let charges = try configuration.species.map {
      try #require(point.charges[$0.element.symbol])
    }
    let direct = DirectSum(charges: charges, potentials: potentials).evaluate(configuration)
    // References have eight decimals, and quartz has coordinates with ten.
    #expect((direct.energy - point.energy).magnitude < 3e-8)
    let field = ForceField(
      species: configuration.species, charges: charges, potentials: potentials,
      electrostatics: Electrostatics(
        lattice: configuration.lattice, charges: charges, cutoff: point.cutoff, accuracy: 1e-8),
      threads: 2)
    let fast = try field.evaluate(configuration)
    let n = Double(charges.count)
    #expect((fast.energy - point.energy).magnitude / n < 1e-6)
    for (a, b) in zip(fast.forces, direct.forces) { #expect(length(a - b) < 1e-6) }
  }

  /// The coordinates of a configuration of NIST: rows of number, coordinates, and element if there are
  /// several.
  private func nist(_ name: String) throws -> [SIMD3<Double>] {
    let text = try String(contentsOf: dataFolder().appending(path: name), encoding: .utf8)
    return try text.split(separator: "\n").dropFirst(2).map { line in
      let words = line.split(separator: " ").compactMap { NumberReader.real($0) }
      try #require(words.count == 4)
      return SIMD3(words[1], words[2], words[3])
    }
  }

  @Test("configuration 4 of Lennard-Jones particles of NIST")
  func lennardJones() throws {
    let positions = try nist("nist_lj_config4.xyz")
    try #require(positions.count == 30)
    let argon = Species(try #require(Element(symbol: "Ar")))
    // Energies in units of ε, lengths in units of σ.
    let potentials = PotentialSet(
      name: "lj", source: "", cutoff: 3,
      pairs: [.init(argon, argon, .init(.lennardJones(depth: 1, size: 1)))])
    let configuration = Configuration(
      lattice: try .cubic(8), species: [Species](repeating: argon, count: 30),
      positions: positions)
    let reference = -16.790321304625856
    let direct = DirectSum(
      charges: [Double](repeating: 0, count: 30), potentials: potentials
    ).evaluate(configuration)
    #expect((direct.energy - reference).magnitude < 1e-11)
    let virial = (0..<3).reduce(0) { $0 + direct.strainDerivative[$1][$1] }
    #expect((virial - 46.249196746).magnitude < 1e-8)
    let field = ForceField(
      species: configuration.species, charges: [Double](repeating: 0, count: 30),
      potentials: potentials,
      electrostatics: Electrostatics(
        cutoff: 3, splitting: 1, points: SIMD3(8, 8, 8), splineOrder: 4), threads: 2)
    #expect(try (field.evaluate(configuration).energy - reference).magnitude < 1e-6)
  }

  @Test("the lattice sums of the face-centred and the simple cubic crystal", arguments: [4, 1])
  func latticeSums(atoms: Int) throws {
    // A₁₂ and A₆ of J. E. Lennard-Jones and A. E. Ingham, Proc. R. Soc. A 107, 636 (1925).
    let (sum12, sum6) = atoms == 4 ? (12.131880197, 14.45392104) : (6.202149045, 8.401923969)
    let argon = Species(try #require(Element(symbol: "Ar")))
    let edge = atoms == 4 ? 2.0.squareRoot() : 1
    let corners: [SIMD3<Double>] = [
      .zero, SIMD3(0, 0.5, 0.5), SIMD3(0.5, 0, 0.5), SIMD3(0.5, 0.5, 0),
    ]
    let cutoff = 12.0
    for (power, sum) in [(12, sum12), (6, sum6)] {
      let model = DirectSum(
        charges: [Double](repeating: 0, count: atoms),
        potentials: PotentialSet(
          name: "power", source: "", cutoff: cutoff,
          pairs: [.init(argon, argon, .init(.inversePower(coefficient: 1, power: power)))]))
      let found = model.evaluate(
        Configuration(
          lattice: try .cubic(edge), species: [Species](repeating: argon, count: atoms),
          positions: corners.prefix(atoms).map { edge * $0 })
      ).energy
      // What lies beyond the cutoff, as a continuum.
      let density = Double(atoms) / (edge * edge * edge)
      let tail =
        4 * Double.pi * density / Double(power - 3)
        * pow(cutoff, Double(3 - power))
      #expect((2 * found / Double(atoms) + tail - sum).magnitude < (power == 12 ? 1e-9 : 2e-4))
    }
  }

  @Test("configuration 1 of SPC/E water of NIST, part by part")
  func water() throws {
    let positions = try nist("nist_spce_config1.xyz")
    try #require(positions.count == 300)
    let charges = positions.indices.map { $0 % 3 == 0 ? -0.8476 : 0.4238 }
    // In units of K with the constants of NIST: e²/(4πε₀ k_B) in K Å.
    let coulomb = 167100.9566
    let ewald = EwaldSum(
      lattice: try .cubic(20), positions: positions.map { Fractional($0 / 20) }, charges: charges,
      accuracy: 1e-12)
    // Pairs within a molecule count in the Ewald sum and not in the reference.
    var inside = 0.0
    for first in stride(from: 0, to: 300, by: 3) {
      for (i, j) in [(0, 1), (0, 2), (1, 2)] {
        inside +=
          charges[first + i] * charges[first + j]
          / length(positions[first + i] - positions[first + j])
      }
    }
    let found = coulomb * (ewald.energy / Constants.coulomb - inside)
    // Real, Fourier, self and intramolecular part of the reference, which cuts off its sums.
    let reference = -558888.9197 + 6270.093784 - 2844691.574 + 2809992.2
    #expect((found / reference - 1).magnitude < 5e-6, "\(found) \(reference)")
    // The dispersion, cut off at 10 Å between oxygen atoms.
    let oxygen = Species(.oxygen)
    let model = DirectSum(
      charges: [Double](repeating: 0, count: 100),
      potentials: PotentialSet(
        name: "water", source: "", cutoff: 10,
        pairs: [
          .init(oxygen, oxygen, .init(.lennardJones(depth: 78.19743111, size: 3.16555789)))
        ]))
    let dispersion = model.evaluate(
      Configuration(
        lattice: try .cubic(20), species: [Species](repeating: oxygen, count: 100),
        positions: stride(from: 0, to: 300, by: 3).map { positions[$0] })
    ).energy
    #expect((dispersion / 99538.73621 - 1).magnitude < 1e-9, "\(dispersion)")
  }
}
