import CellgenTestSupport
import Crystal
import Dynamics
import Energetics
import Foundation
import Testing

@testable import Engines

/// What LAMMPS and the built-in force field find for the same model.
@Suite(.serialized, .enabled(if: LAMMPSProgram.isInstalled, "needs LAMMPS"))
struct LAMMPSTests {
  /// About 1,000 atoms displaced at random.
  struct Glass: Sendable, CustomTestStringConvertible {
    var name: String
    var potentials: PotentialSet
    var charges: [String: Double]
    /// Whether the cell is silica, else rocksalt.
    var isSilica: Bool
    var isSkewed: Bool
    var testDescription: String { name }
  }

  private static func silica(_ name: String, cutoff: Double, _ pairs: [String: [PairForm]])
    -> PotentialSet
  {
    PotentialSet(
      name: name, source: "", cutoff: cutoff,
      pairs: pairs.sorted { $0.key < $1.key }.compactMap { key, forms in
        let species = key.split(separator: " ").compactMap { Species(String($0)) }
        return PotentialSet.Pair(species[0], species[1], terms: forms.map { .init($0) })
      })
  }

  /// B. W. H. van Beest et al., Phys. Rev. Lett. 64, 1955 (1990).
  private static let bks = silica(
    "bks", cutoff: 10,
    [
      "Si O": [
        .buckingham(
          amplitude: 18003.7572, range: 0.20520481492577744, dispersion: 133.5381)
      ],
      "O O": [.buckingham(amplitude: 1388.773, range: 0.3623188405797102, dispersion: 175)],
    ])

  /// A. Pedone et al., J. Phys. Chem. B 110, 11780 (2006).
  private static let pedone = silica(
    "pedone", cutoff: 10,
    [
      "Si O": [
        .morse(depth: 0.340554, stiffness: 2.0067, distance: 2.1),
        .inversePower(coefficient: 1, power: 12),
      ],
      "O O": [
        .morse(depth: 0.042395, stiffness: 1.379316, distance: 3.618701),
        .inversePower(coefficient: 22, power: 12),
      ],
    ])

  /// Every form, shifted or smooth: tables where LAMMPS has no style.
  private static func all(_ truncation: Truncation) -> PotentialSet {
    var set = silica(
      "all", cutoff: 8,
      [
        "Si O": [
          .screenedCoulomb(amplitude: 30, range: 1.4),
          .bornMayerHuggins(
            amplitude: 0.2, size: 2.6, range: 0.3, dispersion6: 20, dispersion8: 15),
          .morse(depth: 0.3, stiffness: 2, distance: 2),
        ],
        "O O": [
          .lennardJones(depth: 0.02, size: 2.9), .inversePower(coefficient: 20, power: 9),
          .inversePower(coefficient: 3, power: 6), .inversePower(coefficient: 2, power: 8),
        ],
        "Si Si": [.nuclearRepulsion(first: 14, second: 14)],
      ])
    set.truncation = truncation
    return set
  }

  static let glasses = [
    Glass(
      name: "MgO, Lewis-Catlow", potentials: .lewisCatlow, charges: ["Mg": 2, "O": -2],
      isSilica: false, isSkewed: false),
    Glass(
      name: "SiO2, Pedone", potentials: pedone, charges: ["Si": 2.4, "O": -1.2], isSilica: true,
      isSkewed: false),
    Glass(
      name: "SiO2, BKS, skewed", potentials: bks, charges: ["Si": 2.4, "O": -1.2], isSilica: true,
      isSkewed: true),
    Glass(
      name: "all forms, shifted", potentials: all(.shifted), charges: ["Si": 2.4, "O": -1.2],
      isSilica: true, isSkewed: true),
    Glass(
      name: "all forms, smooth", potentials: all(.smooth), charges: ["Si": 0, "O": 0],
      isSilica: true, isSkewed: false),
  ]

  /// β-cristobalite or rocksalt; skewed cells are turned out of the axes and left-handed.
  static func configuration(_ glass: Glass, cells: Int) throws -> Configuration {
    let corners: [SIMD3<Double>] = [
      .zero, SIMD3(0, 0.5, 0.5), SIMD3(0.5, 0, 0.5), SIMD3(0.5, 0.5, 0),
    ]
    var places: [(SIMD3<Double>, String)] = []
    let quarter = SIMD3(repeating: 0.25)
    for corner in corners {
      if glass.isSilica {
        places += [(corner, "Si"), (corner + quarter, "Si")]
        // Bridges between a silicon and its four neighbours.
        for way in [SIMD3(1.0, 1, 1), SIMD3(1, -1, -1), SIMD3(-1, 1, -1), SIMD3(-1, -1, 1)] {
          places.append((corner + 0.125 * way, "O"))
        }
      } else {
        places += [(corner, "Mg"), (corner + SIMD3(0.5, 0, 0), "O")]
      }
    }
    let edge = glass.isSilica ? 7.4 : 4.2112
    var random = RandomStream(seed: 3, purpose: "lammps")
    let size = Double(cells)
    let lattice =
      glass.isSkewed
      ? try Lattice(
        a: edge * size * SIMD3(0.05, 1, 0.1), b: edge * size * SIMD3(1, 0.03, -0.05),
        c: edge * size * SIMD3(0.02, 0.05, 1))
      : try .cubic(edge * size)
    var species: [Species] = []
    var positions: [SIMD3<Double>] = []
    for n in 0..<(cells * cells * cells) {
      let cell = SIMD3(
        Double(n / cells / cells), Double(n / cells % cells), Double(n % cells))
      for (place, name) in places {
        let step = SIMD3(random.uniform(), random.uniform(), random.uniform()) - 0.5
        let charge = try #require(glass.charges[name])
        let element = try #require(Element(symbol: name))
        species.append(
          glass.isSilica ? Species(element) : Species(element, oxidationState: charge))
        positions.append(
          lattice.cartesian(Fractional((cell + place) / size)).components
            + (glass.isSilica ? 0.2 : 0.4) * step)
      }
    }
    return Configuration(lattice: lattice, species: species, positions: positions)
  }

