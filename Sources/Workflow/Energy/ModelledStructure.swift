internal import Crystal
internal import Dynamics
internal import Energetics
internal import Engines
internal import StructureIO

/// A structure that was read, with the model of its energy.
struct ModelledStructure {
  /// Every site of the file.
  let structure: Structure

  /// Indices of the sites that are not empty.
  let atoms: [Int]

  /// These atoms as ions.
  let configuration: Configuration

  /// The model.
  let model: any EnergyModel

  /// Charges and potentials; nil for an engine that has its own.
  let setup: ForceFieldSetup?

  /// Where the charges come from, half a sentence.
  let chargeOrigin: String

  /// What the model can tell and what it cannot.
  let caveat: String

  /// What is doubtful, one sentence each.
  let warnings: [String]

  /// Which charges count.
  enum ChargeUse {
    /// All; one for an element that does not occur is a mistake.
    case all
    /// Those of elements that occur; others may come later.
    case present
  }

  /// Reads a structure and checks that it has a model.
  ///
  /// - Parameters:
  ///   - specification: Which energy.
  ///   - path: The file; nil for that of the specification.
  ///   - charges: Which of the charges that were given count.
  ///   - accuracy: Of forces, unless the specification says another.
  ///   - stress: What becomes of a result of an engine without stress.
  ///   - isInterrupted: Whether an engine should end; asked several times a second.
  /// - Throws: ``InputError`` or ``InputErrors`` for a file that cannot be read, or atoms without
  ///   charge or parameters.
  init(
    _ specification: EnergySpecification, path: String? = nil, charges: ChargeUse = .all,
    accuracy: Double = ForceFieldSetup.usualAccuracy, stress: StressDemand = .optional,
    isInterrupted: @escaping () -> Bool = { false }
  ) throws {
    let file = path ?? specification.structure
    let reading = try specification.readStructure(file)
    let structure = reading.structure
    atoms = structure.species.indices.filter { !structure.species[$0].isVacancy }
    self.structure = structure
    if let engine = specification.engine, !engine.usesModel {
      configuration = Configuration(structure)
      if configuration.species.contains(where: { $0.element == .dummy }) {
        throw InputError("there are dummy atoms, which no engine knows", at: file)
      }
      model = try engine.makeEngine(stress: stress, isInterrupted: isInterrupted)
      setup = nil
      chargeOrigin = "none: \(engine.engine)"
      caveat = "energies of \(engine.engine)"
      let address = (model as? IPIServer)?.address
      warnings =
        reading.warnings
        + (address.map { ["waiting for i-PI clients on \($0):\n\($0.instructions)"] } ?? [])
      return
    }
    let setup = try ForceFieldSetup(
      structure, model: specification.model,
      charges: charges == .all
        ? try specification.chargesByElement() : try specification.charges(of: structure),
      file: file)
    configuration = Configuration(
      lattice: structure.lattice, species: setup.species,
      positions: atoms.map { structure.lattice.cartesian(structure.positions[$0]).components })
    let accuracy = specification.accuracy ?? accuracy
    if let engine = specification.engine {
      model = try engine.makeEngine(
        model: try setup.lammpsModel(cutoff: specification.cutoff, accuracy: accuracy),
        isInterrupted: isInterrupted)
    } else {
      model = setup.makeModel(
        lattice: structure.lattice, cutoff: specification.cutoff, accuracy: accuracy)
    }
    self.setup = setup
    chargeOrigin = setup.chargeOrigin
    caveat = setup.caveat
    warnings = reading.warnings + setup.warnings
  }

  /// The structure with its atoms where a configuration has them; empty sites move with the cell.
  ///
  /// Forces, velocities, energies and step numbers of the file are left out: they belong to other
  /// positions.
  func structure(at configuration: Configuration) -> Structure {
    var moved = structure
    moved.lattice = configuration.lattice
    for (k, site) in atoms.enumerated() {
      let place = configuration.lattice.fractional(Cartesian(configuration.positions[k]))
      let move = place.components - structure.positions[site].components
      // Within rounding an atom has stayed, and keeps its digits.
      if length(move) > ModelledStructure.rounding { moved.setPosition(place, at: site) }
    }
    for name in [Column.Name.force, Column.Name.velocity] { moved.removeColumn(name) }
    moved.info.removeAll { ModelledStructure.momentaryKeys.contains($0.key) }
    return moved
  }

  /// Moves in fractional coordinates that are put down to rounding.
  private static let rounding = 1e-13

  /// What belongs to one moment of a run.
  private static let momentaryKeys: Set = [
    "energy", "free_energy", "stress", "virial", "step", "time_fs", "segment",
  ]

  /// What happened to the programs of an engine that the user ought to know, one sentence each.
  var remarks: [String] {
    ((model as? any Engine)?.events ?? []).filter { $0.kind == .failed || $0.kind == .incomplete }
      .map(\.description)
  }

  /// A column of vectors with a value for every atom, zero for empty sites.
  func column(_ name: String, _ values: [SIMD3<Double>]) -> Column {
    var all = [Double](repeating: 0, count: 3 * structure.count)
    for (k, site) in atoms.enumerated() {
      for axis in 0..<3 { all[3 * site + axis] = values[k][axis] }
    }
    return Column(name, width: 3, .real(all))
  }
}

extension ModelledStructure {
  /// The velocities that the file holds, Å/fs; nil if it has none.
  var velocities: [SIMD3<Double>]? {
    guard let column = structure[column: Column.Name.velocity], column.width == 3,
      case .real(let values) = column.values
    else { return nil }
    return atoms.map { SIMD3(values[3 * $0], values[3 * $0 + 1], values[3 * $0 + 2]) }
  }
}

extension MolecularDynamics {
  /// Where the atoms are.
  var configuration: Configuration {
    get throws {
      Configuration(
        lattice: try state.lattice.lattice(), species: species, positions: state.positions)
    }
  }
}
