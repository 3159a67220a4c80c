internal import Crystal

/// What stands before the sections of a LAMMPS data file.
struct LAMMPSHeader {
  /// Number of atoms, as announced.
  private(set) var atoms: Int?

  /// Å/fs per unit of velocity.
  var velocityUnit = 1e-3

  private(set) var origin = SIMD3<Double>()
  private var limits: [SIMD2<Double>?] = [nil, nil, nil]
  private var tilt = SIMD3<Double>()
  private var vectors: [SIMD3<Double>?] = [nil, nil, nil]

  /// Reads one line; keys without meaning here are skipped.
  mutating func read(_ words: [Range<Int>], _ scanner: TextScanner) throws(InputError) {
    let key = words.drop { scanner.real($0) != nil }.map { scanner.text($0) }
      .joined(separator: " ")
    let values = words.prefix { scanner.real($0) != nil }.compactMap { scanner.real($0) }
    func expect(_ count: Int) throws(InputError) {
      guard values.count == count else {
        throw scanner.problem("found \(values.count) of \(count) numbers before \(key)")
      }
    }
    switch key {
    case "atoms":
      guard let count = scanner.integer(words[0]), count > 0 else {
        throw scanner.problem("found \(scanner.quoted(words[0])), expected the number of atoms")
      }
      guard count <= scanner.remainingBytes else {
        throw scanner.problem("\(count) atoms are announced, but the file is too short for them")
      }
      atoms = count
    case "xlo xhi", "ylo yhi", "zlo zhi":
      try expect(2)
      let axis = ["x", "y", "z"].firstIndex(of: String(key.prefix(1))) ?? 0
      guard values[1] > values[0] else {
        throw scanner.problem("the box ends at \(values[1]), but begins at \(values[0])")
      }
      limits[axis] = SIMD2(values[0], values[1])
      origin[axis] = values[0]
    case "xy xz yz":
      try expect(3)
      tilt = SIMD3(values[0], values[1], values[2])
    case "avec", "bvec", "cvec":
      try expect(3)
      vectors[["avec", "bvec", "cvec"].firstIndex(of: key) ?? 0] = SIMD3(
        values[0], values[1], values[2])
    case "abc origin":
      try expect(3)
      origin = SIMD3(values[0], values[1], values[2])
    default:
      guard !values.isEmpty, !key.isEmpty else {
        throw scanner.problem(
          "found \(scanner.quoted(words[0].lowerBound..<words[words.count - 1].upperBound)), "
            + "expected a line of the header such as \"8 atoms\", or the name of a section",
          hint: key.isEmpty
            ? nil
            : nearestMatch(to: key, among: LAMMPSSection.names).map { "did you mean \($0)?" })
      }
    }
  }

  /// The cell, Å.
  func lattice(_ scanner: TextScanner) throws(InputError) -> Lattice {
    do {
      if let a = vectors[0], let b = vectors[1], let c = vectors[2] {
        return try Lattice(a: a, b: b, c: c)
      }
      guard let x = limits[0], let y = limits[1], let z = limits[2] else {
        throw scanner.problem(
          "the header lacks the box",
          hint: "add lines such as: 0.0 8.5 xlo xhi, and the same for y and z")
      }
      return try Lattice(
        a: SIMD3(x.y - x.x, 0, 0), b: SIMD3(tilt.x, y.y - y.x, 0),
        c: SIMD3(tilt.y, tilt.z, z.y - z.x))
    } catch let error as LatticeError {
      throw scanner.problem(error.description)
    } catch let error as InputError {
      throw error
    } catch {
      throw scanner.problem("\(error)")
    }
  }
}

/// The name of a section, and the style that stands in a comment behind it.
struct LAMMPSSection {
  let name: String
  let style: String?

  init?(_ words: [Range<Int>], _ comment: [Range<Int>], _ scanner: TextScanner) {
    guard scanner.bytes[words[0].lowerBound] >= UInt8(ascii: "A") else { return nil }
    let name = words.map { scanner.text($0) }.joined(separator: " ")
    guard LAMMPSSection.names.contains(name) else { return nil }
    self.name = name
    style = comment.first.map { scanner.text($0) }
  }

