import CellgenTestSupport
import Crystal
import Testing

@testable import Energetics

@Suite struct ForceFieldTests {
  /// Ions at random, none nearer than 1.7 Å.
  private func ions(_ lattice: Lattice, _ count: Int) throws -> Configuration {
    let kinds = try ["Mg2+", "O2-", "Mn3.25+", "O2-", "Zn2+", "O2-"].map {
      try #require(Species($0))
    }
    var random = RandomStream(seed: 3, purpose: "force field tests")
    var positions: [SIMD3<Double>] = []
    while positions.count < count {
      let f = SIMD3<Double>.random(in: -1..<2, using: &random)
      let r = lattice.cartesian(Fractional(f)).components
      let isFree = positions.allSatisfy { other in
        var step = lattice.fractional(Cartesian(r - other)).components
        step -= step.rounded(.toNearestOrEven)
        return lattice.latticePoints(within: 2).allSatisfy { image in
          let shift = SIMD3<Double>(image)
          return length(lattice.cartesian(Fractional(step + shift)).components) > 1.7
        }
      }
      if isFree { positions.append(r) }
    }
    return Configuration(
      lattice: lattice, species: (0..<count).map { kinds[$0 % kinds.count] }, positions: positions)
  }

  private func charges(_ configuration: Configuration) -> [Double] {
    configuration.species.map { $0.oxidationState ?? 0 }
  }

  private func model(
    _ configuration: Configuration, accuracy: Double, cutoff: Double = 7, threads: Int = 2,
    truncation: Truncation = .plain
  ) -> ForceField {
    let charges = charges(configuration)
    var potentials = PotentialSet.lewisCatlow
    potentials.truncation = truncation
    return ForceField(
      species: configuration.species, charges: charges, potentials: potentials,
      electrostatics: Electrostatics(
        lattice: configuration.lattice, charges: charges, cutoff: cutoff, accuracy: accuracy),
      threads: threads)
  }

  private func difference(_ a: Evaluation, _ b: Evaluation) -> Double {
    let square = zip(a.forces, b.forces).reduce(0) { $0 + dot($1.0 - $1.1, $1.0 - $1.1) }
    return (square / Double(a.forces.count)).squareRoot()
  }

