internal import Crystal
internal import Energetics
internal import Foundation
internal import StructureIO

/// What a program wrote about a structure.
///
/// Either one frame of extxyz with the keys of ASE: `energy` (else `free_energy`), eV; the column
/// `forces`, eV/Å; `stress` (six in the order of Voigt, or nine; positive under tension, eV/Å³), or
/// `virial` (nine, minus the stress times the volume, eV). Or a JSON object with `energy_eV`,
/// `forces_eV_A` and `stress_eV_A3`, as `cellgen energy --json --forces` prints it.
struct CommandResult {
  /// The numbers, not checked for being finite.
  let evaluation: Evaluation

  /// Whether a stress was given.
  let hasStress: Bool

  /// Distances by which the atoms of the answer may be off, Å: more than rounding, less than any
  /// relaxation.
  private static let tolerance = 1e-3

  /// Reads what a program wrote.
  ///
  /// - Parameters:
  ///   - text: All of it.
  ///   - configuration: What was asked for.
  /// - Throws: ``InputError`` for what is missing, or belongs to other atoms.
  init(_ text: String, for configuration: Configuration) throws(InputError) {
    let isJSON = text.first { !$0.isWhitespace } == "{"
    self = isJSON ? try .json(text, configuration) : try .extendedXYZ(text, configuration)
  }

  init(evaluation: Evaluation, hasStress: Bool) {
    self.evaluation = evaluation
    self.hasStress = hasStress
  }

  private struct Keys: Decodable {
    let energy_eV: Double
    let forces_eV_A: [[Double]]
    let stress_eV_A3: [[Double]]?
  }

  private static func json(
    _ text: String, _ configuration: Configuration
  ) throws(InputError) -> CommandResult {
    let keys: Keys
    do {
      keys = try JSONDecoder().decode(Keys.self, from: Data(text.utf8))
    } catch {
      throw InputError(
        "expected a JSON object with energy_eV, forces_eV_A and stress_eV_A3 of numbers",
        at: "{out}")
    }
    let count = configuration.positions.count
    guard keys.forces_eV_A.count == count, keys.forces_eV_A.allSatisfy({ $0.count == 3 }) else {
      throw InputError("forces_eV_A has not three components for \(count) atoms", at: "{out}")
    }
    if let stress = keys.stress_eV_A3 {
      guard stress.count == 3, stress.allSatisfy({ $0.count == 3 }) else {
        throw InputError("stress_eV_A3 has not three rows of three numbers", at: "{out}")
      }
    }
    return CommandResult(
      energy: keys.energy_eV, forces: keys.forces_eV_A.map { SIMD3($0[0], $0[1], $0[2]) },
      derivative: keys.stress_eV_A3.map { $0.joined().map { $0 * configuration.lattice.volume } })
  }

  private static func extendedXYZ(
    _ text: String, _ configuration: Configuration
  ) throws(InputError) -> CommandResult {
    let frames = try ExtendedXYZ.readFrames(text, source: "{out}")
    guard frames.count == 1, let structure = frames.first?.structure else {
      throw InputError("\(frames.count) frames, expected one", at: "{out}")
    }
    try check(structure, configuration)
    func numbers(_ key: String) throws(InputError) -> [Double]? {
      guard let entry = structure.info.first(where: { $0.key == key }) else { return nil }
      let words = entry.value.split { " ,[]{}\t".contains($0) }
      let values = words.compactMap { NumberReader.real($0) }
      guard values.count == words.count else {
        throw InputError("\(key) is \"\(entry.value)\", expected finite numbers", at: "{out}")
      }
      return values
    }
    let free = try numbers("free_energy")
    guard let energy = try numbers("energy") ?? free, energy.count == 1 else {
      let keys = structure.info.map(\.key).joined(separator: ", ")
      throw InputError(
        "no energy in the comment line", at: "{out}",
        hint: keys.isEmpty ? "it needs energy=… in eV" : "its keys are \(keys)")
    }
    guard let column = structure[column: Column.Name.force], column.width == 3,
      case .real(let values) = column.values
    else { throw InputError("no column forces:R:3", at: "{out}") }
    var derivative: [Double]?
    if let s = try numbers("stress") {
      let full =
        switch s.count {
        case 9: s
        case 6: [s[0], s[5], s[4], s[5], s[1], s[3], s[4], s[3], s[2]]
        default:
          throw InputError("stress has \(s.count) numbers, expected six or nine", at: "{out}")
        }
      derivative = full.map { $0 * configuration.lattice.volume }
    } else if let virial = try numbers("virial") {
      guard virial.count == 9 else {
        throw InputError("virial has \(virial.count) numbers, expected nine", at: "{out}")
      }
      derivative = virial.map { -$0 }
    }
    return CommandResult(
      energy: energy[0],
      forces: configuration.positions.indices.map {
        SIMD3(values[3 * $0], values[3 * $0 + 1], values[3 * $0 + 2])
      }, derivative: derivative)
  }

  /// Puts the parts together; the strain derivative is made symmetric.
  private init(energy: Double, forces: [SIMD3<Double>], derivative: [Double]?) {
    var evaluation = Evaluation.zero(forces.count)
    evaluation.energy = energy
    evaluation.forces = forces
    if let d = derivative {
      evaluation.strainDerivative = (0..<3).map { i in
        0.5 * (SIMD3(d[3 * i], d[3 * i + 1], d[3 * i + 2]) + SIMD3(d[i], d[3 + i], d[6 + i]))
      }
    }
    self.init(evaluation: evaluation, hasStress: derivative != nil)
  }

  /// Refuses an answer about other atoms, such as relaxed or sorted ones.
  private static func check(
    _ structure: Structure, _ configuration: Configuration
  ) throws(InputError) {
    let count = configuration.species.count
    guard structure.count == count else {
      throw InputError("\(structure.count) atoms, expected \(count)", at: "{out}")
    }
    for (found, asked) in zip(structure.lattice.vectors, configuration.lattice.vectors)
    where length(found - asked) > tolerance {
      throw InputError("the cell is not the one in {in}", at: "{out}")
    }
    for atom in 0..<count {
      let (found, asked) = (structure.species[atom].element, configuration.species[atom].element)
      guard found == asked else {
        throw InputError(
          "atom \(atom + 1) is \(found), expected \(asked)", at: "{out}",
          hint: "the order of the atoms has to stay")
      }
      var step = structure.positions[atom].components
      step -= configuration.lattice.fractional(Cartesian(configuration.positions[atom])).components
      step -= step.rounded(.toNearestOrEven)
      let distance = length(configuration.lattice.cartesian(Fractional(step)).components)
      guard distance <= tolerance else {
        throw InputError(
          "atom \(atom + 1) is \(fixed(distance, 4)) Å from its place in {in}", at: "{out}",
          hint: "the program has to evaluate the structure as it is, without relaxing it")
      }
    }
  }
}

/// Whether a text is a JSON object.
func isJSONObject(_ text: String) -> Bool {
  (try? JSONSerialization.jsonObject(with: Data(text.utf8))) is [String: Any]
}
