public import Crystal
public import Energetics
internal import Foundation

/// The ions of a structure with everything that a force field needs to know of them.
public struct ForceFieldSetup: Sendable {
  /// The short-range interactions; nil for electrostatics alone.
  public let potentials: PotentialSet?

  /// The atoms as the potentials name them; empty sites are left out.
  public let species: [Species]

  /// Charge of each atom, e.
  public let charges: [Double]

  /// Where the charges come from, half a sentence.
  public let chargeOrigin: String

  /// What is doubtful.
  public private(set) var warnings: [String]

  /// What the model can tell and what it cannot.
  public let caveat: String

  /// A model as it was named, with its potentials.
  public enum Model: Sendable {
    /// Point charges.
    case ewald
    /// Potentials for any elements.
    case universal
    /// A set of potentials, with the text of its file if it is not one of cellgen's.
    case potentials(PotentialSet, text: String?)

    /// Reads a model.
    ///
    /// - Parameter name: `ewald`, `lattice`, `universal`, the name of a set of potentials, or a file.
    /// - Throws: ``InputError`` or ``InputErrors`` for a model that does not exist or cannot be read.
    public init(named name: String) throws {
      switch name.lowercased() {
      case "ewald": self = .ewald
      case "universal": self = .universal
      case let lower:
        let file = try PotentialLibrary.set(named: lower == "lattice" ? "lewis-catlow" : name)
        self = .potentials(file.set, text: PotentialLibrary.isFile(name) ? file.text : nil)
      }
    }
  }

  /// Assigns charges and checks that every pair that meets has parameters.
  ///
  /// - Parameters:
  ///   - structure: The sites.
  ///   - model: `ewald`, `lattice`, `universal`, the name of a set of potentials, or a file.
  ///   - charges: Charges by element that come before those of the file.
  ///   - file: Name of the file, for messages.
  /// - Throws: ``InputErrors`` that name atoms without charge, pairs without parameters, and charges
  ///   that do not match the potentials; ``InputError`` for a model that does not exist.
  public init(
    _ structure: Structure, model: String, charges: [Element: Double] = [:], file: String
  ) throws {
    try self.init(structure, model: Model(named: model), charges: charges, file: file)
  }

  /// Assigns charges and checks that every pair that meets has parameters.
  ///
  /// - Parameters:
  ///   - structure: The sites.
  ///   - model: The model.
  ///   - charges: Charges by element that come before those of the file.
  ///   - file: Name of the file, for messages.
  /// - Throws: ``InputErrors`` that name atoms without charge, pairs without parameters, and charges
  ///   that do not match the potentials.
  public init(
    _ structure: Structure, model: Model, charges: [Element: Double] = [:], file: String
  ) throws {
    switch model {
    case .ewald:
      let assignment = try ChargeAssignment(structure, given: charges, file: file)
      self.init(
        potentials: nil, ions: ForceFieldSetup.ions(structure, assignment), assignment: assignment)
    case .universal:
      let assignment = try ChargeAssignment(structure, given: charges, file: file)
      let ions = ForceFieldSetup.ions(structure, assignment)
      let (set, estimated) = try UniversalPotentials.set(for: ions.species, file: file)
      self.init(
        potentials: set, ions: (ions.species, ions.species.map { set.charge($0) ?? 0 }),
        assignment: assignment)
      warnings += estimated.map {
        "bond lengths of \($0) are estimated from ionic radii; there are no bond valences"
      }
    case .potentials(let set, _):
      try self.init(structure, potentials: set, charges: charges, file: file)
    }
  }

  /// Names of models besides files, best known first.
  static let modelNames = ["ewald", "lattice", "universal"] + PotentialLibrary.names

  /// Assigns charges and checks that every pair that meets has parameters.
  ///
  /// - Parameters:
  ///   - structure: The sites.
  ///   - potentials: The short-range interactions.
  ///   - charges: Charges by element that come before those of the file.
  ///   - file: Name of the file, for messages.
  /// - Throws: ``InputErrors`` that name atoms without charge, pairs without parameters, and charges
  ///   that do not match the potentials.
  public init(
    _ structure: Structure, potentials: PotentialSet, charges: [Element: Double] = [:],
    file: String
  ) throws {
    if potentials.charges.isEmpty {
      let assignment = try ChargeAssignment(structure, given: charges, file: file)
      self.init(
        potentials: potentials, ions: ForceFieldSetup.ions(structure, assignment),
        assignment: assignment)
    } else {
      guard charges.isEmpty else {
        throw InputError(
          "\(potentials.name) has charges of its own", at: "charges",
          hint: "leave --charges out, or write a file of your own with other charges")
      }
      let species = structure.species.filter { !$0.isVacancy }
      self.init(
        potentials: potentials,
        ions: (species, try ForceFieldSetup.ownCharges(species, potentials, file)),
        assignment: nil)
    }
    let missing = ForceFieldSetup.missingPairs(species, self.charges, potentials)
    guard missing.isEmpty else {
      throw InputErrors(
        missing.map { pair in
          InputError(
            "\(potentials.name) has no parameters for \(pair)", at: file,
            hint: "it holds \(ForceFieldSetup.elements(potentials)); take another set, --model "
              + "universal, or a file of your own (cellgen potentials --show \(potentials.name) is "
              + "a start)")
        })
    }
    for single in ForceFieldSetup.singleSources(species, potentials) {
      warnings.append("parameters of \(single) come from a single source")
    }
  }

