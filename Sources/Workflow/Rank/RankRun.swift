public import Arrangement
internal import BigInt
internal import Crystal
public import Engines
internal import Foundation
internal import Search

/// Finds the lowest distinct arrangements, from a problem to a folder of results.
public struct RankRun: Sendable {
  /// Settings.
  public let specification: RankSpecification

  /// The problem.
  public var problem: ArrangementProblem { ranking.problem }

  /// Which energies rank.
  public var energy: EnergyModelChoice { ranking.energy }

  /// What was assumed, one sentence each.
  public let notes: [String]

  /// What the user ought to know before the results, one sentence each.
  public let warnings: [String]

  /// Number of distinct arrangements, for people.
  public var distinctText: String { readable(ranking.distinct) }
  /// Number of all arrangements, for people.
  public var totalText: String { readable(ranking.total) }

  /// Number of distinct arrangements, all its digits.
  public var distinct: String { "\(ranking.distinct)" }
  /// Number of all arrangements, all its digits.
  public var total: String { "\(ranking.total)" }

  let ranking: Ranking
  private let model: EvaluationModel?
  private let file: ProblemFile
  private let problemText: String
  private let inputs: [String: String]
  private let readingWarnings: [String]

  private static let problemName = "problem.yaml"
  /// The file that a ranking goes on from.
  static let stateName = "state.json"

  /// Nodes of branch and bound for each ranking that is compared with, at most.
  private static let comparisonNodes = 200_000

  /// What has been done.
  public struct Progress: Sendable {
    /// Nodes that were looked at.
    public var nodes: Int
    /// The lowest energy, eV.
    public var best: Double
    /// No arrangement that is not known yet is lower, eV.
    public var lowerBound: Double
    /// Branches that are left.
    public var open: Int
    /// Nodes per second.
    public var rate: Double
  }

  /// A run that was asked to stop; it can be resumed.
  public struct Interrupted: Error, Sendable {
    /// Nodes so far.
    public let nodes: Int
  }

  /// Reads and checks a problem.
  ///
  /// - Throws: ``InputErrors`` with everything that is wrong.
  public init(_ specification: RankSpecification) throws {
    let loaded = try specification.problem.load()
    try self.init(
      specification, loaded.file, text: loaded.text, inputs: [loaded.name: loaded.digest],
      notes: loaded.notes, warnings: loaded.warnings)
  }

  /// Takes up the ranking in a folder.
  public init(
    resuming folder: OutputFolder, nodes: Int? = nil, limits: EngineLimits.Changes = .init()
  ) throws {
    var manifest = try Manifest<RankSpecification>(in: folder, command: "rank")
    guard manifest.finished == nil || folder.has(RankRun.stateName) else {
      throw InputError(
        "the ranking is complete: there is nothing to resume", at: folder.path,
        hint: "its results are in \(folder.file("report.html"))")
    }
    if let nodes { manifest.specification.nodes = nodes }
    try EvaluationSpecification.change(&manifest.specification.evaluation, limits)
    let text = try folder.read(RankRun.problemName)
    try self.init(
      manifest.specification,
      ProblemFile(parsing: text, file: folder.file(RankRun.problemName)), text: text,
      inputs: manifest.inputs, notes: [], warnings: manifest.warnings ?? [])
  }

  private init(
    _ specification: RankSpecification, _ file: ProblemFile, text: String,
    inputs: [String: String], notes: [String], warnings: [String]
  ) throws {
    guard (1...10_000).contains(specification.top) else {
      throw InputError("\(specification.top) arrangements, expected 1 to 10000", at: "--top")
    }
    if let window = specification.window, !(window >= 0 && window < 1e6) {
      throw InputError("a window of \(window) eV, expected 0 to 1000000", at: "--window")
    }
    guard specification.nodes >= 0 else {
      throw InputError("\(specification.nodes) nodes, expected 0 or more", at: "--nodes")
    }
    guard file.ranges.isEmpty else {
      throw InputError(
        "the numbers are ranges, but energies of different compositions do not compare",
        at: "counts", hint: "give exact numbers, and rank each composition")
    }
    let problem = try ArrangementProblem(file.specification)
    guard !problem.activeSites.isEmpty else {
      throw InputError(
        "every site is fixed: there is nothing to arrange", hint: "allow several species on a site")
    }
    self.specification = specification
    self.file = file
    problemText = text
    readingWarnings = warnings
    var warnings = warnings + problem.ledger.warnings + (try file.energy.check(problem))
    model = try specification.evaluation.map { try EvaluationModel(problem, $0) }
    warnings += model?.warnings ?? []
    let files = model?.inputs ?? [:]
    try checkUnchanged(files, since: inputs)
    self.inputs = inputs.merging(files) { $1 }
    ranking = try Ranking(problem, file.energy, specification)
    if specification.window == nil, ranking.distinct < BigUInt(specification.top) {
      warnings.append(
        "there are only \(ranking.distinct) distinct arrangements: all of them are ranked")
    }
    self.warnings = warnings
    self.notes = notes + problem.ledger.notes
  }

