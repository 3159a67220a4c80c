internal import Crystal

/// Turns the JSON of one structure of pymatgen into a structure.
struct PymatgenReader {
  private let source: String
  private var warnings: [String] = []

  private var species: [Species] = []
  private var positions: [Fractional] = []
  private var occupancies: [Double] = []
  private var siteLabels: [String] = []
  private var hasOwnLabels = false

  /// The site that each atom belongs to.
  private var siteOfAtom: [Int] = []

  init(source: String) { self.source = source }

  private func problem(_ message: String, _ value: JSONText, hint: String? = nil) -> InputError {
    InputError(message, at: "\(source):\(value.line)", hint: hint)
  }

  mutating func read(_ root: JSONText) throws(InputError) -> StructureReading {
    var info: [Structure.InfoEntry] = []
    var body = root
    if let inner = root["structure"] {
      body = inner
      if let energy = root["energy"]?.number { info.append(.init("energy", "\(energy)")) }
    }
    guard let cell = body["lattice"] else {
      throw problem(
        "no lattice", body, hint: "expected the dictionary of a Structure of pymatgen")
    }
    let lattice = try lattice(cell)
    guard let sites = body["sites"]?.array, !sites.isEmpty else {
      throw problem("no sites", body)
    }
    for site in sites { try readSite(site, lattice) }
    var columns = try properties(sites)
    if hasOwnLabels { columns.append(Column(Column.Name.fileLabel, .text(siteLabels))) }
    if occupancies.contains(where: { $0 != 1 }) {
      columns.append(Column(Column.Name.occupancy, .real(occupancies)))
    }
    var title = ""
    for (key, value) in body["properties"]?.object ?? [] {
      if key == "title", let text = value.text {
        title = text
      } else if let text = value.text ?? value.number.map({ "\($0)" }) {
        info.append(.init(key, text))
      } else if !value.isNull {
        warnings.append("\(source):\(value.line): the property \(key) was not read")
      }
    }
    return StructureReading(
      Structure(
        lattice: lattice, species: species, positions: positions, columns: columns, title: title,
        info: info), warnings: warnings)
  }

  private mutating func lattice(_ cell: JSONText) throws(InputError) -> Lattice {
    let isOpen = (cell["pbc"]?.array ?? []).contains {
      if case .logical(false) = $0.value { true } else { false }
    }
    if isOpen {
      warnings.append(
        "\(source):\(cell.line): not periodic in all directions, taken to be so")
    }
    do {
      if let rows = cell["matrix"]?.array {
        guard rows.count == 3, let a = rows[0].vector, let b = rows[1].vector,
          let c = rows[2].vector
        else { throw problem("the matrix of the lattice is not three rows of three numbers", cell) }
        return try Lattice(a: a, b: b, c: c)
      }
      var numbers: [Double] = []
      for key in ["a", "b", "c", "alpha", "beta", "gamma"] {
        guard let value = cell[key]?.number else {
          throw problem("the lattice has neither a matrix nor the number \(key)", cell)
        }
        numbers.append(value)
      }
      return try Lattice(
        lengths: SIMD3(numbers[0], numbers[1], numbers[2]),
        anglesDegrees: SIMD3(numbers[3], numbers[4], numbers[5]))
    } catch let error as InputError {
      throw error
    } catch {
      throw problem("\(error)", cell)
    }
  }

  private mutating func readSite(_ site: JSONText, _ lattice: Lattice) throws(InputError) {
    let number = (siteOfAtom.last ?? -1) + 1
    let position: Fractional
    if let abc = site["abc"]?.vector {
      position = Fractional(abc)
    } else if let xyz = site["xyz"]?.vector {
      position = lattice.fractional(Cartesian(xyz))
    } else {
      throw problem("site \(number + 1) has neither abc nor xyz with three numbers", site)
    }
    let size = position.components
    guard max(size.x.magnitude, size.y.magnitude, size.z.magnitude) < coordinateLimit else {
      throw problem("site \(number + 1) is absurdly far from the cell", site)
    }
    guard let occupants = site["species"]?.array, !occupants.isEmpty else {
      throw problem("site \(number + 1) has no species", site)
    }
    var total = 0.0
    for occupant in occupants {
      let species = try species(occupant, number)
      let occupancy = occupant["occu"]?.number ?? 1
      guard occupancy >= 0, occupancy <= 1 + PymatgenReader.slack else {
        throw problem(
          "occupancy of \(species) on site \(number + 1) is \(occupancy), expected 0 to 1", occupant
        )
      }
      total += occupancy
      self.species.append(species)
      positions.append(position)
      occupancies.append((occupancy - 1).magnitude < PymatgenReader.slack ? 1 : occupancy)
      siteOfAtom.append(number)
      let label = oneWord(site["label"]?.text ?? "")
      let isPlain =
        label.isEmpty || occupants.count > 1 && label.contains(":")
        || self.species.suffix(occupants.count).contains {
          PymatgenReader.defaultLabels($0).contains(label)
        }
      hasOwnLabels = hasOwnLabels || !isPlain
      siteLabels.append(label.isEmpty ? species.element.symbol : label)
    }
    guard total <= 1 + PymatgenReader.slack else {
      throw problem("the occupancies of site \(number + 1) add up to \(fixed(total, 4))", site)
    }
  }

