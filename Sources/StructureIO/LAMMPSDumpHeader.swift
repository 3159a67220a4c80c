internal import Crystal

/// What stands before the atoms of a frame in a LAMMPS dump.
struct LAMMPSDumpHeader {
  let place: String
  private(set) var step: Int?
  private(set) var time: Double?
  private(set) var count = 0
  private(set) var columns: [String] = []
  private(set) var columnPlace = ""
  private var boxWords: [String] = []
  private var boxRows: [[Double]] = []

  init(place: String) { self.place = place }

  /// What follows the line of an item.
  enum Item {
    case values(Key, count: Int)
    case atoms
  }

  /// Items with values on the next lines.
  enum Key: String, CaseIterable {
    case step = "TIMESTEP"
    case time = "TIME"
    case units = "UNITS"
    case count = "NUMBER OF ATOMS"
    case box = "BOX BOUNDS"
  }

  /// Reads the line of an item.
  mutating func item(_ line: TextScanner, _ path: String) throws(InputError) -> Item? {
    var line = line
    guard let range = line.nextLine() else { return nil }
    let text = line.text(range).trimmed
    guard text.hasPrefix("ITEM: ") else {
      throw line.problem(
        "found \(quotedForMessage(text)), expected a line that begins with ITEM:",
        hint: "does the number of atoms agree with the lines below ITEM: ATOMS?")
    }
    let name = String(text.dropFirst(6)).trimmed
    let words = name.split(separator: " ").map(String.init)
    if words.first == "ATOMS" {
      columns = Array(words.dropFirst())
      columnPlace = line.place
      return .atoms
    }
    // TIMESTEP begins with TIME.
    let key = Key.allCases.first { name == $0.rawValue || name.hasPrefix($0.rawValue + " ") }
    guard let key else {
      throw line.problem(
        "found \(quotedForMessage(text)), expected an item of a dump of atoms",
        hint: "write the trajectory with dump atom or dump custom")
    }
    if key == .box { boxWords = Array(words.dropFirst(2)) }
    return .values(key, count: key == .box ? 3 : 1)
  }

  /// Reads the values of an item, one line each.
  mutating func read(_ key: Key, _ lines: [TextScanner]) throws(InputError) {
    for var line in lines {
      guard let range = line.nextLine() else { continue }
      let words = line.words(range)
      let numbers = words.compactMap { line.real($0) }
      switch key {
      case .step, .count:
        guard words.count == 1, let value = line.integer(words[0]), key == .step || value > 0 else {
          throw line.problem(
            "found \(line.quoted(range)), expected \(key == .step ? "the step" : "a number of atoms")"
          )
        }
        if key == .step { step = value } else { count = value }
      case .time:
        guard words.count == 1, let value = numbers.first else {
          throw line.problem("found \(line.quoted(range)), expected the time")
        }
        time = value
      case .box:
        guard numbers.count == words.count, (2...4).contains(words.count) else {
          throw line.problem("found \(line.quoted(range)), expected the bounds of the box, Å")
        }
        boxRows.append(numbers)
      case .units: break
      }
    }
  }

  /// The units, real or metal.
  static func units(_ line: TextScanner) throws(InputError) -> String {
    var line = line
    let text = line.nextLine().map { line.text($0).trimmed } ?? ""
    guard text == "real" || text == "metal" else {
      throw line.problem(
        "the units are \(quotedForMessage(text)), expected metal or real (lengths in Å)")
    }
    return text
  }

  /// Boundary flags, if they are not periodic everywhere.
  var openBoundaries: String? {
    let flags = boxWords.filter { $0.count == 2 && $0.allSatisfy { "pfsm".contains($0) } }
    return flags.allSatisfy { $0 == "pp" } ? nil : flags.joined(separator: " ")
  }

  /// The box of a frame.
  struct Box {
    let lattice: Lattice
    let origin: SIMD3<Double>
  }

