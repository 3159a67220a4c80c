internal import Crystal

/// The commands of a LAMMPS script with their lines, those of included files too.
///
/// Reference: https://docs.lammps.org/Commands_parse.html
struct LAMMPSScript {
  /// A command.
  struct Command: Hashable {
    let words: [String]
    /// The file that it stands in.
    let file: String
    let line: Int

    /// The name of the command.
    var name: String { words[0] }

    /// Whether a variable is left that only LAMMPS knows.
    var hasVariables: Bool { words.contains { $0.contains("$") } }
  }

  private(set) var commands: [Command] = []

  /// Files that `include` names but that are not there, and those above the folder.
  private(set) var missing: [(name: String, command: Command)] = []

  private var variables: [String: String] = [:]

  init(_ folder: LintFolder, file: String) { read(folder, file, depth: 0) }

  private mutating func read(_ folder: LintFolder, _ file: String, depth: Int) {
    let lines = LintLines(folder.text(file) ?? "").lines
    var position = 0
    while position < lines.count {
      let number = position + 1
      var text = trimmedText(lines[position])
      position += 1
      while text.hasSuffix("&"), position < lines.count {
        text = String(text.dropLast()) + " " + trimmedText(lines[position])
        position += 1
      }
      let words = words(text).map(substituted)
      guard let first = words.first else { continue }
      let command = Command(words: words, file: file, line: number)
      commands.append(command)
      if first == "variable", words.count >= 4, ["index", "string", "equal"].contains(words[2]),
        variables[words[1]] == nil || words[2] != "index"
      {
        let value = words[3]
        // A formula of LAMMPS is not calculated here.
        if words[2] != "equal" || NumberReader.real(value) != nil { variables[words[1]] = value }
      }
      if first == "include", words.count > 1, !command.hasVariables {
        if folder.isFile(words[1]), depth < 5 {
          read(folder, words[1], depth: depth + 1)
        } else if !folder.isFile(words[1]) {
          missing.append((words[1], command))
        }
      }
    }
  }

  /// The words of a line up to `#`; texts in quotes are one word.
  private func words(_ line: String) -> [String] {
    var (words, word) = ([String](), "")
    var quote: Character?
    for character in line {
      if let open = quote {
        if character == open { quote = nil } else { word.append(character) }
      } else if character == "#" {
        break
      } else if character == "\"" || character == "'" {
        quote = character
      } else if character.isWhitespace {
        if !word.isEmpty { words.append(word) }
        word = ""
      } else {
        word.append(character)
      }
    }
    if !word.isEmpty { words.append(word) }
    return words
  }

  /// A word with the values of the variables that are known.
  private func substituted(_ word: String) -> String {
    guard word.contains("$") else { return word }
    var word = word
    for (name, value) in variables {
      word = word.replacing("${\(name)}", with: value)
      if name.count == 1 { word = word.replacing("$\(name)", with: value) }
    }
    return word
  }

  /// The last command of a name.
  func last(_ name: String) -> Command? { commands.last { $0.name == name } }

  /// All commands of a name.
  func all(_ name: String) -> [Command] { commands.filter { $0.name == name } }
}
