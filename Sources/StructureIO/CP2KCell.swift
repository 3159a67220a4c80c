internal import Crystal

/// Å per unit of length of CP2K, nil for what is no length.
func cp2kLength(_ unit: String) -> Double? {
  switch unit.lowercased() {
  case "angstrom": 1
  case "bohr", "internal_cp2k", "au_l": UnitFactor.bohr
  case "nm": 10
  case "pm": 0.01
  case "m": 1e10
  default: nil
  }
}

/// The section `&CELL`.
struct CP2KCell {
  private var vectors: [SIMD3<Double>?] = [nil, nil, nil]
  private var lengths: SIMD3<Double>?
  private var angles = SIMD3<Double>(repeating: 90)
  private var place: String?

  /// Reads one keyword.
  mutating func read(
    _ key: String, _ words: [Range<Int>], _ scanner: TextScanner
  ) throws(InputError) {
    switch key {
    case "A", "B", "C":
      place = scanner.place
      vectors[["A", "B", "C"].firstIndex(of: key) ?? 0] = try numbers(words, scanner)
    case "ABC":
      place = scanner.place
      lengths = try numbers(words, scanner)
    case "ALPHA_BETA_GAMMA", "ANGLES": angles = try numbers(words, scanner)
    case "CELL_FILE_NAME":
      throw scanner.problem("the cell is in another file", hint: "write A, B and C instead")
    case "MULTIPLE_UNIT_CELL":
      let counts = words.dropFirst().compactMap { scanner.integer($0) }
      guard counts == [1, 1, 1] else {
        throw scanner.problem("MULTIPLE_UNIT_CELL is not read", hint: "write the whole supercell")
      }
    default: break
    }
  }

  /// Three numbers behind a key, with a unit in brackets before them.
  private func numbers(_ words: [Range<Int>], _ scanner: TextScanner) throws(InputError)
    -> SIMD3<Double>
  {
    var rest = words.dropFirst()
    var factor = 1.0
    if let first = rest.first, scanner.bytes[first.lowerBound] == UInt8(ascii: "[") {
      let unit = scanner.text(first).filter { $0 != "[" && $0 != "]" }
      if unit.lowercased() != "deg" {
        guard let known = cp2kLength(unit) else {
          throw scanner.problem(
            "the unit is \(quotedForMessage(unit)), expected angstrom, bohr, nm or deg")
        }
        factor = known
      }
      rest = rest.dropFirst()
    }
    var vector = SIMD3<Double>()
    guard rest.count == 3 else { throw scanner.problem("found \(rest.count) of 3 numbers") }
    for (axis, word) in rest.enumerated() {
      guard let value = scanner.real(word) else {
        throw scanner.problem("found \(scanner.quoted(word)), expected a finite number")
      }
      vector[axis] = factor * value
    }
    return vector
  }

  /// The cell, Å.
  func lattice(source: String) throws(InputError) -> Lattice {
    do {
      if let a = vectors[0], let b = vectors[1], let c = vectors[2] {
        return try Lattice(a: a, b: b, c: c)
      }
      guard let lengths else {
        throw InputError(
          "no cell: &CELL with A, B and C, or with ABC, is missing in &SUBSYS", at: source)
      }
      return try Lattice(lengths: lengths, anglesDegrees: angles)
    } catch let error as InputError {
      throw error
    } catch {
      throw InputError("\(error)", at: place ?? source)
    }
  }
}
