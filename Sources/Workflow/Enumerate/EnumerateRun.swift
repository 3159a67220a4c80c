internal import Arrangement
public import BigInt
internal import Crystal
internal import Foundation
internal import Symmetry

/// Lists every distinct arrangement of a problem once, in one file.
public struct EnumerateRun: Sendable {
  /// Settings.
  public let specification: EnumerateSpecification

  /// What was assumed when the problem was read, one sentence each.
  public let notes: [String]

  /// Doubtful but legal, one sentence each.
  public let warnings: [String]

  /// All arrangements, and the distinct ones that belong into the list, by exact count.
  public let total, distinct: BigUInt

  let cases: [Case]
  private let problemText: String

  /// Arrangements of one composition in one supercell.
  struct Case: Sendable {
    let problem: ArrangementProblem
    let symmetry: ProblemSymmetry
    /// Composition, after the supercell if there are several.
    let title: String
    /// Distinct arrangements and the sum of their degeneracies, by exact count.
    let distinct, total: BigUInt
  }

  /// What has been done.
  public struct Progress: Sendable {
    /// Arrangements written.
    public var written: Int
    /// Arrangements in the end.
    public var expected: Double
    /// Arrangements per second.
    public var rate: Double
  }

  /// What came out.
  public struct Result: Sendable {
    /// Arrangements in the list.
    public var written: Int
    /// Sum of their degeneracies.
    public var degeneracySum: BigUInt
    /// Whether the list holds every distinct arrangement; then both numbers were compared with the
    /// exact count.
    public var isComplete: Bool
    /// The file.
    public var archive: String
    /// Its size, bytes.
    public var bytes: Int
    /// Space groups that occur.
    public var spaceGroups: [String]
  }

  /// A run that was asked to stop; it can be resumed.
  public struct Interrupted: Error, Sendable {
    /// Arrangements that are in the list.
    public let written: Int
  }

  /// Reads and counts a problem.
  ///
  /// - Throws: ``InputErrors`` with everything that is wrong.
  public init(_ specification: EnumerateSpecification) throws {
    let loaded = try specification.problem.load()
    try self.init(
      specification, loaded.file, text: loaded.text, notes: loaded.notes, warnings: loaded.warnings)
  }

  /// Takes up a list that was begun.
  public init(resuming path: String) throws {
    let state = try EnumerateRun.progress(of: path)
    try self.init(
      state.specification, ProblemFile(parsing: state.problem, file: path), text: state.problem,
      notes: [], warnings: [])
  }

  private static func progress(of path: String) throws -> ArrangementWriter.State {
    let progress = ArrangementWriter.progressPath(path)
    guard FileManager.default.fileExists(atPath: progress) else {
      throw InputError(
        "there is no enumeration to resume", at: path,
        hint: FileManager.default.fileExists(atPath: path)
          ? "the list is complete" : "expected \(progress)")
    }
    do {
      return try jsonValue(ArrangementWriter.State.self, from: readText(progress))
    } catch let error as InputError {
      throw error
    } catch {
      throw InputError("this is not the progress of an enumeration", at: progress)
    }
  }

