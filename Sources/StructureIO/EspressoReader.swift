internal import Crystal

/// Reads the structure in an input of `pw.x`: namelists first, then cards.
struct EspressoReader {
  private var scanner: TextScanner
  private var system: [String: (text: String, place: String)] = [:]
  private var title = ""
  private var elements: [String: Element] = [:]
  private var warnings: [String] = []

  private var vectors: (rows: [SIMD3<Double>], unit: String, place: String)?
  private var atoms: [(name: String, point: SIMD3<Double>, place: String)] = []
  private var flags: [Bool] = []
  private var unit = ""
  private var notes = AtomNotesReader(count: 0)

  init(_ scanner: TextScanner) { self.scanner = scanner }

  mutating func read() throws(InputError) -> StructureReading {
    var line = nextLine()
    while let words = line {
      let key = scanner.text(words[0])
      if key.hasPrefix("&") {
        try readNamelist(key.lowercased())
        line = nextLine()
      } else {
        switch key.uppercased() {
        case "CELL_PARAMETERS": line = try readVectors(words)
        case "ATOMIC_SPECIES": line = try readSpecies()
        case "ATOMIC_POSITIONS": line = try readAtoms(words)
        case "ATOMIC_VELOCITIES", "ATOMIC_FORCES":
          warnings.append("\(scanner.place): \(key.uppercased()) were not read")
          line = nextLine()
        default: line = nextLine()
        }
      }
    }
    guard !system.isEmpty else {
      throw InputError(
        "no namelist &SYSTEM", at: scanner.source, hint: "only inputs of pw.x are read")
    }
    return StructureReading(try structure(), warnings: warnings)
  }

  /// The words of the next line that is neither empty nor a comment.
  private mutating func nextLine() -> [Range<Int>]? {
    while let line = scanner.nextLine() {
      let words = scanner.words(scanner.withoutComment(line, "!", "#").text)
      if !words.isEmpty { return words }
      let all = scanner.words(line)
      if all.count > 1, scanner.bytes[all[1]].elementsEqual(AtomNotes.mark.utf8) {
        notes.readLine(all.dropFirst(), scanner)
      }
    }
    return nil
  }

  /// Reads `key = value, key = value` up to a line that is `/`.
  private mutating func readNamelist(_ name: String) throws(InputError) {
    while let line = scanner.nextLine() {
      let place = scanner.place
      for entry in FortranNamelist.entries(scanner.text(line)) {
        if name == "&system" { system[entry.key] = (entry.value, place) }
        if name == "&control", entry.key == "title" { title = entry.value }
      }
      if FortranNamelist.isEnd(scanner.text(line)) { return }
    }
    throw scanner.problem("the namelist \(name.uppercased()) does not end", hint: "add a line /")
  }

  /// The unit behind the name of a card, `angstrom` of `(angstrom)` or `{angstrom}`.
  private func unit(_ words: [Range<Int>]) -> String {
    words.dropFirst().map { scanner.text($0) }.joined().lowercased().filter {
      $0.isLetter || $0 == "_"
    }
  }

  private func vector(_ words: some Collection<Range<Int>>, _ what: String) throws(InputError)
    -> SIMD3<Double>
  {
    guard words.count >= 3 else { throw scanner.problem("found \(words.count) of 3 \(what)") }
    var vector = SIMD3<Double>()
    for (axis, word) in words.prefix(3).enumerated() {
      guard let value = scanner.real(word) else {
        throw scanner.problem(
          "found \(scanner.quoted(word)) in the \(what), expected a finite number")
      }
      vector[axis] = value
    }
    return vector
  }

  private mutating func readVectors(_ card: [Range<Int>]) throws(InputError) -> [Range<Int>]? {
    let (unit, place) = (unit(card), scanner.place)
    var rows: [SIMD3<Double>] = []
    for name in ["a", "b", "c"] {
      guard let words = nextLine() else {
        throw scanner.problem("the file ends before the lattice vector \(name)")
      }
      rows.append(try vector(words, "components of the lattice vector \(name)"))
    }
    vectors = (rows, unit, place)
    return nextLine()
  }

  private mutating func readSpecies() throws(InputError) -> [Range<Int>]? {
    while let words = nextLine() {
      guard words.count == 3, scanner.real(words[1]) != nil else { return words }
      let name = scanner.text(words[0])
      let letters = String(name.prefix { $0.isLetter && $0.isASCII })
      let candidates = [letters, String(letters.prefix(2)), String(letters.prefix(1))]
      guard let element = candidates.lazy.compactMap({ SpeciesText.element($0) }).first else {
        throw scanner.problem(
          "found \(quotedForMessage(name)), expected a name that begins with an element symbol",
          hint: SpeciesText.hint(letters))
      }
      elements[name] = element
    }
    return nil
  }

