extension SupercellMatrix {
  /// The supercell of an index whose shape is nearest to a cube, diagonal if that is good enough.
  ///
  /// Shapes are compared by the longest edge over the least distance of opposite faces. A matrix that
  /// is not diagonal is taken only if it is better by a factor of 1.5 and the diagonal one is worse
  /// than 3, so that a cubic cell gives 3x1x1 and 3x2x1, but not 5x1x1.
  ///
  /// - Parameters:
  ///   - index: Number of unit cells, at least 1.
  ///   - lattice: The unit cell.
  ///   - prefersDiagonal: False takes the best shape whatever its matrix.
  /// - Returns: A matrix with that determinant.
  public static func compact(
    index: Int, lattice: Lattice, prefersDiagonal: Bool = true
  ) -> SupercellMatrix {
    var best = (matrix: IntegerMatrix(diagonal: SIMD3(index, 1, 1)), elongation: Double.infinity)
    func consider(_ matrix: IntegerMatrix, margin: Double) {
      guard let elongation = elongation(matrix, lattice) else { return }
      if elongation < best.elongation * margin - 1e-9 { best = (matrix, elongation) }
    }
    let factors = (1...index).filter { index.isMultiple(of: $0) }
    for a in factors.reversed() {
      for b in factors.reversed() where (index / a).isMultiple(of: b) {
        consider(IntegerMatrix(diagonal: SIMD3(a, b, index / a / b)), margin: 1)
      }
    }
    let diagonal = best
    if !prefersDiagonal || diagonal.elongation > diagonalLimit, index <= hermiteLimit {
      // Every superlattice of the index has one Hermite normal form; its shortest vectors show its shape.
      for hermite in hermiteForms(index) { consider(reduced(hermite, lattice), margin: 1) }
      if prefersDiagonal, best.elongation * diagonalPreference > diagonal.elongation {
        best = diagonal
      }
    }
    return (try? SupercellMatrix(best.matrix)) ?? .identity
  }

  /// The supercell of an index in which the nearest images of a point are farthest apart.
  ///
  /// - Parameters:
  ///   - index: Number of unit cells, 1 to 128; beyond, the most compact one is returned.
  ///   - lattice: The unit cell.
  /// - Returns: A matrix with that determinant.
  public static func round(index: Int, lattice: Lattice) -> SupercellMatrix {
    guard index <= hermiteLimit else { return compact(index: index, lattice: lattice) }
    var best: (matrix: IntegerMatrix, distance: Double)?
    for hermite in hermiteForms(index) {
      let matrix = reduced(hermite, lattice)
      let distance = shortestVector(matrix, lattice)
      if distance > (best?.distance ?? 0) + 1e-9 { best = (matrix, distance) }
    }
    return best.flatMap { try? SupercellMatrix($0.matrix) } ?? .identity
  }

  /// The smallest supercell in which no image of a point is nearer than a distance.
  ///
  /// - Parameters:
  ///   - distance: Least distance of images, Å.
  ///   - lattice: The unit cell.
  /// - Returns: A matrix with the least determinant that was found.
  /// - Throws: ``InputError`` if the distance is not positive, or needs an absurdly large cell.
  public static func minimumImage(
    _ distance: Double, lattice: Lattice
  ) throws(InputError) -> SupercellMatrix {
    guard distance > 0, distance.isFinite else {
      throw InputError("a distance of \(distance) Å, expected a positive one")
    }
    // Planes far enough apart are always enough; a smaller cell of another shape often is.
    let spacings = lattice.planeSpacings
    let factors = (0..<3).map { (distance / spacings[$0] - 1e-9).rounded(.up) }
    guard factors.allSatisfy({ $0 < 1000 }) else {
      throw InputError("a distance of \(distance) Å needs an absurdly large cell")
    }
    let diagonal = try SupercellMatrix(
      IntegerMatrix(
        diagonal: SIMD3(max(1, Int(factors[0])), max(1, Int(factors[1])), max(1, Int(factors[2])))))
    let least = Int((distance * distance * distance * 0.7 / lattice.volume).rounded(.down))
    for index in max(1, least)..<max(2, min(diagonal.cellCount, 96)) {
      let candidate = round(index: index, lattice: lattice)
      if shortestVector(candidate.matrix, lattice) >= distance - 1e-9 { return candidate }
    }
    return diagonal
  }

