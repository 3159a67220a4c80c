internal import Crystal

/// Reads one `.res` text line by line.
struct RESReader {
  private var scanner: TextScanner
  private var title = ""
  private var info: [Structure.InfoEntry] = []
  private var lattice: Lattice?
  private var latticeType = 1
  private var operations = [RESReader.identity]
  private var elements: [Element] = []
  private var notes = AtomNotesReader(count: 0)
  private var sites: [(species: Species, position: SIMD3<Double>, factor: Double)] = []
  private var hasFixed = false
  private var warnings: [String] = []

  init(_ scanner: TextScanner) { self.scanner = scanner }

  mutating func read() throws(InputError) -> StructureReading {
    var isAfterEnd = false
    while let line = scanner.nextLine(), !isAfterEnd {
      let words = scanner.words(scanner.withoutComment(line, "!").text)
      guard let first = words.first, scanner.bytes[line.lowerBound] > 32 else { continue }
      let key = scanner.text(first).uppercased()
      switch key {
      case "TITL": readTitle(line, words)
      case "REM": notes.readLine(scanner.words(line).dropFirst(), scanner)
      case "CELL": try readCell(words)
      case "LATT":
        guard words.count == 2, let type = scanner.integer(words[1]), (1...7).contains(abs(type))
        else { throw scanner.problem("expected LATT and a number from 1 to 7 or -7 to -1") }
        latticeType = type
      case "SYMM": try readOperation(line, after: first)
      case "SFAC": try readElements(words)
      case "END", "HKLF": isAfterEnd = true
      default:
        if !RESReader.instructions.contains(String(key.prefix(4))) { try readAtom(words) }
      }
    }
    return StructureReading(try structure(), warnings: warnings)
  }

  /// `TITL name pressure volume enthalpy spin spin atoms (group) n - 1` of AIRSS, or free text.
  private mutating func readTitle(_ line: Range<Int>, _ words: [Range<Int>]) {
    title = scanner.text(line).dropFirst(4).description.trimmed
    guard words.count >= 9, let pressure = scanner.real(words[2]), scanner.real(words[3]) != nil,
      let enthalpy = scanner.real(words[4]), scanner.integer(words[7]) != nil,
      scanner.bytes[words[8].lowerBound] == UInt8(ascii: "(")
    else { return }
    title = scanner.text(words[1])
    info = [
      .init(RES.Key.pressure, "\(pressure)"), .init(RES.Key.enthalpy, "\(enthalpy)"),
    ]
    let group = scanner.text(words[8]).filter { !"()".contains($0) }
    if group != "n/a" { info.append(.init(RES.Key.spaceGroup, group)) }
  }

  private mutating func readCell(_ words: [Range<Int>]) throws(InputError) {
    let values = words.dropFirst().compactMap { scanner.real($0) }
    guard words.count == 8, values.count == 7 else {
      throw scanner.problem("expected CELL, the wavelength, three lengths and three angles")
    }
    do {
      lattice = try Lattice(
        lengths: SIMD3(values[1], values[2], values[3]),
        anglesDegrees: SIMD3(values[4], values[5], values[6]))
    } catch {
      throw scanner.problem(error.description)
    }
  }

  private mutating func readOperation(
    _ line: Range<Int>, after first: Range<Int>
  ) throws(InputError) {
    let text = scanner.text(first.upperBound..<line.upperBound).filter { !$0.isWhitespace }
    guard let operation = SymmetryOperation(text.lowercased()) else {
      throw scanner.problem(
        "found \(quotedForMessage(text)), expected a symmetry operation such as -X, 1/2+Y, Z")
    }
    operations.append(operation)
  }

  private mutating func readElements(_ words: [Range<Int>]) throws(InputError) {
    // An element with its scattering factors is followed by numbers.
    for word in words.dropFirst() where scanner.real(word) == nil {
      let symbol = scanner.text(word)
      guard let element = SpeciesText.element(symbol) else {
        throw scanner.problem(
          "found \(quotedForMessage(symbol)), expected an element symbol",
          hint: SpeciesText.hint(symbol))
      }
      elements.append(element)
    }
  }

  /// `Mg1 1 x y z [sof …]`; 10 is added to numbers that a refinement keeps fixed.
  private mutating func readAtom(_ words: [Range<Int>]) throws(InputError) {
    let name = scanner.text(words[0])
    guard words.count >= 5, let type = scanner.integer(words[1]) else {
      throw scanner.problem(
        "found \(quotedForMessage(name)), expected an instruction or an atom",
        hint: "an atom is a line such as: Mg1 1 0.125 0.125 0.125 1.0")
    }
    guard elements.indices.contains(type - 1) else {
      throw scanner.problem(
        "atom \(name) is of element \(type), but SFAC names \(elements.count) before it")
    }
    guard lattice != nil else { throw scanner.problem("no cell (CELL) before the first atom") }
    var factor = 1.0
    if words.count > 5 {
      guard let value = scanner.real(words[5]) else {
        throw scanner.problem("the occupancy of \(name) is \(scanner.quoted(words[5]))")
      }
      let isFixed = (10.0...11.001).contains(value)
      guard isFixed || (0.0...1.001).contains(value) else {
        throw scanner.problem(
          "the occupancy of \(name) is \(value), expected 0 to 1, or 10 to 11",
          hint: "free variables (FVAR) are not read; write the number itself")
      }
      factor = isFixed ? value - 10 : value
      hasFixed = hasFixed || isFixed
    }
    var position = SIMD3<Double>()
    for axis in 0..<3 {
      guard var value = scanner.real(words[2 + axis]), value.magnitude < coordinateLimit else {
        throw scanner.problem(
          "coordinate \(["x", "y", "z"][axis]) of \(name) is \(scanner.quoted(words[2 + axis])), "
            + "expected a fractional coordinate")
      }
      if hasFixed, (8.0...12.0).contains(value) { value -= 10 }
      position[axis] = value
    }
    let species = notes.species(elements[type - 1], atom: sites.count)
    sites.append((species, position, factor))
  }

