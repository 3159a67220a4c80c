internal import Crystal
internal import Foundation

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Runs the steps of a study that are not up to date: `cellgen study`.
///
/// A step is skipped if its command, the version of cellgen and the contents of everything it reads are as
/// they were when it was last finished. One that was interrupted goes on where it was, if its command can.
public struct StudyRun {
  /// What is told about the steps.
  public enum Event: Sendable {
    /// A step is up to date.
    case skipped(number: Int, line: String)
    /// A step begins, and why.
    case began(number: Int, line: String, reason: String)
    /// A step has ended; a status of 2 tells remarks.
    case ended(number: Int, status: Int32, seconds: Double)
  }

  /// How a step that would run would be told.
  public struct Forecast: Hashable, Sendable {
    /// The command.
    public var line: String
    /// Why it would run; nil for one that is up to date.
    public var reason: String?
  }

  /// The study.
  public let study: StudyFile
  /// The folder.
  public let folder: OutputFolder
  private let plan: StudyPlan
  private let path: String
  private var state: StudyState

  /// Opens the folder of a study.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - out: The folder; one of this study is gone on with.
  /// - Throws: ``InputError`` or ``InputErrors`` for a study with mistakes, and a folder of something else.
  public init(_ path: String, out: String) throws {
    self.path = path
    study = try StudyFile(parsing: readText(path), file: path)
    plan = try StudyPlan(study, file: path)
    let isStudy = FileManager.default.fileExists(atPath: "\(out)/\(StudyState.name)")
    folder = try OutputFolder(out, existing: isStudy ? .use : .refuse)
    state =
      isStudy ? try jsonValue(StudyState.self, from: folder.read(StudyState.name)) : StudyState()
    try copyFiles()
    try save()
  }

  /// Number of steps.
  public var count: Int { plan.steps.count }

  /// What would run now, as far as that can be known before the first step changes anything.
  public func forecast() throws -> [Forecast] {
    var changed: Set<String> = []
    return try plan.steps.map { step in
      var reason = try reason(step)
      if reason == nil,
        let input = inputs(step).first(where: { input in
          changed.contains { input == $0 || input.hasPrefix("\($0)/") }
        })
      {
        reason = "\(input) is made anew"
      }
      if reason != nil { changed.formUnion(step.output.map { [$0] } ?? inputs(step)) }
      return Forecast(line: step.line, reason: reason)
    }
  }

  /// Runs what is not up to date.
  ///
  /// - Parameters:
  ///   - quiet: Whether the commands print nothing.
  ///   - report: Told about every step.
  /// - Returns: The status of the command that ended the study early; 0, or 2 if a step had remarks.
  /// - Throws: ``InputError`` for steps whose files are missing.
  public mutating func run(quiet: Bool, report: (Event) -> Void) throws -> Int32 {
    var worst: Int32 = 0
    for (index, step) in plan.steps.enumerated() {
      guard let reason = try reason(step) else {
        worst = max(worst, state.steps[step.line]?.status ?? 0)
        report(.skipped(number: index + 1, line: step.line))
        continue
      }
      let inputs = inputs(step)
      for input in inputs where try ContentDigest.of(folder.file(input)) == nil {
        throw InputError(
          "\(input) is not there", at: "\(path): \(step.line)",
          hint: "an earlier step must make it, or it must stand under files")
      }
      let words = try words(of: step)
      report(.began(number: index + 1, line: step.line, reason: reason))
      let clock = ContinuousClock()
      let start = clock.now
      var entry = StudyState.Entry(
        words: step.words, cellgen: cellgenVersion, inputs: try digests(inputs), isFinished: false,
        status: 0, wall_s: 0)
      state.steps[step.line] = entry
      try save()
      let status = try StudyRun.execute(words, in: folder.path, quiet: quiet)
      let seconds = (clock.now - start) / .seconds(1)
      report(.ended(number: index + 1, status: status, seconds: seconds))
      guard status == 0 || status == 2 else { return status }
      // Commands that work in the folders they read leave them changed.
      if step.output == nil { entry.inputs = try digests(inputs) }
      entry.isFinished = true
      entry.status = status
      entry.wall_s = (seconds * 1000).rounded(.toNearestOrEven) / 1000
      state.steps[step.line] = entry
      try save()
      worst = max(worst, status)
    }
    return worst
  }

