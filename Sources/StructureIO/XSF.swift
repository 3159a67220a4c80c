public import Crystal

/// The XSF format of XCrySDen, also its animated form (`.axsf`).
///
/// **Reading** takes `CRYSTAL`, and `SLAB`, `POLYMER` and `MOLECULE` with a warning if they have
/// lattice vectors. Forces, hartree/Å in the file, become the column `forces`. Grids are skipped.
///
/// **Writing** gives one frame. Vacancies are left out; dummy atoms have the number 0. What XSF has no
/// place for stands in comment lines before the first section, in the order of the atoms.
///
/// Reference: http://www.xcrysden.org/doc/XSF.html
public enum XSF {
  /// Reads the first frame.
  ///
  /// - Parameters:
  ///   - text: The contents of a file.
  ///   - source: The name of the file in messages.
  /// - Returns: The structure, with remarks.
  /// - Throws: ``InputError`` with the place of the first mistake.
  public static func read(
    _ text: String, source: String = "XSF"
  ) throws(InputError) -> StructureReading {
    var frames = try readFrames(text, source: source)
    guard var first = frames.popLast() else { throw InputError("no structure", at: source) }
    if let earlier = frames.first {
      first = earlier
      first.warnings.append("\(source): only the first frame was read")
    }
    return first
  }

  /// Reads all frames, at least one.
  ///
  /// - Throws: ``InputError`` with the place of the first mistake.
  public static func readFrames(
    _ text: String, source: String = "XSF"
  ) throws(InputError) -> [StructureReading] {
    var reader = XSFReader(TextScanner(text, source: source))
    return try reader.read()
  }

  /// The text of a file.
  ///
  /// - Throws: ``InputError`` for what no file can hold, such as labels with spaces.
  public static func write(_ structure: Structure) throws(InputError) -> String {
    let atoms = structure.withoutVacancies()
    try atoms.checkWritable()
    var writer = TextWriter(capacity: 100 * atoms.count + 500)
    if !atoms.title.isEmpty { writer.write("# \(firstLine(atoms.title))\n") }
    var notes = AtomNotesWriter(atoms)
    notes.writeLines(prefix: "#", to: &writer)
    writer.write("CRYSTAL\nPRIMVEC\n")
    for vector in atoms.lattice.vectors {
      writer.write(vector)
      writer.newline()
    }
    writer.write("PRIMCOORD\n\(atoms.count) 1\n")
    let forces = atoms.realVectors(Column.Name.force)
    for n in 0..<atoms.count {
      writer.write(max(0, atoms.species[n].element.atomicNumber))
      writer.write(atoms.lattice.cartesian(atoms.positions[n]).components)
      if let forces { writer.write(forces[n] / UnitFactor.hartree) }
      writer.newline()
    }
    return writer.text
  }
}

/// Reads the sections of an XSF text.
struct XSFReader {
  private var scanner: TextScanner
  private var lattice: Lattice?
  private var frames: [StructureReading] = []
  private var notes = AtomNotesReader(count: 0)
  private var title = ""
  private var warnings: [String] = []

  init(_ scanner: TextScanner) { self.scanner = scanner }

  mutating func read() throws(InputError) -> [StructureReading] {
    while let words = nextLine() {
      let key = scanner.text(words[0]).uppercased()
      switch key {
      case "ANIMSTEPS", "CRYSTAL", "DIM-GROUP": break
      case "SLAB", "POLYMER", "MOLECULE":
        warnings.append("\(scanner.place): \(key), taken to be periodic in all directions")
      case "PRIMVEC": lattice = try readLattice()
      case "CONVVEC": _ = try readLattice()
      case "PRIMCOORD": try readAtoms()
      case "CONVCOORD": try skipAtoms()
      case "ATOMS":
        throw scanner.problem(
          "a molecule without a cell (ATOMS), expected CRYSTAL with PRIMVEC and PRIMCOORD")
      case _ where key.hasPrefix("BEGIN_"): skipGrid(key)
      default:
        guard words.allSatisfy({ scanner.real($0) != nil }) else {
          throw scanner.problem(
            "found \(scanner.quoted(words[0])), expected a keyword such as PRIMVEC or PRIMCOORD")
        }
        // The numbers below DIM-GROUP.
        guard frames.isEmpty, lattice == nil else {
          throw scanner.problem(
            "numbers outside a section", hint: "is the number of atoms too low?")
        }
      }
    }
    guard !frames.isEmpty else {
      throw InputError(
        "no atoms, expected the keyword PRIMCOORD", at: scanner.source,
        hint: "an XSF file of a crystal has the keywords CRYSTAL, PRIMVEC and PRIMCOORD")
    }
    return frames
  }

