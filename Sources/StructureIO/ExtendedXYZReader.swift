internal import Crystal

/// Reads the frames of an extxyz text one after another.
struct ExtendedXYZReader {
  private var scanner: TextScanner
  private var warnings: [String] = []

  init(_ scanner: TextScanner) { self.scanner = scanner }

  /// Whether only white space is left.
  var isAtEnd: Bool { scanner.isAtEnd }

  /// The next frame.
  mutating func frame() throws(InputError) -> StructureReading {
    warnings = []
    let count = try atomCount()
    guard let line = scanner.nextLine() else {
      throw scanner.problem(
        "the file ends after the number of atoms",
        hint: "the second line needs Lattice=\"ax ay az bx by bz cx cy cz\" in Å")
    }
    let comment = try ExtendedXYZComment(scanner.bytes[line], at: scanner.place)
    for key in comment.duplicates {
      warnings.append("\(scanner.place): key \(key) occurs twice, the last one counts")
    }
    let lattice = try lattice(comment)
    try checkPeriodicity(comment)
    let fields = try ColumnField.parse(
      comment["Properties"] ?? "species:S:1:pos:R:3", at: scanner.place)
    let commentLine = scanner.lineNumber
    let columns = try atoms(count, fields)
    let structure = try structure(lattice, columns, comment, commentLine: commentLine)
    return StructureReading(structure, warnings: warnings)
  }

  private mutating func atomCount() throws(InputError) -> Int {
    while let line = scanner.nextLine() {
      let words = scanner.words(line)
      guard let first = words.first else { continue }
      guard let count = scanner.integer(first), words.count == 1 else {
        throw scanner.problem(
          "found \(scanner.quoted(line)), expected the number of atoms",
          hint: "the first line of a frame holds the number of its atoms and nothing else")
      }
      guard count > 0 else { throw scanner.problem("\(count) atoms, expected at least one") }
      guard count <= scanner.remainingBytes else {
        throw scanner.problem("\(count) atoms are announced, but the file is too short for them")
      }
      return count
    }
    throw InputError("the file is empty, expected a number of atoms", at: scanner.source)
  }

  private func place(_ line: Int) -> String { "\(scanner.source):\(line)" }

  private func lattice(_ comment: ExtendedXYZComment) throws(InputError) -> Lattice {
    guard let text = comment["Lattice"] else {
      let near = comment.entries.first { $0.key.lowercased() == "lattice" }
      throw scanner.problem(
        "no Lattice in the comment line",
        hint: near.map { "write Lattice instead of \($0.key)" }
          ?? "add Lattice=\"ax ay az bx by bz cx cy cz\" in Å; only periodic structures are read")
    }
    let words = text.split { " ,[]\t\n".contains($0) }
    let numbers = words.compactMap { NumberReader.real($0) }
    guard words.count == 9, numbers.count == 9 else {
      throw scanner.problem("Lattice is \(quotedForMessage(text)), expected nine finite numbers")
    }
    do {
      return try Lattice(
        a: SIMD3(numbers[0], numbers[1], numbers[2]), b: SIMD3(numbers[3], numbers[4], numbers[5]),
        c: SIMD3(numbers[6], numbers[7], numbers[8]))
    } catch {
      throw scanner.problem(error.description)
    }
  }

  private mutating func checkPeriodicity(_ comment: ExtendedXYZComment) throws(InputError) {
    guard let text = comment["pbc"] else { return }
    let words = text.split { " ,[]\t".contains($0) }.map { Array($0.utf8) }
    let flags = words.compactMap { readLogical($0, $0.indices) }
    guard words.count == 3, flags.count == 3 else {
      throw scanner.problem("pbc is \(quotedForMessage(text)), expected three of T and F")
    }
    if flags.contains(false) {
      warnings.append("\(scanner.place): pbc=\"\(text)\", taken to be periodic in all directions")
    }
  }

  /// The values of all columns, as announced.
  private mutating func atoms(
    _ count: Int, _ fields: [ColumnField]
  ) throws(InputError) -> [Column] {
    var builders = fields.map { ColumnBuilder($0, atoms: count) }
    let width = fields.reduce(0) { $0 + $1.width }
    var words: [Range<Int>] = []
    for atom in 0..<count {
      guard let line = scanner.nextLine() else {
        throw scanner.problem("the file ends after \(atom) of \(count) atoms")
      }
      scanner.split(line, into: &words)
      guard words.count == width else {
        throw scanner.problem(
          "atom \(atom + 1) has \(words.count) values, expected \(width)",
          hint: "Properties announces \(fields.map(\.description).joined(separator: ":"))")
      }
      var next = 0
      for index in builders.indices {
        for _ in 0..<builders[index].field.width {
          if let expected = builders[index].append(scanner.bytes, words[next]) {
            throw scanner.problem(
              "\(builders[index].field.name) of atom \(atom + 1) is \(scanner.quoted(words[next])), "
                + "expected \(expected)")
          }
          next += 1
        }
      }
    }
    return builders.map(\.column)
  }