  /// Why a step has to run; nil if it is up to date.
  private func reason(_ step: StudyPlan.Step) throws -> String? {
    guard let entry = state.steps[step.line] else { return "new" }
    if !entry.isFinished { return "was interrupted" }
    if entry.cellgen != cellgenVersion { return "cellgen was \(entry.cellgen)" }
    if let output = step.output, try ContentDigest.of(folder.file(output)) == nil {
      return "\(output) is gone"
    }
    let now = try digests(inputs(step))
    let names = Set(now.keys).union(entry.inputs.keys)
    for name in names.sorted() where now[name] != entry.inputs[name] {
      return now[name] == nil ? "\(name) is gone" : "\(name) has changed"
    }
    return nil
  }

  private func digests(_ names: [String]) throws -> [String: String] {
    var digests: [String: String] = [:]
    for name in names { digests[name] = try ContentDigest.of(folder.file(name)) }
    return digests
  }

  /// Files and folders of the study that a step reads: words that name one, or something in the results of
  /// another step.
  private func inputs(_ step: StudyPlan.Step) -> [String] {
    let outputs = plan.steps.compactMap(\.output)
    var found: [String] = []
    for word in expanded(step.words.dropFirst() + step.needs) {
      let name = word.hasSuffix("/") ? String(word.dropLast()) : word
      guard name != step.output, !name.hasPrefix("-"), StudyFile.isInside(name) else { continue }
      let isResult = outputs.contains { name == $0 || name.hasPrefix("\($0)/") }
      if isResult || folder.has(name) || step.needs.contains(word) { found.append(name) }
    }
    return found
  }

  /// Words in which patterns such as `collect-*/energies.csv` are replaced by the paths they match.
  private func expanded(_ words: some Collection<String>) -> [String] {
    words.flatMap { word in
      guard word.contains("*"), !word.contains(where: \.isWhitespace) else { return [word] }
      let paths = StudyRun.matches("\(folder.path)/\(word)")
      let prefix = folder.path.count + 1
      return paths.isEmpty ? [word] : paths.map { String($0.dropFirst(prefix)) }
    }
  }

  private static func matches(_ pattern: String) -> [String] {
    var result = unsafe glob_t()
    defer { unsafe globfree(&result) }
    guard unsafe glob(pattern, 0, nil, &result) == 0 else { return [] }
    return unsafe (0..<Int(result.gl_pathc)).compactMap { index in
      unsafe result.gl_pathv[index].map { unsafe String(cString: $0) }
    }
  }

  /// The words of a command that goes on with, or replaces, what is there.
  private func words(of step: StudyPlan.Step) throws -> [String] {
    var words = [step.words[0]] + expanded(step.words.dropFirst())
    guard let output = step.output, folder.has(output) else { return words }
    let entry = state.steps[step.line]
    let canResume = OutputFolder.resumableNames.contains { folder.has("\(output)/\($0)") }
    // Only the same command on the same inputs may go on where it was.
    if let entry, !entry.isFinished, canResume, entry.words == step.words,
      entry.cellgen == cellgenVersion, try entry.inputs == digests(inputs(step))
    {
      return [step.words[0], "--resume", output]
    }
    words.append("--force")
    return words
  }

  /// Runs this program to its end.
  private static func execute(_ words: [String], in folder: String, quiet: Bool) throws -> Int32 {
    guard let program = Bundle.main.executableURL else {
      throw InputError("the program does not know where it is", at: "study")
    }
    let process = Process()
    process.executableURL = program
    process.arguments = words
    process.currentDirectoryURL = URL(filePath: folder)
    process.standardInput = FileHandle.nullDevice
    if quiet { process.standardOutput = FileHandle.nullDevice }
    do {
      try process.run()
    } catch {
      throw InputError("the program cannot be started: \(error)", at: "study")
    }
    process.waitUntilExit()
    return process.terminationReason == .uncaughtSignal
      ? 128 + process.terminationStatus : process.terminationStatus
  }

  /// Brings the files that the steps read into the folder; those that are the same are left alone.
  private func copyFiles() throws {
    for source in study.files {
      let beside = URL(filePath: path).deletingLastPathComponent().appending(path: source.name)
        .path(percentEncoded: false)
      let text = try source.text ?? readText(beside)
      if folder.has(source.name), try folder.read(source.name) == text { continue }
      try folder.write(text, to: source.name)
    }
  }

  private func save() throws {
    try folder.write(jsonText(state), to: StudyState.name)
  }
}
