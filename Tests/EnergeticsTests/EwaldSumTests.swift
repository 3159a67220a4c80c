import CellgenTestSupport
import Crystal
import Energetics
import Foundation
import Testing

private let k = Constants.coulomb

/// The largest deviation from reference values, relative to the largest of these.
private func deviation(_ values: [Double], _ references: [Double]) -> Double {
  precondition(values.count == references.count)
  let scale = references.reduce(0) { max($0, $1.magnitude) }
  let error = zip(values, references).reduce(0) { max($0, ($1.0 - $1.1).magnitude) }
  return scale == 0 ? error : error / scale
}

/// The six components xx, yy, zz, yz, xz, xy of a symmetric matrix.
private func voigt(_ m: [SIMD3<Double>]) -> [Double] {
  [m[0].x, m[1].y, m[2].z, m[1].z, m[0].z, m[0].y]
}

private func components(_ vectors: [SIMD3<Double>]) -> [Double] {
  vectors.flatMap { [$0.x, $0.y, $0.z] }
}

@Suite struct EwaldSumTests {
  @Test("energies, potentials, forces and strain derivatives agree with a 28-digit sum")
  func referenceCases() throws {
    let cases = try EwaldCase.all()
    try #require(cases.count == 7)
    for reference in cases {
      let sum = try reference.chargedCell().sum()
      let name = Comment(rawValue: reference.name)
      #expect(deviation([sum.energy / k], [reference.energy.value]) < 1e-10, name)
      #expect(
        deviation(sum.potentials.map { $0 / k }, reference.potentials.map(\.value)) < 1e-10, name)
      if let forces = reference.forces {
        let scale = components(forces.map(\.vector)).reduce(0) { max($0, $1.magnitude) }
        let errors = zip(sum.forces, forces).map { length($0 / k - $1.vector) }
        // In crystals where symmetry forbids forces only rounding is left.
        #expect((errors.max() ?? 0) < 1e-10 * max(scale, 1), name)
      }
      #expect(
        deviation(
          voigt(sum.strainDerivative).map { $0 / k }, reference.strainDerivative.map(\.value))
          < 1e-10, name)
    }
  }

  @Test("Madelung energies and site potentials agree with a 30-digit sum")
  func madelungCases() throws {
    let cases = try MadelungCase.all()
    try #require(cases.count == 39)
    for (name, reference) in cases {
      let sum = try reference.chargedCell(name).sum()
      let potentials = try reference.labels.map { try #require(reference.potentials[$0]).value }
      #expect(deviation([sum.energy / k], [reference.energy.value]) < 1e-10, "\(name)")
      #expect(deviation(sum.potentials.map { $0 / k }, potentials) < 1e-10, "\(name)")
    }
  }

  @Test("potentials and forces of an empty cell are empty")
  func emptyCell() {
    let sum = EwaldSum(lattice: skewedLattice, positions: [], charges: [])
    #expect(sum.energy == 0)
    #expect(sum.potentials.isEmpty && sum.forces.isEmpty)
  }
}

@Suite struct EwaldLawTests {
  static let names = [
    "triclinic_neutral_12", "charged_plus2_9", "MgO_conventional_skewed", "dipole_in_box",
    "wigner_fcc",
  ]

