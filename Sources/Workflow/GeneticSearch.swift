internal import Arrangement
public import Crystal
public import Engines
internal import Foundation
public import Report

/// The verb `ga`: one search or a series of them, with everything that belongs into the folder.
public struct GeneticSearch: Sendable {
  /// Settings.
  public let specification: GASpecification

  /// The searches, one for each value of x, in their order.
  public let runs: [GARun]

  /// Values of x, one for each search; empty without a sweep.
  public let values: [Rational]

  /// Text of the problem file.
  private let problemText: String

  private static let problemName = "problem.yaml"

  /// Checks a new search completely, before anything is written.
  ///
  /// - Throws: ``InputErrors`` with everything that is wrong.
  public init(_ specification: GASpecification) throws {
    let text: String
    let name: String
    if let path = specification.problem {
      text = try readText(path)
      name = path
    } else {
      text = BuiltInProblem.text
      name = BuiltInProblem.name
    }
    let file = try ProblemFile(parsing: text, file: name)
    // A parent file may change or move: keep its sites with the results.
    let isInline = !text.split(separator: "\n").contains { $0.hasPrefix("parent:") }
    try self.init(specification, file, problemText: isInline ? text : file.inlineText())
  }

  /// Takes up the search in a folder.
  ///
  /// - Parameters:
  ///   - folder: Where it was begun.
  ///   - generations: Another number of generations; nil for the one it was begun with.
  ///   - limits: Other limits of the engine.
  /// - Throws: ``InputError`` if the folder does not hold a search.
  public init(
    resuming folder: OutputFolder, generations: Int? = nil, limits: EngineLimits.Changes = .init()
  ) throws {
    let manifest = try Manifest<GASpecification>(in: folder, command: "ga")
    var specification = manifest.specification
    if let generations { specification.generations = generations }
    try EvaluationSpecification.change(&specification.evaluation, limits)
    let text = try folder.read(GeneticSearch.problemName)
    let file = try ProblemFile(
      parsing: text, file: folder.file(GeneticSearch.problemName))
    try self.init(specification, file, problemText: text)
    try checkUnchanged(files, since: manifest.inputs)
  }

  private init(
    _ specification: GASpecification, _ file: ProblemFile, problemText: String
  ) throws {
    try specification.validateEvaluation()
    self.specification = specification
    self.problemText = problemText
    guard let template = specification.sweep else {
      guard specification.x.isEmpty else {
        throw InputError("--x needs a formula with {x}", hint: "add --sweep 'Mg{x}ZnMnO3'")
      }
      values = []
      runs = [try GARun(file, specification)]
      return
    }
    guard specification.composition == nil else {
      throw InputError("--sweep and --composition exclude each other")
    }
    guard template.contains("{x}") else {
      throw InputError(
        "\(template) has no {x}", at: "--sweep", hint: "write for example 'Mg{x}ZnMnO3'")
    }
    guard !specification.x.isEmpty else {
      throw InputError(
        "no values of x", at: "--x", hint: "write for example --x 0,1/4,1/2,1")
    }
    var values: [Rational] = []
    var runs: [GARun] = []
    var problems: [InputError] = []
    for text in specification.x {
      guard let value = NumberReader.rational(text), value >= .zero else {
        problems.append(
          InputError("\"\(text)\" is not a number or fraction that is not negative", at: "--x"))
        continue
      }
      if values.contains(value) {
        problems.append(InputError("\(value) is given twice", at: "--x"))
        continue
      }
      var one = specification
      one.sweep = nil
      one.x = []
      one.composition = template.replacingOccurrences(of: "{x}", with: "\(value)")
      do {
        runs.append(try GARun(file, one))
        values.append(value)
      } catch let error as InputErrors {
        problems += error.problems.map { $0.inside("x = \(value)") }
      } catch let error as InputError {
        problems.append(error.inside("x = \(value)"))
      }
    }
    if !problems.isEmpty { throw InputErrors(problems) }
    self.values = values
    self.runs = runs
  }

  /// SHA-256 of the files that energies of whole structures depend on.
  private var files: [String: String] { runs.first?.model?.inputs ?? [:] }

  /// Name of the folder of one value of x inside the folder of a sweep.
  public static func folderName(_ x: Rational) -> String { "x\(fixed(x.doubleValue, 4))" }

