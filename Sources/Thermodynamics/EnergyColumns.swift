internal import Crystal

/// What the columns of a table of energies mean, from their names.
struct EnergyColumns {
  /// A column with energies.
  struct Energy {
    let index: Int
    let name: String
    let isPerAtom: Bool
    /// nil if the name holds none.
    let unit: EnergyUnit?
  }

  var names: [String] = []
  var formula: Int?
  var id: Int?
  var atoms: Int?
  var total: Energy?
  var perAtom: Energy?
  var unit: Int?
  var volume: Int?
  var volumeIsPerAtom = false
  var source: Int?
  var structure: Int?

  /// What is wrong with the names; without a location.
  var problems: [InputError] = []

  /// Reads the names of the header.
  init(_ header: [String]) {
    names = header
    for (index, name) in header.enumerated() { assign(index, name, Self.words(name)) }
    findMissing()
  }

  /// The unit of the energies in the header; nil if a column has to give it.
  var headerUnit: EnergyUnit? { total?.unit ?? perAtom?.unit }

  /// Lower-case words of a name, split wherever a character is no letter or digit.
  static func words(_ name: String) -> [String] {
    name.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
  }

  private static let formulaNames = [
    "formula", "composition", "reduced_formula", "pretty_formula", "formula_pretty",
    "chemical_formula",
  ]
  private static let idNames = ["id", "name", "entry_id", "material_id", "label"]
  private static let atomNames = [
    "atoms", "natoms", "n_atoms", "num_atoms", "nsites", "n_sites", "number_of_atoms",
  ]
  private static let energyNames = [
    "energy_eV", "energy_per_atom_eV", "energy_per_atom", "total_energy_eV", "energy_Ry",
    "energy_Ha", "energy_kJ_mol",
  ]

  /// Words of energies that are no total energies of a phase.
  private static let otherEnergies: Set = [
    "hull", "above", "formation", "form", "binding", "cohesive", "error", "std", "sigma", "free",
    "band", "gap", "fermi", "correction", "decomposition", "surface", "difference", "uncertainty",
  ]

  private mutating func assign(_ index: Int, _ name: String, _ words: [String]) {
    let joined = words.joined(separator: "_")
    if Self.formulaNames.contains(joined) {
      set(\.formula, index)
    } else if Self.idNames.contains(joined) {
      set(\.id, index)
    } else if Self.atomNames.contains(joined) {
      set(\.atoms, index)
    } else if ["unit", "units", "energy_unit", "energy_units"].contains(joined) {
      set(\.unit, index)
    } else if ["source", "method", "code"].contains(joined) {
      set(\.source, index)
    } else if ["structure", "path", "structure_path", "file"].contains(joined) {
      set(\.structure, index)
    } else if words.first == "volume" {
      assignVolume(index, name, words)
    } else if isEnergy(words) {
      assignEnergy(index, name, words)
    }
  }

  private mutating func set(_ column: WritableKeyPath<Self, Int?>, _ index: Int) {
    guard let other = self[keyPath: column] else {
      self[keyPath: column] = index
      return
    }
    // Tables of databases have both id and name, or formula and pretty formula: the first counts,
    // unless the very same name occurs twice.
    if names[other].lowercased() == names[index].lowercased() {
      problems.append(InputError("column \"\(names[index])\" occurs twice"))
    }
  }

  private func isEnergy(_ words: [String]) -> Bool {
    guard Self.otherEnergies.isDisjoint(with: words) else { return false }
    return words.contains("energy") || words.contains("enthalpy") || words.first == "e"
      || ["etot", "toten", "epa", "e0"].contains(words.first)
  }

  private mutating func assignEnergy(_ index: Int, _ name: String, _ words: [String]) {
    let isPerAtom = words.contains("atom") || words.contains("atoms") || words.first == "epa"
    let per = words.firstIndex(of: "per").map { words.dropFirst($0 + 1).first ?? "" }
    if let per, !isPerAtom, !["cell", "mol", "mole"].contains(per) {
      problems.append(
        InputError(
          "column \"\(name)\": energies per \(per) are not understood",
          hint: "give total energies in energy_eV with the number of atoms in a column atoms, or "
            + "energy_per_atom_eV"))
    }
    let energy = Energy(
      index: index, name: name, isPerAtom: isPerAtom, unit: EnergyUnit(words: words))
    if let other = isPerAtom ? perAtom : total {
      problems.append(
        other.unit == energy.unit
          ? InputError(
            "columns \"\(other.name)\" and \"\(name)\" both hold energies",
            hint: "keep one of them")
          : InputError(
            "mixed units: column \"\(other.name)\" and column \"\(name)\"",
            hint: "keep the column in one unit"))
    } else if isPerAtom {
      perAtom = energy
    } else {
      total = energy
    }
  }

  private mutating func assignVolume(_ index: Int, _ name: String, _ words: [String]) {
    let unit = words.dropFirst().filter { !["per", "atom", "cell", "total"].contains($0) }
    let accepted = ["", "a3", "a_3", "å3", "å_3", "å³", "ang3", "ang_3", "angstrom3", "angstrom_3"]
    guard accepted.contains(unit.joined(separator: "_")) else {
      problems.append(
        InputError(
          "column \"\(name)\": the unit of the volume is not understood",
          hint: "give volumes in Å³, in a column named volume_A3"))
      return
    }
    volumeIsPerAtom = words.contains("atom")
    set(\.volume, index)
  }

  private mutating func findMissing() {
    if formula == nil {
      problems.append(
        InputError(
          "there is no column \"formula\"",
          hint: suggestion(Self.formulaNames)
            ?? "name the column of compositions \"formula\""))
    }
    guard total != nil || perAtom != nil else {
      problems.append(
        InputError(
          "there is no column with energies",
          hint: suggestion(Self.energyNames)
            ?? "name it energy_eV for total energies or energy_per_atom_eV; other units: "
            + "energy_Ry, energy_Ha, energy_kJ_mol"))
      return
    }
    if let total, let perAtom, let unit = total.unit, unit != perAtom.unit ?? .electronvolt {
      problems.append(
        InputError(
          "mixed units: column \"\(total.name)\" and column \"\(perAtom.name)\"",
          hint: "keep one of them"))
    }
    if let total, total.unit == nil, unit == nil, perAtom == nil {
      problems.append(
        InputError(
          "column \"\(total.name)\" does not say its unit",
          hint: "name it energy_eV for total energies in eV, energy_per_atom_eV for eV/atom, or "
            + "energy_Ry, energy_Ha, energy_kJ_mol"))
    }
  }

  /// A hint with the name that was probably meant.
  private func suggestion(_ accepted: [String]) -> String? {
    for name in names where !name.isEmpty {
      if let near = nearestMatch(to: name, among: accepted) {
        return "column \"\(name)\": did you mean \(near)?"
      }
    }
    return nil
  }
}