  private mutating func structure() throws(InputError) -> Structure {
    guard let lattice else { throw InputError("no cell (CELL)", at: scanner.source) }
    guard !sites.isEmpty else { throw InputError("no atoms", at: scanner.source) }
    let group = try expandedOperations()
    var listed: [Int] = []
    var positions: [Fractional] = []
    var occupancies: [Double] = []
    for (n, site) in sites.enumerated() {
      let expansion = SiteExpansion(
        site.position, operations: group, lattice: lattice, tolerance: CIF.defaultMergeTolerance)
      // SHELX multiplies occupancies by the fraction of a general position that the site has.
      let factor = site.factor * (hasFixed ? Double(expansion.siteSymmetryOrder) : 1)
      let isFull = (factor - 1).magnitude < RESReader.occupancySlack
      for image in expansion.images {
        listed.append(n)
        positions.append(Fractional(image))
        occupancies.append(isFull ? 1 : factor)
      }
    }
    warnings += notes.warnings(scanner.source, count: sites.count)
    var columns = notes.columns(count: sites.count).map { $0.selecting(listed) }
    if occupancies.contains(where: { $0 != 1 }) {
      columns.append(Column(Column.Name.occupancy, .real(occupancies)))
    }
    return Structure(
      lattice: lattice, species: listed.map { sites[$0].species }, positions: positions,
      columns: columns, title: title, info: info)
  }

  /// The operations with those that LATT adds: inversion, and the centring translations.
  private func expandedOperations() throws(InputError) -> [SymmetryOperation] {
    var all = operations
    if latticeType > 0 { all += all.map { $0.multiplied(by: -1) } }
    let half: Int32 = 12
    let shifts: [SIMD3<Int32>] =
      switch abs(latticeType) {
      case 2: [SIMD3(half, half, half)]
      case 3: [SIMD3(16, 8, 8), SIMD3(8, 16, 16)]
      case 4: [SIMD3(0, half, half), SIMD3(half, 0, half), SIMD3(half, half, 0)]
      case 5: [SIMD3(0, half, half)]
      case 6: [SIMD3(half, 0, half)]
      case 7: [SIMD3(half, half, 0)]
      default: []
      }
    all += shifts.flatMap { shift in all.map { $0.shifted(by: shift) } }
    var known: Set<SymmetryOperation> = []
    return all.filter { known.insert($0).inserted }
  }

  private static let identity = SymmetryOperation(elements: [1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0])

  /// Occupancies have about five digits.
  private static let occupancySlack = 1e-3

  /// Lines that are no atoms, by their first four letters.
  private static let instructions: Set<String> = [
    "ABIN", "ACTA", "AFIX", "ANIS", "ANSC", "ANSR", "BASF", "BIND", "BLOC", "BOND", "BUMP", "CGLS",
    "CHIV", "CONF", "CONN", "DAMP", "DANG", "DEFS", "DELU", "DFIX", "DISP", "EADP", "EQIV", "EXTI",
    "EXYZ", "FEND", "FLAT", "FMAP", "FRAG", "FREE", "FVAR", "GRID", "HFIX", "HTAB", "ISOR", "L.S.",
    "LAUE", "LIST", "MERG", "MORE", "MOVE", "MPLA", "NCSY", "NEUT", "OMIT", "PART", "PLAN", "PRIG",
    "RESI", "RIGU", "RTAB", "SADI", "SAME", "SHEL", "SIMU", "SIZE", "SPEC", "STIR", "SUMP", "SWAT",
    "TEMP", "TWIN", "TWST", "UNIT", "WGHT", "WIGL", "WPDB", "XNPD", "ZERR", "TIME", "DEGE",
  ]
}

extension SymmetryOperation {
  /// The operation with every sign of R and t changed, if `factor` is -1.
  func multiplied(by factor: Int32) -> SymmetryOperation {
    SymmetryOperation(elements: elements.map { factor * $0 })
  }

  /// The operation followed by a shift in 24ths.
  func shifted(by shift: SIMD3<Int32>) -> SymmetryOperation {
    let moved = translation &+ shift
    return SymmetryOperation(elements: elements.prefix(9) + [moved.x, moved.y, moved.z])
  }
}