  /// Searches and writes all results.
  ///
  /// - Parameters:
  ///   - folder: New, or the one that is resumed.
  ///   - threads: Individuals evaluated at the same time; no effect on any result.
  ///   - willStart: Called before each search with its number.
  ///   - progress: Called after every generation.
  ///   - announce: Is told how the programs of an engine connect, if people start them.
  ///   - shouldStop: Asked after every generation, and while an engine works.
  /// - Returns: One result for each search.
  /// - Throws: ``InputError`` if a file cannot be written, ``GARun/Interrupted`` if asked to stop.
  public func callAsFunction(
    in folder: OutputFolder, threads: Int, willStart: (Int) -> Void = { _ in },
    progress: (GARun.Progress) -> Void = { _ in }, announce: (String) -> Void = { _ in },
    shouldStop: @escaping () -> Bool = { false }
  ) async throws -> [GAResult] {
    var manifest = Manifest(
      cellgen: cellgenVersion, command: "ga", specification: specification,
      seed: specification.seed,
      inputs: [specification.problem ?? BuiltInProblem.name: sha256(problemText)]
        .merging(files) { $1 },
      started: timestamp())
    let clock = ContinuousClock()
    let start = clock.now
    try folder.write(jsonText(manifest), to: OutputFolder.manifestName)
    try folder.write(problemText, to: GeneticSearch.problemName)
    var results: [GAResult] = []
    for (number, run) in runs.enumerated() {
      willStart(number)
      let place =
        values.isEmpty
        ? folder
        : try OutputFolder(
          folder.file(GeneticSearch.folderName(values[number])), existing: .use)
      results.append(
        try await run(
          in: place, threads: threads, progress: progress, announce: announce,
          shouldStop: shouldStop))
    }
    if !values.isEmpty { try writeSweep(results, to: folder) }
    manifest.wall_s = (clock.now - start) / .seconds(1)
    manifest.finished = timestamp()
    try folder.write(jsonText(manifest), to: OutputFolder.manifestName)
    return results
  }

  private func writeSweep(_ results: [GAResult], to folder: OutputFolder) throws {
    let energies = zip(values, results).flatMap { x, result in
      let name = GeneticSearch.folderName(x)
      return result.energyRows(prefix: "\(name)-", folder: "\(name)/").prefix(1)
    }
    try folder.write(csvText(header: GAResult.energyHeader, rows: energies), to: "energies.csv")
    let occupancies = zip(values, results).flatMap { x, result in
      result.occupancyRows().map { ["\(x)"] + $0 }
    }
    try folder.write(
      csvText(header: ["x"] + GAResult.occupancyHeader, rows: occupancies), to: "occupancy.csv")
    let chart = occupancyChart(results).svg()
    try folder.write(chart, to: "figures/occupancy.svg")
    try folder.write(report(results, chart).html(), to: "report.html")
    try folder.write(
      jsonText(
        zip(values, results).map { x, result in
          GASummary(result, folder: GeneticSearch.folderName(x))
        }), to: "summary.json")
  }

  /// Occupancies of each label over x, as in figure 2 of the MgxZnMnO3 paper.
  private func occupancyChart(_ results: [GAResult]) -> OccupancyChart {
    let labels = results.first?.occupancy.map(\.label) ?? []
    let formula = (specification.sweep ?? "").replacingOccurrences(of: "{x}", with: "x")
    return OccupancyChart(
      panels: labels.map { label in
        OccupancyChart.Panel(
          label: label,
          bars: zip(values, results).compactMap { x, result in
            result.occupancy.first { $0.label == label }.map {
              result.occupancyBar($0, name: "\(x)")
            }
          })
      }, xTitle: RichText("/{x} in ") + RichText(formula: formula))
  }

  /// A row for every composition.
  public func table(_ results: [GAResult]) -> Table {
    var table = Table(
      title: "Best arrangements",
      columns: ["x", "composition", "atoms", "energy (eV/atom)", "generation", "ended"])
    for (x, result) in zip(values, results) {
      table.append([
        "\(x)", result.formula, "\(result.run.problem.atomCount)", fixed(result.energyPerAtom, 6),
        "\(result.lastImprovement)", result.ending,
      ])
    }
    return table
  }

  private func report(_ results: [GAResult], _ chart: String) -> HTMLReport {
    var parts: [HTMLReport.Part] = [
      .table(table(results)), .heading("Occupancy"),
      .figure(svg: chart, caption: RichText("Occupancy of each label of sites over x.")),
    ]
    for (x, result) in zip(values, results) {
      parts += [
        .heading("x = \(x)"), .table(result.occupancyTable),
        .figure(
          svg: result.convergenceChart.svg(),
          caption: RichText("Every individual and the best so far.")),
      ]
    }
    parts.append(.note(results.first?.caveat ?? ""))
    return HTMLReport(
      title: "Search of \(specification.sweep ?? "")", subtitle: "cellgen \(cellgenVersion)",
      parts: parts)
  }
}
