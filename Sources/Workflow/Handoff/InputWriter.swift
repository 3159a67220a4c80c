internal import Crystal
internal import Engines
internal import Handoff
internal import StructureIO

/// Writes inputs of a code, one calculation folder at a time.
struct InputWriter: Sendable {
  /// What all inputs have in common.
  let setup: Deck.Setup
  /// The interactions, for LAMMPS.
  private let model: ForceFieldSetup.Model?

  /// Error of forces from LAMMPS' mesh, in units of 14.4 eV/Å.
  private static let accuracy = 1e-6

  /// Reads templates and pseudopotentials.
  ///
  /// - Parameters:
  ///   - specification: Which inputs.
  ///   - calculation: What is calculated; nil for what the specification says.
  ///   - elements: For which there must be pseudopotentials.
  /// - Throws: ``InputError`` or ``InputErrors`` for what cannot be used.
  init(
    _ specification: InputSpecification, _ calculation: Calculation? = nil, elements: [Element]
  ) throws {
    let calculation =
      try calculation
      ?? CalculationPreset.calculation(
        named: specification.preset, changes: specification.changes.map { ($0.key, $0.value) })
    setup = try InputWriter.setup(specification, calculation, elements: elements)
    model =
      specification.code == .lammps ? try ForceFieldSetup.Model(named: specification.model) : nil
  }

  /// The input of a structure.
  ///
  /// - Throws: ``InputError`` or ``InputErrors`` for one that cannot be calculated.
  func entry(_ source: InputSource) throws -> InputRun.Entry {
    var interactions: LAMMPSModel?
    if let model {
      interactions = try ForceFieldSetup(source.structure, model: model, file: source.file)
        .lammpsModel(accuracy: InputWriter.accuracy)
    }
    let deck = try Deck(
      source.structure, title: "\(source.id) \(source.structure.composition)", setup: setup,
      model: interactions)
    return entry(source, deck)
  }

  /// The folder of a deck.
  func entry(_ source: InputSource, _ deck: Deck) -> InputRun.Entry {
    let calculation = setup.calculation
    let record = CalculationRecord(
      cellgen: cellgenVersion, id: source.id, code: setup.code, preset: calculation.preset,
      settings: deck.settings, formula: "\(deck.structure.composition)",
      atoms: deck.structure.count, charge: deck.charge, relaxing: calculation.relaxing.rawValue,
      source: source.file, sourceSHA256: source.digest, command: deck.command)
    let moments: [Double] =
      switch deck.structure[column: Column.Name.magneticMoment]?.values {
      case .real(let values) where deck.settings.isSpinPolarised == true: values
      default: []
      }
    return InputRun.Entry(
      record: record, grid: calculation.kPoints.grid(deck.structure.lattice),
      moment: moments.reduce(0, +), deck: deck)
  }

  /// Writes a folder.
  ///
  /// It appears under its name with all its files at once; a single move is also much faster than one for
  /// every file.
  ///
  /// - Throws: ``InputError`` if it cannot be written.
  static func write(_ entry: InputRun.Entry, to folder: OutputFolder) throws {
    let files =
      entry.deck.files.map { ($0.name, $0.text) } + [
        (CalculationRecord.structureName, try ExtendedXYZ.write(entry.deck.structure)),
        (CalculationRecord.fileName, try jsonText(entry.record)),
      ]
    try folder.write(files, toFolder: entry.record.id)
  }

  /// What the decks of all structures have in common.
  private static func setup(
    _ specification: InputSpecification, _ calculation: Calculation, elements: [Element]
  ) throws -> Deck.Setup {
    let code = specification.code
    var setup = Deck.Setup(
      code: code, calculation: calculation,
      templates: try TemplateFolder.templates(code, folder: specification.templates),
      modelName: specification.model)
    let named = calculation.pseudopotentials[code] ?? [:]
    setup.pseudopotentials = named.mapValues { Pseudopotential($0) }
    guard let path = specification.pseudopotentials else { return setup }
    var problems: [InputError] = []
    if code == .vasp {
      for element in elements {
        guard let label = named[element.symbol] else { continue }
        do {
          setup.potcars[label] = try PotcarFile.text(label, folder: path)
        } catch {
          problems.append(error)
        }
      }
    } else {
      let folder = try PseudopotentialFolder(path, code: code)
      setup.pseudopotentialFolder = folder.path
      for element in elements {
        do {
          setup.pseudopotentials[element.symbol] = try folder.pseudopotential(
            element, functional: calculation.functional, named: named[element.symbol])
        } catch {
          problems.append(error)
        }
      }
    }
    guard problems.isEmpty else { throw InputErrors(problems) }
    return setup
  }
}