  /// The labels that pymatgen gives by itself.
  private static func defaultLabels(_ species: Species) -> [String] {
    [species.element.symbol, species.description, SpeciesText.write(species)]
  }

  private func species(_ occupant: JSONText, _ site: Int) throws(InputError) -> Species {
    guard let symbol = occupant["element"]?.text else {
      throw problem("a species of site \(site + 1) has no element", occupant)
    }
    // Isotopes and dummies with a name, `X0+`, `Xa`.
    let letters = String(symbol.prefix { $0.isLetter && $0.isASCII })
    let isDummy = letters.hasPrefix("X") && Element(symbol: letters) == nil
    guard let element = isDummy ? .dummy : SpeciesText.element(letters) else {
      throw problem(
        "site \(site + 1) is of unknown element \(quotedForMessage(symbol))", occupant,
        hint: SpeciesText.hint(symbol))
    }
    guard let state = occupant["oxidation_state"]?.number else { return Species(element) }
    guard state.magnitude <= SpeciesText.stateLimit else {
      throw problem("\(symbol) has oxidation state \(state), expected -20 to 20", occupant)
    }
    return Species(element, oxidationState: isDummy && state == 0 ? nil : state)
  }

  /// The columns of the site properties that every site has, of one type throughout.
  private mutating func properties(_ sites: [JSONText]) throws(InputError) -> [Column] {
    // In the order in which they first appear.
    var names: [String] = []
    var known: Set<String> = []
    for site in sites {
      for entry in site["properties"]?.object ?? [] where known.insert(entry.key).inserted {
        names.append(entry.key)
      }
    }
    var columns: [Column] = []
    for name in names {
      let perSite = sites.map { $0["properties"]?[name] }
      let present = perSite.compactMap { $0 }
      let column = PymatgenJSON.columnOfProperty[name] ?? oneWord(name)
      if present.count == sites.count, ColumnField.isName(column),
        let values = PymatgenReader.values(
          present, areReal: [Column.Name.charge, Column.Name.magneticMoment].contains(column))
      {
        let ofSites = Column(column, width: values.width, values.values)
        columns.append(ofSites.selecting(siteOfAtom))
      } else if !present.isEmpty {
        warnings.append(
          "\(source): the site property \(name) is not of one kind on every site; it was not read")
      }
    }
    return columns
  }

  /// Values of one type and width, nil if they differ.
  private static func values(
    _ values: [JSONText], areReal: Bool
  ) -> (width: Int, values: Column.Values)? {
    let width = values[0].array?.count ?? 1
    guard width > 0, width <= ColumnField.widthLimit else { return nil }
    var flat: [JSONText] = []
    for value in values {
      let parts = value.array ?? [value]
      guard parts.count == width, (value.array == nil) == (values[0].array == nil) else {
        return nil
      }
      flat += parts
    }
    let integers = areReal ? [] : flat.compactMap(\.integer)
    if integers.count == flat.count { return (width, .integer(integers)) }
    let numbers = flat.compactMap(\.number)
    if numbers.count == flat.count {
      return (width, .real(numbers))
    }
    let words = flat.compactMap(\.text).filter { !$0.isEmpty }
    if words.count == flat.count { return (width, .text(words.map(oneWord))) }
    let flags = flat.compactMap { value -> Bool? in
      if case .logical(let flag) = value.value { flag } else { nil }
    }
    return flags.count == flat.count ? (width, .logical(flags)) : nil
  }

  /// Occupancies may exceed 1 by rounding.
  private static let slack = 1e-6
}
