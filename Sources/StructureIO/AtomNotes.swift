internal import Crystal

/// What stands in a comment beside each atom where a format has no place of its own for it.
///
///     species=Mg2+ label=8a parent_site=3 cell_index=12 initial_charges=2.0
///
/// The same words in every format that has comments.
enum AtomNotes {
  static let species = "species"

  /// The columns that comments hold, besides the species.
  static let fields = [
    ColumnField(name: Column.Name.label, kind: .text, width: 1),
    ColumnField(name: Column.Name.parentSite, kind: .integer, width: 1),
    ColumnField(name: Column.Name.cellIndex, kind: .integer, width: 1),
    ColumnField(name: Column.Name.charge, kind: .real, width: 1),
    ColumnField(name: Column.Name.magneticMoment, kind: .real, width: 1),
    ColumnField(name: Column.Name.occupancy, kind: .real, width: 1),
  ]

  /// Whether comments can hold a column.
  static func hold(_ column: Column) -> Bool {
    fields.contains { $0.name == column.name && $0.width == column.width }
      && ColumnField(column).kind == fields.first { $0.name == column.name }?.kind
  }

  /// What marks a comment line of its own, so that remarks of people are never taken for one.
  static let mark = "@"

  /// ``mark`` as a byte.
  static let markByte = UInt8(ascii: "@")
}

/// Writes the comments beside atoms.
struct AtomNotesWriter {
  private let structure: Structure
  private let hasSpecies: Bool
  private let columns: [Column]
  private var texts: [Species: String] = [:]

  /// Whether there is nothing to write.
  var isEmpty: Bool { !hasSpecies && columns.isEmpty }

  /// - Parameters:
  ///   - structure: The atoms.
  ///   - omitted: Names of columns for which the format has a place.
  init(_ structure: Structure, omitting omitted: [String] = []) {
    self.structure = structure
    hasSpecies = structure.species.contains { $0.oxidationState != nil }
    columns = structure.columns.filter { AtomNotes.hold($0) && !omitted.contains($0.name) }
  }

  /// Writes the words of one atom, each after a space.
  mutating func write(_ atom: Int, to writer: inout TextWriter) {
    if hasSpecies {
      let species = structure.species[atom]
      let text = texts[species] ?? SpeciesText.write(species)
      texts[species] = text
      writer.write(" \(AtomNotes.species)=\(text)")
    }
    for column in columns {
      writer.write(" \(column.name)=")
      switch column.values {
      case .text(let values): writer.write(values[atom])
      case .integer(let values): writer.write(values[atom])
      case .real(let values): writer.write(values[atom])
      case .logical: break
      }
    }
  }

  /// Writes one comment line per atom, `PREFIX@ species=Mg2+ …`.
  mutating func writeLines(prefix: String, to writer: inout TextWriter) {
    guard !isEmpty else { return }
    for atom in 0..<structure.count {
      writer.write("\(prefix)\(AtomNotes.mark)")
      write(atom, to: &writer)
      writer.newline()
    }
  }
}

/// Collects the comments beside atoms while a file is read.
struct AtomNotesReader {
  /// The species in the comment of each atom; nil where there is none.
  private(set) var species: [Species?] = []

  private var builders = AtomNotes.fields.map { ColumnBuilder($0, atoms: 0) }
  private let names = AtomNotes.fields.map { Array($0.name.utf8) }
  private var firstMismatch: Int?

  /// The word read last as a species, which is that of most atoms, and what it says.
  private var lastWord: Range<Int> = 0..<0
  private var lastSpecies: Species?

  init(count: Int) { species.reserveCapacity(min(count, 1 << 20)) }

  /// Number of atoms of which the comment was read.
  var count: Int { species.count }

  /// Reads the words behind the next atom: `! species=Mg2+ label=8a …`.
  ///
  /// What it does not know is a remark. A first word without a key names the species, if `takesPlainSpecies`.
  mutating func read(
    _ words: ArraySlice<Range<Int>>, _ scanner: TextScanner, takesPlainSpecies: Bool = false
  ) {
    guard !words.isEmpty else {
      species.append(nil)
      return
    }
    var found: Species?
    let atom = species.count
    for word in words {
      guard let equals = scanner.bytes[word].firstIndex(of: UInt8(ascii: "=")) else {
        let isMark = scanner.bytes[word].elementsEqual("!".utf8)
        if takesPlainSpecies, word == words.first, !isMark { found = readSpecies(word, scanner) }
        continue
      }
      let value = (equals + 1)..<word.upperBound
      let key = scanner.bytes[word.lowerBound..<equals]
      if value.isEmpty { continue }
      if key.elementsEqual(AtomNotes.species.utf8) {
        found = readSpecies(value, scanner)
      } else if let index = names.firstIndex(where: { key.elementsEqual($0) }),
        builders[index].count == atom
      {
        _ = builders[index].append(scanner.bytes, value)
      }
    }
    species.append(found)
  }

  /// Reads a comment line `@ species=…` of its own; other lines are remarks.
  mutating func readLine(_ words: ArraySlice<Range<Int>>, _ scanner: TextScanner) {
    guard let first = words.first,
      scanner.bytes[first].elementsEqual(AtomNotes.mark.utf8)
    else { return }
    read(words.dropFirst(), scanner)
  }

  private mutating func readSpecies(_ word: Range<Int>, _ scanner: TextScanner) -> Species? {
    if !scanner.bytes[word].elementsEqual(scanner.bytes[lastWord]) {
      lastSpecies = SpeciesText.read(scanner.text(word))
      lastWord = word
    }
    return lastSpecies
  }

  /// The species of an atom whose element is known from the format itself.
  mutating func species(_ element: Element, atom: Int) -> Species {
    guard atom < species.count, let noted = species[atom] else { return Species(element) }
    if noted.element == element { return noted }
    if firstMismatch == nil { firstMismatch = atom }
    return Species(element)
  }

  /// The columns that every one of `count` atoms has.
  func columns(count: Int) -> [Column] {
    builders.filter { $0.count == count && count > 0 }.map(\.column)
  }

  /// Remarks on comments that do not fit the atoms.
  func warnings(_ source: String, count: Int) -> [String] {
    var warnings: [String] = []
    if let firstMismatch, let species = species[firstMismatch] {
      warnings.append(
        "\(source): atom \(firstMismatch + 1) has another element in its comment (\(species)) than "
          + "in its own line; that counts, the oxidation state is unknown")
    }
    for builder in builders where builder.count > 0 && builder.count != count {
      warnings.append(
        "\(source): not every atom has a \(builder.field.name) in its comment; column left out")
    }
    return warnings
  }
}