  private mutating func structure(
    _ lattice: Lattice, _ columns: [Column], _ comment: ExtendedXYZComment, commentLine: Int
  ) throws(InputError) -> Structure {
    func reals(_ name: String) -> [Double]? {
      guard let column = columns.first(where: { $0.name == name }), column.width == 3,
        case .real(let values) = column.values
      else { return nil }
      return values
    }
    func words(_ name: String) -> [String]? {
      guard let column = columns.first(where: { $0.name == name }), column.width == 1,
        case .text(let values) = column.values
      else { return nil }
      return values
    }
    guard let cartesian = reals(ExtendedXYZ.Name.position) else {
      throw InputError("Properties has no column pos:R:3", at: place(commentLine))
    }
    var species = try species(
      columns, words(ExtendedXYZ.Name.species), commentLine: commentLine)
    if let states = words(ExtendedXYZ.Name.speciesState) {
      merge(states, into: &species, commentLine: commentLine)
    }
    let exact = reals(ExtendedXYZ.Name.fractional)
    var positions: [Fractional] = []
    positions.reserveCapacity(species.count)
    for n in species.indices {
      let r = SIMD3(cartesian[3 * n], cartesian[3 * n + 1], cartesian[3 * n + 2])
      let f = lattice.fractional(Cartesian(r)).components
      guard f.x.magnitude < coordinateLimit, f.y.magnitude < coordinateLimit,
        f.z.magnitude < coordinateLimit
      else {
        throw InputError(
          "pos of atom \(n + 1) is absurdly far from the cell (\(r.x), \(r.y), \(r.z) Å)",
          at: place(commentLine + 1 + n))
      }
      positions.append(Fractional(f))
    }
    if let exact {
      let given = positions.indices.map {
        Fractional(exact[3 * $0], exact[3 * $0 + 1], exact[3 * $0 + 2])
      }
      let agrees = given.indices.allSatisfy { n in
        let r = SIMD3(cartesian[3 * n], cartesian[3 * n + 1], cartesian[3 * n + 2])
        return lattice.cartesian(given[n]).components == r
      }
      if agrees { positions = given }
    }
    let own = [
      ExtendedXYZ.Name.species, ExtendedXYZ.Name.position, ExtendedXYZ.Name.speciesState,
      ExtendedXYZ.Name.fractional,
    ]
    let keys: Set = ["Lattice", "Properties", "pbc", "Origin", "title"]
    return Structure(
      lattice: lattice, species: species, positions: positions,
      columns: columns.filter { !own.contains($0.name) }, title: comment["title"] ?? "",
      info: comment.entries.filter { !keys.contains($0.key) })
  }

  private mutating func species(
    _ columns: [Column], _ symbols: [String]?, commentLine: Int
  ) throws(InputError) -> [Species] {
    func atomPlace(_ n: Int) -> String { place(commentLine + 1 + n) }
    if let symbols {
      var known: [String: Species] = [:]
      var species: [Species] = []
      species.reserveCapacity(symbols.count)
      for (n, symbol) in symbols.enumerated() {
        if let entry = known[symbol] {
          species.append(entry)
          continue
        }
        guard let entry = SpeciesText.read(symbol) else {
          throw InputError(
            "atom \(n + 1) is of unknown species \(quotedForMessage(symbol))", at: atomPlace(n),
            hint: SpeciesText.hint(symbol))
        }
        if SpeciesText.isHydrogenIsotope(symbol) {
          warnings.append("\(atomPlace(n)): \(symbol) is read as H")
        }
        known[symbol] = entry
        species.append(entry)
      }
      return species
    }
    guard let column = columns.first(where: { $0.name == ExtendedXYZ.Name.atomicNumber }),
      column.width == 1, case .integer(let numbers) = column.values
    else {
      throw InputError("Properties has no column species:S:1", at: place(commentLine))
    }
    var species: [Species] = []
    for (n, number) in numbers.enumerated() {
      guard let element = number == 0 ? .dummy : Element(atomicNumber: number) else {
        throw InputError("Z of atom \(n + 1) is \(number), expected 0 to 118", at: atomPlace(n))
      }
      species.append(Species(element))
    }
    return species
  }

  /// Adds oxidation states and vacancies to symbols, where both name the same element.
  private mutating func merge(_ states: [String], into species: inout [Species], commentLine: Int) {
    var known: [String: Species?] = [:]
    var firstMismatch: Int?
    for n in species.indices {
      let full: Species?
      if let entry = known[states[n]] {
        full = entry
      } else {
        full = SpeciesText.read(states[n])
        known[states[n]] = .some(full)
      }
      let isVacancy = full?.isVacancy ?? false
      if let full, full.element == species[n].element || isVacancy && species[n].element == .dummy {
        species[n] = full
      } else if firstMismatch == nil {
        firstMismatch = n
      }
    }
    if let n = firstMismatch {
      warnings.append(
        "\(place(commentLine + 1 + n)): species_state of atom \(n + 1) is \(quotedForMessage(states[n])), but its species "
          + "is \(species[n].element); species counts, the oxidation state is unknown")
    }
  }
}