  private init(
    _ specification: EnumerateSpecification, _ file: ProblemFile, text: String, notes: [String],
    warnings: [String]
  ) throws {
    self.specification = specification
    self.notes = notes
    problemText = text
    if specification.sample != nil && (specification.limit != nil || specification.upTo != nil) {
      throw InputError("--sample goes neither with --limit nor with --up-to")
    }
    if let upTo = specification.upTo, !(1...64).contains(upTo) {
      throw InputError("\(upTo) cells, expected 1 to 64", at: "--up-to")
    }
    var warnings = warnings
    var cases: [Case] = []
    let supercells =
      if let upTo = specification.upTo {
        try file.derivativeSupercells(upTo: upTo)
      } else {
        [file.specification.supercell]
      }
    for supercell in supercells {
      var file = file
      file.specification.supercell = supercell
      let problems: [ArrangementProblem]
      do {
        problems = try file.countable(&warnings)
      } catch {
        // A composition fits some of many supercells only.
        if supercells.count > 1 { continue }
        throw error
      }
      guard let first = problems.first, !first.activeSites.isEmpty else {
        throw InputError(
          "every site is fixed: there is nothing to arrange",
          hint: "allow several species on a site")
      }
      let symmetry = try ProblemSymmetry(first)
      guard first.activeSites.count < OrderedGroup.siteLimit else {
        throw InputError(
          "\(first.activeSites.count) active sites, expected at most \(OrderedGroup.siteLimit - 1)",
          hint: "use a smaller supercell, or cellgen ga")
      }
      for problem in problems {
        let own = problem.allowed == first.allowed ? symmetry : try ProblemSymmetry(problem)
        let count = ArrangementCount(problem, own.permutations)
        let composition = "\(problem.composition)"
        cases.append(
          Case(
            problem: problem, symmetry: own,
            title: supercells.count > 1
              ? "\("\(supercell)".replacing("  ", with: " ")),\(composition)" : composition,
            distinct: specification.upTo == nil ? count.distinct : count.primitive,
            total: count.total))
      }
    }
    guard !cases.isEmpty else {
      throw InputError(
        "the composition fits none of the supercells", at: "composition",
        hint: "raise --up-to, or accept the nearest with --round")
    }
    self.cases = cases
    self.warnings = warnings
    total = cases.reduce(0) { $0 + $1.total }
    distinct = cases.reduce(0) { $0 + $1.distinct }
  }

  /// Arrangements that will be in the list.
  public var expected: BigUInt {
    guard let number = specification.limit ?? specification.sample else { return distinct }
    return min(distinct, BigUInt(number))
  }

  /// Lists the arrangements.
  ///
  /// - Parameters:
  ///   - path: The file; what is there is replaced when the list is complete.
  ///   - resume: Whether to go on with a list that was begun.
  ///   - threads: Segments that are walked at the same time; no effect on any byte.
  ///   - progress: Called now and then.
  ///   - shouldStop: Asked now and then; true ends the run with ``Interrupted``.
  /// - Returns: What is in the list.
  /// - Throws: ``InputError`` if the file cannot be written.
  public func callAsFunction(
    to path: String, resume: Bool = false, threads: Int,
    progress: (Progress) -> Void = { _ in }, shouldStop: () -> Bool = { false }
  ) async throws -> Result {
    let start =
      resume
      ? try EnumerateRun.progress(of: path)
      : ArrangementWriter.State(specification: specification, problem: problemText)
    var writer = try ArrangementWriter(path, start, header: header())
    let clock = ContinuousClock()
    let began = clock.now
    var lastCheckpoint = clock.now
    let before = start.written
    let goal = specification.limit ?? .max
    // A sample of as many as there are is the whole list.
    let sample = specification.sample.flatMap { BigUInt($0) < distinct ? draw($0) : nil }
    for index in start.current..<cases.count where writer.state.written < goal {
      let listed = cases[index]
      writer.beginCase(index)
      let names = NameCache(ArrangementSymmetry(listed.problem, listed.symmetry))
      if let sample {
        try writer.append(
          sample[index], limit: .max, listed, specification.format, name: names.name)
        continue
      }
      // A case that was begun goes on with what is pending; nothing, if it was just done.
      let isBegun = index == start.current && !start.records.isEmpty
      let walker = SegmentWalker(listed, specification)
      var queue = OrderedSegments(isBegun ? start.pending : [[]])
      try await queue.run(threads: threads, work: walker.batch) { batch, pending in
        try writer.append(
          batch, limit: goal - writer.state.written, listed, specification.format,
          name: names.name)
        let now = clock.now
        if shouldStop() {
          try writer.checkpoint(pending: pending)
          throw Interrupted(written: writer.state.written)
        }
        if (now - lastCheckpoint) / .seconds(1) > 2 {
          lastCheckpoint = now
          try writer.checkpoint(pending: pending)
          let seconds = max(1e-6, (now - began) / .seconds(1))
          progress(
            Progress(
              written: writer.state.written, expected: Double(expected),
              rate: Double(writer.state.written - before) / seconds))
        }
        return writer.state.written < goal
      }
      if writer.state.written < goal
        || writer.state.records[index] == Int(clamping: listed.distinct)
      {
        try check(writer.state.records[index], writer.state.degeneracySum, listed)
      }
    }
    try writer.finish(footer: footer(writer.state))
    let state = writer.state
    return Result(
      written: state.written,
      degeneracySum: state.degeneracySums.reduce(0) { $0 + (BigUInt($1) ?? 0) },
      isComplete: BigUInt(state.written) == distinct, archive: path, bytes: Int(state.bytes),
      spaceGroups: state.spaceGroups)
  }