  private func models(
    _ glass: Glass, _ start: Configuration, accuracy: Double
  ) throws -> (LAMMPSModel, ForceField) {
    let charges = try start.species.map { try #require(glass.charges[$0.element.symbol]) }
    let cutoff = glass.potentials.cutoff
    return (
      try LAMMPSModel(
        species: start.species, charges: charges, potentials: glass.potentials, cutoff: cutoff,
        accuracy: accuracy),
      ForceField(
        species: start.species, charges: charges, potentials: glass.potentials,
        electrostatics: Electrostatics(
          lattice: start.lattice, charges: charges, cutoff: cutoff, accuracy: accuracy),
        threads: 2)
    )
  }

  @Test(
    "energy, forces and stress are those of the built-in force field", arguments: glasses)
  func agreement(glass: Glass) throws {
    let start = try LAMMPSTests.configuration(glass, cells: glass.isSilica ? 3 : 5)
    let (model, builtIn) = try models(glass, start, accuracy: 1e-8)
    let engine = try CommandEngine(model, program: LAMMPSProgram())
    let found = try engine.evaluate(start)
    let expected = try builtIn.evaluate(start)
    let n = Double(start.positions.count)
    let energy = (found.energy - expected.energy).magnitude / n
    let force = zip(found.forces, expected.forces).map { length($0 - $1) }.max() ?? .infinity
    let stress =
      zip(found.strainDerivative, expected.strainDerivative).map { length($0 - $1) }.max()
      ?? .infinity
    #expect(energy < 1e-7, "\(energy) eV/atom")
    #expect(force < 1e-5, "\(force) eV/Å")
    #expect(stress / n < 1e-6, "\(stress / n) eV/atom")
    #expect(expected.forces.contains { length($0) > 1 })
  }

  @Test("several processes find the same, or say that there are no slots for them")
  func processes() throws {
    let glass = LAMMPSTests.glasses[0]
    let start = try LAMMPSTests.configuration(glass, cells: 3)
    let (model, builtIn) = try models(glass, start, accuracy: 1e-5)
    guard let program = try? LAMMPSProgram(processes: 2) else { return }
    let found = try CommandEngine(model, program: program).evaluate(start)
    #expect(
      try (found.energy - builtIn.evaluate(start).energy).magnitude
        < 1e-4 * Double(start.positions.count))
    var limits = EngineLimits()
    limits.attempts = 1
    let many = try CommandEngine(model, program: LAMMPSProgram(processes: 1000), limits: limits)
    let error = #expect(throws: EngineError.self) { try many.evaluate(start) }
    #expect(error?.description.contains("not enough slots for 1000 processes") ?? false)
  }

  @Test("an error of LAMMPS is told in its words")
  func complaints() throws {
    let glass = LAMMPSTests.glasses[4]
    var start = try LAMMPSTests.configuration(glass, cells: 2)
    // Nearer than tables begin.
    start.positions[1] = start.positions[0] + SIMD3(0.2, 0, 0)
    var limits = EngineLimits()
    limits.attempts = 1
    let engine = try CommandEngine(
      models(glass, start, accuracy: 1e-5).0, program: LAMMPSProgram(), limits: limits)
    let error = #expect(throws: EngineError.self) { try engine.evaluate(start) }
    let text = error?.description ?? ""
    #expect(text.contains("LAMMPS: ERROR") && text.contains("Pair distance < table inner cutoff"))
  }

  @Test("a program that takes too long is ended")
  func timeLimit() throws {
    let glass = LAMMPSTests.glasses[0]
    let start = try LAMMPSTests.configuration(glass, cells: 5)
    var limits = EngineLimits()
    limits.attempts = 1
    limits.evaluationSeconds = 0.05
    let engine = try CommandEngine(
      models(glass, start, accuracy: 1e-8).0, program: LAMMPSProgram(), limits: limits)
    let error = #expect(throws: EngineError.self) { try engine.evaluate(start) }
    #expect(error?.description.contains("it took longer than 0.05 s") ?? false)
  }
}
