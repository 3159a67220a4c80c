internal import Crystal

/// What the atom lines of a POSCAR hold besides the elements.
struct POSCARAtoms {
  var positions: [Fractional] = []

  /// Species behind the coordinates, as a word of their own or in a comment of cellgen.
  private(set) var trailing: [Species?] = []
  private var free: [Bool] = []
  private var labels: [String] = []
  private var parentSites: [Int] = []
  private var cellIndices: [Int] = []
  private var firstMismatch: Int?

  /// The word read last as a species, which is that of most atoms, and what it says.
  private var lastWord: Range<Int> = 0..<0
  private var lastSpecies: Species?

  init(count: Int) {
    positions.reserveCapacity(count)
    trailing.reserveCapacity(count)
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

  /// Reads `! species=Mg2+ label=8a …`, or a species alone; anything else is a remark.
  mutating func readComment(
    _ words: ArraySlice<Range<Int>>, _ atom: Int, _ scanner: TextScanner
  ) {
    var species: Species?
    for (index, word) in words.enumerated() {
      guard let equals = scanner.bytes[word].firstIndex(of: UInt8(ascii: "=")) else {
        let isMark = scanner.bytes[word].elementsEqual("!".utf8)
        if index == 0, !isMark { species = read(word, scanner) }
        continue
      }
      let value = (equals + 1)..<word.upperBound
      let key = scanner.bytes[word.lowerBound..<equals]
      if key.elementsEqual(POSCAR.Key.species.utf8) {
        species = read(value, scanner)
      } else if key.elementsEqual(POSCAR.Key.label.utf8) {
        if labels.count == atom, !value.isEmpty { labels.append(scanner.text(value)) }
      } else if key.elementsEqual(POSCAR.Key.parentSite.utf8) {
        if parentSites.count == atom, let n = scanner.integer(value) { parentSites.append(n) }
      } else if key.elementsEqual(POSCAR.Key.cellIndex.utf8) {
        if cellIndices.count == atom, let n = scanner.integer(value) { cellIndices.append(n) }
      }
    }
    trailing.append(species)
  }

  private mutating func read(_ word: Range<Int>, _ scanner: TextScanner) -> Species? {
    if word.isEmpty { return nil }
    if !scanner.bytes[word].elementsEqual(scanner.bytes[lastWord]) {
      lastSpecies = SpeciesText.read(scanner.text(word))
      lastWord = word
    }
    return lastSpecies
  }

  /// The species of an atom whose element is known.
  mutating func species(_ element: Element, atom: Int) -> Species {
    guard let species = trailing[atom] else { return Species(element) }
    if species.element == element { return species }
    if firstMismatch == nil { firstMismatch = atom }
    return Species(element)
  }

  /// The columns that every atom has.
  func columns(isSelective: Bool) -> [Column] {
    let count = positions.count
    var columns: [Column] = []
    if isSelective { columns.append(Column(Column.Name.free, width: 3, .logical(free))) }
    if labels.count == count { columns.append(Column(Column.Name.label, .text(labels))) }
    if parentSites.count == count {
      columns.append(Column(Column.Name.parentSite, .integer(parentSites)))
    }
    if cellIndices.count == count {
      columns.append(Column(Column.Name.cellIndex, .integer(cellIndices)))
    }
    return columns
  }

  /// Remarks on comments that do not fit the atoms.
  func warnings(_ source: String) -> [String] {
    var warnings: [String] = []
    if let firstMismatch, let species = trailing[firstMismatch] {
      warnings.append(
        "\(source): atom \(firstMismatch + 1) has another element in its comment (\(species)) than "
          + "above; the one above counts, the oxidation state is unknown")
    }
    for (name, count) in [
      (Column.Name.label, labels.count), (Column.Name.parentSite, parentSites.count),
      (Column.Name.cellIndex, cellIndices.count),
    ] where count > 0 && count < positions.count {
      warnings.append("\(source): not every atom has a \(name) in its comment; column left out")
    }
    return warnings
  }
}
