internal import Crystal

/// The commands of a study one after the other, with all places filled.
struct StudyPlan: Sendable {
  /// A command.
  struct Step: Hashable, Sendable {
    /// Its words without `cellgen`.
    var words: [String]
    /// Files and folders that it reads without naming them.
    var needs: [String]
    /// What it writes in the folder of the study; nil for commands that change what they read.
    var output: String?

    /// The verb.
    var verb: String { words[0] }
    /// The line as it would be typed.
    var line: String {
      (["cellgen"] + words).map { word in
        word.contains(where: \.isWhitespace) || word.isEmpty ? "'\(word)'" : word
      }.joined(separator: " ")
    }
  }

  let steps: [Step]

  /// Commands without results of their own: they change or check the folders that they are given.
  static let withoutOutput = ["submit", "lint"]

  /// Commands that would run a study in a study.
  private static let forbidden = ["study", "replay"]

  /// Fills the places.
  ///
  /// - Throws: ``InputErrors`` for unknown places, and steps without a folder for their results.
  init(_ study: StudyFile, file: String) throws(InputErrors) {
    var problems: [InputError] = []
    var steps: [Step] = []
    for step in study.steps {
      let place = step.line.map { "\(file):\($0)" } ?? file
      let rounds: [[String: String]] =
        step.loop.map { loop in loop.values.map { [loop.name: $0] } } ?? [[:]]
      for round in rounds {
        let values = study.values.merging(round) { _, new in new }
        do throws(InputError) {
          let words = try step.words.map { word throws(InputError) in
            try StudyPlan.filled(word, values, place)
          }
          let needs = try step.needs.map { word throws(InputError) in
            try StudyPlan.filled(word, values, place)
          }
          steps.append(try StudyPlan.step(words, needs, place))
        } catch {
          problems.append(error)
        }
      }
    }
    var writers: Set<String> = []
    for step in steps {
      if let output = step.output, !writers.insert(output).inserted {
        problems.append(
          InputError("two steps write \(output)", at: file, hint: "give each its own --out"))
      }
    }
    guard problems.isEmpty else { throw InputErrors(problems) }
    self.steps = steps
  }

  private static func step(
    _ words: [String], _ needs: [String], _ place: String
  ) throws(InputError) -> Step {
    guard !forbidden.contains(words[0]) else {
      throw InputError("a study cannot run cellgen \(words[0])", at: place)
    }
    for flag in ["--force", "--resume"] where words.contains(flag) {
      throw InputError(
        "\(flag) in a step", at: place,
        hint: "leave it out: a study goes on with what is there, and replaces what is out of date")
    }
    if withoutOutput.contains(words[0]) { return Step(words: words, needs: needs, output: nil) }
    var output: String?
    for (index, word) in words.enumerated() {
      if word == "--out", index + 1 < words.count { output = words[index + 1] }
      if word.hasPrefix("--out=") { output = String(word.dropFirst(6)) }
    }
    guard let output else {
      throw InputError(
        "the step does not say where its results go", at: place, hint: "add --out \(words[0])")
    }
    guard StudyFile.isInside(output) else {
      throw InputError(
        "\"\(output)\" leads out of the folder of the study", at: place,
        hint: "give --out a name without / before and .. in it")
    }
    return Step(words: words, needs: needs, output: output)
  }

  /// A word with its places `{name}` filled; braces around anything else stand for themselves.
  private static func filled(
    _ word: String, _ values: [String: String], _ place: String
  ) throws(InputError) -> String {
    var text = ""
    var rest = word[...]
    while let first = rest.first {
      let name =
        first == "{" ? rest.dropFirst().prefix { $0.isLetter || $0.isNumber || $0 == "_" } : ""
      guard first == "{", name.first?.isLetter ?? false,
        rest.dropFirst(name.count + 1).first == "}"
      else {
        text.append(first)
        rest = rest.dropFirst()
        continue
      }
      if let value = values[String(name)] {
        text += value
      } else if name == "x" {
        // Sweeps have this place of their own: --sweep 'Mg{x}ZnMnO3'.
        text += "{x}"
      } else {
        throw InputError(
          "no value for {\(name)}", at: place,
          hint: nearestMatch(to: String(name), among: values.keys.sorted())
            .map { "did you mean {\($0)}?" } ?? "give it under values, or in for: {\(name): […]}")
      }
      rest = rest.dropFirst(name.count + 2)
    }
    return text
  }
}