  private mutating func readAtoms(_ card: [Range<Int>]) throws(InputError) -> [Range<Int>]? {
    unit = unit(card)
    if unit.isEmpty {
      unit = "alat"
      warnings.append("\(scanner.place): ATOMIC_POSITIONS without a unit, taken as alat")
    }
    guard ["alat", "bohr", "angstrom", "crystal"].contains(unit) else {
      throw scanner.problem(
        "ATOMIC_POSITIONS in \(quotedForMessage(unit)), expected alat, bohr, angstrom or crystal")
    }
    let count = try integer("nat")
    while let words = nextLine() {
      if atoms.count == count { return words }
      let name = scanner.text(words[0])
      guard elements.isEmpty || elements[name] != nil else {
        throw scanner.problem(
          "atom \(atoms.count + 1) is of species \(quotedForMessage(name)), which ATOMIC_SPECIES "
            + "does not name",
          hint: nearestMatch(to: name, among: elements.keys.sorted()).map { "did you mean \($0)?" })
      }
      let point = try vector(words.dropFirst(), "coordinates of atom \(atoms.count + 1)")
      atoms.append((name, point, scanner.place))
      let given = words.dropFirst(4).prefix(3).compactMap { scanner.integer($0) }
      flags += given.count == 3 ? given.map { $0 != 0 } : [true, true, true]
    }
    guard atoms.count == count else {
      throw scanner.problem("the file ends after \(atoms.count) of \(count) atoms (nat)")
    }
    return nil
  }

  private func integer(_ key: String) throws(InputError) -> Int {
    guard let entry = system[key] else {
      throw InputError("\(key) is missing in &SYSTEM", at: scanner.source)
    }
    guard let value = NumberReader.integer(entry.text), value > 0 else {
      throw InputError(
        "\(key) is \(quotedForMessage(entry.text)), expected a positive integer", at: entry.place)
    }
    return value
  }

  private mutating func structure() throws(InputError) -> Structure {
    let cell = try EspressoCell(system: system, source: scanner.source)
    let lattice: Lattice
    do {
      if cell.isFree {
        guard let vectors else {
          throw InputError("ibrav = 0 needs the card CELL_PARAMETERS", at: scanner.source)
        }
        let unit = vectors.unit.isEmpty && cell.alat == nil ? "bohr" : vectors.unit
        let factor = try factor(unit.isEmpty ? "alat" : unit, cell.alat, vectors.place)
        let rows = vectors.rows.map { factor * $0 }
        lattice = try Lattice(a: rows[0], b: rows[1], c: rows[2])
      } else {
        lattice = try cell.lattice()
      }
    } catch let error as InputError {
      throw error
    } catch {
      throw InputError("\(error)", at: vectors?.place ?? scanner.source)
    }
    guard !atoms.isEmpty else {
      throw InputError("no card ATOMIC_POSITIONS", at: scanner.source)
    }
    // Without celldm and A, alat is the length of the first vector.
    let alat = cell.alat ?? length(lattice.a)
    var species: [Species] = []
    var positions: [Fractional] = []
    for (n, atom) in atoms.enumerated() {
      guard let element = elements[atom.name] else {
        throw InputError("no card ATOMIC_SPECIES", at: scanner.source)
      }
      species.append(notes.species(element, atom: n))
      let position: Fractional
      if unit == "crystal" {
        position = Fractional(atom.point)
      } else {
        let factor = try factor(unit, alat, atom.place)
        position = lattice.fractional(Cartesian(factor * atom.point))
      }
      let f = position.components
      guard max(f.x.magnitude, f.y.magnitude, f.z.magnitude) < coordinateLimit else {
        throw InputError("atom \(n + 1) is absurdly far from the cell", at: atom.place)
      }
      positions.append(position)
    }
    warnings += notes.warnings(scanner.source, count: atoms.count)
    var columns = notes.columns(count: atoms.count)
    if flags.contains(false) { columns.append(Column(Column.Name.free, width: 3, .logical(flags))) }
    return Structure(
      lattice: lattice, species: species, positions: positions, columns: columns, title: title)
  }

  /// Å per unit.
  private func factor(_ unit: String, _ alat: Double?, _ place: String) throws(InputError) -> Double
  {
    switch unit {
    case "bohr": return UnitFactor.bohr
    case "angstrom": return 1
    case "alat":
      guard let alat else {
        throw InputError("lengths in alat, but neither celldm(1) nor A is given", at: place)
      }
      return alat
    default:
      throw InputError(
        "lengths in \(quotedForMessage(unit)), expected alat, bohr or angstrom", at: place)
    }
  }
}
