internal import Crystal

/// An input of CP2K: its sections with their keywords and lines.
///
/// Reference: https://manual.cp2k.org
struct CP2KInput {
  /// A section.
  struct Section {
    /// Names from the outside in, in capitals: `FORCE_EVAL/SUBSYS/KIND`.
    let path: String
    /// What stands behind the name, `Mg` of `&KIND Mg`.
    let parameter: String
    let line: Int
    fileprivate(set) var keywords: [Keyword] = []

    /// A keyword by its names in capitals.
    func keyword(_ names: String...) -> Keyword? { keywords.first { names.contains($0.key) } }

    /// Whether a switch, in the section or behind its name, is on.
    func isOn(_ name: String) -> Bool {
      guard let keyword = keyword(name) else { return false }
      return keyword.words.first.map(isTrue) ?? true
    }
  }

  /// A keyword with its values.
  struct Keyword: Hashable {
    /// In capitals.
    let key: String
    let words: [String]
    let line: Int
  }

  /// What is wrong with the nesting of sections, with its line.
  private(set) var problem: (line: Int, message: String)?

  /// Files that `@INCLUDE` names.
  private(set) var includes: [(name: String, line: Int)] = []

  /// Whether the preprocessor changes the text, so that values are not known.
  private(set) var isPreprocessed = false

  private(set) var sections: [Section] = []

  init(_ text: String) {
    var open: [Int] = []
    for (index, line) in LintLines(text).lines.enumerated() {
      let number = index + 1
      let words = lintWords(withoutComment(line, "!", "#"))
      guard let first = words.first else { continue }
      if first.hasPrefix("@") {
        isPreprocessed = true
        if first.uppercased() == "@INCLUDE", words.count > 1 {
          includes.append((unquoted(words[1]), number))
        }
      } else if first.uppercased().hasPrefix("&END") {
        close(words, number, &open)
        if problem != nil { return }
      } else if first.hasPrefix("&") {
        let path =
          (open.last.map { sections[$0].path + "/" } ?? "") + first.dropFirst().uppercased()
        open.append(sections.count)
        sections.append(
          Section(path: path, parameter: words.dropFirst().joined(separator: " "), line: number))
      } else if let last = open.last {
        if words.contains(where: { $0.contains("$") }) { isPreprocessed = true }
        sections[last].keywords.append(
          Keyword(key: first.uppercased(), words: Array(words.dropFirst()), line: number))
      }
    }
    if let last = open.last, problem == nil {
      problem = (sections[last].line, "&\(name(last)) begins here and does not end")
    }
  }

  private func name(_ section: Int) -> String {
    String(sections[section].path.split(separator: "/").last ?? "")
  }

  private mutating func close(_ words: [String], _ line: Int, _ open: inout [Int]) {
    guard let last = open.popLast() else {
      problem = (line, "&END, but no section is open")
      return
    }
    guard words.count > 1, words[1].uppercased() != name(last) else { return }
    problem = (
      line,
      "&END \(words[1]), but the open section is &\(name(last)), begun in line "
        + "\(sections[last].line)"
    )
  }

  /// The first section with a path.
  func section(_ path: String) -> Section? { sections.first { $0.path == path } }

  /// All sections with a path.
  func all(_ path: String) -> [Section] { sections.filter { $0.path == path } }
}

/// Whether a value of CP2K means yes.
private func isTrue(_ word: String) -> Bool {
  ["T", "TRUE", ".TRUE.", "ON", "YES", "Y", "1"].contains(word.uppercased())
}