  private init(
    potentials: PotentialSet?, ions: (species: [Species], charges: [Double]),
    assignment: ChargeAssignment?
  ) {
    self.potentials = potentials
    species = ions.species
    charges = ions.charges
    chargeOrigin = assignment?.origin ?? "those of \(potentials?.name ?? "the model")"
    warnings = assignment?.warnings ?? []
    switch potentials?.name {
    case nil: caveat = EnergyModelChoice.ewald.caveat
    case UniversalPotentials.name?:
      caveat =
        "bond-valence potentials: first models to hand to an engine or to DFT; its energies compare "
        + "nothing"
    case let name?:
      caveat =
        "rigid ions with pair potentials (\(name)): structures of the compositions it was made for; "
        + "gives no voltages or formation energies"
    }
  }

  /// The atoms with their charges as oxidation states.
  private static func ions(
    _ structure: Structure, _ assignment: ChargeAssignment
  ) -> (species: [Species], charges: [Double]) {
    let atoms = structure.species.indices.filter { !structure.species[$0].isVacancy }
    let charges = atoms.map { assignment.charges[$0] }
    return (
      zip(atoms, charges).map {
        Species(structure.species[$0].element, oxidationState: $1)
      }, charges
    )
  }

  /// The charges that a set gives to the atoms, which must add up to zero.
  private static func ownCharges(
    _ species: [Species], _ potentials: PotentialSet, _ file: String
  ) throws(InputError) -> [Double] {
    let missing = Set(species.filter { potentials.charge($0) == nil }).sorted()
    guard missing.isEmpty else {
      throw InputError(
        "\(potentials.name) has no charge for \(missing.map { "\($0)" }.joined(separator: ", "))",
        at: file,
        hint: "it holds \(elements(potentials)); take another set, --model universal, or a file of "
          + "your own with --model mine.yaml")
    }
    let charges = species.map { potentials.charge($0) ?? 0 }
    let total = charges.reduce(0, +)
    guard total.magnitude < 1e-6 * Double(max(1, species.count)) else {
      let rows = Set(species).sorted().map { "\($0) \(fixed(potentials.charge($0) ?? 0, 3))" }
      throw InputError(
        "the charges of \(potentials.name) add up to \(fixed(total, 4)) e: "
          + rows.joined(separator: ", "), at: file,
        hint: "its charges belong to certain oxidation states: take another set, or change the "
          + "composition")
    }
    return charges
  }

  /// Builds the force field.
  ///
  /// - Parameters:
  ///   - lattice: The cell to start with, Å; the mesh is chosen for it.
  ///   - cutoff: Å; nil takes that of the potentials, or 10 Å.
  ///   - accuracy: Of forces, in units of 14.4 eV/Å.
  ///   - threads: Largest number of threads; nil takes all cores. No effect on results.
  /// - Returns: The model, for configurations with these atoms.
  public func makeModel(
    lattice: Lattice, cutoff: Double? = nil, accuracy: Double = ForceFieldSetup.usualAccuracy,
    threads: Int? = nil
  ) -> ForceField {
    ForceField(
      species: species, charges: charges, potentials: potentials,
      electrostatics: Electrostatics(
        lattice: lattice, charges: charges, cutoff: cutoff ?? potentials?.cutoff ?? 10,
        accuracy: accuracy),
      threads: threads ?? ProcessInfo.processInfo.activeProcessorCount)
  }

  /// The accuracy of forces unless another is asked for.
  public static let usualAccuracy = 1e-5

  /// The accuracy of forces where relaxed energies are compared.
  static let accuracyToCompare = 1e-7

  /// Pairs with attraction and pairs of anions that have no short-range term.
  private static func missingPairs(
    _ species: [Species], _ charges: [Double], _ potentials: PotentialSet
  ) -> [String] {
    var kinds: [Species: Double] = [:]
    for (species, charge) in zip(species, charges) { kinds[species] = charge }
    let sorted = kinds.keys.sorted()
    var missing: [String] = []
    for (index, first) in sorted.enumerated() {
      for second in sorted[index...] {
        let (a, b) = (kinds[first] ?? 0, kinds[second] ?? 0)
        guard a * b < 0 || (a < 0 && b < 0) else { continue }
        if potentials.potential(first, second) == nil { missing.append("\(first)-\(second)") }
      }
    }
    return missing
  }

  private static func singleSources(_ species: [Species], _ potentials: PotentialSet) -> [String] {
    let kinds = Set(species).sorted()
    var names: Set<String> = []
    for first in kinds {
      for second in kinds {
        for pair in potentials.singleSourcePairs(first, second) {
          names.insert("\(pair.first)-\(pair.second)")
        }
      }
    }
    return names.sorted()
  }

  private static func elements(_ potentials: PotentialSet) -> String {
    Set(potentials.pairs.flatMap { [$0.first, $0.second] }).sorted().map { "\($0)" }
      .joined(separator: ", ")
  }
}