  /// The box.
  ///
  /// The bounds of a triclinic box are those of its bounding box:
  ///
  ///     xlo_bound = xlo + min(0, xy, xz, xy + xz),  xhi_bound = xhi + max(0, xy, xz, xy + xz)
  ///     ylo_bound = ylo + min(0, yz),               yhi_bound = yhi + max(0, yz)          [Å]
  func box(number: Int, place: String) throws(InputError) -> Box {
    guard boxRows.count == 3 else {
      throw InputError(
        "frame \(number) has no ITEM: BOX BOUNDS; without a box, positions cannot be used",
        at: place)
    }
    let rows = boxRows
    let width = rows[0].count
    guard rows.allSatisfy({ $0.count == width }),
      width == (boxWords.contains("origin") ? 4 : boxWords.contains("xy") ? 3 : 2)
    else {
      throw InputError("the bounds of the box do not have the announced columns", at: place)
    }
    do {
      if width == 4 {
        let vectors = rows.map { SIMD3($0[0], $0[1], $0[2]) }
        return Box(
          lattice: try Lattice(a: vectors[0], b: vectors[1], c: vectors[2]),
          origin: SIMD3(rows[0][3], rows[1][3], rows[2][3]))
      }
      let (xy, xz, yz) = width == 3 ? (rows[0][2], rows[1][2], rows[2][2]) : (0, 0, 0)
      let x = (rows[0][0] - min(0, xy, xz, xy + xz), rows[0][1] - max(0, xy, xz, xy + xz))
      let y = (rows[1][0] - min(0, yz), rows[1][1] - max(0, yz))
      let z = (rows[2][0], rows[2][1])
      guard x.1 > x.0, y.1 > y.0, z.1 > z.0 else {
        throw InputError("the box of frame \(number) ends before it begins", at: place)
      }
      return Box(
        lattice: try Lattice(
          a: SIMD3(x.1 - x.0, 0, 0), b: SIMD3(xy, y.1 - y.0, 0), c: SIMD3(xz, yz, z.1 - z.0)),
        origin: SIMD3(x.0, y.0, z.0))
    } catch let error as InputError {
      throw error
    } catch {
      throw InputError("\(error)", at: place)
    }
  }
}

/// Where the values of an atom stand in its line.
struct LAMMPSDumpColumns {
  let id: Int?
  let charge: Int?

  /// The element, else the type.
  let species: Int

  /// Whether positions carry on across the boundary of the cell.
  let isUnwrapped: Bool

  private let position: [Int]
  private let isScaled: Bool
  private let images: [Int]?

  init(_ names: [String], at place: String) throws(InputError) {
    func columns(_ wanted: [String]) -> [Int]? {
      let found = wanted.compactMap { names.firstIndex(of: $0) }
      return found.count == wanted.count ? found : nil
    }
    id = names.firstIndex(of: "id")
    charge = names.firstIndex(of: "q")
    guard let species = names.firstIndex(of: "element") ?? names.firstIndex(of: "type") else {
      throw InputError("no column element or type", at: place)
    }
    self.species = species
    let images = columns(["ix", "iy", "iz"])
    if let found = columns(["xu", "yu", "zu"]) {
      (position, isScaled, isUnwrapped, self.images) = (found, false, true, nil)
    } else if let found = columns(["xsu", "ysu", "zsu"]) {
      (position, isScaled, isUnwrapped, self.images) = (found, true, true, nil)
    } else if let found = columns(["x", "y", "z"]) {
      (position, isScaled, isUnwrapped, self.images) = (found, false, images != nil, images)
    } else if let found = columns(["xs", "ys", "zs"]) {
      (position, isScaled, isUnwrapped, self.images) = (found, true, images != nil, images)
    } else {
      throw InputError(
        "no positions: found \(names.joined(separator: " "))", at: place,
        hint: "expected x y z, xs ys zs, xu yu zu or xsu ysu zsu")
    }
  }

  /// The position of an atom as a fraction of the box.
  func position(
    _ words: [Range<Int>], _ box: LAMMPSDumpHeader.Box, _ scanner: TextScanner
  ) throws(InputError) -> Fractional {
    var vector = SIMD3<Double>()
    for axis in 0..<3 {
      guard let value = scanner.real(words[position[axis]]) else {
        throw scanner.problem(
          "coordinate \(scanner.quoted(words[position[axis]])), expected a finite number")
      }
      vector[axis] = value
    }
    var f =
      isScaled ? vector : box.lattice.fractional(Cartesian(vector - box.origin)).components
    if let images {
      for axis in 0..<3 {
        guard let image = scanner.integer(words[images[axis]]) else {
          throw scanner.problem(
            "image flag \(scanner.quoted(words[images[axis]])), expected an integer")
        }
        f[axis] += Double(image)
      }
    }
    guard f.x.magnitude < coordinateLimit, f.y.magnitude < coordinateLimit,
      f.z.magnitude < coordinateLimit
    else { throw scanner.problem("an atom is absurdly far from the box") }
    return Fractional(f)
  }
}
