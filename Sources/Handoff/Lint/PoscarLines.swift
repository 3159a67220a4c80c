internal import Crystal

/// Where the parts of a POSCAR stand.
struct PoscarLines {
  /// The line of the element symbols; nil in files of VASP 4.
  let symbolsLine: Int?

  /// The words of that line up to a comment.
  let symbols: [String]

  /// The line of the numbers of atoms.
  let countsLine: Int

  /// Numbers of atoms of the groups.
  let counts: [Int]

  /// The line `Selective dynamics`, nil if there is none.
  let selectiveLine: Int?

  /// The line of the first atom.
  let firstAtomLine: Int

  /// Whether the words behind the coordinates of the first atom are T or F.
  let hasFlags: Bool

  init(_ text: String) {
    let lines = LintLines(text)
    func upToComment(_ line: Int) -> [String] {
      Array(lines.words(line).prefix { !$0.hasPrefix("!") && !$0.hasPrefix("#") })
    }
    var line = 6
    if let first = lines.words(6).first, NumberReader.integer(first) == nil {
      symbolsLine = 6
      symbols = upToComment(6)
      line = 7
    } else {
      (symbolsLine, symbols) = (nil, [])
    }
    countsLine = line
    counts = upToComment(line).compactMap { NumberReader.integer($0) }
    line += 1
    if lines.words(line).first?.lowercased().first == "s" {
      selectiveLine = line
      line += 1
    } else {
      selectiveLine = nil
    }
    firstAtomLine = line + 1
    let flags = lines.words(firstAtomLine).dropFirst(3).prefix(3)
    hasFlags = flags.count == 3 && flags.allSatisfy { ["T", "F"].contains($0.uppercased()) }
  }
}
