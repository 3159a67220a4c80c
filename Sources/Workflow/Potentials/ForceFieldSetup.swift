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
  public let warnings: [String]

  /// Assigns charges and checks that every pair that meets has parameters.
  ///
  /// - Parameters:
  ///   - structure: The sites.
  ///   - potentials: The short-range interactions; nil for electrostatics alone.
  ///   - charges: Charges by element that come before those of the file.
  ///   - file: Name of the file, for messages.
  /// - Throws: ``InputErrors`` that name atoms without charge, pairs without parameters, and charges
  ///   that do not match the potentials.
  public init(
    _ structure: Structure, potentials: PotentialSet?, charges: [Element: Double] = [:],
    file: String
  ) throws {
    let atoms = structure.species.indices.filter { !structure.species[$0].isVacancy }
    var warnings: [String] = []
    self.potentials = potentials
    if let potentials, !potentials.charges.isEmpty {
      species = atoms.map { structure.species[$0] }
      let missing = Set(species.filter { potentials.charge($0) == nil }).sorted()
      guard missing.isEmpty else {
        throw InputError(
          "\(potentials.name) has no charge for \(missing.map { "\($0)" }.joined(separator: ", "))",
          at: file,
          hint: "it holds \(ForceFieldSetup.elements(potentials)); take another set, or a file of "
            + "your own with --model mine.yaml")
      }
      if !charges.isEmpty {
        throw InputError(
          "\(potentials.name) has charges of its own", at: "charges",
          hint: "leave --charges out, or write a file of your own with other charges")
      }
      self.charges = species.map { potentials.charge($0) ?? 0 }
      chargeOrigin = "those of \(potentials.name)"
      let total = self.charges.reduce(0, +)
      guard total.magnitude < 1e-6 * Double(max(1, atoms.count)) else {
        let rows = Set(species).sorted().map { "\($0) \(fixed(potentials.charge($0) ?? 0, 3))" }
        throw InputError(
          "the charges of \(potentials.name) add up to \(fixed(total, 4)) e: "
            + rows.joined(separator: ", "), at: file,
          hint: "its charges belong to certain oxidation states: take another set, or change the "
            + "composition")
      }
    } else {
      let assignment = try ChargeAssignment(structure, given: charges, file: file)
      self.charges = atoms.map { assignment.charges[$0] }
      species = atoms.map {
        Species(structure.species[$0].element, oxidationState: assignment.charges[$0])
      }
      chargeOrigin = assignment.origin
      warnings += assignment.warnings
    }
    if let potentials {
      let missing = ForceFieldSetup.missingPairs(species, self.charges, potentials)
      guard missing.isEmpty else {
        throw InputErrors(
          missing.map { pair in
            InputError(
              "\(potentials.name) has no parameters for \(pair)", at: file,
              hint:
                "it holds \(ForceFieldSetup.elements(potentials)); take another set, or a file of "
                + "your own with --model mine.yaml (cellgen potentials --show "
                + "\(potentials.name) is a start)")
          })
      }
      for single in ForceFieldSetup.singleSources(species, potentials) {
        warnings.append("parameters of \(single) come from a single source")
      }
    }
    self.warnings = warnings
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
        accuracy: accuracy), truncation: potentials?.truncation ?? .plain,
      threads: threads ?? ProcessInfo.processInfo.activeProcessorCount)
  }

  /// The accuracy of forces unless another is asked for.
  public static let usualAccuracy = 1e-5

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
