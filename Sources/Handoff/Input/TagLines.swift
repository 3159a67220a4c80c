internal import Crystal

/// Lines of an input that users give: they replace the line of the same name, or come in at its place.
enum TagLines {
  /// The text with the tags.
  ///
  /// - Throws: ``InputError`` for names that cannot have a place.
  static func merged(
    _ text: String, _ tags: [Calculation.Tag], code: SimulationCode
  ) throws(InputError) -> String {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    if lines.last == "" { lines.removeLast() }
    for tag in tags {
      guard !tag.name.contains(where: \.isNewline), !tag.value.contains(where: \.isNewline) else {
        throw InputError("a tag has several lines", at: "\(code.rawValue).\(tag.name)")
      }
      switch code {
      case .vasp: set(&lines, tag.name, "\(tag.name) = \(tag.value)", in: lines.indices)
      case .abinit: set(&lines, tag.name, "\(tag.name) \(tag.value)", in: lines.indices)
      case .qe: try setNamelist(&lines, tag)
      case .cp2k: try setSection(&lines, tag)
      case .lammps:
        throw InputError(
          "LAMMPS has commands, not tags", at: "lammps.\(tag.name)",
          hint: "edit a copy of the template and give its folder with --templates")
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Replaces the line that begins with a word, or adds one at the end of a range.
  private static func set(
    _ lines: inout [String], _ name: String, _ line: String, in range: Range<Int>
  ) {
    let index = range.first { n in
      let word = lines[n].drop(while: \.isWhitespace)
        .prefix { !$0.isWhitespace && $0 != "=" }
      return word.lowercased() == name.lowercased()
    }
    if let index { lines[index] = line } else { lines.insert(line, at: range.upperBound) }
  }

  /// `system.nbnd`: a variable of a namelist.
  private static func setNamelist(
    _ lines: inout [String], _ tag: Calculation.Tag
  ) throws(InputError) {
    let parts = tag.name.split(separator: ".", maxSplits: 1).map(String.init)
    let start =
      parts.count == 2
      ? lines.firstIndex { $0.uppercased() == "&\(parts[0].uppercased())" } : nil
    guard let start, let end = lines[start...].firstIndex(of: "/") else {
      let lists = lines.filter { $0.hasPrefix("&") }.map { $0.dropFirst().lowercased() }
      throw InputError(
        "no namelist for \"\(tag.name)\" in this input", at: "qe.\(tag.name)",
        hint: "write NAMELIST.NAME, such as system.nbnd; namelists are "
          + lists.joined(separator: ", "))
    }
    set(&lines, parts[1], "  \(parts[1]) = \(tag.value)", in: (start + 1)..<end)
  }

  /// `FORCE_EVAL/DFT/SCF/MAX_SCF`: a keyword of a section.
  private static func setSection(
    _ lines: inout [String], _ tag: Calculation.Tag
  ) throws(InputError) {
    var path = tag.name.split(separator: "/").map { $0.uppercased() }
    let name = path.popLast() ?? ""
    var open: [String] = []
    var start: Int?
    var end: Int?
    for (n, line) in lines.enumerated() {
      let words = line.uppercased().split(separator: " ")
      guard let first = words.first, first.hasPrefix("&") else { continue }
      if first.hasPrefix("&END") {
        if open == path, start != nil, end == nil { end = n }
        if !open.isEmpty { open.removeLast() }
      } else {
        open.append(String(first.dropFirst()))
        if open == path, start == nil { start = n }
      }
    }
    guard !path.isEmpty, let start, let end else {
      throw InputError(
        "the input has no section \(path.joined(separator: "/"))", at: "cp2k.\(tag.name)",
        hint: "write SECTION/…/KEYWORD, such as FORCE_EVAL/DFT/SCF/MAX_SCF")
    }
    // Keywords of the section itself, not of those inside it.
    var depth = 0
    var last = start + 1
    for n in (start + 1)..<end {
      let word = lines[n].drop(while: \.isWhitespace).prefix { !$0.isWhitespace }.uppercased()
      if word.hasPrefix("&END") { depth -= 1 } else if word.hasPrefix("&") { depth += 1 }
      if depth == 0, word == name {
        lines[n] = "  \(name) \(tag.value)"
        return
      }
      if depth == 0, !word.hasPrefix("&") { last = n + 1 }
    }
    lines.insert("  \(name) \(tag.value)", at: last)
  }
}