  /// Ranks and writes all results.
  ///
  /// - Parameters:
  ///   - folder: New, or the one that is resumed.
  ///   - threads: Branches that are explored at the same time; no effect on any result.
  ///   - progress: Called after every wave.
  ///   - announce: Is told how the programs of an engine connect, if people start them.
  ///   - evaluated: Is told how many of how many structures are evaluated.
  ///   - shouldStop: Asked after every wave; true ends the run with ``Interrupted``.
  /// - Returns: What was written.
  /// - Throws: ``InputError`` if the folder cannot be written.
  public func callAsFunction(
    in folder: OutputFolder, threads: Int, progress: (Progress) -> Void = { _ in },
    announce: (String) -> Void = { _ in }, evaluated: (Int, Int) -> Void = { _, _ in },
    shouldStop: @escaping () -> Bool = { false }
  ) async throws -> RankResult {
    var manifest = Manifest(
      cellgen: cellgenVersion, command: "rank", specification: specification,
      seed: specification.seed, inputs: inputs, started: timestamp(),
      warnings: readingWarnings.isEmpty ? nil : readingWarnings)
    let clock = ContinuousClock()
    let began = clock.now
    var saved = clock.now
    try folder.write(jsonText(manifest), to: OutputFolder.manifestName)
    try folder.write(problemText, to: RankRun.problemName)
    let start =
      folder.has(RankRun.stateName)
      ? try jsonValue(Ranking.State.self, from: folder.read(RankRun.stateName)) : nil
    let before = start?.search.nodes ?? 0
    let state = try await ranking.run(from: start, threads: threads) { state in
      let now = clock.now
      let seconds = max(1e-6, (now - began) / .seconds(1))
      progress(
        Progress(
          nodes: state.search.nodes, best: state.search.list.entries.first?.energy ?? .nan,
          lowerBound: state.search.lowerBound, open: state.search.open.count,
          rate: Double(state.search.nodes - before) / seconds))
      let isStopping = shouldStop()
      if isStopping || (now - saved) / .seconds(1) > 5 {
        saved = now
        try folder.write(jsonText(state), to: RankRun.stateName)
      }
      if isStopping { throw Interrupted(nodes: state.search.nodes) }
      return true
    }
    var result = try RankResult(self, state)
    if specification.stability || !specification.otherOxidation.isEmpty {
      result.stability = try await stability(of: result, threads: threads)
    }
    if let model {
      // Programs may fail after hours: the ranking is there before, and what it goes on from.
      try folder.write(jsonText(state), to: RankRun.stateName)
      try result.write(to: folder)
      do {
        result.evaluated = try EvaluatedRanking(
          problem, model, result.entries.map { ($0.arrangement, $0.energy) }, in: folder,
          threads: threads, announce: announce, progress: evaluated, isInterrupted: shouldStop)
      } catch EngineError.interrupted {
        throw Interrupted(nodes: state.search.nodes)
      }
    }
    try result.write(to: folder)
    // A proof is final; a gap may be narrowed later with more nodes, and what an engine failed on may be
    // tried again.
    let failed = result.evaluated?.summary.figures.failed ?? []
    if state.search.isProved, failed.isEmpty || model?.forceField != nil {
      try folder.remove(RankRun.stateName)
    } else {
      try folder.write(jsonText(state), to: RankRun.stateName)
    }
    manifest.wall_s = (clock.now - began) / .seconds(1)
    manifest.finished = timestamp()
    try folder.write(jsonText(manifest), to: OutputFolder.manifestName)
    return result
  }

  private func stability(
    of result: RankResult, threads: Int
  ) async throws -> [RankStability] {
    // A comparison need not be proved: it must not take longer than the ranking itself.
    var limited = specification
    limited.nodes = min(specification.nodes, RankRun.comparisonNodes)
    var reports: [RankStability] = []
    for alternative in try RankStability.alternatives(file, ranking, specification) {
      do {
        let other = try Ranking(
          ArrangementProblem(alternative.specification), alternative.energy, limited)
        _ = try alternative.energy.check(other.problem)
        let state = try await other.run(threads: threads)
        reports.append(RankStability(alternative.name, result, other, state))
      } catch let error as InputErrors {
        reports.append(
          RankStability(failed: alternative.name, error.problems.first?.message ?? "no result"))
      } catch let error as InputError {
        reports.append(RankStability(failed: alternative.name, error.message))
      }
    }
    return reports
  }
}
