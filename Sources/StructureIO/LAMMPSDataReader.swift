internal import Crystal

/// Reads one data file of LAMMPS: a header, then sections.
struct LAMMPSDataReader {
  var scanner: TextScanner
  var warnings: [String] = []
  private var header = LAMMPSHeader()

  /// The species of each type, as far as names tell.
  private var names: [Int: Species] = [:]
  private var masses: [Int: Double] = [:]
  private var typeOfName: [String: Int] = [:]
  private var atoms: LAMMPSAtoms?
  private var velocities: [Int: SIMD3<Double>] = [:]

  init(_ scanner: TextScanner) { self.scanner = scanner }

  mutating func read() throws(InputError) -> StructureReading {
    guard scanner.remainingBytes > 0, !scanner.isAtEnd, let first = scanner.nextLine() else {
      throw InputError("the file is empty, expected a LAMMPS data file", at: scanner.source)
    }
    let title = try readTitle(scanner.text(first))
    var next = try readHeader()
    while let section = next { next = try read(section: section) }
    guard let atoms else {
      throw InputError("the file has no section Atoms", at: scanner.source)
    }
    return StructureReading(try structure(atoms, title: title), warnings: warnings)
  }

  /// The first line without the units, which are checked.
  private mutating func readTitle(_ line: String) throws(InputError) -> String {
    guard let range = line.firstRange(of: "units = ") else { return line.trimmed }
    let name = line[range.upperBound...].prefix { $0.isLetter }
    switch name {
    case "metal": header.velocityUnit = 1e-3
    case "real": header.velocityUnit = 1
    default:
      throw scanner.problem(
        "the units are \(quotedForMessage(String(name))), expected metal or real",
        hint: "let LAMMPS write the file in one of these, or convert it")
    }
    let title = String(line[..<range.lowerBound]).trimmed
    let bare = title.hasSuffix(",") ? String(title.dropLast()).trimmed : title
    return bare == "cellgen" ? "" : bare
  }

  /// The words of the next line that has any, and those of its comment; nil at the end.
  private mutating func nextWords() -> (words: [Range<Int>], comment: [Range<Int>])? {
    while let line = scanner.nextLine() {
      let (text, comment) = scanner.withoutComment(line, "#")
      let words = scanner.words(text)
      if !words.isEmpty { return (words, scanner.words(comment)) }
    }
    return nil
  }

  /// Reads up to the first section.
  private mutating func readHeader() throws(InputError) -> LAMMPSSection? {
    while let (words, comment) = nextWords() {
      if let section = LAMMPSSection(words, comment, scanner) { return section }
      try header.read(words, scanner)
    }
    return nil
  }

  /// Reads a section, and the name of the next one.
  private mutating func read(section: LAMMPSSection) throws(InputError) -> LAMMPSSection? {
    if section.name == "Atoms" {
      atoms = LAMMPSAtoms(
        style: section.style, lattice: try header.lattice(scanner), origin: header.origin)
    } else if !["Masses", "Velocities", "Atom Type Labels"].contains(section.name) {
      warnings.append("\(scanner.place): the section \(section.name) was not read")
    }
    while let (words, comment) = nextWords() {
      if let next = LAMMPSSection(words, comment, scanner) { return next }
      switch section.name {
      case "Atoms":
        try atoms?.append(words, comment, typeOfName, header, scanner)
      case "Masses": try readMass(words, comment)
      case "Velocities": try readVelocity(words)
      case "Atom Type Labels":
        guard words.count == 2, let type = scanner.integer(words[0]) else {
          throw scanner.problem("found \(words.count) words, expected a type and its name")
        }
        let name = scanner.text(words[1])
        typeOfName[name] = type
        if let species = lammpsSpecies(name) { names[type] = species }
      default: break
      }
    }
    return nil
  }

