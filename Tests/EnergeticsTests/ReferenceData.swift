import CellgenTestSupport
import Crystal
import Energetics
import Foundation
import Testing

/// A number that is written as a number or, with more digits, as text.
struct Quantity: Decodable {
  let value: Double

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let text = try? container.decode(String.self) {
      value = try #require(NumberReader.real(text))
    } else {
      value = try container.decode(Double.self)
    }
  }
}

/// Three numbers.
struct Triple: Decodable {
  let vector: SIMD3<Double>

  init(from decoder: any Decoder) throws {
    let numbers = try [Quantity](from: decoder).map(\.value)
    try #require(numbers.count == 3)
    vector = SIMD3(numbers[0], numbers[1], numbers[2])
  }
}

func lattice(_ rows: [Triple]) throws -> Lattice {
  try Lattice(a: rows[0].vector, b: rows[1].vector, c: rows[2].vector)
}

func readData<Value: Decodable>(_ name: String, as type: Value.Type) throws -> Value {
  try JSONDecoder().decode(
    type, from: Data(contentsOf: dataFolder().appending(path: name)))
}

/// A periodic set of point charges.
struct ChargedCell: Sendable, CustomTestStringConvertible {
  var name: String
  var lattice: Lattice
  var positions: [Fractional]
  var charges: [Double]

  var testDescription: String { name }

  var count: Int { charges.count }

  func sum(accuracy: Double = 1e-14, splitting: Double? = nil) -> EwaldSum {
    EwaldSum(
      lattice: lattice, positions: positions, charges: charges, accuracy: accuracy,
      splitting: splitting)
  }

  /// The same energy from the potential of a unit charge, pair by pair.
  func pairwiseEnergy(_ pair: EwaldPair) -> Double {
    var sum = 0.0
    for i in 0..<count {
      sum += charges[i] * charges[i] * pair.selfPotential
      for j in 0..<count where j != i {
        sum +=
          charges[i] * charges[j]
          * pair.potential(positions[j].components - positions[i].components)
      }
    }
    return 0.5 * Constants.coulomb * sum
  }

  /// The cell deformed by r' = r (1 + ε), rows of ε.
  func strained(_ strain: [SIMD3<Double>]) throws -> ChargedCell {
    func deformed(_ v: SIMD3<Double>) -> SIMD3<Double> {
      v + v.x * strain[0] + v.y * strain[1] + v.z * strain[2]
    }
    var copy = self
    copy.lattice = try Lattice(
      a: deformed(lattice.a), b: deformed(lattice.b), c: deformed(lattice.c))
    return copy
  }
}

/// `ewald_cases.json`, in units of e and Å: energies times ``Constants/coulomb`` are in eV.
struct EwaldCase: Decodable, Sendable {
  let name: String
  let cell: [Triple]
  let frac: [Triple]
  let charges: [Quantity]
  let energy: Quantity
  let potentials: [Quantity]
  let forces: [Triple]?
  let strainDerivative: [Quantity]

  enum CodingKeys: String, CodingKey {
    case name, cell, frac, charges
    case energy = "energy_e2_per_A"
    case potentials = "site_potentials_e_per_A"
    case forces = "forces_e2_per_A2"
    case strainDerivative = "dE_dstrain_voigt_xx_yy_zz_yz_xz_xy_e2_per_A"
  }

  private struct File: Decodable {
    let cases: [EwaldCase]
  }

  static func all() throws -> [EwaldCase] {
    try readData("ewald_cases.json", as: File.self).cases
  }

  static func named(_ name: String) throws -> ChargedCell {
    try #require(all().first { $0.name == name }).chargedCell()
  }

  func chargedCell() throws -> ChargedCell {
    ChargedCell(
      name: name, lattice: try lattice(cell), positions: frac.map { Fractional($0.vector) },
      charges: charges.map(\.value))
  }
}

/// `madelung.json`, lengths in units of the cell.
struct MadelungCase: Decodable {
  let cell: [Triple]
  let frac: [Triple]
  let charges: [Quantity]
  let labels: [String]
  let energy: Quantity
  let potentials: [String: Quantity]

  enum CodingKeys: String, CodingKey {
    case cell, frac, charges, labels
    case energy = "energy_per_cell"
    case potentials = "site_potentials"
  }

  private struct File: Decodable {
    let cases: [String: MadelungCase]
  }

  static func all() throws -> [(name: String, case: MadelungCase)] {
    try readData("madelung.json", as: File.self).cases.sorted { $0.key < $1.key }
      .map { ($0.key, $0.value) }
  }

  func chargedCell(_ name: String) throws -> ChargedCell {
    ChargedCell(
      name: name, lattice: try lattice(cell), positions: frac.map { Fractional($0.vector) },
      charges: charges.map(\.value))
  }
}

/// `single_points.json`.
struct SinglePoint: Decodable {
  let cell: [Triple]
  let frac: [Triple]
  let species: [String]
  let charges: [String: Double]
  let cutoff: Double
  let energy: Double
  let coulombEnergy: Double
  let shortRangeEnergy: Double

  enum CodingKeys: String, CodingKey {
    case cell, frac, species, charges
    case cutoff = "cutoff_A"
    case energy = "energy_eV"
    case coulombEnergy = "coulomb_eV"
    case shortRangeEnergy = "short_range_eV"
  }

  private struct File: Decodable {
    let cases: [String: SinglePoint]
  }

  static func named(_ name: String) throws -> SinglePoint {
    try #require(readData("single_points.json", as: File.self).cases[name])
  }

  func structure() throws -> Structure {
    Structure(
      lattice: try lattice(cell),
      species: try species.map {
        Species(try #require(Element(symbol: $0)), oxidationState: charges[$0])
      },
      positions: frac.map { Fractional($0.vector) })
  }
}
