internal import Crystal

/// The frames of a text dump of LAMMPS.
///
/// Positions may be wrapped (`x y z`, `xs ys zs`), with image flags (`ix iy iz`) or unwrapped (`xu`,
/// `xsu`); atoms come in any order and are sorted by `id`. Charges in `q` become the column of charges.
/// Lengths are taken to be in Å; with `units yes`, other units than real and metal are refused.
///
/// Reference: https://docs.lammps.org/dump.html
struct LAMMPSDumpReader: TrajectorySource {
  private(set) var warnings: [String] = []
  private(set) var isUnwrapped = false
  private let path: String
  private let types: [Species]
  private var lines: LineBlocks
  private var number = 0
  private var order = AtomOrder()
  private var speciesOfName: [String: Species] = [:]
  private var units: String?
  private var columnNames: [String]?

  init(_ path: String, types: [Species]) throws(InputError) {
    self.path = path
    self.types = types
    lines = try LineBlocks(path)
  }

  mutating func next() throws(InputError) -> TrajectoryFrame? {
    guard let (header, atoms) = try block() else { return nil }
    let lattice = try header.box(number: number, place: header.place)
    let columns = try LAMMPSDumpColumns(header.columns, at: header.columnPlace)
    guard columnNames == nil || columnNames == header.columns else {
      throw InputError("the columns are not those of the first frame", at: header.columnPlace)
    }
    columnNames = header.columns
    if number == 1 {
      isUnwrapped = columns.isUnwrapped
      if let flags = header.openBoundaries {
        warnings.append(
          "\(header.place): boundaries \(flags), taken to be periodic in all directions")
      }
    }
    if number > 1, columns.id == nil {
      throw InputError(
        "no column id, so atoms cannot be followed from frame to frame", at: header.columnPlace,
        hint: "add id to the columns of the dump command")
    }
    var scanner = TextScanner(bytes: atoms.bytes, source: path, firstLine: atoms.firstLine)
    var words: [Range<Int>] = []
    var (ids, species) = ([Int](), [Species]())
    var (positions, charges) = ([Fractional](), [Double]())
    for atom in 0..<header.count {
      guard let line = scanner.nextLine() else { break }
      scanner.split(line, into: &words)
      guard words.count == header.columns.count else {
        throw scanner.problem(
          "atom line \(atom + 1) has \(words.count) values, expected \(header.columns.count)",
          hint: "ITEM: ATOMS announces \(header.columns.joined(separator: " "))")
      }
      if let column = columns.id {
        guard let id = scanner.integer(words[column]) else {
          throw scanner.problem("id is \(scanner.quoted(words[column])), expected an integer")
        }
        ids.append(id)
      }
      species.append(try self.species(words, columns, scanner))
      positions.append(try columns.position(words, lattice, scanner))
      if let column = columns.charge {
        guard let charge = scanner.real(words[column]) else {
          throw scanner.problem("q is \(scanner.quoted(words[column])), expected a number, e")
        }
        charges.append(charge)
      }
    }
    var structure = Structure(
      lattice: lattice.lattice, species: species, positions: positions)
    if !charges.isEmpty { structure.charges = charges }
    if !ids.isEmpty, let indices = try order.indices(ids, frame: number, at: header.place) {
      structure = structure.selecting(indices)
    }
    return TrajectoryFrame(
      number: number, place: header.place, step: header.step,
      time: header.time.flatMap { time in units == "real" ? time : units == nil ? nil : 1000 * time
      },
      structure: structure)
  }

  mutating func skip() throws(InputError) -> Bool { try block() != nil }

  /// The species of an atom by its element, else by its type.
  private mutating func species(
    _ words: [Range<Int>], _ columns: LAMMPSDumpColumns, _ scanner: TextScanner
  ) throws(InputError) -> Species {
    let name = scanner.text(words[columns.species])
    if let known = speciesOfName[name] { return known }
    let species: Species
    if let type = scanner.integer(words[columns.species]) {
      guard types.indices.contains(type - 1) else {
        throw scanner.problem(
          types.isEmpty
            ? "nothing tells the element of atom type \(type)"
            : "atom type \(type), but species of \(types.count) types are given",
          hint: "give them in the order of the types, such as --types Mg,Cl, or add element to the "
            + "columns of the dump command")
      }
      species = types[type - 1]
    } else {
      guard let found = lammpsSpecies(name) else {
        throw scanner.problem(
          "found \(quotedForMessage(name)), expected an element symbol",
          hint: SpeciesText.hint(name))
      }
      species = found
    }
    speciesOfName[name] = species
    return species
  }

  /// The header of the next frame and the lines of its atoms; nil after the last complete frame.
  private mutating func block() throws(InputError) -> (LAMMPSDumpHeader, LineBlock)? {
    number += 1
    guard try lines.peekWord() != nil else { return nil }
    var header = LAMMPSDumpHeader(place: "\(path):\(lines.lineNumber + 1)")
    while true {
      guard let item = try line(), let words = try header.item(item, path) else { return try cut() }
      switch words {
      case .atoms:
        guard header.count > 0 else {
          throw item.problem("no ITEM: NUMBER OF ATOMS before the atoms")
        }
        let atoms = try lines.take(header.count)
        guard atoms.isUsable(asFrame: number) else { return try cut() }
        return (header, atoms)
      case .values(let key, let count):
        var values: [TextScanner] = []
        for _ in 0..<count {
          guard let value = try line() else { return try cut() }
          values.append(value)
        }
        if key == .units {
          units = try LAMMPSDumpHeader.units(values[0])
        } else {
          try header.read(key, values)
        }
      }
    }
  }

  private mutating func cut<Value>() throws(InputError) -> Value? {
    warnings.append(try truncation(of: number, at: "\(path):\(lines.lineNumber)"))
    return nil
  }

  /// The next line with text; nil if the file ends before its end.
  private mutating func line() throws(InputError) -> TextScanner? {
    guard try lines.peekWord() != nil else { return nil }
    let block = try lines.take(1)
    guard block.isComplete else { return nil }
    return TextScanner(bytes: block.bytes, source: path, firstLine: block.firstLine)
  }
}
