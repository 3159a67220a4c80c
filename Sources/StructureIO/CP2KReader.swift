internal import Crystal

/// Reads `&SUBSYS` of a CP2K input.
struct CP2KReader {
  private var scanner: TextScanner
  /// The open sections, in capitals.
  private var sections: [String] = []
  private var title = ""
  private var cell = CP2KCell()
  private var atoms: [(kind: String, point: SIMD3<Double>, place: String)] = []
  private var isScaled = false
  private var unit = "angstrom"
  private var velocities: [SIMD3<Double>] = []
  private var elementOfKind: [String: Element] = [:]
  private var ghosts: Set<String> = []
  private var kind = ""
  private var notes = AtomNotesReader(count: 0)
  private var warnings: [String] = []
  private var hasForces = false

  init(_ scanner: TextScanner) { self.scanner = scanner }

  mutating func read() throws(InputError) -> StructureReading {
    while let line = scanner.nextLine() {
      let (text, comment) = scanner.withoutComment(line, "!", "#")
      let words = scanner.words(text)
      guard let first = words.first else {
        if title.isEmpty, sections.isEmpty { title = scanner.text(comment).trimmed }
        continue
      }
      let key = scanner.text(first)
      if key.hasPrefix("&") {
        if try isEnd(section: key.uppercased(), words) { break }
      } else if key.hasPrefix("@"), sections.contains("SUBSYS") {
        throw scanner.problem(
          "\(key) in &SUBSYS; the preprocessor of CP2K is not part of cellgen",
          hint: "write the cell and the coordinates into the file itself")
      } else {
        try read(key, words, scanner.words(comment))
      }
    }
    guard sections.isEmpty || atoms.isEmpty == false else {
      throw scanner.problem("the file ends inside &\(sections.joined(separator: "/"))")
    }
    return StructureReading(try structure(), warnings: warnings)
  }

  /// Opens or closes a section; true after the first &FORCE_EVAL.
  private mutating func isEnd(section: String, _ words: [Range<Int>]) throws(InputError) -> Bool {
    guard section.hasPrefix("&END") else {
      sections.append(String(section.dropFirst()))
      if section == "&KIND" {
        guard words.count > 1 else { throw scanner.problem("&KIND without a name") }
        kind = scanner.text(words[1])
      }
      return false
    }
    guard let open = sections.popLast() else {
      throw scanner.problem("found \(section), but no section is open")
    }
    if words.count > 1 {
      let name = scanner.text(words[1]).uppercased()
      guard name == open else {
        throw scanner.problem("found &END \(name), expected &END \(open)")
      }
    }
    return open == "FORCE_EVAL"
  }

  private mutating func read(
    _ key: String, _ words: [Range<Int>], _ comment: [Range<Int>]
  ) throws(InputError) {
    guard sections.contains("SUBSYS") || sections.isEmpty == false && sections[0] == "SUBSYS" else {
      return
    }
    let upper = key.uppercased()
    switch sections.last {
    case "CELL": try cell.read(upper, words, scanner)
    case "COORD":
      switch upper {
      case "SCALED":
        isScaled = words.count < 2 || isOn(words[1])
      case "UNIT":
        unit = words.count > 1 ? scanner.text(words[1]).lowercased() : ""
      default:
        let point = try vector(words.dropFirst(), "coordinates of atom \(atoms.count + 1)")
        atoms.append((key, point, scanner.place))
        notes.read(comment[...], scanner)
      }
    case "VELOCITY":
      velocities.append(
        CP2K.velocityUnit
          * (try vector(words[...], "velocity components of atom \(velocities.count + 1)")))
    case "KIND":
      if upper == "ELEMENT" || upper == "ELEMENT_SYMBOL", words.count > 1 {
        let symbol = scanner.text(words[1])
        guard let element = SpeciesText.element(symbol) else {
          throw scanner.problem(
            "found \(quotedForMessage(symbol)), expected an element symbol",
            hint: SpeciesText.hint(symbol))
        }
        elementOfKind[kind.uppercased()] = element
      }
      if upper == "GHOST", words.count < 2 || isOn(words[1]) { ghosts.insert(kind.uppercased()) }
    case "TOPOLOGY" where upper == "COORD_FILE_NAME" || upper == "COORDINATE":
      throw scanner.problem(
        "the coordinates are in another file (\(key) \(words.count > 1 ? scanner.text(words[1]) : ""))",
        hint: "read that file instead")
    default: break
    }
  }

  private func isOn(_ word: Range<Int>) -> Bool {
    ["T", "TRUE", ".TRUE.", "ON", "YES"].contains(scanner.text(word).uppercased())
  }

  private func vector(_ words: ArraySlice<Range<Int>>, _ what: String) throws(InputError)
    -> SIMD3<Double>
  {
    guard words.count >= 3 else { throw scanner.problem("found \(words.count) of 3 \(what)") }
    var vector = SIMD3<Double>()
    for (axis, word) in words.prefix(3).enumerated() {
      guard let value = scanner.real(word) else {
        throw scanner.problem(
          "found \(scanner.quoted(word)) in the \(what), expected a finite number",
          hint: scanner.text(word).hasPrefix("$")
            ? "variables of the preprocessor are not read" : nil)
      }
      vector[axis] = value
    }
    return vector
  }

  private mutating func structure() throws(InputError) -> Structure {
    let lattice = try cell.lattice(source: scanner.source)
    guard !atoms.isEmpty else {
      throw InputError("no atoms (&COORD in &SUBSYS)", at: scanner.source)
    }
    var factor = 1.0
    if !isScaled {
      guard let known = cp2kLength(unit) else {
        throw InputError(
          "the coordinates are in \(quotedForMessage(unit)), expected angstrom or bohr",
          at: atoms[0].place)
      }
      factor = known
    }
    var species: [Species] = []
    var positions: [Fractional] = []
    for (n, atom) in atoms.enumerated() {
      species.append(notes.species(try element(atom.kind, atom.place), atom: n))
      let position =
        isScaled
        ? Fractional(atom.point) : lattice.fractional(Cartesian(factor * atom.point))
      let f = position.components
      guard max(f.x.magnitude, f.y.magnitude, f.z.magnitude) < coordinateLimit else {
        throw InputError("atom \(n + 1) is absurdly far from the cell", at: atom.place)
      }
      positions.append(position)
    }
    warnings += notes.warnings(scanner.source, count: atoms.count)
    var columns = notes.columns(count: atoms.count)
    if !velocities.isEmpty {
      guard velocities.count == atoms.count else {
        throw InputError(
          "\(velocities.count) velocities for \(atoms.count) atoms", at: scanner.source)
      }
      columns.append(Column(Column.Name.velocity, vectors: velocities))
    }
    return Structure(
      lattice: lattice, species: species, positions: positions, columns: columns, title: title)
  }

  /// The element of a kind: that of `ELEMENT`, or the symbol at the start of its name.
  private func element(_ kind: String, _ place: String) throws(InputError) -> Element {
    if ghosts.contains(kind.uppercased()) { return .dummy }
    if let element = elementOfKind[kind.uppercased()] { return element }
    let letters = String(kind.prefix { $0.isLetter && $0.isASCII })
    let candidates = [letters, String(letters.prefix(2)), String(letters.prefix(1))]
    guard let element = candidates.lazy.compactMap({ SpeciesText.element($0) }).first else {
      throw InputError(
        "\(quotedForMessage(kind)) is no element, and no &KIND names one", at: place,
        hint: SpeciesText.hint(letters))
    }
    return element
  }
}
