internal import Crystal

/// The frames of an XDATCAR of VASP; with a variable cell, each frame has a header of its own.
///
/// The number of a configuration counts as its step.
struct XDATCARReader: TrajectorySource {
  private(set) var warnings: [String] = []
  let isUnwrapped = false
  private let path: String
  private var lines: LineBlocks
  private var number = 0
  private var lattice: Lattice?
  private var species: [Species] = []

  init(_ path: String) throws(InputError) {
    self.path = path
    lines = try LineBlocks(path)
  }

  mutating func next() throws(InputError) -> TrajectoryFrame? {
    guard let frame = try block(), let lattice else { return nil }
    var scanner = TextScanner(
      bytes: frame.atoms.bytes, source: path, firstLine: frame.atoms.firstLine)
    var positions: [Fractional] = []
    positions.reserveCapacity(species.count)
    var words: [Range<Int>] = []
    while positions.count < species.count, let line = scanner.nextLine() {
      scanner.split(line, into: &words)
      guard words.count >= 3 else {
        throw scanner.problem("atom \(positions.count + 1) has \(words.count) of 3 coordinates")
      }
      var point = SIMD3<Double>()
      for axis in 0..<3 {
        guard let value = scanner.real(words[axis]), value.magnitude < coordinateLimit else {
          throw scanner.problem(
            "coordinate \(scanner.quoted(words[axis])) of atom \(positions.count + 1), expected a "
              + "fraction of the cell")
        }
        point[axis] = value
      }
      positions.append(Fractional(point))
    }
    return TrajectoryFrame(
      number: number, place: frame.place, step: frame.step,
      structure: Structure(lattice: lattice, species: species, positions: positions))
  }

  mutating func skip() throws(InputError) -> Bool { try block() != nil }

  /// The header of the next frame, which is read, and the lines of its atoms.
  private mutating func block() throws(InputError) -> (
    step: Int?, place: String, atoms: LineBlock
  )? {
    number += 1
    guard try lines.peekWord() != nil else {
      if lattice == nil { throw InputError("the file is empty, expected an XDATCAR", at: path) }
      return nil
    }
    guard var head = try line() else { return try cut() }
    let place = head.scanner.place
    if !head.beginsFrame {
      // A blank title was passed over with other blank lines.
      if head.words.count != 1 || head.scanner.real(head.words[0]) == nil {
        guard let next = try line() else { return try cut() }
        head = next
      }
      guard try readCell(head), let next = try line() else { return try cut() }
      head = next
    }
    guard head.beginsFrame, lattice != nil else {
      throw head.scanner.problem(
        "found \(head.quoted), expected a line such as \"Direct configuration= 1\"")
    }
    let atoms = try lines.take(species.count)
    guard atoms.isUsable(asFrame: number) else { return try cut() }
    return (head.number, place, atoms)
  }

  private mutating func cut<Value>() throws(InputError) -> Value? {
    warnings.append(try truncation(of: number, at: "\(path):\(lines.lineNumber)"))
    return nil
  }

  /// A line with text and its words.
  private struct Line {
    let scanner: TextScanner
    let words: [Range<Int>]

    /// Whether it is `Direct configuration= 1`, or `Konfig= 1` of old versions.
    var beginsFrame: Bool {
      let first = scanner.text(words[0]).lowercased()
      guard first == "direct", words.count > 1 else { return first.hasPrefix("konfig") }
      return scanner.text(words[1]).lowercased().hasPrefix("configuration")
    }

    /// The number behind the equals sign.
    var number: Int? {
      let text = scanner.text(words[0].lowerBound..<words[words.count - 1].upperBound)
      return text.split(separator: "=").last.flatMap { NumberReader.integer(String($0).trimmed) }
    }

    var quoted: String {
      scanner.quoted(words[0].lowerBound..<words[words.count - 1].upperBound)
    }
  }

  /// The next line with text; nil if the file ends before its end.
  private mutating func line() throws(InputError) -> Line? {
    guard try lines.peekWord() != nil else { return nil }
    let block = try lines.take(1)
    guard block.isComplete else { return nil }
    var scanner = TextScanner(bytes: block.bytes, source: path, firstLine: block.firstLine)
    guard let range = scanner.nextLine() else { return nil }
    return Line(scanner: scanner, words: scanner.words(range))
  }

  /// Reads scale, vectors, elements and their numbers; false if the file ends before.
  private mutating func readCell(_ head: Line) throws(InputError) -> Bool {
    guard head.words.count == 1, let scale = head.scanner.real(head.words[0]), scale > 0 else {
      throw head.scanner.problem("found \(head.quoted), expected the scale factor, above 0")
    }
    var rows: [SIMD3<Double>] = []
    for name in ["a", "b", "c"] {
      guard let next = try line() else { return false }
      let numbers = next.words.compactMap { next.scanner.real($0) }
      guard next.words.count == 3, numbers.count == 3 else {
        throw next.scanner.problem(
          "found \(next.quoted), expected three components of the lattice vector \(name)")
      }
      rows.append(scale * SIMD3(numbers[0], numbers[1], numbers[2]))
    }
    guard let symbols = try line(), let counts = try line() else { return false }
    do {
      lattice = try Lattice(a: rows[0], b: rows[1], c: rows[2])
    } catch {
      throw symbols.scanner.problem(error.description)
    }
    species = try XDATCARReader.species(symbols, counts)
    return true
  }

  private static func species(_ symbols: Line, _ counts: Line) throws(InputError) -> [Species] {
    guard symbols.scanner.integer(symbols.words[0]) == nil else {
      throw symbols.scanner.problem(
        "found \(symbols.quoted), expected element symbols (VASP 5 or newer)",
        hint: "insert a line such as \"Mg Mn O\" before the line with the numbers of atoms")
    }
    guard symbols.words.count == counts.words.count else {
      throw counts.scanner.problem(
        "found \(counts.words.count) numbers of atoms for \(symbols.words.count) elements")
    }
    var species: [Species] = []
    for (symbol, count) in zip(symbols.words, counts.words) {
      // Such as Mg_pv or Mg_sv/a1b2c3.
      let name = String(symbols.scanner.text(symbol).prefix { $0.isLetter && $0.isASCII })
      guard let element = SpeciesText.element(name) else {
        throw symbols.scanner.problem(
          "found \(symbols.scanner.quoted(symbol)), expected an element symbol",
          hint: SpeciesText.hint(name))
      }
      guard let number = counts.scanner.integer(count), (0...100_000_000).contains(number) else {
        throw counts.scanner.problem(
          "found \(counts.scanner.quoted(count)), expected the number of atoms of \(name)")
      }
      species += Array(repeating: Species(element), count: number)
    }
    guard !species.isEmpty else { throw counts.scanner.problem("no atoms, expected at least one") }
    return species
  }
}
