internal import Crystal

/// The cell in `&SYSTEM` of `pw.x`: a Bravais lattice by number, with its parameters.
struct EspressoCell {
  private let ibrav: Int

  /// The unit of lengths `alat`, Å; nil if neither celldm(1) nor A is given.
  let alat: Double?

  private let place: String
  private let b: Double
  private let c: Double
  /// Cosines of α (b, c), β (a, c), γ (a, b).
  private let cosines: SIMD3<Double>
  private let given: Set<String>

  /// Whether the vectors stand in a card of their own.
  var isFree: Bool { ibrav == 0 }

  init(system: [String: (text: String, place: String)], source: String) throws(InputError) {
    func number(_ key: String) throws(InputError) -> Double? {
      guard let entry = system[key] else { return nil }
      guard let value = NumberReader.real(entry.text) else {
        throw InputError(
          "\(key) is \(quotedForMessage(entry.text)), expected a finite number", at: entry.place)
      }
      return value
    }
    guard let entry = system["ibrav"], let ibrav = NumberReader.integer(entry.text) else {
      throw InputError(
        "ibrav is missing or no integer", at: system["ibrav"]?.place ?? source,
        hint: "write ibrav = 0 and a card CELL_PARAMETERS")
    }
    self.ibrav = ibrav
    place = entry.place
    given = Set(system.keys)
    let first = try number("celldm(1)")
    let length = try number("a")
    guard first == nil || length == nil else {
      throw InputError("both celldm(1) and A are given, expected one of them", at: place)
    }
    if let first {
      let unit = first * UnitFactor.bohr
      alat = unit
      b = unit * (try number("celldm(2)") ?? 1)
      c = unit * (try number("celldm(3)") ?? 1)
      let (four, five, six) = (
        try number("celldm(4)") ?? 0, try number("celldm(5)") ?? 0, try number("celldm(6)") ?? 0
      )
      // celldm(4) is the cosine of γ but for triclinic lattices, where it is that of α.
      cosines = abs(ibrav) == 14 ? SIMD3(four, five, six) : SIMD3(four, five, four)
    } else {
      alat = length
      b = try number("b") ?? length ?? 1
      c = try number("c") ?? length ?? 1
      let ab = try number("cosab") ?? 0
      cosines = SIMD3(try number("cosbc") ?? 0, try number("cosac") ?? 0, ab)
    }
  }

  /// The lattice of `ibrav`, with the vectors of the documentation of `pw.x`.
  func lattice() throws(InputError) -> Lattice {
    guard let a = alat else {
      throw InputError("ibrav = \(ibrav) needs celldm(1) or A", at: place)
    }
    for (key, own, needed) in [
      ("celldm(2)", "b", [8, 9, 10, 11, 12, 13, 14, 91]),
      ("celldm(3)", "c", [4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 91]),
    ] where needed.contains(abs(ibrav)) && !given.contains(key) && !given.contains(own) {
      throw InputError("ibrav = \(ibrav) needs \(key) or \(own.uppercased())", at: place)
    }
    guard let rows = rows(a) else {
      throw InputError(
        "ibrav is \(ibrav), expected a number of the documentation of pw.x", at: place,
        hint: "write ibrav = 0 and a card CELL_PARAMETERS")
    }
    do {
      return try Lattice(a: rows[0], b: rows[1], c: rows[2])
    } catch {
      throw InputError(error.description, at: place)
    }
  }

  private func rows(_ a: Double) -> [SIMD3<Double>]? {
    let h = a / 2
    let sinGamma = (1 - cosines.z * cosines.z).squareRoot()
    let sinBeta = (1 - cosines.y * cosines.y).squareRoot()
    switch ibrav {
    case 1: return [SIMD3(a, 0, 0), SIMD3(0, a, 0), SIMD3(0, 0, a)]
    case 2: return [SIMD3(-h, 0, h), SIMD3(0, h, h), SIMD3(-h, h, 0)]
    case 3: return [SIMD3(h, h, h), SIMD3(-h, h, h), SIMD3(-h, -h, h)]
    case -3: return [SIMD3(-h, h, h), SIMD3(h, -h, h), SIMD3(h, h, -h)]
    case 4: return [SIMD3(a, 0, 0), SIMD3(-h, a * 0.75.squareRoot(), 0), SIMD3(0, 0, c)]
    case 5, -5: return rhombohedral(a)
    case 6: return [SIMD3(a, 0, 0), SIMD3(0, a, 0), SIMD3(0, 0, c)]
    case 7: return [SIMD3(h, -h, c / 2), SIMD3(h, h, c / 2), SIMD3(-h, -h, c / 2)]
    case 8: return [SIMD3(a, 0, 0), SIMD3(0, b, 0), SIMD3(0, 0, c)]
    case 9: return [SIMD3(h, b / 2, 0), SIMD3(-h, b / 2, 0), SIMD3(0, 0, c)]
    case -9: return [SIMD3(h, -b / 2, 0), SIMD3(h, b / 2, 0), SIMD3(0, 0, c)]
    case 91: return [SIMD3(a, 0, 0), SIMD3(0, b / 2, -c / 2), SIMD3(0, b / 2, c / 2)]
    case 10: return [SIMD3(h, 0, c / 2), SIMD3(h, b / 2, 0), SIMD3(0, b / 2, c / 2)]
    case 11:
      return [SIMD3(h, b / 2, c / 2), SIMD3(-h, b / 2, c / 2), SIMD3(-h, -b / 2, c / 2)]
    case 12:
      return [SIMD3(a, 0, 0), SIMD3(b * cosines.z, b * sinGamma, 0), SIMD3(0, 0, c)]
    case -12:
      return [SIMD3(a, 0, 0), SIMD3(0, b, 0), SIMD3(c * cosines.y, 0, c * sinBeta)]
    case 13:
      return [SIMD3(h, 0, -c / 2), SIMD3(b * cosines.z, b * sinGamma, 0), SIMD3(h, 0, c / 2)]
    case -13:
      return [SIMD3(h, b / 2, 0), SIMD3(-h, b / 2, 0), SIMD3(c * cosines.y, 0, c * sinBeta)]
    case 14:
      let x = cosines.y
      let y = (cosines.x - cosines.y * cosines.z) / sinGamma
      return [
        SIMD3(a, 0, 0), SIMD3(b * cosines.z, b * sinGamma, 0),
        SIMD3(c * x, c * y, c * (1 - x * x - y * y).squareRoot()),
      ]
    default: return nil
    }
  }

  /// Three equal vectors with the cosine γ between them, about z, or about (1, 1, 1) for -5.
  private func rhombohedral(_ a: Double) -> [SIMD3<Double>] {
    let cosine = cosines.z
    let tx = ((1 - cosine) / 2).squareRoot()
    let ty = ((1 - cosine) / 6).squareRoot()
    let tz = ((1 + 2 * cosine) / 3).squareRoot()
    if ibrav == 5 {
      return [
        SIMD3(a * tx, -a * ty, a * tz), SIMD3(0, 2 * a * ty, a * tz),
        SIMD3(-a * tx, -a * ty, a * tz),
      ]
    }
    let scale = a / 3.0.squareRoot()
    let u = scale * (tz - 2 * 2.0.squareRoot() * ty)
    let v = scale * (tz + 2.0.squareRoot() * ty)
    return [SIMD3(u, v, v), SIMD3(v, u, v), SIMD3(v, v, u)]
  }
}
