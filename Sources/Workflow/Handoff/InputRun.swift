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
    let writer = try InputWriter(
      specification, calculation, elements: InputRun.elements(sources))
    inputs = Dictionary(sources.map { ($0.file, $0.digest) }) { first, _ in first }
    if let images = specification.images {
      let entry = try InputRun.path(sources, images: images, specification, writer)
      entries = [entry]
      warnings = remarks + InputRun.warnings([entry], calculation)
      return
    }
    let outcomes = concurrentMap(sources) { source in
      Result { try writer.entry(source) }
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
      Result { try InputWriter.write(entry, to: folder) }
    }
    for outcome in outcomes { try outcome.get() }
    try folder.write(
      jsonText(
        Manifest(
          cellgen: cellgenVersion, command: "input", specification: specification, inputs: inputs,
          started: started, finished: timestamp(), warnings: warnings)),
      to: OutputFolder.manifestName)
  }

  private static func elements(_ sources: [InputSource]) -> [Element] {
    Set(sources.flatMap { $0.structure.elementCounts.keys }).sorted()
  }

  /// The one folder of a path.
  private static func path(
    _ sources: [InputSource], images: Int, _ specification: InputSpecification,
    _ writer: InputWriter
  ) throws -> Entry {
    guard sources.count == 2 else {
      throw InputError("a path has two ends, \(sources.count) structures were read", at: "--neb")
    }
    let ends = try PathEnds.matched(sources[0].structure, sources[1].structure)
    var path = try ImagePath(from: ends.first, to: ends.last, images: images)
    if specification.usesPairPotential { path = path.onPairPotential() }
    var source = sources[0]
    source.id = "\(sources[0].id)-\(sources[1].id)"
    let deck = try Deck(path: path, title: source.id, setup: writer.setup)
    var entry = writer.entry(source, deck)
    for image in 1...images {
      if let distance = path.shortestDistance(image), distance < 1 {
        entry.deck.notes.append(
          "atoms of image \(image) come as near as \(fixed(distance, 2)) Å"
            + (specification.usesPairPotential ? "" : "; --idpp moves them apart"))
      }
    }
    return entry
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
