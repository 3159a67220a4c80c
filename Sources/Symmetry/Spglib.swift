internal import CSpglib
internal import Crystal
internal import Synchronization

/// The calls of spglib's C interface that cellgen needs, with Swift types in and out.
///
/// Reference: A. Togo, K. Shinohara and I. Tanaka, Sci. Technol. Adv. Mater. Methods 4, 2384822
/// (2024).
enum Spglib {
  /// Up to version 2.0 the error code is one unprotected variable of the library, so calls take turns.
  private static let turn = Mutex(())

  /// Why spglib gave no result.
  enum Failure: Error {
    case atomsTooClose
    case other
  }

  /// What spglib finds out about a crystal; see ``SymmetryDataset`` for the meaning of the parts.
  struct Dataset {
    var number = 0
    var hallNumber = 0
    var symbol = ""
    var choice = ""
    var pointGroup = ""
    var transformation: [SIMD3<Double>] = []
    var originShift = SIMD3<Double>.zero
    var operations: [SymmetryOperation] = []
    var wyckoffLetters: [String] = []
    var siteSymmetries: [String] = []
    var equivalentSites: [Int] = []
  }

  /// One of the 530 settings in spglib's table.
  struct Setting {
    var number: Int
    var hallNumber: Int
    var short: String
    var full: String
    var names: String
    var choice: String
    var pointGroup: String
  }

  /// The lattice in the layout of spglib's C interface, in which the vectors are columns.
  ///
  /// Element [i][j] is Cartesian component i of lattice vector j: the transpose of ``Lattice``.
  static func columnLattice(_ lattice: Lattice) -> [(Double, Double, Double)] {
    (0..<3).map { (lattice.a[$0], lattice.b[$0], lattice.c[$0]) }
  }

  /// The symmetry of points with types in a lattice.
  ///
  /// - Precondition: one type per position, at least one position.
  static func dataset(
    lattice: Lattice, positions: [Fractional], types: [Int32], symprec: Double
  ) throws(Failure) -> Dataset {
    precondition(positions.count == types.count && !types.isEmpty, "one type per position")
    var columns = columnLattice(lattice)
    var points = positions.map { ($0.components.x, $0.components.y, $0.components.z) }
    let result: Result<Dataset, Failure> = turn.withLock { _ in
      guard
        let found = unsafe spg_get_dataset(
          &columns, &points, types, Int32(types.count), symprec)
      else {
        let isTooClose = spg_get_error_code() == SPGERR_ATOMS_TOO_CLOSE
        return .failure(isTooClose ? .atomsTooClose : .other)
      }
      defer { unsafe spg_free_dataset(found) }
      return .success(unsafe copy(found.pointee))
    }
    return try result.get()
  }

  private static func copy(_ found: SpglibDataset) -> Dataset {
    var dataset = Dataset()
    unsafe dataset.number = Int(found.spacegroup_number)
    unsafe dataset.hallNumber = Int(found.hall_number)
    unsafe dataset.symbol = text(found.international_symbol)
    unsafe dataset.choice = text(found.choice)
    unsafe dataset.pointGroup = text(found.pointgroup_symbol)
    let matrix = unsafe found.transformation_matrix
    dataset.transformation = [vector(matrix.0), vector(matrix.1), vector(matrix.2)]
    unsafe dataset.originShift = vector(found.origin_shift)
    dataset.operations = (0..<Int(unsafe found.n_operations)).map { index in
      SymmetryOperation(
        rotation: unsafe matrixPart(found.rotations[index]),
        translation: unsafe vector(found.translations[index]))
    }
    for site in 0..<Int(unsafe found.n_atoms) {
      dataset.wyckoffLetters.append(wyckoffLetter(unsafe Int(found.wyckoffs[site])))
      dataset.siteSymmetries.append(unsafe text(found.site_symmetry_symbols[site]))
      dataset.equivalentSites.append(unsafe Int(found.equivalent_atoms[site]))
    }
    return dataset
  }

