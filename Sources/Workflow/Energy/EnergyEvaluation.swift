internal import Crystal
internal import Energetics
internal import Report
internal import StructureIO

/// The energy of a structure with a built-in model.
public struct EnergyEvaluation: Sendable {
  /// What was asked for.
  public let specification: EnergySpecification

  /// What is doubtful, one sentence each.
  public let warnings: [String]

  /// What the model can tell and what it cannot.
  let caveat: String

  /// Every site of the file.
  let structure: Structure

  /// Charge of every site, e; zero for empty ones.
  let charges: [Double]

  /// Where the charges come from, half a sentence.
  let chargeOrigin: String

  /// The electrostatic part.
  let ewald: EwaldSum

  /// The short-range part of the lattice model.
  let shortRange: PairSum?

  /// Evaluates a structure.
  ///
  /// - Throws: ``InputError`` or ``InputErrors`` for a file that cannot be read, or atoms without
  ///   charge or parameters.
  public init(_ specification: EnergySpecification) throws {
    try specification.validate()
    self.specification = specification
    let file = specification.structure
    let reading = try specification.readStructure()
    let structure = reading.structure
    let setup = try ForceFieldSetup(
      structure, model: specification.model, charges: try specification.chargesByElement(),
      file: file)
    var (charges, species) = ([Double](), [Species]())
    var atom = 0
    for site in structure.species {
      charges.append(site.isVacancy ? 0 : setup.charges[atom])
      species.append(site.isVacancy ? .vacancy : setup.species[atom])
      if !site.isVacancy { atom += 1 }
    }
    ewald = EwaldSum(
      lattice: structure.lattice, positions: structure.positions, charges: charges)
    shortRange = setup.potentials.map { potentials in
      var potentials = potentials
      potentials.cutoff = specification.cutoff ?? potentials.cutoff
      return PairSum(
        lattice: structure.lattice, positions: structure.positions, species: species,
        potentials: potentials)
    }
    self.charges = charges
    self.structure = structure
    chargeOrigin = setup.chargeOrigin
    caveat = setup.caveat
    warnings = reading.warnings + setup.warnings
  }

  /// Energy per cell, eV.
  public var energy: Double { ewald.energy + (shortRange?.energy ?? 0) }

  /// Atoms, vacancies left out.
  var atomCount: Int { structure.species.count { !$0.isVacancy } }

  /// Force on every site, eV/Å.
  var forces: [SIMD3<Double>] {
    guard let shortRange else { return ewald.forces }
    return zip(ewald.forces, shortRange.forces).map { $0 + $1 }
  }

  /// Stress, rows, eV/Å³; positive under tension.
  var stress: [SIMD3<Double>] {
    let volume = structure.lattice.volume
    let short = shortRange?.strainDerivative ?? [SIMD3](repeating: .zero, count: 3)
    return zip(ewald.strainDerivative, short).map { ($0 + $1) / volume }
  }
}

/// What forces are printed.
public enum ForceOutput: Sendable {
  /// None.
  case none
  /// Forces and stress.
  case forces
}

extension EnergyEvaluation {
  private var parts: [(name: String, key: String, value: Double)] {
    [
      ("real-space sum", "real", ewald.components.real),
      ("reciprocal sum", "reciprocal", ewald.components.reciprocal),
      ("self-interaction", "self", ewald.components.selfInteraction),
      ("background", "background", ewald.components.background),
      ("short range", "short_range", shortRange?.energy ?? 0),
    ]
  }

  /// The results as they are printed on a terminal.
  ///
  /// - Parameter output: Whether forces are printed.
  /// - Returns: Text of several lines.
  public func text(_ output: ForceOutput) -> String {
    var energies = Table(
      title: "\(specification.structure): \(atomCount) atoms; charges: \(chargeOrigin)",
      columns: ["", "eV", "eV/atom"])
    let atoms = Double(atomCount)
    for part in parts where shortRange != nil || part.key != "short_range" {
      energies.append([part.name, fixed(part.value, 6), fixed(part.value / atoms, 6)])
    }
    energies.append(["energy", fixed(energy, 6), fixed(energy / atoms, 6)])
    var blocks = [energies.text, potentialTable.text]
    if output == .forces {
      blocks.append(stressTable(forces, stress).text)
    }
    return blocks.joined(separator: "\n") + "\nmodel: \(caveat)\n"
  }

  /// Potentials by species and label.
  private var potentialTable: Table {
    let labels = structure.labels
    var groups: [String: [Double]] = [:]
    var order: [String] = []
    var chargeOfGroup: [String: Double] = [:]
    for (site, species) in structure.species.enumerated() {
      let name = "\(species.element)" + (labels.map { " \($0[site])" } ?? "")
      if groups[name] == nil {
        order.append(name)
        chargeOfGroup[name] = charges[site]
      } else if chargeOfGroup[name] != charges[site] {
        chargeOfGroup[name] = .nan
      }
      groups[name, default: []].append(ewald.potentials[site])
    }
    var table = Table(
      title: "Electrostatic potential on the sites",
      columns: ["site", "number", "charge (e)", "lowest (V)", "mean (V)", "highest (V)"])
    for name in order {
      let values = groups[name] ?? []
      let charge = chargeOfGroup[name] ?? .nan
      table.append([
        name, "\(values.count)", charge.isNaN ? "-" : fixed(charge, 4), fixed(values.min() ?? 0, 4),
        fixed(values.reduce(0, +) / Double(values.count), 4), fixed(values.max() ?? 0, 4),
      ])
    }
    return table
  }

  /// The results for programs.
  ///
  /// - Parameter output: Whether forces are included.
  /// - Returns: One object.
  public func json(_ output: ForceOutput) -> JSONValue {
    var keys: [String: JSONValue] = [
      "cellgen": .text(cellgenVersion), "command": .text("energy"),
      "structure": .text(specification.structure), "model": .text(specification.model),
      "energy_eV": .real(energy), "energy_eV_per_atom": .real(energy / Double(atomCount)),
      "components_eV": .object(
        Dictionary(uniqueKeysWithValues: parts.map { ($0.key, JSONValue.real($0.value)) })),
      "site_potentials_V": .array(ewald.potentials.map(JSONValue.real)),
      "charges_e": .array(charges.map(JSONValue.real)),
      "charges_from": .text(chargeOrigin), "charge_e": .real(charges.reduce(0, +)),
      "atoms": .integer(atomCount), "volume_A3": .real(structure.lattice.volume),
      "warnings": .texts(warnings),
    ]
    if output == .forces {
      keys["forces_eV_A"] = .array(forces.map(JSONValue.vector))
      keys["stress_eV_A3"] = .array(stress.map(JSONValue.vector))
    }
    return .object(keys)
  }
}

/// The largest force, and the stress in GPa.
///
/// - Parameters:
///   - forces: eV/Å.
///   - stress: Rows, eV/Å³.
/// - Returns: A table with its title.
func stressTable(_ forces: [SIMD3<Double>], _ stress: [SIMD3<Double>]) -> Table {
  let largest = forces.map { dot($0, $0).squareRoot() }.max() ?? 0
  var table = Table(
    title: "Largest force \(fixed(largest, 6)) eV/Å; stress in GPa", columns: ["", "x", "y", "z"])
  for (axis, row) in zip(["x", "y", "z"], stress) {
    table.append([axis] + (0..<3).map { fixed(row[$0] / UnitFactor.gigapascal, 4) })
  }
  return table
}