  private mutating func readMass(
    _ words: [Range<Int>], _ comment: [Range<Int>]
  ) throws(InputError) {
    guard words.count == 2,
      let type = scanner.integer(words[0]) ?? typeOfName[scanner.text(words[0])],
      let mass = scanner.real(words[1]), mass > 0
    else {
      throw scanner.problem(
        "expected a type and its mass, amu", hint: "a line such as: 1 24.305 # Mg")
    }
    masses[type] = mass
    if names[type] == nil, let word = comment.first {
      names[type] = lammpsSpecies(scanner.text(word))
    }
  }

  private mutating func readVelocity(_ words: [Range<Int>]) throws(InputError) {
    guard words.count >= 4, let id = scanner.integer(words[0]), let x = scanner.real(words[1]),
      let y = scanner.real(words[2]), let z = scanner.real(words[3])
    else { throw scanner.problem("expected the number of an atom and its velocity") }
    velocities[id] = header.velocityUnit * SIMD3(x, y, z)
  }

  /// The species of a type by its name, else by its mass.
  private mutating func species(type: Int, place: String) throws(InputError) -> Species {
    if let species = names[type] { return species }
    guard let mass = masses[type] else {
      throw InputError(
        "nothing tells the element of atom type \(type)", at: place,
        hint: "add a section Masses with lines such as: 1 24.305 # Mg")
    }
    let nearest = Element.all.min { ($0.mass - mass).magnitude < ($1.mass - mass).magnitude }
    guard let nearest, (nearest.mass - mass).magnitude < LAMMPSDataReader.massTolerance else {
      throw InputError(
        "no element has the mass \(mass) amu of atom type \(type)", at: place,
        hint: "write the symbol in a comment behind the mass: \(type) \(mass) # Mg")
    }
    warnings.append("\(scanner.source): atom type \(type) is taken as \(nearest) by its mass")
    names[type] = Species(nearest)
    return Species(nearest)
  }

  private mutating func structure(
    _ atoms: LAMMPSAtoms, title: String
  ) throws(InputError) -> Structure {
    if let announced = header.atoms, announced != atoms.ids.count {
      throw InputError(
        "the section Atoms has \(atoms.ids.count) atoms, but the header announces \(announced)",
        at: scanner.source)
    }
    guard !atoms.ids.isEmpty else { throw InputError("no atoms", at: scanner.source) }
    let order = atoms.ids.indices.sorted { atoms.ids[$0] < atoms.ids[$1] }
    for (n, m) in zip(order, order.dropFirst()) where atoms.ids[n] == atoms.ids[m] {
      throw InputError("atom \(atoms.ids[n]) is listed twice", at: scanner.source)
    }
    var species: [Species] = []
    for n in atoms.ids.indices {
      species.append(try self.species(type: atoms.types[n], place: scanner.source))
    }
    warnings += atoms.notes.warnings(scanner.source, count: species.count)
    var columns = atoms.notes.columns(count: species.count)
    if atoms.charges.contains(where: { $0 != 0 }) {
      columns.removeAll { $0.name == Column.Name.charge }
      columns.append(Column(Column.Name.charge, .real(atoms.charges)))
    }
    if !velocities.isEmpty {
      var vectors: [SIMD3<Double>] = []
      for id in atoms.ids {
        guard let velocity = velocities[id] else {
          throw InputError("atom \(id) has no velocity, others have", at: scanner.source)
        }
        vectors.append(velocity)
      }
      columns.append(Column(Column.Name.velocity, vectors: vectors))
    }
    return Structure(
      lattice: atoms.lattice, species: species, positions: atoms.positions, columns: columns,
      title: title
    ).selecting(order)
  }

  /// Masses in force fields differ from the standard ones by less, amu.
  private static let massTolerance = 0.2
}

/// The species that a type name stands for: `Mg`, `Mg2+`, `Mg1`, `O_core`.
func lammpsSpecies(_ name: String) -> Species? {
  if let species = SpeciesText.read(name) { return species }
  let letters = String(name.prefix { $0.isLetter && $0.isASCII })
  return Element(symbol: letters).map { Species($0) }
}

extension String {
  /// The text without white space at both ends.
  var trimmed: String {
    let start = drop { $0.isWhitespace }
    return String(start.reversed().drop { $0.isWhitespace }.reversed())
  }
}
