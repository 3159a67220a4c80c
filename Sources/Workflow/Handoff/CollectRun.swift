internal import Crystal
internal import Handoff
internal import StructureIO

/// Results of calculations, gathered into tables.
public struct CollectRun {
  /// Settings.
  public let specification: CollectSpecification

  /// All that was found, in the order of the paths.
  let calculations: [CollectedCalculation]

  /// Settings that differ among the calculations that count.
  let differences: [SettingsDifference]

  /// Reads everything.
  ///
  /// - Throws: ``InputErrors`` for paths without calculations, two calculations with one name, and energies
  ///   with different settings, unless these are allowed.
  public init(_ specification: CollectSpecification) throws {
    try specification.validate()
    self.specification = specification
    let parent = try specification.parent.map { try StructureFile.read($0).structure }
    if let parent, parent.labels == nil {
      throw InputError(
        "the parent has no labels on its sites", at: specification.parent,
        hint: "use a file with labels, such as host.extxyz of cellgen spinel")
    }
    let sources = try CollectSource.all(specification.paths)
    var calculations = CollectReading(parent: parent).all(sources)
    try CollectRun.makeUnique(&calculations)
    for n in calculations.indices where calculations[n].exclusion == nil {
      calculations[n].exclusion = CollectRun.exclusion(
        of: calculations[n], allowsUnconverged: specification.allowsUnconverged)
    }
    self.calculations = calculations
    differences = SettingsDifference.all(
      calculations.filter { $0.exclusion == nil }.compactMap { calculation in
        calculation.result.map { (calculation.id, calculation.elements, $0.settings) }
      })
    guard differences.isEmpty || specification.allowsMixed else {
      throw InputErrors(
        differences.map { InputError($0.description, at: "different settings") }
          + [
            InputError(
              "energies with different settings do not belong into one hull", at: "settings",
              hint: "collect them apart, or, if they do not matter here, with --mixed")
          ])
    }
  }

  /// Those that count.
  var included: [CollectedCalculation] { calculations.filter { $0.exclusion == nil } }

  /// Those that do not.
  var excluded: [CollectedCalculation] { calculations.filter { $0.exclusion != nil } }

  /// How many count and how many do not.
  public var counts: (included: Int, excluded: Int) { (included.count, excluded.count) }

  /// What is doubtful, one sentence each, with the calculation.
  public var warnings: [String] {
    calculations.flatMap { calculation in calculation.warnings.map { "\(calculation.id): \($0)" } }
      + differences.map { "different settings: \($0.description)" }
  }

  /// Why a result does not count; nil if it does.
  private static func exclusion(
    of calculation: CollectedCalculation, allowsUnconverged: Bool
  ) -> CollectedCalculation.Exclusion? {
    guard let result = calculation.result else { return nil }
    let again = calculation.structure == nil ? "" : ", from structures/\(calculation.id).extxyz"
    switch result.state {
    case .finished: break
    case .electronsNotConverged:
      if allowsUnconverged { break }
      return .init(
        reason: result.state.reason ?? "",
        hint: "allow more electronic steps or mix less of the new density; "
          + "--allow-unconverged takes it as it is")
    case .ionsNotConverged:
      if allowsUnconverged { break }
      return .init(
        reason: result.state.reason ?? "",
        hint: "run it again\(again); --allow-unconverged takes it as it is")
    case .truncated, .failed:
      return .init(reason: result.state.reason ?? "", hint: nil)
    }
    if result.energy == nil {
      return .init(reason: "there is no energy that can be read", hint: nil)
    }
    if calculation.composition == nil {
      return .init(
        reason: "neither the output nor structure.extxyz tells the composition", hint: nil)
    }
    return nil
  }

  /// Gives calculations of the same name that of their folder as a prefix, as `cellgen hull` does.
  ///
  /// - Throws: ``InputErrors`` if there are still two of one name.
  private static func makeUnique(_ calculations: inout [CollectedCalculation]) throws(InputErrors) {
    var places: [String: Set<String>] = [:]
    for calculation in calculations {
      places[calculation.id, default: []].insert(calculation.group)
    }
    let shared = calculations.filter { places[$0.id]?.count ?? 0 > 1 }.map(\.group)
    let prefixed = Set(shared)
    for n in calculations.indices where prefixed.contains(calculations[n].group) {
      let name = CollectSource.name(of: calculations[n].group)
      if !name.isEmpty { calculations[n].id = "\(name)/\(calculations[n].id)" }
    }
    var problems: [InputError] = []
    for (id, same) in Dictionary(grouping: calculations, by: \.id) where same.count > 1 {
      problems.append(
        InputError(
          "two results for \"\(id)\": \(same.map(\.path).joined(separator: " and "))",
          hint: "collect only one of them, or give them other names in calculation.json"))
    }
    guard problems.isEmpty else {
      throw InputErrors(problems.sorted { $0.message < $1.message })
    }
  }
}