  /// The words of the next line that is neither empty nor a comment.
  private mutating func nextLine() -> [Range<Int>]? {
    while let line = scanner.nextLine() {
      let words = scanner.words(line)
      guard let first = words.first else { continue }
      guard scanner.bytes[first.lowerBound] == UInt8(ascii: "#") else { return words }
      let text = (first.lowerBound + 1)..<line.upperBound
      if scanner.bytes[text].first == AtomNotes.markByte {
        notes.readLine(scanner.words(text)[...], scanner)
      } else if title.isEmpty, frames.isEmpty, lattice == nil {
        title = scanner.text(text).trimmed
      }
    }
    return nil
  }

  private func numbers(_ words: ArraySlice<Range<Int>>, _ what: String) throws(InputError)
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

  private mutating func readLattice() throws(InputError) -> Lattice {
    var rows: [SIMD3<Double>] = []
    for name in ["a", "b", "c"] {
      guard let words = nextLine() else {
        throw scanner.problem("the file ends before the lattice vector \(name)")
      }
      rows.append(try numbers(words[...], "components of the lattice vector \(name)"))
    }
    do {
      return try Lattice(a: rows[0], b: rows[1], c: rows[2])
    } catch {
      throw scanner.problem(error.description)
    }
  }

  private mutating func atomCount() throws(InputError) -> Int {
    guard let words = nextLine(), let count = scanner.integer(words[0]), count > 0 else {
      throw scanner.problem("expected the number of atoms and 1, as in \"8 1\"")
    }
    guard count <= scanner.remainingBytes else {
      throw scanner.problem("\(count) atoms are announced, but the file is too short for them")
    }
    return count
  }

  private mutating func skipAtoms() throws(InputError) {
    for _ in 0..<(try atomCount()) { _ = nextLine() }
  }

  private mutating func skipGrid(_ key: String) {
    let end = "END_" + key.dropFirst(6).prefix { $0 != " " }
    while let words = nextLine() {
      if scanner.text(words[0]).uppercased() == end { return }
    }
  }

  private mutating func readAtoms() throws(InputError) {
    guard let lattice else {
      throw scanner.problem("no lattice vectors (PRIMVEC) before the atoms")
    }
    let count = try atomCount()
    var species: [Species] = []
    var positions: [Fractional] = []
    var forces: [SIMD3<Double>] = []
    for atom in 0..<count {
      guard let words = nextLine() else {
        throw scanner.problem("the file ends after \(atom) of \(count) atoms")
      }
      species.append(notes.species(try element(words[0]), atom: atom))
      let point = try numbers(words.dropFirst(), "coordinates of atom \(atom + 1)")
      let position = lattice.fractional(Cartesian(point)).components
      guard position.x.magnitude < coordinateLimit, position.y.magnitude < coordinateLimit,
        position.z.magnitude < coordinateLimit
      else { throw scanner.problem("atom \(atom + 1) is absurdly far from the cell") }
      positions.append(Fractional(position))
      if words.count >= 7, forces.count == atom {
        let force = try numbers(words.dropFirst(4), "force components of atom \(atom + 1)")
        forces.append(UnitFactor.hartree * force)
      }
    }
    var columns = notes.columns(count: count)
    if forces.count == count { columns.append(Column(Column.Name.force, vectors: forces)) }
    frames.append(
      StructureReading(
        Structure(
          lattice: lattice, species: species, positions: positions, columns: columns, title: title),
        warnings: warnings + notes.warnings(scanner.source, count: count)))
  }

  /// The element of an atomic number or a symbol; 0 is a dummy.
  private func element(_ word: Range<Int>) throws(InputError) -> Element {
    let element: Element?
    if let number = scanner.integer(word) {
      element = number == 0 ? .dummy : Element(atomicNumber: number)
    } else {
      element = SpeciesText.element(scanner.text(word))
    }
    guard let element else {
      throw scanner.problem(
        "found \(scanner.quoted(word)), expected an atomic number or a symbol",
        hint: SpeciesText.hint(scanner.text(word)))
    }
    return element
  }
}
