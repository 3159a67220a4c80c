internal import Crystal
internal import Engines
internal import Foundation
public import Handoff
internal import StructureIO

/// Writes the inputs of a code for structures: `cellgen input`.
public struct InputRun: Sendable {
  /// What was asked for.
  public let specification: InputSpecification

  /// What is calculated.
  public let calculation: Calculation

  /// One calculation folder.
  public struct Entry: Sendable {
    /// What `calculation.json` says.
    public var record: CalculationRecord
    /// The k-points along each reciprocal vector.
    public var grid: SIMD3<Int>
    /// Sum of the initial moments, Bohr magnetons.
    public var moment: Double
    var deck: Deck
  }

  /// The folders, in the order of the structures.
  public let entries: [Entry]

  /// What is doubtful, one sentence each.
  public let warnings: [String]

  private let inputs: [String: String]

  /// Reads the structures and makes all inputs, without writing any.
  ///
  /// - Throws: ``InputError`` or ``InputErrors`` with everything that is wrong.
  public init(_ specification: InputSpecification) throws {
    try specification.validate()
    self.specification = specification
    let calculation = try CalculationPreset.calculation(
      named: specification.preset, changes: specification.changes.map { ($0.key, $0.value) })
    self.calculation = calculation
    let (sources, remarks) = try InputSource.read(specification.structures)
    let setup = try InputRun.setup(
      specification, calculation, elements: InputRun.elements(sources))
    inputs = Dictionary(sources.map { ($0.file, $0.digest) }) { first, _ in first }
    if let images = specification.images {
      let entry = try InputRun.path(sources, images: images, specification, setup)
      entries = [entry]
      warnings = remarks + InputRun.warnings([entry], calculation)
      return
    }
    let model =
      specification.code == .lammps ? try ForceFieldSetup.Model(named: specification.model) : nil
    let outcomes = concurrentMap(sources) { source in
      Result { try InputRun.entry(source, setup, model) }
    }
    var entries: [Entry] = []
    var problems: [InputError] = []
    for (source, outcome) in zip(sources, outcomes) {
      switch outcome {
      case .success(let entry): entries.append(entry)
      case .failure(let error as InputErrors):
        problems += error.problems.map { $0.location == nil ? $0.inside(source.file) : $0 }
      case .failure(let error as InputError):
        problems.append(error.location == nil ? error.inside(source.file) : error)
      case .failure(let error): throw error
      }
    }
    // The same mistake of a template or preset is told once.
    var seen: Set<InputError> = []
    problems = problems.filter { seen.insert($0).inserted }
    guard problems.isEmpty else { throw InputErrors(problems) }
    self.entries = entries
    warnings = remarks + InputRun.warnings(entries, calculation)
  }

  /// Writes all folders.
  ///
  /// - Parameters:
  ///   - folder: Where they go.
  ///   - started: When the work began, ISO 8601.
  /// - Throws: ``InputError`` if one cannot be written.
  public func write(to folder: OutputFolder, started: String) throws {
    let outcomes = concurrentMap(entries) { entry in
      Result { try InputRun.write(entry, to: folder) }
    }
    for outcome in outcomes { try outcome.get() }
    try folder.write(
      jsonText(
        Manifest(
          cellgen: cellgenVersion, command: "input", specification: specification, inputs: inputs,
          started: started, finished: timestamp(), warnings: warnings)),
      to: OutputFolder.manifestName)
  }

  private static func write(_ entry: Entry, to folder: OutputFolder) throws {
    let part = try OutputFolder(folder.file(entry.record.id), existing: .use)
    for file in entry.deck.files { try part.write(file.text, to: file.name) }
    try part.write(
      ExtendedXYZ.write(entry.deck.structure), to: CalculationRecord.structureName)
    // Last: a folder with it is complete.
    try part.write(jsonText(entry.record), to: CalculationRecord.fileName)
  }

  private static func elements(_ sources: [InputSource]) -> [Element] {
    Set(sources.flatMap { $0.structure.elementCounts.keys }).sorted()
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

  private static func entry(
    _ source: InputSource, _ setup: Deck.Setup, _ model: ForceFieldSetup.Model?
  ) throws -> Entry {
    var interactions: LAMMPSModel?
    if let model {
      interactions = try ForceFieldSetup(source.structure, model: model, file: source.file)
        .lammpsModel()
    }
    let deck = try Deck(
      source.structure, title: "\(source.id) \(source.structure.composition)", setup: setup,
      model: interactions)
    return entry(source, deck, setup)
  }

  /// The one folder of a path.
  private static func path(
    _ sources: [InputSource], images: Int, _ specification: InputSpecification, _ setup: Deck.Setup
  ) throws -> Entry {
    guard sources.count == 2 else {
      throw InputError("a path has two ends, \(sources.count) structures were read", at: "--neb")
    }
    let ends = try PathEnds.matched(sources[0].structure, sources[1].structure)
    var path = try ImagePath(from: ends.first, to: ends.last, images: images)
    if specification.usesPairPotential { path = path.onPairPotential() }
    var source = sources[0]
    source.id = "\(sources[0].id)-\(sources[1].id)"
    let deck = try Deck(path: path, title: source.id, setup: setup)
    var entry = entry(source, deck, setup)
    for image in 1...images {
      if let distance = path.shortestDistance(image), distance < 1 {
        entry.deck.notes.append(
          "atoms of image \(image) come as near as \(fixed(distance, 2)) Å"
            + (specification.usesPairPotential ? "" : "; --idpp moves them apart"))
      }
    }
    return entry
  }

  private static func entry(_ source: InputSource, _ deck: Deck, _ setup: Deck.Setup) -> Entry {
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
    return Entry(
      record: record, grid: calculation.kPoints.grid(deck.structure.lattice),
      moment: moments.reduce(0, +), deck: deck)
  }

  private static func warnings(_ entries: [Entry], _ calculation: Calculation) -> [String] {
    var warnings: [String] = []
    var seen: Set<String> = []
    for note in entries.flatMap(\.deck.notes) where seen.insert(note).inserted {
      warnings.append(note)
    }
    let charged = entries.filter { ($0.record.charge ?? 0).magnitude > 1e-6 }
    if let first = charged.first {
      warnings.append(
        "the oxidation states of \(first.record.id) add up to "
          + "\(fixed(first.record.charge ?? 0, 2)) e"
          + (charged.count > 1 ? ", and \(charged.count - 1) more are not neutral" : "")
          + "; the cells are calculated neutral, and moments by oxidation state may be wrong")
    }
    return warnings
  }
}
