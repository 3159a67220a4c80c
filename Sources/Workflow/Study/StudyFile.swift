public import Crystal
internal import Yams

/// A chain of cellgen commands as it stands in a file.
///
///     title: MgO with Quantum ESPRESSO
///     values: {functional: LDA}
///     files: [problem.yaml]
///     steps:
///       - run: prototype rocksalt --out host
///       - run: rank problem.yaml --x {x} --out rank-{x}
///         for: {x: [0, 0.5, 1]}
public struct StudyFile: Sendable {
  /// A command, or several that differ in one value.
  public struct Step: Sendable {
    /// The words of the command without `cellgen`, with places `{name}`.
    public var words: [String]
    /// The name of the value that varies, with its values; nil for one command.
    public var loop: (name: String, values: [String])?
    /// Files and folders that the command reads without naming them.
    public var needs: [String]
    /// Line in the file.
    public var line: Int?
  }

  /// A file that the steps read.
  public struct Source: Hashable, Sendable {
    /// Its name in the folder of the study.
    public var name: String
    /// What it holds; nil to copy the file of this name from beside the study.
    public var text: String?
  }

  /// One line that says what it is about.
  public let title: String
  /// Texts for the places of all steps.
  public let values: [String: String]
  /// Files that are copied or written before the first step.
  public let files: [Source]
  /// The commands in order.
  public let steps: [Step]

  /// Reads a study.
  ///
  /// - Parameters:
  ///   - text: YAML.
  ///   - file: Its name, for messages.
  /// - Throws: ``InputErrors`` with everything that is wrong.
  public init(parsing text: String, file: String) throws(InputErrors) {
    var reader = YAMLReader(file: file)
    guard let root = reader.document(text) else { throw InputErrors(reader.problems) }
    let entries = reader.mapping(root, "", keys: ["title", "values", "files", "steps"])
    func node(_ key: String) -> Node? { entries.first { $0.0 == key }?.1 }
    title = node("title").flatMap { reader.text($0, "title") } ?? "study"
    var values: [String: String] = [:]
    if let node = node("values") {
      for (name, value) in reader.mapping(node, "values", keys: nil) {
        values[name] = reader.text(value, "values.\(name)") ?? ""
      }
    }
    self.values = values
    files = node("files").map { StudyFile.sources($0, &reader) } ?? []
    var steps: [Step] = []
    if let list = node("steps") {
      for (index, entry) in reader.list(list, "steps").enumerated() {
        if let step = StudyFile.step(entry, "steps[\(index + 1)]", &reader) { steps.append(step) }
      }
    }
    if steps.isEmpty, reader.problems.isEmpty {
      reader.report("no steps", at: root, "steps", "write steps: [{run: spinel --out spinel}]")
    }
    self.steps = steps
    guard reader.problems.isEmpty else { throw InputErrors(reader.problems) }
  }

  /// A list of names, or texts by name.
  private static func sources(_ node: Node, _ reader: inout YAMLReader) -> [Source] {
    var sources: [Source] = []
    if node.mapping != nil {
      for (name, value) in reader.mapping(node, "files", keys: nil) {
        if let text = reader.text(value, "files.\(name)") {
          sources.append(Source(name: name, text: text.hasSuffix("\n") ? text : text + "\n"))
        }
      }
    } else {
      for value in reader.list(node, "files") {
        if let name = reader.text(value, "files") { sources.append(Source(name: name, text: nil)) }
      }
    }
    for source in sources where !isInside(source.name) {
      reader.report(
        "\"\(source.name)\" leads out of the folder", at: node, "files",
        "name a file beside the study, or give its text")
    }
    return sources
  }

  /// Whether a path stays in the folder it starts from.
  static func isInside(_ path: String) -> Bool {
    !path.hasPrefix("/") && !path.split(separator: "/").contains("..") && !path.isEmpty
  }

  private static func step(
    _ node: Node, _ path: String, _ reader: inout YAMLReader
  ) -> Step? {
    let entries = reader.mapping(node, path, keys: ["run", "for", "needs"])
    guard let run = entries.first(where: { $0.0 == "run" })?.1 else {
      reader.report("no command", at: node, path, "write run: spinel --out spinel")
      return nil
    }
    var words: [String]
    if let sequence = run.sequence {
      words = sequence.compactMap { reader.text($0, "\(path).run") }
    } else {
      guard let text = reader.text(run, "\(path).run") else { return nil }
      guard let split = StudyFile.words(text) else {
        reader.report("a quote is not closed", at: run, "\(path).run", nil)
        return nil
      }
      words = split
    }
    if words.first == "cellgen" { words.removeFirst() }
    guard !words.isEmpty else {
      reader.report("the command is empty", at: run, "\(path).run", nil)
      return nil
    }
    var step = Step(words: words, needs: [], line: run.mark?.line)
    for (key, value) in entries {
      if key == "needs" {
        step.needs = reader.list(value, "\(path).needs")
          .compactMap { reader.text($0, "\(path).needs") }
      }
      guard key == "for" else { continue }
      let loops = reader.mapping(value, "\(path).for", keys: nil)
      guard loops.count == 1 else {
        reader.report(
          "\(loops.count) names, expected one", at: value, "\(path).for", "write for: {n: [1, 2]}")
        continue
      }
      let values = reader.list(loops[0].1, "\(path).for.\(loops[0].0)")
        .compactMap { reader.text($0, "\(path).for.\(loops[0].0)") }
      step.loop = (loops[0].0, values)
    }
    return step
  }

  /// The words of a line, nil if a quote is not closed.
  ///
  /// Quotes keep spaces together.
  ///
  /// No shell sees the line: nothing in it is expanded but what ``StudyPlan`` says.
  static func words(_ line: String) -> [String]? {
    var words: [String] = []
    var word: String?
    var quote: Character?
    for character in line {
      switch (quote, character) {
      case (nil, "\""), (nil, "'"):
        quote = character
        word = word ?? ""
      case (let open?, character) where open == character: quote = nil
      case (nil, _) where character.isWhitespace:
        if let finished = word { words.append(finished) }
        word = nil
      default: word = (word ?? "") + String(character)
      }
    }
    guard quote == nil else { return nil }
    if let word { words.append(word) }
    return words
  }
}