  @Test("nothing depends on the splitting, neutral or not", arguments: names)
  func splitting(name: String) throws {
    let cell = try EwaldCase.named(name)
    let balanced = cell.sum()
    let alpha = 1.8 / pow(cell.lattice.volume, 1.0 / 3)
    for factor in [0.6, 1, 1.7, 2.6] {
      let sum = cell.sum(splitting: factor * alpha)
      let comment: Comment = "factor \(factor)"
      #expect(deviation([sum.energy], [balanced.energy]) < 1e-11, comment)
      #expect(deviation(sum.potentials, balanced.potentials) < 1e-11, comment)
      let scale = max(1, components(balanced.forces).reduce(0) { max($0, $1.magnitude) })
      let errors = zip(sum.forces, balanced.forces).map { length($0 - $1) }
      #expect((errors.max() ?? 0) < 1e-11 * scale, comment)
      #expect(
        deviation(voigt(sum.strainDerivative), voigt(balanced.strainDerivative)) < 1e-11, comment)
    }
  }

  @Test("a shift of all sites changes nothing", arguments: names)
  func rigidShift(name: String) throws {
    let cell = try EwaldCase.named(name)
    var shifted = cell
    shifted.positions = cell.positions.map { Fractional($0.components + SIMD3(0.37, -1.21, 5.5)) }
    let (first, second) = (cell.sum(), shifted.sum())
    #expect(deviation([second.energy], [first.energy]) < 1e-12)
    #expect(deviation(second.potentials, first.potentials) < 1e-12)
    #expect(deviation(voigt(second.strainDerivative), voigt(first.strainDerivative)) < 1e-12)
  }

  @Test("other periodic images of the sites are the same crystal", arguments: names)
  func images(name: String) throws {
    let cell = try EwaldCase.named(name)
    var moved = cell
    for i in moved.positions.indices {
      moved.positions[i].components += SIMD3(
        Double(i % 3) - 1, Double(i % 5) - 2, 3 * Double(i % 2))
    }
    let (first, second) = (cell.sum(), moved.sum())
    #expect(deviation([second.energy], [first.energy]) < 1e-12)
    #expect(deviation(second.potentials, first.potentials) < 1e-12)
    #expect(zip(first.forces, second.forces).allSatisfy { length($0 - $1) < 1e-10 })
  }

  @Test(
    "a supercell has the energy of its cells, and each copy the same potential and force",
    arguments: names, ["2x1x1", "1 1 0  -1 1 0  0 0 1", "2 1 0  0 1 -1  1 0 2"])
  func supercell(name: String, matrix: String) throws {
    let cell = try EwaldCase.named(name)
    let supercell = try SupercellMatrix(parsing: matrix)
    let structure = try Structure(
      lattice: cell.lattice, species: cell.charges.map { Species(.dummy, oxidationState: $0) },
      positions: cell.positions
    ).repeated(supercell)
    let large = EwaldSum(
      lattice: structure.lattice, positions: structure.positions,
      charges: structure.species.map { $0.oxidationState ?? 0 })
    let small = cell.sum()
    let cells = supercell.cellCount
    #expect(deviation([large.energy], [Double(cells) * small.energy]) < 1e-12)
    let repeated = { (i: Int) in i / cells }
    #expect(
      deviation(large.potentials, large.potentials.indices.map { small.potentials[repeated($0)] })
        < 1e-12)
    for i in large.forces.indices {
      #expect(length(large.forces[i] - small.forces[repeated(i)]) < 1e-10)
    }
    #expect(
      deviation(
        voigt(large.strainDerivative), voigt(small.strainDerivative).map { Double(cells) * $0 })
        < 1e-12)
  }

  @Test("a skewed description of a crystal has the energy of the reduced one")
  func skewedCell() throws {
    let first = try EwaldCase.named("MgO_conventional").sum()
    let second = try EwaldCase.named("MgO_conventional_skewed").sum()
    #expect(deviation([second.energy], [first.energy]) < 1e-12)
    #expect(deviation(voigt(second.strainDerivative), voigt(first.strainDerivative)) < 1e-11)
  }

  @Test("a left-handed cell is the same crystal as its mirror image", arguments: names)
  func leftHanded(name: String) throws {
    let cell = try EwaldCase.named(name)
    var swapped = cell
    swapped.lattice = try Lattice(a: cell.lattice.b, b: cell.lattice.a, c: cell.lattice.c)
    swapped.positions = cell.positions.map {
      Fractional($0.components.y, $0.components.x, $0.components.z)
    }
    let (first, second) = (cell.sum(), swapped.sum())
    #expect(deviation([second.energy], [first.energy]) < 1e-12)
    #expect(zip(first.forces, second.forces).allSatisfy { length($0 - $1) < 1e-10 })
  }

  @Test("forces are the negative derivatives of the energy", arguments: names)
  func forces(name: String) throws {
    let cell = try EwaldCase.named(name)
    let forces = cell.sum().forces
    let step = 1e-3
    for site in 0..<min(cell.count, 3) {
      for axis in 0..<3 {
        func energy(_ displacement: Double) -> Double {
          var moved = cell
          var r = cell.lattice.cartesian(cell.positions[site])
          r.components[axis] += displacement
          moved.positions[site] = cell.lattice.fractional(r)
          return moved.sum().energy
        }
        let slope =
          (8 * (energy(step) - energy(-step)) - (energy(2 * step) - energy(-2 * step)))
          / (12 * step)
        #expect((forces[site][axis] + slope).magnitude < 1e-7)
      }
    }
  }

  @Test("the strain derivative is the derivative by strain", arguments: names)
  func strain(name: String) throws {
    let cell = try EwaldCase.named(name)
    let derivative = cell.sum().strainDerivative
    let step = 1e-4
    for row in 0..<3 {
      for column in row..<3 {
        func energy(_ size: Double) throws -> Double {
          var strain = [SIMD3<Double>](repeating: .zero, count: 3)
          strain[row][column] += 0.5 * size
          strain[column][row] += 0.5 * size
          return try cell.strained(strain).sum().energy
        }
        let slope =
          try (8 * (energy(step) - energy(-step)) - (energy(2 * step) - energy(-2 * step)))
          / (12 * step)
        #expect((derivative[row][column] - slope).magnitude < 1e-6)
        #expect((derivative[row][column] - derivative[column][row]).magnitude < 1e-10)
      }
    }
  }

  @Test("trace(dE/dε) = -E, as the energy scales with 1/length", arguments: names)
  func virial(name: String) throws {
    let sum = try EwaldCase.named(name).sum()
    let trace = (0..<3).reduce(0) { $0 + sum.strainDerivative[$1][$1] }
    #expect(deviation([-trace], [sum.energy]) < 1e-11)
  }

  @Test("the energy is half the sum of charge times potential", arguments: names)
  func energyFromPotentials(name: String) throws {
    let cell = try EwaldCase.named(name)
    let sum = cell.sum()
    let half = 0.5 * zip(cell.charges, sum.potentials).reduce(0) { $0 + $1.0 * $1.1 }
    #expect(deviation([half], [sum.energy]) < 1e-12)
  }

  @Test("forces add up to nothing", arguments: names)
  func netForce(name: String) throws {
    let sum = try EwaldCase.named(name).sum()
    #expect(length(sum.forces.reduce(.zero, +)) < 1e-10)
  }

  @Test(
    "the error stays below the accuracy that is asked for", arguments: names, [1e-4, 1e-8, 1e-12])
  func accuracy(name: String, accuracy: Double) throws {
    let cell = try EwaldCase.named(name)
    let exact = cell.sum(accuracy: 1e-15)
    let alpha = 1.8 / pow(cell.lattice.volume, 1.0 / 3)
    for splitting in [nil, 0.7 * alpha, 1.5 * alpha] {
      let sum = cell.sum(accuracy: accuracy, splitting: splitting)
      let comment: Comment = "splitting \(splitting.map { "\($0)" } ?? "balanced")"
      #expect(deviation([sum.energy], [exact.energy]) < accuracy, comment)
      #expect(deviation(sum.potentials, exact.potentials) < accuracy, comment)
      let scale = max(1, components(exact.forces).reduce(0) { max($0, $1.magnitude) })
      let errors = zip(sum.forces, exact.forces).map { length($0 - $1) }
      #expect((errors.max() ?? 0) < accuracy * scale, comment)
    }
  }

  @Test("a cell of 1,728 sites has the Madelung constant of its unit", .timeLimit(.minutes(1)))
  func largeCell() throws {
    // Rocksalt, a = 5 Å, 6x6x6 conventional cells; the NaCl constant of Sakamoto (1958).
    let edge = 12
    var (positions, charges): ([Fractional], [Double]) = ([], [])
    for x in 0..<edge {
      for y in 0..<edge {
        for z in 0..<edge {
          positions.append(Fractional(SIMD3(Double(x), Double(y), Double(z)) / Double(edge)))
          charges.append((x + y + z) % 2 == 0 ? 1 : -1)
        }
      }
    }
    let lattice = try Lattice.cubic(30)
    let energy =
      EwaldSum(lattice: lattice, positions: positions, charges: charges, accuracy: 1e-12).energy
    let exact = -1.747_564_594_633_182 * Constants.coulomb / 2.5 * 864
    #expect(deviation([energy], [exact]) < 1e-11)
  }
}

