internal import Crystal
internal import Foundation

/// Reads one POSCAR text, section by section.
struct POSCARReader {
  var scanner: TextScanner
  var warnings: [String] = []

  init(_ scanner: TextScanner) { self.scanner = scanner }

  mutating func read() throws(InputError) -> StructureReading {
    guard scanner.remainingBytes > 0, !scanner.isAtEnd else {
      throw InputError("the file is empty, expected a POSCAR", at: scanner.source)
    }
    let title = scanner.text(try line("the comment line"))
    let (lattice, scale) = try lattice()
    var groups = try groups(title: title)
    let total = groups.reduce(0) { $0 + $1.count }

    var modeLine = try line("Direct or Cartesian")
    let isSelective = firstLetter(modeLine) == UInt8(ascii: "s")
    if isSelective { modeLine = try line("Direct or Cartesian") }
    let isCartesian: Bool
    switch firstLetter(modeLine) {
    case UInt8(ascii: "d"): isCartesian = false
    case UInt8(ascii: "c"), UInt8(ascii: "k"): isCartesian = true
    default:
      throw scanner.problem(
        "found \(scanner.quoted(modeLine)), expected Direct or Cartesian",
        hint: "line 8 is Direct or Cartesian, after an optional line Selective dynamics")
    }

    var atoms = POSCARAtoms(count: total)
    var words: [Range<Int>] = []
    for atom in 0..<total {
      guard let line = scanner.nextLine() else {
        throw scanner.problem("the file ends after \(atom) of \(total) atoms")
      }
      scanner.split(line, into: &words)
      let point = try vector(words, "coordinates of atom \(atom + 1)")
      let position =
        isCartesian ? lattice.fractional(Cartesian(scale * point)) : Fractional(point)
      let size = position.components
      guard size.x.magnitude < coordinateLimit, size.y.magnitude < coordinateLimit,
        size.z.magnitude < coordinateLimit
      else { throw scanner.problem("atom \(atom + 1) is absurdly far from the cell") }
      atoms.positions.append(position)
      if isSelective { try atoms.appendFlags(words, scanner) }
      atoms.notes.read(
        words.dropFirst(isSelective ? 6 : 3), scanner, takesPlainSpecies: true)
    }

    try nameElements(&groups, atoms)
    var species: [Species] = []
    species.reserveCapacity(total)
    for group in groups {
      guard let element = group.element else { continue }
      for _ in 0..<group.count {
        species.append(atoms.notes.species(element, atom: species.count))
      }
    }
    warnings += atoms.notes.warnings(scanner.source, count: total)
    var structure = Structure(
      lattice: lattice, species: species, positions: atoms.positions,
      columns: atoms.columns(isSelective: isSelective), title: title)
    if let velocities = try velocities(total, lattice) {
      structure.set(Column(Column.Name.velocity, width: 3, .real(velocities)))
    }
    return StructureReading(structure, warnings: warnings)
  }

  /// The next line, which must exist.
  mutating func line(_ expected: String) throws(InputError) -> Range<Int> {
    guard let line = scanner.nextLine() else {
      throw scanner.problem("the file ends here, expected \(expected)")
    }
    return line
  }

  /// Three finite numbers at the start of a line.
  func vector(_ words: [Range<Int>], _ what: String) throws(InputError) -> SIMD3<Double> {
    guard words.count >= 3 else {
      throw scanner.problem("found \(words.count) of 3 \(what)")
    }
    var vector = SIMD3<Double>()
    for axis in 0..<3 {
      guard let value = scanner.real(words[axis]) else {
        throw scanner.problem(
          "found \(scanner.quoted(words[axis])) in the \(what), expected a finite number")
      }
      vector[axis] = value
    }
    return vector
  }

  /// The first letter of a line in lower case, nil if it is blank.
  func firstLetter(_ line: Range<Int>) -> UInt8? {
    scanner.words(line).first.map { scanner.bytes[$0.lowerBound] | 0x20 }
  }

