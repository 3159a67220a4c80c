internal import Crystal

/// The tags of an INCAR.
///
/// As VASP reads them: `TAG = value`, several on a line with `;` between, comments from `#` or `!`, a
/// line that ends with `\` goes on in the next one, a text in double quotes may span lines, and groups
/// `NAME { TAG = value }` give tags `NAME/TAG`. What has no `=` is skipped.
///
/// Reference: https://www.vasp.at/wiki/index.php/INCAR
struct IncarFile {
  /// One `TAG = value`.
  struct Entry: Hashable {
    /// The tag in capitals.
    let tag: String
    /// What stands behind the `=`, without quotes.
    let value: String
    let line: Int
  }

  private(set) var entries: [Entry] = []

  /// Lines with text that VASP skips.
  private(set) var skipped: [(line: Int, text: String)] = []

  /// The tag of a quoted text or a group that does not end, with its line.
  private(set) var open: (tag: String, line: Int)?

  private var groups: [(name: String, line: Int)] = []

  init(_ text: String) {
    let lines = LintLines(text).lines
    var position = 0
    while position < lines.count {
      let number = position + 1
      var line = String(withoutComment(lines[position], "#", "!"))
      position += 1
      while trimmedText(line).hasSuffix("\\"), position < lines.count {
        line = String(trimmedText(line).dropLast()) + " "
        line += withoutComment(lines[position], "#", "!")
        position += 1
      }
      // Inside quotes a comment sign is text.
      while line.filter({ $0 == "\"" }).count % 2 == 1 {
        guard position < lines.count else {
          open = (tag(before: line), number)
          break
        }
        line += "\n" + lines[position]
        position += 1
      }
      read(line, number)
    }
    if open == nil, let group = groups.last { open = (group.name, group.line) }
  }

  private func tag(before line: String) -> String {
    trimmedText(line.prefix { $0 != "=" }).uppercased()
  }

  private mutating func read(_ line: String, _ number: Int) {
    for part in pieces(line) {
      var rest = Substring(part)
      while let brace = rest.firstIndex(where: { "{}".contains($0) }), !rest.contains("\"") {
        assign(String(rest[..<brace]), number, opens: rest[brace] == "{")
        if rest[brace] == "}", !groups.isEmpty { groups.removeLast() }
        rest = rest[rest.index(after: brace)...]
      }
      assign(String(rest), number, opens: false)
    }
  }

  /// The parts between semicolons that stand outside of quotes.
  private func pieces(_ line: String) -> [String] {
    var pieces = [""]
    var isQuoted = false
    for character in line {
      if character == "\"" { isQuoted.toggle() }
      if character == ";", !isQuoted {
        pieces.append("")
      } else {
        pieces[pieces.count - 1].append(character)
      }
    }
    return pieces
  }

  private mutating func assign(_ text: String, _ line: Int, opens: Bool) {
    let text = trimmedText(text)
    if opens {
      groups.append((text.uppercased(), line))
      return
    }
    guard !text.isEmpty else { return }
    guard let equals = text.firstIndex(of: "=") else {
      skipped.append((line, text))
      return
    }
    let tag = trimmedText(text[..<equals]).uppercased()
    let path = (groups.map(\.name) + [tag]).joined(separator: "/")
    entries.append(
      Entry(tag: path, value: unquoted(String(text[text.index(after: equals)...])), line: line))
  }

  /// The entry of a tag that counts: the first.
  func entry(_ tag: String) -> Entry? { entries.first { $0.tag == tag } }

  /// The line of a tag.
  func line(_ tag: String) -> Int? { entry(tag)?.line }

  /// The first word of a value as an integer, `default` if the tag is missing or its value is none.
  func integer(_ tag: String, default fallback: Int) -> Int {
    entry(tag).flatMap { lintWords($0.value).first }.flatMap(incarInteger) ?? fallback
  }

  /// The first word of a value as a number.
  func real(_ tag: String) -> Double? {
    entry(tag).flatMap { lintWords($0.value).first }.flatMap { NumberReader.real($0) }
  }

  /// Whether a tag is set to true.
  func isOn(_ tag: String) -> Bool {
    entry(tag).flatMap { incarLogical($0.value) } ?? false
  }

  /// The numbers at the beginning of a value, repeats written out; nil if the tag is missing.
  func numbers(_ tag: String) -> [Double]? {
    guard let entry = entry(tag), let words = expandedRepeats(lintWords(entry.value)) else {
      return nil
    }
    var numbers: [Double] = []
    for word in words {
      guard let number = NumberReader.real(word) else { break }
      numbers.append(number)
    }
    return numbers
  }
}

/// An integer; VASP takes `2.` or `2.0` too where it reads one.
func incarInteger(_ word: String) -> Int? {
  if let value = NumberReader.integer(word) { return value }
  guard let value = NumberReader.real(word), value.magnitude < 1e9, value == value.rounded() else {
    return nil
  }
  return Int(value)
}

/// True or false as Fortran reads it: `.TRUE.`, `T`, `.F.`; nil for anything else.
func incarLogical(_ value: String) -> Bool? {
  let word = lintWords(value).first?.uppercased() ?? ""
  switch (word.hasPrefix(".") ? word.dropFirst() : word[...]).first {
  case "T": return true
  case "F": return false
  default: return nil
  }
}