@Suite struct EwaldPairTests {
  @Test("energies pair by pair equal the sum over the cell", arguments: EwaldLawTests.names)
  func equalsSum(name: String) throws {
    let cell = try EwaldCase.named(name)
    let energy = cell.sum().energy
    for factor in [0.7, 1, 1.6] {
      let pair = EwaldPair(
        lattice: cell.lattice, splitting: factor * 1.8 / pow(cell.lattice.volume, 1.0 / 3))
      #expect(deviation([cell.pairwiseEnergy(pair)], [energy]) < 1e-12, "factor \(factor)")
    }
    #expect(deviation([cell.pairwiseEnergy(EwaldPair(lattice: cell.lattice))], [energy]) < 1e-12)
  }

  @Test(
    "the potential is even and periodic in the displacement", arguments: 0..<20 as Range<UInt64>)
  func evenAndPeriodic(seed: UInt64) {
    var stream = RandomStream(seed: seed, purpose: "EwaldPairTests")
    let pair = EwaldPair(lattice: skewedLattice)
    let d = SIMD3(stream.uniform(), stream.uniform(), stream.uniform())
    let image = SIMD3((0..<3).map { _ in Double(stream.integer(below: 7)) - 3 })
    let value = pair.potential(d)
    #expect((pair.potential(-d) - value).magnitude < 1e-13)
    #expect((pair.potential(d + image) - value).magnitude < 1e-13)
  }

  @Test("near a charge the potential is 1/r plus that of the images")
  func nearField() throws {
    let pair = EwaldPair(lattice: skewedLattice)
    let r = 1e-4
    let d = skewedLattice.fractional(Cartesian(r, 0, 0)).components
    #expect((pair.potential(d) - 1 / r - pair.selfPotential).magnitude < 1e-6)
  }

  @Test("the error stays below the accuracy that is asked for", arguments: [1e-4, 1e-8, 1e-12])
  func accuracy(accuracy: Double) {
    let exact = EwaldPair(lattice: skewedLattice, accuracy: 1e-15)
    let pair = EwaldPair(lattice: skewedLattice, accuracy: accuracy)
    var stream = RandomStream(seed: 1, purpose: "EwaldPairTests.accuracy")
    #expect((pair.selfPotential - exact.selfPotential).magnitude < accuracy)
    for _ in 0..<50 {
      let d = SIMD3(stream.uniform(), stream.uniform(), stream.uniform())
      #expect((pair.potential(d) - exact.potential(d)).magnitude < accuracy)
    }
  }
}
