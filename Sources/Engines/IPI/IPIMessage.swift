internal import Crystal
internal import Energetics

/// What server and client of i-PI say to each other: headers of twelve bytes, and numbers in the byte
/// order of the machine, in hartree and bohr.
///
/// Reference: V. Kapil et al., Comput. Phys. Commun. 236, 214 (2019); the protocol as in the sockets
/// module of the i-PI drivers.
enum IPIMessage {
  /// Length of a header.
  static let headerLength = 12

  /// Most bytes of remarks after a result that are not taken for nonsense.
  static let longestRemark: Int32 = 1 << 26

  /// A word padded with spaces.
  static func header(_ word: String) -> [UInt8] {
    Array(word.utf8) + [UInt8](repeating: UInt8(ascii: " "), count: headerLength - word.utf8.count)
  }

  /// The word of a header.
  static func word(_ bytes: ArraySlice<UInt8>) -> String {
    String(decoding: bytes.prefix { $0 != UInt8(ascii: " ") && $0 != 0 }, as: UTF8.self)
  }

  /// The answer to a client that wants to be initialised.
  ///
  /// The text is one byte: clients ignore it, and some cannot read none.
  static var initialisation: [UInt8] {
    var bytes = header("INIT")
    append(Int32(0), to: &bytes)
    append(Int32(1), to: &bytes)
    bytes.append(0)
    return bytes
  }

  /// Cell, inverse cell and positions.
  ///
  /// The protocol has lattice vectors as columns, written row by row, so the rows of the transposed
  /// matrix go out one after the other: ax bx cx ay by cy az bz cz.
  static func positions(_ lattice: Lattice, _ positions: [SIMD3<Double>]) -> [UInt8] {
    var bytes = header("POSDATA")
    bytes.reserveCapacity(headerLength + 2 * 72 + 4 + 24 * positions.count)
    for axis in 0..<3 {
      for vector in lattice.vectors { append(vector[axis] / UnitFactor.bohr, to: &bytes) }
    }
    // The inverse of the matrix of columns has the reciprocal vectors, without 2π, as rows.
    let reciprocal = lattice.reciprocal
    for vector in [reciprocal.a, reciprocal.b, reciprocal.c] {
      for axis in 0..<3 {
        append(vector[axis] / (2 * Double.pi) * UnitFactor.bohr, to: &bytes)
      }
    }
    append(Int32(positions.count), to: &bytes)
    for position in positions {
      for axis in 0..<3 { append(position[axis] / UnitFactor.bohr, to: &bytes) }
    }
    return bytes
  }

  /// What was read of the answer to `GETFORCE`.
  enum Answer {
    /// More bytes have to come.
    case incomplete
    /// The answer is nonsense.
    case nonsense(String)
    /// A result, in eV and Å; and the number of bytes that it takes.
    case result(Evaluation, length: Int)
  }

  /// Reads the answer to `GETFORCE`.
  ///
  /// The virial is minus the derivative by strain; its antisymmetric part, rounding in the program, is
  /// dropped.
  ///
  /// - Parameters:
  ///   - bytes: What has come.
  ///   - atoms: The number of atoms that were sent.
  /// - Returns: The result, or why there is none.
  static func answer(_ bytes: [UInt8], atoms: Int) -> Answer {
    guard bytes.count >= headerLength + 12 else {
      return bytes.count >= headerLength ? wrongHeader(bytes) ?? .incomplete : .incomplete
    }
    if let problem = wrongHeader(bytes) { return problem }
    let count = Int(integer(bytes, at: headerLength + 8))
    guard count == atoms else {
      return .nonsense("it returned forces on \(count) atoms, \(atoms) were sent")
    }
    let forceStart = headerLength + 12
    let virialStart = forceStart + 24 * atoms
    let end = virialStart + 72 + 4
    guard bytes.count >= end else { return .incomplete }
    let remark = integer(bytes, at: end - 4)
    guard (0...longestRemark).contains(remark) else {
      return .nonsense("it announced \(remark) bytes of remarks")
    }
    guard bytes.count >= end + Int(remark) else { return .incomplete }

    let energy = real(bytes, at: headerLength) * UnitFactor.hartree
    let scale = UnitFactor.hartree / UnitFactor.bohr
    let forces = (0..<atoms).map { scale * vector(bytes, at: forceStart + 24 * $0) }
    let rows = (0..<3).map { UnitFactor.hartree * vector(bytes, at: virialStart + 24 * $0) }
    let derivative = symmetric(rows).map { -$0 }
    return .result(
      Evaluation(energy: energy, forces: forces, strainDerivative: derivative),
      length: end + Int(remark))
  }

  /// The symmetric part of a matrix; of one with a triangle of zeros, which LAMMPS sends, the matrix
  /// with the other triangle on both sides.
  private static func symmetric(_ rows: [SIMD3<Double>]) -> [SIMD3<Double>] {
    let columns = (0..<3).map { SIMD3(rows[0][$0], rows[1][$0], rows[2][$0]) }
    func hasNoUpper(_ m: [SIMD3<Double>]) -> Bool { m[0].y == 0 && m[0].z == 0 && m[1].z == 0 }
    let isTriangle = hasNoUpper(rows) != hasNoUpper(columns)
    return (0..<3).map { i in
      var row = (isTriangle ? 1 : 0.5) * (rows[i] + columns[i])
      if isTriangle { row[i] = rows[i][i] }
      return row
    }
  }

  private static func wrongHeader(_ bytes: [UInt8]) -> Answer? {
    let found = word(bytes[..<headerLength])
    return found == "FORCEREADY"
      ? nil : .nonsense("it answered \"\(printable(found))\" to GETFORCE, expected FORCEREADY")
  }

  /// A word from a client, safe to show.
  static func printable(_ word: String) -> String {
    String(word.unicodeScalars.map { (32..<127).contains($0.value) ? Character($0) : "?" })
  }

  private static func append(_ value: Int32, to bytes: inout [UInt8]) {
    unsafe withUnsafeBytes(of: value) { unsafe bytes.append(contentsOf: $0) }
  }

  private static func append(_ value: Double, to bytes: inout [UInt8]) {
    unsafe withUnsafeBytes(of: value) { unsafe bytes.append(contentsOf: $0) }
  }

  private static func integer(_ bytes: [UInt8], at start: Int) -> Int32 {
    unsafe bytes.withUnsafeBytes { unsafe $0.loadUnaligned(fromByteOffset: start, as: Int32.self) }
  }

  private static func real(_ bytes: [UInt8], at start: Int) -> Double {
    unsafe bytes.withUnsafeBytes { unsafe $0.loadUnaligned(fromByteOffset: start, as: Double.self) }
  }

  private static func vector(_ bytes: [UInt8], at start: Int) -> SIMD3<Double> {
    SIMD3(real(bytes, at: start), real(bytes, at: start + 8), real(bytes, at: start + 16))
  }
}

extension Evaluation {
  /// What is not a finite number in it; nil if all is well.
  var flaw: String? {
    if !energy.isFinite { return "the energy is \(energy)" }
    if let atom = forces.firstIndex(where: { !$0.isFinite }) {
      return "the force on atom \(atom + 1) is not finite"
    }
    return strainDerivative.allSatisfy(\.isFinite) ? nil : "the stress is not finite"
  }
}

extension SIMD3<Double> {
  fileprivate var isFinite: Bool { x.isFinite && y.isFinite && z.isFinite }
}