  /// Every section of `read_data`.
  static let names = [
    "Atoms", "Velocities", "Masses", "Ellipsoids", "Lines", "Triangles", "Bodies", "Bonds",
    "Angles", "Dihedrals", "Impropers", "Atom Type Labels", "Bond Type Labels",
    "Angle Type Labels", "Dihedral Type Labels", "Improper Type Labels", "Pair Coeffs",
    "PairIJ Coeffs", "Bond Coeffs", "Angle Coeffs", "Dihedral Coeffs", "Improper Coeffs",
    "BondBond Coeffs", "BondAngle Coeffs", "MiddleBondTorsion Coeffs", "EndBondTorsion Coeffs",
    "AngleTorsion Coeffs", "AngleAngleTorsion Coeffs", "BondBond13 Coeffs", "AngleAngle Coeffs",
  ]
}

/// The atoms of a LAMMPS data file in the order of its lines.
struct LAMMPSAtoms {
  let lattice: Lattice
  private(set) var ids: [Int] = []
  private(set) var types: [Int] = []
  private(set) var charges: [Double] = []
  private(set) var positions: [Fractional] = []
  private(set) var notes = AtomNotesReader(count: 0)
  private var style: String?
  private let origin: SIMD3<Double>

  init(style: String?, lattice: Lattice, origin: SIMD3<Double>) {
    self.style = style
    self.lattice = lattice
    self.origin = origin
  }

  /// Reads one line.
  mutating func append(
    _ words: [Range<Int>], _ comment: [Range<Int>], _ typeOfName: [String: Int],
    _ header: LAMMPSHeader, _ scanner: TextScanner
  ) throws(InputError) {
    let style: String
    if let known = self.style { style = known } else { style = try guess(words, scanner) }
    self.style = style
    // Position of type, charge and coordinates in the line.
    let (type, charge, x): (Int, Int?, Int)
    switch style {
    case "atomic": (type, charge, x) = (1, nil, 2)
    case "charge": (type, charge, x) = (1, 2, 3)
    case "molecular", "bond", "angle": (type, charge, x) = (2, nil, 3)
    case "full": (type, charge, x) = (2, 3, 4)
    default:
      throw scanner.problem(
        "atom style \(quotedForMessage(style)), expected atomic, charge, molecular or full")
    }
    guard words.count == x + 3 || words.count == x + 6 else {
      throw scanner.problem(
        "found \(words.count) words, expected \(x + 3), or \(x + 6) with image flags, for an atom of "
          + "style \(style)", hint: "name the style in a comment: Atoms # charge")
    }
    guard let id = scanner.integer(words[0]), id > 0 else {
      throw scanner.problem("found \(scanner.quoted(words[0])), expected the number of the atom")
    }
    guard
      let number = scanner.integer(words[type]) ?? typeOfName[scanner.text(words[type])],
      number > 0
    else { throw scanner.problem("found \(scanner.quoted(words[type])), expected an atom type") }
    var numbers = SIMD4<Double>()
    for (slot, index) in [charge, x, x + 1, x + 2].enumerated() {
      guard let index else { continue }
      guard let value = scanner.real(words[index]) else {
        throw scanner.problem("found \(scanner.quoted(words[index])), expected a finite number")
      }
      numbers[slot] = value
    }
    let point = SIMD3(numbers.y, numbers.z, numbers.w) - origin
    let fractional = lattice.fractional(Cartesian(point)).components
    guard fractional.x.magnitude < coordinateLimit, fractional.y.magnitude < coordinateLimit,
      fractional.z.magnitude < coordinateLimit
    else { throw scanner.problem("atom \(id) is absurdly far from the cell") }
    ids.append(id)
    types.append(number)
    charges.append(numbers.x)
    positions.append(Fractional(fractional))
    notes.read(comment[...], scanner)
  }

  /// The style that a line of this many words has.
  private func guess(_ words: [Range<Int>], _ scanner: TextScanner) throws(InputError) -> String {
    switch words.count {
    case 5, 8: return "atomic"
    case 7, 10: return "full"
    case 6, 9: return scanner.integer(words[2]) == nil ? "charge" : "molecular"
    default:
      throw scanner.problem(
        "found \(words.count) words, expected 5 to 10 for an atom",
        hint: "name the style in a comment: Atoms # charge")
    }
  }
}
