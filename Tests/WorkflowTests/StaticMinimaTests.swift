import CellgenTestSupport
import Crystal
import Dynamics
import Energetics
import Foundation
import Testing
import Workflow

/// Relaxed oxides with the shipped potentials, against another minimiser (`static_minima.json`).
@Suite struct StaticMinimaTests {
  private struct Case: Decodable {
    let parameters: [String: Double]
    let energy: Double
    let cutoff: Double

    enum CodingKeys: String, CodingKey {
      case parameters
      case energy = "energy_per_fu_eV"
      case cutoff = "cutoff_A"
    }

    struct File: Decodable {
      let cases: [String: Case]
    }
  }

  /// A crystal near its minimum, with how its parameters are read off.
  private struct Crystal {
    var lattice: Lattice
    var species: [Species]
    var places: [SIMD3<Double>]
    var formulaUnits: Double
    /// Parameters of a lattice and fractional coordinates relative to the first atom.
    var parameters: (Lattice, [SIMD3<Double>]) -> [String: Double]
  }

  private static func faceCentred(_ a: Double) throws -> Lattice {
    try Lattice(
      a: 0.5 * a * SIMD3(0, 1, 1), b: 0.5 * a * SIMD3(1, 0, 1), c: 0.5 * a * SIMD3(1, 1, 0))
  }

  private static func edge(_ lattice: Lattice) -> Double { cbrt(4 * lattice.volume) }

