internal import Crystal

/// The sites listed in a CIF block.
struct CIFSites {
  /// The loop that holds them.
  let loop: CIFColumn

  /// The row of each site in the loop; rows without coordinates are left out.
  private(set) var rows: [Int] = []
  private(set) var positions: [SIMD3<Double>] = []
  private(set) var species: [Species] = []
  private(set) var labels: [String] = []
  private(set) var occupancies: [Double] = []

  /// Standard uncertainties of the occupancies; nil where the file gives none.
  private(set) var occupancyUncertainties: [Double?] = []

  /// Disorder assemblies and groups, `.` for none; empty if the file has none.
  private(set) var disorderAssemblies: [String] = []
  private(set) var disorderGroups: [String] = []

  /// Wyckoff letters or labels as written, if the file has them.
  private(set) var wyckoff: [String]?
  private(set) var multiplicities: [Int?]?
  private(set) var warnings: [String] = []

  /// The place of the loop.
  var place: String { loop.place }

  init(_ block: CIFBlock) throws(InputError) {
    guard let x = block.column("_atom_site_fract_x") else {
      throw InputError("no atoms (_atom_site_fract_x)", at: block.source)
    }
    loop = x
    guard let y = block.column("_atom_site_fract_y", beside: x),
      let z = block.column("_atom_site_fract_z", beside: x)
    else {
      throw InputError("_atom_site_fract_y or _atom_site_fract_z is missing", at: x.place)
    }
    let type = block.column("_atom_site_type_symbol", beside: x)
    let label = block.column("_atom_site_label", beside: x)
    guard type != nil || label != nil else {
      throw InputError("_atom_site_type_symbol and _atom_site_label are missing", at: x.place)
    }
    try readPositions([x, y, z], flags: block.column("_atom_site_calc_flag", beside: x))
    guard !rows.isEmpty else { throw InputError("no site has coordinates", at: x.place) }
    try readSpecies(type: type, label: label, states: CIFSites.oxidationStates(block))
    if let occupancy = block.column("_atom_site_occupancy", beside: x) {
      try readOccupancies(occupancy)
    } else {
      occupancies = [Double](repeating: 1, count: rows.count)
      occupancyUncertainties = [Double?](repeating: nil, count: rows.count)
    }
    readDisorder(block)
    let letters = block.column(
      "_atom_site_wyckoff_symbol", "_atom_site_wyckoff_label", "_atom_site_wyckoff_letter",
      beside: x)
    if let letters, rows.contains(where: { !letters.isNull($0) }) {
      wyckoff = rows.map { letters.text($0) }
    }
    let counts = block.column(
      "_atom_site_site_symmetry_multiplicity", "_atom_site_symmetry_multiplicity", beside: x)
    if let counts { multiplicities = rows.map { NumberReader.integer(counts.text($0)) } }
    if let hydrogens = block.column("_atom_site_attached_hydrogens", beside: x),
      rows.contains(where: { (hydrogens.real($0) ?? 0) > 0 })
    {
      warnings.append(
        "\(x.place): attached hydrogens (_atom_site_attached_hydrogens) were not read")
    }
  }

  private mutating func readPositions(
    _ columns: [CIFColumn], flags: CIFColumn?
  ) throws(InputError) {
    rows.reserveCapacity(loop.rows)
    positions.reserveCapacity(loop.rows)
    var missing = 0
    let coordinates = columns.map { $0.reals() }
    let (x, y, z) = (coordinates[0], coordinates[1], coordinates[2])
    for row in 0..<loop.rows {
      if flags == nil, let x = x[row], let y = y[row], let z = z[row],
        max(x.magnitude, y.magnitude, z.magnitude) < coordinateLimit
      {
        rows.append(row)
        positions.append(SIMD3(x, y, z))
        continue
      }
      if columns.contains(where: { $0.isNull(row) }) || flags?.text(row) == "dum" {
        missing += 1
        continue
      }
      var position = SIMD3<Double>()
      for axis in 0..<3 {
        guard let value = coordinates[axis][row], value.magnitude < coordinateLimit else {
          throw InputError(
            "coordinate \(["x", "y", "z"][axis]) in row \(row + 1) of the atoms is "
              + "\(quotedForMessage(columns[axis].text(row))), expected a fractional coordinate",
            at: columns[axis].place(row))
        }
        position[axis] = value
      }
      rows.append(row)
      positions.append(position)
    }
    if missing > 0 {
      warnings.append("\(place): \(missing) sites without coordinates were not read")
    }
  }