  /// Compares a complete case with the exact count.
  private func check(_ records: Int, _ sum: String, _ listed: Case) throws {
    guard BigUInt(records) == listed.distinct,
      specification.upTo != nil || BigUInt(sum) == listed.total
    else {
      throw InputError(
        "the list has \(records) arrangements that stand for \(sum), but the exact count is "
          + "\(listed.distinct) for \(listed.total)",
        hint: "this is a fault of cellgen: please report it with the problem file")
    }
  }

  /// Distinct arrangements of all cases with equal probabilities, each once, case by case.
  private func draw(_ number: Int) -> [ArrangementBatch] {
    var stream = RandomStream(seed: specification.seed, purpose: "distinct arrangements")
    var batches = cases.map { _ in ArrangementBatch() }
    var drawn: [Int: CaseSample] = [:]
    for _ in 0..<number {
      while true {
        let index = cases.count == 1 ? 0 : randomCase(using: &stream)
        var sample = drawn.removeValue(forKey: index) ?? CaseSample(cases[index], specification)
        defer { drawn[index] = sample }
        if sample.draw(into: &batches[index], using: &stream) { break }
      }
    }
    return batches
  }

  /// A case with a probability proportional to its distinct arrangements.
  private func randomCase(using stream: inout RandomStream) -> Int {
    var draw = BigUInt.randomInteger(lessThan: max(1, distinct), using: &stream)
    var index = 0
    while index < cases.count - 1, draw >= cases[index].distinct {
      draw -= cases[index].distinct
      index += 1
    }
    return index
  }

  private func header() throws -> [UInt8] {
    let header = ArrangementArchive.Header(
      cellgen: cellgenVersion, format: 1, problem: problemText,
      cases: cases.map(ArrangementArchive.Case.init))
    switch specification.format {
    case .compact:
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      return Array("\(ArrangementArchive.signature)\n".utf8) + Array(try encoder.encode(header))
        + [UInt8(ascii: "\n")]
    case .csv:
      var lines = [
        "# cellgen \(cellgenVersion): arrangements; each character of an occupancy is a site"
      ]
      let species = cases.first?.problem.species ?? []
      let legend = zip(ArrangementArchive.characters, species).map {
        "\(Character(UnicodeScalar($0))) = \($1)"
      }
      lines.append("# \(legend.joined(separator: ", "))")
      lines += problemText.split(separator: "\n", omittingEmptySubsequences: false)
        .map { "#| \($0)" }
      let place = specification.upTo == nil ? "" : "supercell,"
      lines.append("id,\(place)composition,degeneracy,space_group,occupancy")
      return Array((lines.joined(separator: "\n") + "\n").utf8)
    }
  }

