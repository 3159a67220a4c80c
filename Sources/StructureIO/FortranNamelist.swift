/// Lines of Fortran namelists.
package enum FortranNamelist {
  /// The `key = value` pairs of a line; keys in lower case, quotes removed.
  package static func entries(_ line: String) -> [(key: String, value: String)] {
    var entries: [(key: String, value: String)] = []
    var key: [Character] = []
    var value: [Character] = []
    var isValue = false
    var quote: Character?
    func finish() {
      let name = String(key).trimmed.lowercased().filter { !$0.isWhitespace }
      if isValue, !name.isEmpty { entries.append((name, String(value).trimmed)) }
      (key, value, isValue) = ([], [], false)
    }
    let characters = Array(line)
    var position = 0
    while position < characters.count {
      let character = characters[position]
      position += 1
      if let open = quote {
        if character == open, position < characters.count, characters[position] == open {
          value.append(open)
          position += 1
        } else if character == open {
          quote = nil
        } else {
          value.append(character)
        }
      } else if character == "!" || character == "/" && !isValue {
        break
      } else if isValue, character == "'" || character == "\"" {
        quote = character
      } else if character == "," {
        finish()
      } else if character == "=" {
        // `a = 1 b = 2`: what was read as the value ends with the next key.
        if isValue, let space = value.lastIndex(where: \.isWhitespace) {
          let next = Array(value[(space + 1)...])
          value = Array(value[..<space])
          finish()
          key = next
        }
        isValue = true
      } else if isValue {
        if !value.isEmpty || !character.isWhitespace { value.append(character) }
      } else {
        key.append(character)
      }
    }
    finish()
    return entries
  }

  /// Whether a line ends the namelist.
  package static func isEnd(_ line: String) -> Bool {
    let text = line.trimmed.lowercased()
    return text == "/" || text == "&end" || text.hasPrefix("/ ") || text.hasSuffix(" /")
  }
}
