internal import Crystal

/// What the atom lines of a POSCAR hold besides the elements.
struct POSCARAtoms {
  var positions: [Fractional] = []

  /// Species behind the coordinates, as a word of their own, and the comments of cellgen.
  var notes: AtomNotesReader
  private var free: [Bool] = []

  init(count: Int) {
    positions.reserveCapacity(count)
    notes = AtomNotesReader(count: count)
  }

  /// The flags of selective dynamics, words 4 to 6.
  mutating func appendFlags(_ words: [Range<Int>], _ scanner: TextScanner) throws(InputError) {
    guard words.count >= 6 else {
      throw scanner.problem(
        "found \(words.count - 3) of 3 flags of selective dynamics",
        hint: "write T or F for each coordinate, or delete the line Selective dynamics")
    }
    for word in words[3..<6] {
      guard let flag = readLogical(scanner.bytes, word) else {
        throw scanner.problem(
          "found \(scanner.quoted(word)) as a flag of selective dynamics, expected T or F")
      }
      free.append(flag)
    }
  }

  /// The columns that every atom has.
  func columns(isSelective: Bool) -> [Column] {
    let noted = notes.columns(count: positions.count)
    return isSelective ? [Column(Column.Name.free, width: 3, .logical(free))] + noted : noted
  }
}
