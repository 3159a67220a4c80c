internal import Crystal
internal import StructureIO
public import Thermodynamics

/// The hull of a table of energies, with what follows from it.
///
/// Rows of one host with a varying ion give an ``InsertionHull`` with voltages and capacities; all
/// other rows a ``PhaseDiagram`` of any number of components.
public struct HullAnalysis: Sendable {
  /// What was asked for.
  public let specification: HullSpecification

  /// The tables.
  public let input: HullInput

  /// The hull.
  public let diagram: Diagram

  /// Which kind of hull and why, one line.
  public let choice: String

  /// What is missing or noteworthy, one sentence each.
  public let notes: [String]

  /// What is doubtful, one sentence each.
  public let warnings: [String]

  /// Files that were read beside the table, path with text.
  let structureFiles: [(path: String, text: String)]

  /// Either kind of hull.
  public enum Diagram: Sendable {
    /// A host that takes up ions, per host formula unit.
    case insertion(InsertionHull)
    /// Compounds of any elements, per atom.
    case general(PhaseDiagram)
  }

  /// Computes the hull of a table.
  ///
  /// - Throws: ``InputErrors`` or ``InputError`` with what is wrong in the table or missing from it.
  public init(_ specification: HullSpecification, input: HullInput) throws {
    try specification.validate()
    self.specification = specification
    self.input = input
    let table = try input.table()
    var warnings = HullAnalysis.sourceWarnings(table.entries)
    var notes: [String] = []
    var files: [(path: String, text: String)] = []

    let choice = try HullChoice(table.entries, specification)
    switch choice.kind {
    case .insertion(let ion):
      func hull(_ entries: [EnergyEntry]) throws -> InsertionHull {
        try InsertionHull(
          entries, ion: ion, valence: specification.valence, reference: specification.reference)
      }
      var result: InsertionHull
      do {
        result = try hull(table.entries)
        var volumes = HullVolumes()
        let completed = volumes.completed(
          table.entries, for: [result.chargedEnd.entry.id, result.dischargedEnd.entry.id])
        if completed != table.entries { result = try hull(completed) }
        warnings += volumes.warnings
        files = volumes.files
      } catch let errors as InputErrors {
        throw InputErrors(errors.problems.map { $0.inside(input.name) })
      }
      let (found, doubts) = HullAnalysis.remarks(result, specification)
      notes += found
      warnings += doubts
      diagram = .insertion(result)
      self.choice = "insertion hull of \(ion) in \(result.host): \(choice.reason)"
    case .general(let endMembers):
      do {
        let result = try PhaseDiagram(table.entries, endMembers: endMembers)
        if !result.outside.isEmpty {
          notes.append(
            "left out, because they are no mixture of the end members: "
              + result.outside.map(\.id).joined(separator: ", "))
        }
        let components = result.references.compositions.count
        if components > 2 { notes.append("no figure: the diagram has \(components) components") }
        if case .corners(let corners) = result.references {
          notes.append(
            "formation energies are relative to \(HullAnalysis.list(corners)), because rows of the "
              + "pure elements are missing")
        }
        diagram = .general(result)
        let references = HullAnalysis.list(result.references.compositions)
        self.choice = "phase diagram of \(references): \(choice.reason)"
      } catch {
        throw error.inside(input.name)
      }
    }
    self.notes = notes
    self.warnings = warnings
    structureFiles = files
  }

  /// Formulas separated by commas.
  private static func list(_ compositions: [Composition]) -> String {
    compositions.map(\.description).joined(separator: ", ")
  }

  /// Doubts about where the energies come from.
  private static func sourceWarnings(_ entries: [EnergyEntry]) -> [String] {
    var warnings: [String] = []
    let own = entries.filter { $0.source.hasPrefix("cellgen") }
    if !own.isEmpty {
      warnings.append(
        "the energies of \(own.count) of \(entries.count) rows come from cellgen's own lattice model "
          + "(rigid ions with formal charges), which ranks arrangements of one composition; it gives "
          + "no formation energies, hulls or voltages: relax the structures with a first-principles "
          + "code or a machine-learned potential first")
    }
    let methods = Set(
      entries.compactMap { $0.source.split { " ,;".contains($0) }.first.map(String.init) })
    if methods.count > 1 {
      warnings.append(
        "the rows come from different sources (\(methods.sorted().joined(separator: ", "))); "
          + "energies of different methods cannot be compared")
    }
    return warnings
  }

  /// What is noteworthy and what is doubtful about an insertion hull.
  private static func remarks(
    _ hull: InsertionHull, _ specification: HullSpecification
  ) -> (notes: [String], warnings: [String]) {
    var (notes, warnings): ([String], [String]) = ([], [])
    for note in hull.notes {
      switch note {
      case .negativeVoltage: warnings.append("\(note)")
      case .noIonReference(let element):
        notes.append(
          "no voltages: add a row with formula \(element) (the pure metal, same method), or give its "
            + "energy with --reference")
      case .noEmptyHost, .noStableMixture: notes.append("\(note)")
      }
    }
    for step in hull.voltages?.risingSteps() ?? [] {
      warnings.append(
        "the voltage rises at x = \(step.xFrom), to \(fixed(step.voltage, 3)) V")
    }
    let end =
      specification.capacityBasis == .discharged ? hull.dischargedEnd.entry : hull.chargedEnd.entry
    if end.volume == nil {
      notes.append(
        "no capacity per volume: add a column volume_A3, or a column structure with the file of "
          + "\(end.id)")
    }
    return (notes, warnings)
  }
}
