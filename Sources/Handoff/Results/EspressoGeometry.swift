internal import Crystal

/// The last structure in a part of what `pw.x` prints.
struct EspressoGeometry {
  private let text: ResultText
  private let range: Range<Int>

  /// Å per unit of length that the program calls alat.
  private let alat: Double

  /// Atoms in the cell.
  private let count: Int

  /// Finds the numbers that every run prints at its beginning; nil before they are printed.
  init?(_ text: ResultText, _ range: Range<Int>) {
    guard let alat = text.firstReal(text.firstRest("celldm(1)=", in: range)), alat > 0,
      let count = text.firstInteger(text.firstRest("number of atoms/cell      =", in: range)),
      count > 0, text.has("site n.", in: range)
    else { return nil }
    self.text = text
    self.range = range
    self.alat = alat * UnitFactor.bohr
    self.count = count
  }

  /// The structure: that of the beginning, unless a later one is printed.
  func structure() throws(InputError) -> Structure {
    let lattice = try lattice()
    guard let card = text.last("ATOMIC_POSITIONS", in: range) else { return try first(lattice) }
    let unit = word(inLine: card)
    return try structure(lattice, text.lines(after: card, count: count), unit: unit)
  }

  private func lattice() throws(InputError) -> Lattice {
    var rows: [SIMD3<Double>] = []
    let place: Int
    if let card = text.last("CELL_PARAMETERS", in: range) {
      place = card
      let unit = word(inLine: card)
      var factor = try factor(unit, card)
      // `(alat= 5.58547550)`, in bohr.
      if unit == "alat", let sign = text.first("=", in: text.restOfLine(card)) {
        let digits = text.text(text.restOfLine(sign + 1)).prefix { $0 != ")" }
        factor = NumberReader.real(digits).map { $0 * UnitFactor.bohr } ?? factor
      }
      rows = text.lines(after: card, count: 3).compactMap { text.vector($0) }.map { factor * $0 }
    } else {
      place = text.first("crystal axes:", in: range) ?? range.lowerBound
      rows = text.lines(after: place, count: 3).compactMap { line in
        text.last("(", in: line).flatMap { text.vector(($0 + 1)..<line.upperBound) }
      }.map { alat * $0 }
    }
    guard rows.count == 3 else {
      throw text.problem("the lattice vectors are not three rows of three numbers", at: place)
    }
    do {
      return try Lattice(a: rows[0], b: rows[1], c: rows[2])
    } catch {
      throw text.problem("\(error)", at: place)
    }
  }

  /// `   1   Ni  tau(   1) = (   0.0   0.0   0.0  )`, in alat.
  private func first(_ lattice: Lattice) throws(InputError) -> Structure {
    guard let table = text.last("site n.", in: range) else {
      throw text.problem("no atoms", at: range.lowerBound)
    }
    var species: [Species] = []
    var positions: [Fractional] = []
    for line in text.lines(after: table, count: count) {
      let words = text.strings(line)
      guard words.count > 2, let element = EspressoSettings.element(words[1]),
        let open = text.last("(", in: line), let point = text.vector((open + 1)..<line.upperBound)
      else { throw text.problem("no element and position of an atom", at: line.lowerBound) }
      species.append(Species(element))
      positions.append(lattice.fractional(Cartesian(alat * point)))
    }
    guard species.count == count else {
      throw text.problem("found \(species.count) of \(count) atoms", at: table)
    }
    return Structure(lattice: lattice, species: species, positions: positions)
  }

  private func structure(
    _ lattice: Lattice, _ lines: [Range<Int>], unit: String
  ) throws(InputError) -> Structure {
    var species: [Species] = []
    var positions: [Fractional] = []
    for line in lines {
      let words = text.words(line, limit: 1)
      guard let word = words.first, let element = EspressoSettings.element(text.text(word)),
        let point = text.vector(line, from: 1)
      else { throw text.problem("no element and position of an atom", at: line.lowerBound) }
      species.append(Species(element))
      positions.append(
        unit == "crystal"
          ? Fractional(point)
          : lattice.fractional(Cartesian(try factor(unit, line.lowerBound) * point)))
    }
    guard species.count == count else {
      throw text.problem("found \(species.count) of \(count) atoms", at: range.upperBound)
    }
    return Structure(lattice: lattice, species: species, positions: positions)
  }

  /// The unit in the line of a card: `angstrom` of `CELL_PARAMETERS (angstrom)`.
  private func word(inLine card: Int) -> String {
    let line = text.text(text.restOfLine(card))
    return line.drop { $0 != " " && $0 != "(" }.drop { !$0.isLetter }.prefix { $0.isLetter }
      .lowercased()
  }

  private func factor(_ unit: String, _ place: Int) throws(InputError) -> Double {
    switch unit {
    case "angstrom": return 1
    case "bohr": return UnitFactor.bohr
    case "alat": return alat
    default:
      throw text.problem("lengths in \"\(unit)\", expected angstrom, bohr or alat", at: place)
    }
  }
}