  @Test(
    "agrees with the direct sum to the accuracy asked for, also in cells below the cutoff",
    arguments: [1e-4, 1e-5, 1e-6, 1e-7])
  func accuracy(_ accuracy: Double) throws {
    var potentials = PotentialSet.lewisCatlow
    potentials.cutoff = 7
    for (lattice, count) in [
      (skewedLattice, 12),
      (try Lattice(a: SIMD3(14, 0, 0), b: SIMD3(4, 12, 0), c: SIMD3(-3, 5, 13)), 90),
    ] {
      let ions = try ions(lattice, count)
      let exact = DirectSum(charges: charges(ions), potentials: potentials).evaluate(ions)
      let fast = try model(ions, accuracy: accuracy).evaluate(ions)
      #expect(difference(exact, fast) < 2 * accuracy * Constants.coulomb)
      #expect(abs(exact.energy - fast.energy) < 50 * accuracy * Double(count))
      for row in 0..<3 {
        #expect(
          length(exact.strainDerivative[row] - fast.strainDerivative[row])
            < 200 * accuracy * Double(count))
      }
    }
  }

  @Test("forces and strain derivative are the slopes of the energy", arguments: Truncation.allCases)
  func slopes(_ truncation: Truncation) throws {
    let ions = try ions(skewedLattice, 12)
    let model = model(ions, accuracy: 1e-8, truncation: truncation)
    let here = try model.evaluate(ions)
    let h = 1e-4
    for atom in [0, 3, 11] {
      for axis in 0..<3 {
        func moved(_ step: Double) throws -> Double {
          var moved = ions
          moved.positions[atom][axis] += step
          return try model.evaluate(moved).energy
        }
        let slope = try (moved(h) - moved(-h)) / (2 * h)
        #expect(abs(here.forces[atom][axis] + slope) < 1e-6 * max(1, abs(slope)))
      }
    }
    let scale = here.strainDerivative.map(length).max() ?? 0
    for row in 0..<3 {
      for column in 0...row {
        func strained(_ size: Double) throws -> Double {
          func strain(_ r: SIMD3<Double>) -> SIMD3<Double> {
            var r = r
            let old = r
            r[row] += 0.5 * size * old[column]
            r[column] += 0.5 * size * old[row]
            return r
          }
          let lattice = ions.lattice
          return try model.evaluate(
            Configuration(
              lattice: Lattice(a: strain(lattice.a), b: strain(lattice.b), c: strain(lattice.c)),
              species: ions.species, positions: ions.positions.map(strain))
          ).energy
        }
        let step = 1e-4
        let slope = try (strained(step) - strained(-step)) / (2 * step)
        #expect(abs(here.strainDerivative[row][column] - slope) < 1e-6 * scale)
      }
    }
  }

  @Test("the result is a function of the configuration, bit by bit")
  func history() throws {
    let lattice = try Lattice(a: SIMD3(14, 0, 0), b: SIMD3(4, 12, 0), c: SIMD3(-3, 5, 13))
    let ions = try ions(lattice, 90)
    let fresh = try model(ions, accuracy: 1e-5, threads: 1).evaluate(ions)
    for threads in [2, 3, 7] {
      let used = model(ions, accuracy: 1e-5, threads: threads)
      var moved = ions
      for step in 0..<8 {
        for i in moved.positions.indices {
          moved.positions[i] += SIMD3(0.05, -0.02, 0.03) * Double((i + step) % 3)
        }
        _ = try? used.evaluate(moved)
      }
      // Atoms have crossed faces of the cell and the list was made anew meanwhile.
      #expect(try used.evaluate(ions) == fresh)
    }
  }

  @Test("whole lattice vectors change nothing but the last bits")
  func images() throws {
    let ions = try ions(skewedLattice, 12)
    let model = model(ions, accuracy: 1e-6)
    let here = try model.evaluate(ions)
    var moved = ions
    moved.positions[5] += skewedLattice.a - 2.0 * skewedLattice.c
    let there = try model.evaluate(moved)
    #expect(difference(here, there) < 1e-10)
    #expect(abs(here.energy - there.energy) < 1e-9)
    for row in 0..<3 {
      #expect(length(here.strainDerivative[row] - there.strainDerivative[row]) < 1e-8)
    }
  }

  @Test("forces of pairs cancel exactly; two cells have twice the energy")
  func sums() throws {
    let ions = try ions(skewedLattice, 12)
    var neutral = ions
    neutral.species = ions.species
    let pairs = ForceField(
      species: ions.species, charges: [Double](repeating: 0, count: 12), potentials: .lewisCatlow,
      electrostatics: Electrostatics(
        cutoff: 7, splitting: 0.3, points: SIMD3(8, 8, 8), splineOrder: 6),
      threads: 2)
    let result = try pairs.evaluate(ions)
    #expect(result.forces.reduce(.zero, +) == .zero)
    let double = Configuration(
      lattice: try Lattice(a: skewedLattice.a, b: 2.0 * skewedLattice.b, c: skewedLattice.c),
      species: ions.species + ions.species,
      positions: ions.positions + ions.positions.map { $0 + skewedLattice.b })
    let both = ForceField(
      species: double.species, charges: [Double](repeating: 0, count: 24),
      potentials: .lewisCatlow, electrostatics: pairs.electrostatics, threads: 2)
    #expect(abs(try both.evaluate(double).energy - 2 * result.energy) < 1e-8)
  }

  @Test("a charged cell has the energy of the direct sum with its background")
  func charged() throws {
    var ions = try ions(skewedLattice, 11)
    ions.species[1] = try #require(Species("Al3+"))
    #expect(charges(ions).reduce(0, +) != 0)
    var potentials = PotentialSet.lewisCatlow
    potentials.cutoff = 7
    let exact = DirectSum(charges: charges(ions), potentials: potentials).evaluate(ions)
    let fast = try model(ions, accuracy: 1e-6).evaluate(ions)
    #expect(abs(exact.energy - fast.energy) < 1e-3)
    #expect(difference(exact, fast) < 2e-5)
  }

  @Test("atoms beyond the barrier of a potential are refused by name")
  func tooNear() throws {
    let oxide = try #require(Species("O2-"))
    let ions = Configuration(
      lattice: try .cubic(12), species: [oxide, oxide],
      positions: [SIMD3(0, 0, 0.2), SIMD3(0, 0, 11.9)])
    let error = #expect(throws: ForceFieldError.self) {
      try model(ions, accuracy: 1e-5).evaluate(ions)
    }
    guard case .tooNear(0, 1, "O2--O2-", let distance) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(distance > 0.3 && distance < 1)
  }

  @Test("a wrong number of atoms and coordinates that are not numbers are refused")
  func refusals() throws {
    let ions = try ions(skewedLattice, 12)
    let model = model(ions, accuracy: 1e-5)
    var fewer = ions
    fewer.positions.removeLast()
    fewer.species.removeLast()
    #expect(throws: ForceFieldError.atomCount(11, expected: 12)) { try model.evaluate(fewer) }
    var bad = ions
    bad.positions[2].y = .nan
    #expect(throws: ForceFieldError.notFinite) { try model.evaluate(bad) }
  }

  @Test("tables reproduce their functions")
  func tables() throws {
    let oxide = try #require(Species("O2-"))
    let magnesium = try #require(Species("Mg2+"))
    for pair in [(magnesium, oxide), (oxide, oxide)] {
      let short = try #require(PotentialSet.lewisCatlow.potential(pair.0, pair.1))
      let product = Constants.coulomb * (pair.0.oxidationState ?? 0) * -2
      let function = PairFunction(
        short: short, truncation: .plain, cutoff: 10, product: product, splitting: 0.35)
      var table = PairTable(cutoff: 10)
      let start = table.append(from: function.core, function.energy)
      #expect(start == 0)
      for step in 0..<2000 {
        let r = 1.3 + 8.69 * Double(step) / 2000
        let r2 = r * r
        let interval = Int(r2.bitPattern >> 46) - PairTable.firstInterval
        let lower = Double(bitPattern: (r2.bitPattern >> 46) << 46)
        let value = (0..<6).reversed().reduce(0) {
          $0 * (r2 - lower) + table.coefficients[6 * interval + $1]
        }
        let exact = function.energy(r)
        #expect(abs(value - exact) < 1e-11 * max(1, abs(exact)))
      }
    }
  }

  @Test(
    "every form's derivative is its slope",
    arguments: [
      PairForm.buckingham(amplitude: 1388.8, range: 0.362, dispersion: 175),
      .bornMayerHuggins(
        amplitude: 0.0077, size: 2.9935, range: 0.178, dispersion6: 42.26, dispersion8: 10),
      .morse(depth: 0.34, stiffness: 2.0, distance: 2.1), .lennardJones(depth: 0.01, size: 3.2),
      .inversePower(coefficient: 22, power: 12), .screenedCoulomb(amplitude: 28.8, range: 1.9),
      .nuclearRepulsion(first: 14, second: 8),
    ])
  func forms(_ form: PairForm) {
    let h = 1e-5
    for r in [0.9, 1.5, 2.1, 3.7, 8] {
      let slope = (form.energy(r + h) - form.energy(r - h)) / (2 * h)
      #expect(abs(form.derivative(r) - slope) < 1e-7 * max(1, abs(slope)))
    }
  }
}