  /// One Hermite normal form for every superlattice of an index, at least 1.
  public static func hermiteForms(_ index: Int) -> [IntegerMatrix] {
    var forms: [IntegerMatrix] = []
    for a in 1...index where index.isMultiple(of: a) {
      for b in 1...(index / a) where (index / a).isMultiple(of: b) {
        for p in 0..<a {
          for q in 0..<a {
            for r in 0..<b {
              forms.append(
                IntegerMatrix(rows: [SIMD3(a, 0, 0), SIMD3(p, b, 0), SIMD3(q, r, index / a / b)]))
            }
          }
        }
      }
    }
    return forms
  }

  /// Length of the shortest vector of a superlattice, Å.
  private static func shortestVector(_ matrix: IntegerMatrix, _ lattice: Lattice) -> Double {
    let rows = reduced(matrix, lattice).rows
    var shortest = Double.infinity
    for i in -1...1 {
      for j in -1...1 {
        for k in -1...1 where (i, j, k) != (0, 0, 0) {
          let v = vector(i &* rows[0] &+ j &* rows[1] &+ k &* rows[2], lattice)
          shortest = min(shortest, length(v))
        }
      }
    }
    return shortest
  }

  /// Elongation up to which a diagonal matrix is not questioned.
  private static let diagonalLimit = 3.0 + 1e-9

  /// How much better another matrix must be.
  private static let diagonalPreference = 1.5

  /// Beyond this index there are too many superlattices to look at all.
  private static let hermiteLimit = 128

  /// The longest edge over the least distance of opposite faces.
  private static func elongation(_ matrix: IntegerMatrix, _ lattice: Lattice) -> Double? {
    let rows = matrix.rows.map { vector($0, lattice) }
    guard let cell = try? Lattice(a: rows[0], b: rows[1], c: rows[2]) else { return nil }
    let (lengths, spacings) = (cell.lengths, cell.planeSpacings)
    return max(lengths.x, lengths.y, lengths.z) / min(spacings.x, spacings.y, spacings.z)
  }

  private static func vector(_ row: SIMD3<Int>, _ lattice: Lattice) -> SIMD3<Double> {
    Double(row.x) * lattice.a + Double(row.y) * lattice.b + Double(row.z) * lattice.c
  }

  /// Short vectors of the same superlattice, right-handed like the unit cell.
  private static func reduced(_ matrix: IntegerMatrix, _ lattice: Lattice) -> IntegerMatrix {
    var rows = matrix.rows
    func size(_ row: SIMD3<Int>) -> Double {
      let v = vector(row, lattice)
      return dot(v, v)
    }
    // Takes the others off the longest vector as long as that makes it shorter.
    var isReduced = false
    while !isReduced {
      isReduced = true
      rows.sort { size($0) < size($1) - 1e-9 }
      var shortest = (row: rows[2], size: size(rows[2]))
      for i in -1...1 {
        for j in -1...1 {
          let candidate = rows[2] &+ i &* rows[0] &+ j &* rows[1]
          if size(candidate) < shortest.size - 1e-9 { shortest = (candidate, size(candidate)) }
        }
      }
      if shortest.row != rows[2] {
        rows[2] = shortest.row
        isReduced = false
        continue
      }
      for sign in [-1, 1] where size(rows[1] &+ sign &* rows[0]) < size(rows[1]) - 1e-9 {
        rows[1] = rows[1] &+ sign &* rows[0]
        isReduced = false
        break
      }
    }
    // First nonzero components positive, in an order that does not depend on how they were found.
    rows = rows.map { row in
      let first = (0..<3).first { row[$0] != 0 } ?? 0
      return row[first] < 0 ? 0 &- row : row
    }
    rows.sort { ($0.x, $0.y, $0.z) > ($1.x, $1.y, $1.z) }
    if IntegerMatrix(rows: rows).determinant < 0 { rows.swapAt(1, 2) }
    return IntegerMatrix(rows: rows)
  }
}