  private static func species(_ names: String) throws -> [Species] {
    try names.split(separator: " ").map { try #require(Species(String($0))) }
  }

  private static func rocksalt(_ cation: String) throws -> Crystal {
    Crystal(
      lattice: try faceCentred(4.3), species: try species("\(cation) O2-"),
      places: [.zero, SIMD3(repeating: 0.5)], formulaUnits: 1
    ) { lattice, _ in ["a": edge(lattice)] }
  }

  private static func antifluorite(_ cation: String) throws -> Crystal {
    Crystal(
      lattice: try faceCentred(4.7), species: try species("O2- \(cation) \(cation)"),
      places: [.zero, SIMD3(repeating: 0.25), SIMD3(repeating: 0.75)], formulaUnits: 1
    ) { lattice, _ in ["a": edge(lattice)] }
  }

  /// Normal spinel, 8a at 1/8.
  private static func spinel(_ a: String, _ b: String) throws -> Crystal {
    let (u, v) = (0.2624, 1.5 - 3 * 0.2624)
    let oxygen = [SIMD3(u, u, u), SIMD3(v, u, u), SIMD3(u, v, u), SIMD3(u, u, v)]
    let cations: [SIMD3<Double>] = [
      SIMD3(repeating: 0.125), SIMD3(repeating: 0.875), SIMD3(0.5, 0.5, 0.5), SIMD3(0, 0.5, 0.5),
      SIMD3(0.5, 0, 0.5), SIMD3(0.5, 0.5, 0),
    ]
    return Crystal(
      lattice: try faceCentred(8.2),
      species: try species(
        "\(a) \(a) \(b) \(b) \(b) \(b)" + String(repeating: " O2-", count: 8)),
      places: cations + oxygen + oxygen.map { 1 - $0 }, formulaUnits: 2
    ) { lattice, places in ["a": edge(lattice), "u": places[6].x + 0.125] }
  }

  private static func rutile() throws -> Crystal {
    let u = 0.3048
    return Crystal(
      lattice: try Lattice(a: SIMD3(4.59, 0, 0), b: SIMD3(0, 4.59, 0), c: SIMD3(0, 0, 2.96)),
      species: try species("Ti4+ Ti4+ O2- O2- O2- O2-"),
      places: [
        .zero, SIMD3(0.5, 0.5, 0.5), SIMD3(u, u, 0), SIMD3(1 - u, 1 - u, 0),
        SIMD3(0.5 + u, 0.5 - u, 0.5), SIMD3(0.5 - u, 0.5 + u, 0.5),
      ], formulaUnits: 2
    ) { lattice, places in
      ["a": lattice.lengths.x, "c": lattice.lengths.z, "u": places[2].x]
    }
  }

  private static func anatase() throws -> Crystal {
    let titanium = [
      .zero, SIMD3(0.5, 0.5, 0.5), SIMD3(0, 0.5, 0.25), SIMD3(0.5, 0, 0.75),
    ]
    let z = SIMD3(0, 0, 0.208)
    return Crystal(
      lattice: try Lattice(a: SIMD3(3.78, 0, 0), b: SIMD3(0, 3.78, 0), c: SIMD3(0, 0, 9.5)),
      species: try species(
        "Ti4+ Ti4+ Ti4+ Ti4+" + String(repeating: " O2-", count: 8)),
      places: titanium + titanium.flatMap { [$0 + z, $0 - z] }, formulaUnits: 4
    ) { lattice, places in
      ["a": lattice.lengths.x, "c": lattice.lengths.z, "z": places[4].z]
    }
  }

  private static func quartz() throws -> Crystal {
    let u = 0.4701
    let (x, y, z, third) = (0.4139, 0.2674, 0.2144, 1.0 / 3)
    return Crystal(
      lattice: try Lattice(
        a: SIMD3(4.9124, 0, 0), b: SIMD3(-2.4562, 4.2542631936, 0), c: SIMD3(0, 0, 5.4039)),
      species: try species("Si4+ Si4+ Si4+ O2- O2- O2- O2- O2- O2-"),
      places: [
        SIMD3(u, 0, third), SIMD3(0, u, 2 * third), SIMD3(1 - u, 1 - u, 0), SIMD3(x, y, z),
        SIMD3(1 - y, x - y, z + third), SIMD3(1 - x + y, 1 - x, z + 2 * third),
        SIMD3(y, x, 1 - z), SIMD3(x - y, 1 - y, 2 * third - z),
        SIMD3(1 - x, 1 - x + y, third - z),
      ], formulaUnits: 3
    ) { lattice, _ in ["a": lattice.lengths.x, "c": lattice.lengths.z] }
  }

  private static func crystal(_ name: String) throws -> (set: String, Crystal) {
    switch name {
    case "LewisCatlow_MgAl2O4": ("lewis-catlow", try spinel("Mg2+", "Al3+"))
    case "Pedone_MgCr2O4": ("pedone2006", try spinel("Mg2+", "Cr3+"))
    case "BallGrimes_MgO_formal": ("ball-grimes", try rocksalt("Mg2+"))
    case "BallGrimes_MgO_1p7": ("ball-grimes-partial", try rocksalt("Mg2+"))
    case "MatsuiAkaogi_rutile": ("matsui-akaogi", try rutile())
    case "MatsuiAkaogi_anatase": ("matsui-akaogi", try anatase())
    case "BKS_alpha_quartz": ("bks", try quartz())
    case "Pedone_alpha_quartz": ("pedone2006", try quartz())
    case "Pedone_TiO2_rutile": ("pedone2006", try rutile())
    case "Pedone_Li2O": ("pedone2006", try antifluorite("Li+"))
    default:
      (
        name.hasPrefix("Pedone") ? "pedone2006" : "lewis-catlow",
        try rocksalt("\(name.split(separator: "_")[1].dropLast())2+")
      )
    }
  }

  @Test(
    "atoms and cell relax to where another minimiser found them",
    arguments: [
      "LewisCatlow_MgO", "LewisCatlow_MnO", "LewisCatlow_FeO", "LewisCatlow_NiO",
      "LewisCatlow_MgAl2O4", "BallGrimes_MgO_formal", "BallGrimes_MgO_1p7",
      "MatsuiAkaogi_rutile", "MatsuiAkaogi_anatase", "BKS_alpha_quartz", "Pedone_MgO",
      "Pedone_MnO", "Pedone_CoO", "Pedone_NiO", "Pedone_Li2O", "Pedone_TiO2_rutile",
      "Pedone_MgCr2O4", "Pedone_alpha_quartz",
    ])
  func minimum(name: String) throws {
    let data = try Data(contentsOf: dataFolder().appending(path: "static_minima.json"))
    let reference = try #require(
      JSONDecoder().decode(Case.File.self, from: data).cases[name])
    let (set, crystal) = try StaticMinimaTests.crystal(name)
    let structure = Structure(
      lattice: crystal.lattice, species: crystal.species,
      positions: crystal.places.map { Fractional($0) })
    let setup = try ForceFieldSetup(structure, model: set, file: name)
    let model = setup.makeModel(
      lattice: structure.lattice, cutoff: reference.cutoff, accuracy: 1e-6, threads: 1)
    var relaxation = Relaxation()
    relaxation.cell = .full
    relaxation.criteria.force = 1e-3
    relaxation.criteria.stress = 0.01 * UnitFactor.gigapascal
    let (last, _) = try relaxation(
      Configuration(
        lattice: structure.lattice, species: setup.species,
        positions: structure.cartesianPositions.map(\.components)),
      isFixed: structure.species.map { _ in false }, model: model)
    let lattice = last.configuration.lattice
    let places = last.configuration.positions.map {
      lattice.fractional(Cartesian($0 - last.configuration.positions[0])).components
    }
    let found = crystal.parameters(lattice, places)
    #expect(!found.isEmpty)
    for (key, value) in found {
      let expected = try #require(reference.parameters[key])
      // Pairs that cross the cutoff make steps of the energy, which the other minimiser follows and
      // vanishing stress does not; for C = 175 eV·Å⁶ between oxygen atoms they are larger.
      let length = name == "BKS_alpha_quartz" ? 0.01 : 0.003
      let tolerance = key == "a" || key == "c" ? length : 0.002
      #expect((value - expected).magnitude < tolerance, "\(key) \(value) \(expected)")
    }
    let energy = last.evaluation.energy / crystal.formulaUnits
    #expect((energy - reference.energy).magnitude < 0.01, "\(energy) \(reference.energy)")
  }
}
