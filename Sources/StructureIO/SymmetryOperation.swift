internal import CGemmi
internal import Crystal

/// A symmetry operation x' = R x + t on fractional coordinates (columns).
struct SymmetryOperation: Hashable {
  /// The rows of R.
  let x: SIMD3<Int32>
  let y: SIMD3<Int32>
  let z: SIMD3<Int32>

  /// t in 24ths from 0 to 23, which every translation of a space group in a standard setting is a multiple of.
  let translation: SIMD3<Int32>

  /// Nine numbers of R by rows, three of t.
  init(elements e: [Int32]) {
    func wrapped(_ units: Int32) -> Int32 { ((units % 24) + 24) % 24 }
    (x, y, z) = (SIMD3(e[0], e[1], e[2]), SIMD3(e[3], e[4], e[5]), SIMD3(e[6], e[7], e[8]))
    translation = SIMD3(wrapped(e[9]), wrapped(e[10]), wrapped(e[11]))
  }

  /// Reads `-x+1/2,y,z` or `x+0.5, y, z`; nil if the text is no operation of a crystal.
  init?(_ text: String) {
    guard text.utf8.count <= 80, let triplet = SymmetryOperation.withoutDecimals(text) else {
      return nil
    }
    var elements = [Int32](repeating: 0, count: 12)
    let isValid = unsafe elements.withUnsafeMutableBufferPointer { buffer in
      unsafe cgemmi_operation(triplet, buffer.baseAddress)
    }
    guard isValid == 1, elements[..<9].allSatisfy({ (-1...1).contains($0) }) else { return nil }
    self.init(elements: elements)
    guard abs(determinant) == 1 else { return nil }
  }

  var elements: [Int32] {
    [x, y, z, translation].flatMap { [$0.x, $0.y, $0.z] }
  }

  var isIdentity: Bool {
    (x, y, z) == (SIMD3(1, 0, 0), SIMD3(0, 1, 0), SIMD3(0, 0, 1))
      && translation == SIMD3(repeating: 0)
  }

  /// The image of a point, not wrapped.
  func apply(_ point: SIMD3<Double>) -> SIMD3<Double> {
    SIMD3(dot(SIMD3(x), point), dot(SIMD3(y), point), dot(SIMD3(z), point))
      + SIMD3<Double>(translation) / 24
  }

  private var determinant: Int32 {
    x.x * (y.y * z.z - y.z * z.y) - x.y * (y.x * z.z - y.z * z.x)
      + x.z * (y.x * z.y - y.y * z.x)
  }

  /// Replaces decimals such as `0.5` or `.3333` by fractions; nil if one is no multiple of 1/24, or
  /// if a number has more digits than an operation needs.
  private static func withoutDecimals(_ text: String) -> String? {
    var result = ""
    var number = ""
    func flush() -> Bool {
      guard !number.isEmpty else { return true }
      if number.contains(".") {
        guard let value = NumberReader.real(number), value.magnitude < 100 else { return false }
        let units = (24 * value).rounded(.toNearestOrEven)
        guard (24 * value - units).magnitude < 0.01 else { return false }
        result += "\(Int(units))/24"
      } else {
        guard number.count <= 3 else { return false }
        result += number
      }
      number = ""
      return true
    }
    for character in text {
      if character == "." || (character.isASCII && character.isNumber) {
        number.append(character)
      } else {
        guard flush() else { return nil }
        result.append(character)
      }
    }
    return flush() ? result : nil
  }
}

/// A space group in one setting, from gemmi's tables.
struct TabulatedGroup {
  /// Number in the International Tables.
  let number: Int
  /// Hermann-Mauguin symbol without an extension, `F d -3 m`.
  let name: String
  /// `1` or `2` for an origin choice, `H` or `R` for the axes, otherwise empty.
  let setting: String
  let operations: [SymmetryOperation]

  /// The group with a Hermann-Mauguin symbol, perhaps with `:2`.
  init?(name: String, lattice: Lattice) {
    let angles = lattice.anglesDegrees
    guard let group = unsafe cgemmi_group_of_name(name, angles.x, angles.z) else { return nil }
    unsafe self.init(group)
  }

  /// The group with a Hall symbol.
  init?(hall: String) {
    guard let group = unsafe cgemmi_group_of_hall(hall) else { return nil }
    unsafe self.init(group)
  }

  /// The group with a number, in its first tabulated setting.
  init?(number: Int) {
    guard (1...230).contains(number), let group = unsafe cgemmi_group_of_number(Int32(number))
    else { return nil }
    unsafe self.init(group)
  }

  /// The tabulated group that consists of `operations`.
  init?(operations: [SymmetryOperation]) {
    guard operations.count <= 192 else { return nil }
    let elements = operations.flatMap(\.elements)
    let group = unsafe elements.withUnsafeBufferPointer { buffer in
      unsafe cgemmi_group_of_operations(buffer.baseAddress, Int32(operations.count))
    }
    guard let group = unsafe group else { return nil }
    unsafe self.init(group)
  }

  private init(_ pointer: UnsafeMutablePointer<CGemmiGroup>) {
    defer { unsafe cgemmi_free_group(pointer) }
    let group = unsafe pointer.pointee
    number = unsafe Int(group.number)
    let letter = unsafe UInt8(bitPattern: group.extension)
    setting = letter == 0 || letter == 32 ? "" : String(UnicodeScalar(letter))
    name = unsafe withUnsafeBytes(of: group.name) { bytes in
      unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
    let elements = unsafe Array(
      UnsafeBufferPointer(start: group.operations, count: 12 * Int(group.count)))
    operations = stride(from: 0, to: elements.count, by: 12).map {
      SymmetryOperation(elements: Array(elements[$0..<($0 + 12)]))
    }
  }

  /// The symbol with the setting, `F d -3 m :2`.
  var fullName: String { setting.isEmpty ? name : "\(name) :\(setting)" }
}
