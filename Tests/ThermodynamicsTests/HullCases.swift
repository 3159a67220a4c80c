import CellgenTestSupport
import Crystal
import Foundation
import Testing
import Thermodynamics

/// The file `hull_cases.json`: hulls in exact arithmetic.
struct HullCases: Decodable {
  struct Entry: Decodable {
    let composition: [String: Int]
    let energyTotal: Double
    let formationEnergy: Double
    let energyAboveHull: Double
    let decomposition: [Share]

    enum CodingKeys: String, CodingKey {
      case composition, decomposition
      case energyTotal = "energy_total_float"
      case formationEnergy = "formation_energy_per_atom_float"
      case energyAboveHull = "e_above_hull_per_atom_float"
    }
  }

  struct Share: Decodable {
    let index: Int
    let fraction: Double

    init(from decoder: any Decoder) throws {
      var list = try decoder.unkeyedContainer()
      index = try list.decode(Int.self)
      fraction = try #require(NumberReader.rational(list.decode(String.self))).doubleValue
    }
  }

  struct Case: Decodable {
    let elements: [String]
    let entries: [Entry]
    let stable: [Int]
  }

  struct Point: Decodable {
    let x: String
    let energy: Double
    let formation: Double
    let formationPerAtom: Double
    let aboveHull: Double
    let aboveHullPerAtom: Double

    enum CodingKeys: String, CodingKey {
      case x
      case energy = "energy_per_fu_float"
      case formation = "formation_per_fu"
      case formationPerAtom = "formation_per_atom"
      case aboveHull = "e_above_hull_per_fu"
      case aboveHullPerAtom = "e_above_hull_per_atom"
    }
  }

  struct Loss: Decodable {
    let x: Double
    let below: Double
    let above: Double

    enum CodingKeys: String, CodingKey {
      case x
      case below = "from_low_x_V"
      case above = "from_high_x_V"
    }
  }

  struct PseudoBinary: Decodable {
    let reference: String
    let valence: Int
    let data: [Point]
    let hull: [Double]
    let steps: [[Double]]
    let adjacent: [[Double]]
    let mean: Double
    let overpotentials: [Loss]

    enum CodingKeys: String, CodingKey {
      case data
      case reference = "mu_metal_per_atom"
      case valence = "electrons_per_ion"
      case hull = "hull_x"
      case steps = "equilibrium_voltage_steps"
      case adjacent = "all_adjacent_steps"
      case mean = "average_voltage_0_to_1"
      case overpotentials = "metastable_overpotential"
    }
  }

  struct All: Decodable {
    let binary: Case
    let ternary: Case
    let oxides: Case
    let pseudoBinary: PseudoBinary

    enum CodingKeys: String, CodingKey {
      case binary = "binary_AB"
      case ternary = "ternary_ABC_1"
      case oxides = "MgMnO_enthalpies_kJ"
      case pseudoBinary = "MgxZnMnO3_like"
    }
  }

  let cases: All

  static func read() throws -> All {
    let data = try Data(contentsOf: dataFolder().appending(path: "hull_cases.json"))
    return try JSONDecoder().decode(HullCases.self, from: data).cases
  }
}

/// Entry of whole numbers of atoms, such as `("Mg2O", -1.0)`.
func entry(_ formula: String, _ energy: Double, id: String? = nil) throws -> EnergyEntry {
  EnergyEntry(id: id ?? formula, formula: try Composition(parsing: formula), energy: energy)
}

func readData(_ name: String) throws -> String {
  try String(contentsOf: dataFolder().appending(path: name), encoding: .utf8)
}
