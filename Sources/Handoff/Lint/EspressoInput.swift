internal import Crystal
internal import StructureIO

/// An input of pw.x: namelists and cards with their lines.
///
/// Reference: https://www.quantum-espresso.org/Doc/INPUT_PW.html
struct EspressoInput {
  /// One `key(index) = value`.
  struct Variable: Hashable {
    /// In lower case, without `&`.
    let namelist: String
    /// In lower case, without the indices.
    let key: String
    /// The indices in brackets.
    let indices: [Int]
    /// Without quotes.
    let value: String
    let line: Int
  }

  /// A card with its rows.
  struct Card {
    /// In capitals.
    let name: String
    /// In lower case, without brackets; empty if there is none.
    let option: String
    let line: Int
    fileprivate(set) var rows: [(line: Int, words: [String])] = []
  }

  private(set) var variables: [Variable] = []
  private(set) var cards: [Card] = []

  /// Namelists with the lines at which they begin.
  private(set) var namelists: [String: Int] = [:]

  /// Namelists that do not end.
  private(set) var unended: [(name: String, line: Int)] = []

  private static let cardNames: Set<String> = [
    "ATOMIC_SPECIES", "ATOMIC_POSITIONS", "K_POINTS", "ADDITIONAL_K_POINTS", "CELL_PARAMETERS",
    "CONSTRAINTS", "OCCUPATIONS", "ATOMIC_VELOCITIES", "ATOMIC_FORCES", "SOLVENTS", "HUBBARD",
  ]

  /// What stands between the cards in inputs of neb.x.
  private static let pathMarks = [
    "BEGIN", "END", "FIRST_IMAGE", "INTERMEDIATE_IMAGE", "LAST_IMAGE",
  ]

  init(_ text: String) {
    var open: (name: String, line: Int)?
    for (index, line) in LintLines(text).lines.enumerated() {
      let number = index + 1
      let words = lintWords(withoutComment(line, "!", "#"))
      let first = words.first ?? ""
      if let list = open {
        guard first.hasPrefix("&"), first.lowercased() != "&end" else {
          for entry in FortranNamelist.entries(String(line)) {
            add(entry, namelist: list.name, number)
          }
          if FortranNamelist.isEnd(String(line)) { open = nil }
          continue
        }
        unended.append(list)
      }
      if first.isEmpty { continue }
      if first.hasPrefix("&") {
        let name = first.dropFirst().lowercased()
        open = (name, number)
        namelists[name] = namelists[name] ?? number
      } else if EspressoInput.cardNames.contains(first.uppercased()) {
        let option = words.dropFirst().joined().lowercased().filter { $0.isLetter || $0 == "_" }
        cards.append(Card(name: first.uppercased(), option: option, line: number))
      } else if EspressoInput.pathMarks.contains(where: { first.uppercased().hasPrefix($0) }) {
        cards.append(Card(name: "", option: "", line: number))
      } else if !cards.isEmpty {
        cards[cards.count - 1].rows.append((number, words))
      }
    }
    if let open { unended.append(open) }
  }

  private mutating func add(
    _ entry: (key: String, value: String), namelist: String, _ line: Int
  ) {
    let parts = entry.key.split(whereSeparator: { "(),".contains($0) })
    guard let key = parts.first else { return }
    variables.append(
      Variable(
        namelist: namelist, key: String(key), indices: parts.dropFirst().compactMap { Int($0) },
        value: entry.value, line: line))
  }

  /// A card by its name.
  func card(_ name: String) -> Card? { cards.first { $0.name == name } }

  /// A variable by its key; of several the last, as in a Fortran namelist.
  func variable(_ key: String) -> Variable? { variables.last { $0.key == key } }

  /// All variables with a key, one per index.
  func all(_ key: String) -> [Variable] { variables.filter { $0.key == key } }

  /// A value as text.
  func text(_ key: String) -> String? { variable(key)?.value }

  /// A value as a number.
  func real(_ key: String) -> Double? { text(key).flatMap { NumberReader.real($0) } }

  /// A value as an integer.
  func integer(_ key: String) -> Int? { text(key).flatMap { NumberReader.integer($0) } }

  /// Whether a variable is true.
  func isOn(_ key: String) -> Bool { text(key).flatMap { incarLogical($0) } ?? false }

  /// Rows of `ATOMIC_SPECIES`: name and pseudopotential.
  var species: [(name: String, file: String?, line: Int)] {
    (card("ATOMIC_SPECIES")?.rows ?? []).map {
      ($0.words[0], $0.words.count > 2 ? $0.words[2] : nil, $0.line)
    }
  }
}