  /// All 530 settings in the order of Hall's symbols.
  static func settings() -> [Setting] {
    turn.withLock { _ in
      (1...530).map { hallNumber in
        let type = spg_get_spacegroup_type(Int32(hallNumber))
        return Setting(
          number: Int(type.number), hallNumber: hallNumber, short: text(type.international_short),
          full: text(type.international_full), names: text(type.international),
          choice: text(type.choice), pointGroup: text(type.pointgroup_international))
      }
    }
  }

  /// The operations of a setting; translations are exact twelfths.
  static func operations(hallNumber: Int) -> [SymmetryOperation] {
    let limit = 192
    let zero: (Int32, Int32, Int32) = (0, 0, 0)
    var rotations = [((Int32, Int32, Int32), (Int32, Int32, Int32), (Int32, Int32, Int32))](
      repeating: (zero, zero, zero), count: limit)
    var translations = [(Double, Double, Double)](repeating: (0, 0, 0), count: limit)
    let count = turn.withLock { _ in
      unsafe spg_get_symmetry_from_database(&rotations, &translations, Int32(hallNumber))
    }
    return (0..<Int(count)).map { index in
      let twelfths = (12 * vector(translations[index])).rounded(.toNearestOrEven)
      return SymmetryOperation(
        rotation: matrixPart(rotations[index]), translation: twelfths / 12)
    }
  }

  /// The vectors of the reduced cell of Niggli; nil if spglib finds none.
  static func niggli(_ lattice: Lattice) -> [SIMD3<Double>]? {
    var columns = columnLattice(lattice)
    let isFound = turn.withLock { _ in unsafe spg_niggli_reduce(&columns, 1e-5) != 0 }
    guard isFound else { return nil }
    return [
      SIMD3(columns[0].0, columns[1].0, columns[2].0),
      SIMD3(columns[0].1, columns[1].1, columns[2].1),
      SIMD3(columns[0].2, columns[1].2, columns[2].2),
    ]
  }

  /// Number and short symbol of the group that some operations form; nil if they form none.
  static func type(
    of operations: [SymmetryOperation], lattice: Lattice, symprec: Double
  ) -> (number: Int, symbol: String)? {
    var rotations = operations.map { operation in
      let rows = operation.rotation.rows.map { (Int32($0.x), Int32($0.y), Int32($0.z)) }
      return (rows[0], rows[1], rows[2])
    }
    var translations = operations.map {
      ($0.translation.x, $0.translation.y, $0.translation.z)
    }
    var columns = columnLattice(lattice)
    return turn.withLock { _ in
      let type = unsafe spg_get_spacegroup_type_from_symmetry(
        &rotations, &translations, Int32(operations.count), &columns, symprec)
      guard type.number > 0 else { return nil }
      return (Int(type.number), text(type.international_short))
    }
  }

  private static func matrixPart(
    _ m: ((Int32, Int32, Int32), (Int32, Int32, Int32), (Int32, Int32, Int32))
  ) -> IntegerMatrix {
    IntegerMatrix(
      rows: [m.0, m.1, m.2].map { row in SIMD3(Int(row.0), Int(row.1), Int(row.2)) })
  }

  private static func vector(_ v: (Double, Double, Double)) -> SIMD3<Double> {
    SIMD3(v.0, v.1, v.2)
  }

  /// `a` for 0, …, `z` for 25, `A` for 26 (the general position of Pmmm).
  private static func wyckoffLetter(_ index: Int) -> String {
    let letters = Array("abcdefghijklmnopqrstuvwxyzA")
    return letters.indices.contains(index) ? String(letters[index]) : "?"
  }

  /// The text in a C array of characters up to its zero byte, without spaces around it.
  private static func text<Characters>(_ characters: Characters) -> String {
    let bytes = unsafe withUnsafeBytes(of: characters) { unsafe Array($0.prefix { $0 != 0 }) }
    let words = String(decoding: bytes, as: UTF8.self)
    return words.split(separator: " ").joined(separator: " ")
  }
}
