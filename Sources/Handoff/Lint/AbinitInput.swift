internal import Crystal

/// An input of ABINIT: variables with their values and lines.
///
/// A variable begins with a letter and lasts to the next one; `3*1.0` repeats, `1/3` and `sqrt(0.75)` are
/// calculated, units such as `eV` or `angstrom` follow numbers, comments begin with `#` or `!`.
///
/// Reference: https://docs.abinit.org/guide/abinit
struct AbinitInput {
  /// A variable.
  struct Variable: Hashable {
    /// In lower case.
    let name: String
    let line: Int
    /// Numbers, repeats written out.
    fileprivate(set) var numbers: [Double] = []
    /// Texts in quotes.
    fileprivate(set) var texts: [String] = []
    /// The unit, in lower case.
    fileprivate(set) var unit: String?
    /// Whether a value repeats as often as is needed (`*1`).
    fileprivate(set) var isFilled = false
  }

  private(set) var variables: [Variable] = []

  private static let units: Set<String> = [
    "ha", "hartree", "ev", "ry", "rydberg", "k", "kelvin", "angstrom", "angstr", "bohr", "nm", "t",
    "te", "tesla", "s", "sec", "second",
  ]

  init(_ text: String) {
    let lines = LintLines(text).lines
    var position = 0
    while position < lines.count {
      let number = position + 1
      var line = lines[position]
      position += 1
      // A text in quotes may go on in the next lines.
      while isOpen(line), position < lines.count {
        line += " " + lines[position]
        position += 1
      }
      for word in words(line) { read(word, number) }
    }
  }

  /// Whether a line ends inside of quotes.
  private func isOpen(_ line: Substring) -> Bool {
    var quote: Character?
    for character in line {
      if let open = quote {
        if character == open { quote = nil }
      } else if character == "#" || character == "!" {
        return false
      } else if character == "\"" || character == "'" {
        quote = character
      }
    }
    return quote != nil
  }

  /// The words of a line; texts in quotes are one word each, with their quote in front.
  private func words(_ line: Substring) -> [String] {
    var (words, word) = ([String](), "")
    var quote: Character?
    for character in line {
      if let open = quote {
        if character == open {
          quote = nil
          words.append(word)
          word = ""
        } else {
          word.append(character)
        }
      } else if character == "#" || character == "!" {
        break
      } else if character == "\"" || character == "'" {
        if !word.isEmpty { words.append(word) }
        quote = character
        word = "\""
      } else if character.isWhitespace || character == "," {
        if !word.isEmpty { words.append(word) }
        word = ""
      } else {
        word.append(character)
      }
    }
    if !word.isEmpty { words.append(word) }
    return words
  }

  private mutating func read(_ word: String, _ line: Int) {
    let last = variables.count - 1
    if word.hasPrefix("\"") {
      if last >= 0 { variables[last].texts.append(String(word.dropFirst())) }
      return
    }
    let lower = word.lowercased()
    if last >= 0 {
      if AbinitInput.units.contains(lower), !variables[last].numbers.isEmpty {
        variables[last].unit = lower
        return
      }
      if let numbers = AbinitInput.numbers(lower) {
        variables[last].numbers += numbers
        return
      }
      if lower.hasPrefix("*") {
        variables[last].isFilled = true
        return
      }
    }
    guard lower.first?.isLetter == true, !["t", "f", "yes", "no"].contains(lower) else { return }
    variables.append(Variable(name: lower, line: line))
  }

  /// `3*1.0`, `1/3`, `-sqrt(0.75)`; nil if the word is none of these.
  private static func numbers(_ word: String) -> [Double]? {
    if let star = word.firstIndex(of: "*"), let count = Int(word[..<star]), count >= 0,
      count < 10_000_000, let value = number(word[word.index(after: star)...])
    {
      return [Double](repeating: value, count: count)
    }
    return number(word[...]).map { [$0] }
  }

  private static func number(_ word: Substring) -> Double? {
    if let slash = word.firstIndex(of: "/") {
      guard let top = number(word[..<slash]),
        let bottom = number(word[word.index(after: slash)...]),
        bottom != 0
      else { return nil }
      return top / bottom
    }
    let bare = word.hasPrefix("-") || word.hasPrefix("+") ? word.dropFirst() : word
    if bare.hasPrefix("sqrt("), bare.hasSuffix(")"),
      let value = number(bare.dropFirst(5).dropLast()), value >= 0
    {
      return (word.hasPrefix("-") ? -1 : 1) * value.squareRoot()
    }
    return NumberReader.real(word)
  }

  /// A variable; the first, if there are several.
  func variable(_ names: String...) -> Variable? { variables.first { names.contains($0.name) } }

  /// The first number of a variable as an integer.
  func integer(_ name: String) -> Int? {
    variable(name)?.numbers.first.flatMap { $0.magnitude < 1e9 ? Int($0) : nil }
  }

  /// The first number of a variable.
  func real(_ name: String) -> Double? { variable(name)?.numbers.first }

  /// Whether variables differ between data sets, or come from other files: what is missing here may
  /// stand elsewhere.
  var isPartial: Bool {
    variables.contains { ["ndtset", "include", "structure", "natrd", "xyzfile"].contains($0.name) }
  }

  /// The atoms, nil if a part of them is missing.
  func structure() -> Structure? {
    guard let znucl = variable("znucl")?.numbers, let typat = variable("typat")?.numbers,
      let rows = vectors(), let lattice = try? Lattice(a: rows[0], b: rows[1], c: rows[2])
    else { return nil }
    let species = typat.compactMap { type -> Species? in
      guard type >= 1, type <= Double(znucl.count) else { return nil }
      return Element(atomicNumber: Int(znucl[Int(type) - 1])).map { Species($0) }
    }
    let positions: [Fractional]
    if let reduced = variable("xred") {
      positions = triples(reduced.numbers).map { Fractional($0) }
    } else if let points = variable("xcart", "xangst") {
      let factor = points.name == "xangst" ? 1 : AbinitInput.length(points.unit)
      positions = triples(points.numbers).map { lattice.fractional(Cartesian(factor * $0)) }
    } else {
      return nil
    }
    guard species.count == typat.count, positions.count == species.count, !species.isEmpty else {
      return nil
    }
    return Structure(lattice: lattice, species: species, positions: positions)
  }

  /// Å per unit.
  private static func length(_ unit: String?) -> Double {
    switch unit {
    case "angstrom", "angstr": 1
    case "nm": 10
    default: UnitFactor.bohr
    }
  }

  private func triples(_ numbers: [Double]) -> [SIMD3<Double>] {
    stride(from: 0, to: numbers.count - 2, by: 3).map {
      SIMD3(numbers[$0], numbers[$0 + 1], numbers[$0 + 2])
    }
  }

  /// Lattice vectors, Å.
  private func vectors() -> [SIMD3<Double>]? {
    let acell = variable("acell")
    let sizes = acell?.numbers ?? [1, 1, 1]
    guard sizes.count == 3 else { return nil }
    let scale = AbinitInput.length(acell?.unit)
    if let angles = variable("angdeg")?.numbers {
      guard angles.count == 3 else { return nil }
      return
        (try? Lattice(
          lengths: scale * SIMD3(sizes[0], sizes[1], sizes[2]),
          anglesDegrees: SIMD3(angles[0], angles[1], angles[2])))?.vectors
    }
    let rows = triples(variable("rprim")?.numbers ?? [1, 0, 0, 0, 1, 0, 0, 0, 1])
    guard rows.count == 3 else { return nil }
    return zip(rows, sizes).map { scale * $1 * $0 }
  }
}