  private mutating func readSpecies(
    type: CIFColumn?, label: CIFColumn?, states: [String: Double]
  ) throws(InputError) {
    var known: [String: Species] = [:]
    var last: (text: String, species: Species)?
    species.reserveCapacity(rows.count)
    labels.reserveCapacity(rows.count)
    for row in rows {
      let label = label?.text(row) ?? ""
      let symbol = type?.text(row) ?? ""
      let text = symbol.isEmpty ? label : symbol
      let entry: Species
      // Neighbouring rows mostly hold the same species.
      if let last, last.text == text {
        entry = last.species
      } else if let found = known[text] {
        entry = found
      } else {
        let read = symbol.isEmpty ? CIFSites.species(label: label) : CIFSites.species(type: symbol)
        guard var found = read else {
          throw InputError(
            "row \(row + 1) of the atoms is of unknown element \(quotedForMessage(text))",
            at: loop.place(row),
            hint: SpeciesText.hint(text.filter { $0.isLetter }))
        }
        if SpeciesText.isHydrogenIsotope(text.filter { $0.isLetter }) {
          warnings.append("\(place): \(text) is read as H")
        }
        if let state = states[text] {
          if let own = found.oxidationState, own != state {
            warnings.append(
              "\(place): \(text) has oxidation number \(state) in the table of atom types, which counts"
            )
          }
          if !found.isVacancy { found.oxidationState = state }
        }
        known[text] = found
        entry = found
      }
      last = (text, entry)
      species.append(entry)
      let word = oneWord(label)
      labels.append(word.isEmpty ? "\(entry.element)\(row + 1)" : word)
    }
  }

  /// `Mn3+`, `Mn`, also in capitals, and other text behind the symbol that is no oxidation state.
  private static func species(type: String) -> Species? {
    if let species = SpeciesText.read(type) { return species }
    let letters = type.prefix { $0.isLetter && $0.isASCII }
    return SpeciesText.element(String(letters)).map { Species($0) }
  }

  /// The element at the start of a label: `Mg` of `Mg1A`, `O` of `Ow2`, `Mg` of `MG1`.
  private static func species(label: String) -> Species? {
    if let species = SpeciesText.read(label) { return species }
    let letters = label.prefix { $0.isLetter && $0.isASCII }
    let candidates = [String(letters), String(letters.prefix(2)), String(letters.prefix(1))]
    for candidate in candidates {
      if candidate == "X" { return Species(.dummy) }
      if let element = Element(symbol: candidate) { return Species(element) }
    }
    return SpeciesText.element(String(letters.prefix(2))).map { Species($0) }
      ?? SpeciesText.element(String(letters.prefix(1))).map { Species($0) }
  }

  /// Oxidation numbers by type symbol.
  private static func oxidationStates(_ block: CIFBlock) throws(InputError) -> [String: Double] {
    guard let symbols = block.column("_atom_type_symbol"),
      let numbers = block.column("_atom_type_oxidation_number", beside: symbols)
    else { return [:] }
    var states: [String: Double] = [:]
    for row in 0..<symbols.rows where !numbers.isNull(row) {
      guard let state = numbers.real(row), state.magnitude <= SpeciesText.stateLimit else {
        throw InputError(
          "the oxidation number of \(symbols.text(row)) is "
            + "\(quotedForMessage(numbers.text(row))), expected -20 to 20", at: numbers.place)
      }
      states[symbols.text(row)] = state
    }
    return states
  }

  /// A site without a number is full; a number outside 0 to 1 by no more than its standard
  /// uncertainty is the nearest of the two.
  private mutating func readOccupancies(_ column: CIFColumn) throws(InputError) {
    occupancies.reserveCapacity(rows.count)
    var missing: [String] = []
    let values = column.reals()
    for (n, row) in rows.enumerated() {
      if values[row] == 0 || values[row] == 1, column.uncertainty(row) == nil {
        occupancies.append(values[row] ?? 1)
        occupancyUncertainties.append(nil)
        continue
      }
      if column.isNull(row) { missing.append(labels[n]) }
      guard let value = column.isNull(row) ? 1 : values[row] else {
        throw InputError(
          "occupancy of \(labels[n]) is \(quotedForMessage(column.text(row))), expected a number",
          at: column.place(row))
      }
      let uncertainty = column.uncertainty(row)
      let slack = max(uncertainty ?? 0, CIFSites.occupancySlack)
      guard value >= -(uncertainty ?? 0), value <= 1 + slack else {
        throw InputError(
          "occupancy of \(labels[n]) is \(value), expected 0 to 1", at: column.place(row),
          hint: value >= 2 && value <= 100 ? "write 83.6 % as 0.836" : nil)
      }
      if value < 0 || value > 1 {
        warnings.append(
          "\(column.place(row)): occupancy of \(labels[n]) is \(value), taken as "
            + (value < 0 ? "0" : "1"))
      }
      occupancies.append(max(0, min(value, 1)))
      occupancyUncertainties.append(uncertainty)
    }
    if !missing.isEmpty {
      warnings.append(
        "\(column.place): no occupancy is given for \(shortList(missing)), taken as 1")
    }
  }

  private mutating func readDisorder(_ block: CIFBlock) {
    guard let groups = block.column("_atom_site_disorder_group", beside: loop) else { return }
    let assemblies = block.column("_atom_site_disorder_assembly", beside: loop)
    func word(_ column: CIFColumn?, _ row: Int) -> String {
      let text = oneWord(column?.text(row) ?? "")
      return text.isEmpty || text == "0" ? "." : text
    }
    let named = rows.map { word(groups, $0) }
    guard named.contains(where: { $0 != "." }) else { return }
    disorderGroups = named
    disorderAssemblies = rows.map { word(assemblies, $0) }
  }

  /// Occupancies without an uncertainty may exceed 1 by this much, by rounding.
  private static let occupancySlack = 0.001
}

/// The text with `_` for white space.
func oneWord(_ text: String) -> String {
  guard text.utf8.contains(where: isSpace) else { return text }
  return text.split(whereSeparator: \.isWhitespace).joined(separator: "_")
}