  /// The lattice, and the factors of Cartesian coordinates.
  private mutating func lattice() throws(InputError) -> (Lattice, scale: SIMD3<Double>) {
    let words = scanner.words(try line("the scale factor"))
    let place = scanner.place
    let numbers = words.prefix(3).map { scanner.real($0) }
    guard let first = numbers.first, let factor = first else {
      throw scanner.problem(
        "found \(words.first.map { scanner.quoted($0) } ?? "nothing"), expected the scale factor",
        hint: "line 2 is one factor, minus the volume in Å³, or three factors")
    }
    var scale = SIMD3<Double>(repeating: factor)
    var isVolume = factor < 0
    if numbers.count == 3, let y = numbers[1], let z = numbers[2] {
      scale = SIMD3(factor, y, z)
      isVolume = false
    } else if numbers.count >= 2, numbers[1] != nil {
      throw scanner.problem("found two scale factors, expected one or three")
    }
    var rows: [SIMD3<Double>] = []
    for name in ["a", "b", "c"] {
      let row = scanner.words(try line("the lattice vector \(name)"))
      rows.append(try vector(row, "components of the lattice vector \(name)"))
    }
    if isVolume {
      let volume = dot(rows[0], cross(rows[1], rows[2])).magnitude
      scale = SIMD3(repeating: cbrt(-factor / volume))
    }
    guard scale.x > 0, scale.y > 0, scale.z > 0, scale.isFinite else {
      throw InputError(
        "the scale factor \(scanner.quoted(words[0])) gives no cell, expected a positive number "
          + "or minus the volume", at: place)
    }
    do {
      return (try Lattice(a: scale * rows[0], b: scale * rows[1], c: scale * rows[2]), scale)
    } catch {
      throw InputError(error.description, at: place)
    }
  }

  /// A run of atoms of one element.
  private struct Group {
    var element: Element?
    var count: Int
  }

  /// Symbols and numbers of atoms; elements are nil where VASP 4 leaves them to the POTCAR.
  private mutating func groups(title: String) throws(InputError) -> [Group] {
    var words = scanner.words(try line("the element symbols"))
    var elements: [Element]?
    if let first = words.first, scanner.integer(first) == nil {
      var symbols: [Element] = []
      for word in words {
        if scanner.bytes[word.lowerBound] == UInt8(ascii: "!")
          || scanner.bytes[word.lowerBound] == UInt8(ascii: "#")
        {
          break
        }
        symbols.append(try element(scanner.text(word)))
      }
      elements = symbols
      words = scanner.words(try line("the numbers of atoms"))
    }
    var counts: [Int] = []
    var total = 0
    for word in words {
      let first = scanner.bytes[word.lowerBound]
      if first == UInt8(ascii: "!") || first == UInt8(ascii: "#") { break }
      guard let count = scanner.integer(word), count >= 0 else {
        throw scanner.problem(
          "found \(scanner.quoted(word)), expected the number of atoms of an element")
      }
      let (sum, overflow) = total.addingReportingOverflow(count)
      guard !overflow, sum <= scanner.remainingBytes else {
        throw scanner.problem("more atoms are announced than the file can hold")
      }
      total = sum
      counts.append(count)
    }
    guard total > 0 else { throw scanner.problem("no atoms, expected at least one") }
    if let elements {
      guard elements.count == counts.count else {
        throw scanner.problem(
          "found \(counts.count) numbers of atoms for \(elements.count) elements")
      }
      return zip(elements, counts).map { Group(element: $0, count: $1) }
    }
    // VASP 4: many programs put the symbols into the comment.
    let names = title.split(whereSeparator: \.isWhitespace).map { Element(symbol: $0) }
    let known = names.compactMap { $0 }
    guard names.count == counts.count, known.count == counts.count else {
      return counts.map { Group(element: nil, count: $0) }
    }
    warnings.append(
      "\(scanner.place): no element symbols above the numbers of atoms, taken from the comment line"
    )
    return zip(known, counts).map { Group(element: $0, count: $1) }
  }

  /// The element of `Mg`, `Mg_pv`, `Mg_sv_GW/a1b2c3` or `Mg2+`.
  private func element(_ name: String) throws(InputError) -> Element {
    let symbol = name.prefix { $0.isLetter && $0.isASCII }
    guard let element = SpeciesText.element(String(symbol)) else {
      throw scanner.problem(
        "found \(quotedForMessage(name)), expected an element symbol",
        hint: SpeciesText.hint(String(symbol)))
    }
    return element
  }

  /// Names the elements of VASP 4 files by the symbols behind the atoms.
  private mutating func nameElements(
    _ groups: inout [Group], _ atoms: POSCARAtoms
  ) throws(InputError) {
    guard groups.contains(where: { $0.element == nil }) else { return }
    var start = 0
    for index in groups.indices where groups[index].count > 0 {
      let found = Set(
        (start..<(start + groups[index].count)).map { atoms.notes.species[$0]?.element })
      guard found.count == 1, let only = found.first, let element = only else {
        throw InputError(
          "no element symbols above the numbers of atoms (VASP 4 format)", at: scanner.source,
          hint: "insert a line such as \"Mg Mn O\" before the line with the numbers of atoms")
      }
      groups[index].element = element
      start += groups[index].count
    }
    warnings.append(
      "\(scanner.source): no element symbols above the numbers of atoms, taken from the atom lines")
  }
}