  private func footer(_ state: ArrangementWriter.State) throws -> [UInt8] {
    guard specification.format == .compact else { return [] }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let data = try encoder.encode(
      ArrangementArchive.Footer(records: state.records, space_groups: state.spaceGroups))
    return Array(data) + Array("\n\(data.count)\n\(ArrangementArchive.ending)".utf8)
  }
}

/// Names of subgroups, found once each.
private final class NameCache {
  private let symmetry: ArrangementSymmetry
  private var known: [[Int]: String] = [:]

  init(_ symmetry: ArrangementSymmetry) { self.symmetry = symmetry }

  func name(_ stabilizer: [Int]) -> String {
    if let name = known[stabilizer] { return name }
    let name = symmetry.spaceGroup(stabilizer)?.symbol ?? "?"
    known[stabilizer] = name
    return name
  }
}

/// Draws distinct arrangements of a case.
private struct CaseSample {
  private let symmetry: ProblemSymmetry
  private var sampler: ArrangementSampler
  private let packing: ArrangementBatch.Packing
  private var seen: Set<[UInt8]> = []

  init(_ listed: EnumerateRun.Case, _ specification: EnumerateSpecification) {
    symmetry = listed.symmetry
    sampler = ArrangementSampler(
      ArrangementCount(listed.problem, listed.symmetry.permutations))
    packing = ArrangementBatch.Packing(
      listed.problem, OrderedGroup(listed.symmetry.permutations), specification.format)
  }

  /// Draws one; false if it was drawn before.
  mutating func draw(into batch: inout ArrangementBatch, using stream: inout RandomStream) -> Bool {
    let form = symmetry.canonicalForm(sampler.draw(using: &stream))
    guard seen.insert(form.arrangement).inserted else { return false }
    batch.append(
      form.arrangement, stabilizer: symmetry.stabilizer(of: form.arrangement), packing)
    return true
  }
}

/// Walks the segments of a case.
private struct SegmentWalker: Sendable {
  private let enumeration: Enumeration
  private let packing: ArrangementBatch.Packing
  /// Permutations that are translations; arrangements that one of them leaves unchanged are skipped.
  private let translations: Range<Int>?

  /// Arrangements of a segment: enough to make up for its beginning, few enough to keep in memory.
  private static let segmentSize = 16_384

  init(_ listed: EnumerateRun.Case, _ specification: EnumerateSpecification) {
    enumeration = Enumeration(listed.problem, OrderedGroup(listed.symmetry.permutations))
    packing = ArrangementBatch.Packing(
      listed.problem, enumeration.group, specification.format)
    translations =
      specification.upTo == nil ? nil : 1..<listed.symmetry.permutations.translationCount
  }

  /// The arrangements of a segment.
  func batch(_ beginning: Enumeration.Beginning) -> ArrangementBatch {
    let walk = enumeration.makeWalk()
    var batch = ArrangementBatch()
    batch.rest = enumeration.segment(beginning, limit: SegmentWalker.segmentSize, walk: walk) {
      walk in
      if let translations, walk.stabilizerOrder > 1,
        walk.stabilizer.contains(where: { translations.contains($0) })
      {
        return
      }
      batch.append(walk, packing)
    }
    return batch
  }
}

extension EnumerateRun {
  /// The result as a JSON object; numbers that may exceed 2⁵³ are texts.
  public func json(_ result: Result, wallTime: Double) -> JSONValue {
    .object([
      "cellgen": .text(cellgenVersion), "total": .text("\(total)"),
      "distinct": .text("\(result.isComplete ? BigUInt(result.written) : distinct)"),
      "written": .integer(result.written), "degeneracy_sum": .text("\(result.degeneracySum)"),
      "complete": .logical(result.isComplete), "archive": .text(result.archive),
      "bytes": .integer(result.bytes), "space_groups": .texts(result.spaceGroups),
      "seed": specification.sample == nil ? .null : .integer(Int(clamping: specification.seed)),
      "warnings": .texts(warnings), "wall_s": .real(wallTime),
    ])
  }
}
