public import Crystal

/// Another unit cell of the same crystal, with every column of its atoms.
public enum CellChoice: String, Sendable, CaseIterable, Codable {
  /// The smallest cell, in the reduced form of Niggli.
  case primitive
  /// The conventional cell of the space group, in spglib's standard setting.
  case conventional
  /// The same cell with the reduced vectors of Niggli.
  case niggli

  /// The structure in this cell; orientation and origin stay as they are.
  ///
  /// Atoms are alike if species, label, charge, magnetic moment and occupancy agree, so that magnetic
  /// order stays. Of atoms that are the same in the new cell the first one is kept with its columns.
  ///
  /// - Throws: ``InputError`` if spglib finds no symmetry or no reduced cell.
  public func callAsFunction(_ structure: Structure) throws(InputError) -> Structure {
    switch self {
    case .niggli:
      return try recell(structure, to: try CellChoice.reduced(structure.lattice))
    case .primitive:
      let lattice = try CellChoice.primitiveLattice(structure)
      return try recell(structure, to: try CellChoice.reduced(lattice))
    case .conventional:
      let dataset = try SymmetryDataset(structure, types: CellChoice.kinds(structure))
      // x_standard = P x, so the standard vectors are the rows of P⁻ᵀ A.
      let p = dataset.transformation
      let (r0, r1, r2) = (cross(p[1], p[2]), cross(p[2], p[0]), cross(p[0], p[1]))
      let determinant = dot(p[0], r0)
      let vectors = [r0, r1, r2].map { row in
        (row.x * structure.lattice.a + row.y * structure.lattice.b + row.z * structure.lattice.c)
          / determinant
      }
      return try recell(structure, to: try CellChoice.lattice(vectors))
    }
  }

  /// The vectors of the smallest cell: translations of the crystal that span its lattice.
  private static func primitiveLattice(_ structure: Structure) throws(InputError) -> Lattice {
    let translations = try SymmetryDataset(structure, types: kinds(structure)).operations
      .filter { $0.rotation == .identity }.map(\.translation)
    guard translations.count > 1 else { return structure.lattice }
    // In units of 1/T every translation is a whole vector; the Hermite form of all of them is a basis.
    let count = translations.count
    var rows = [SIMD3(count, 0, 0), SIMD3(0, count, 0), SIMD3(0, 0, count)]
    for translation in translations {
      let whole = (Double(count) * translation).rounded(.toNearestOrEven)
      rows.append(SIMD3(Int(whole.x), Int(whole.y), Int(whole.z)))
    }
    let basis = spanning(rows)
    let (a, b, c) = (structure.lattice.a, structure.lattice.b, structure.lattice.c)
    return try lattice(
      basis.map { row in
        (Double(row.x) * a + Double(row.y) * b + Double(row.z) * c) / Double(count)
      })
  }

  /// Three vectors that span the same lattice as many, by Euclid's algorithm column by column.
  private static func spanning(_ rows: [SIMD3<Int>]) -> [SIMD3<Int>] {
    var rows = rows
    for column in 0..<3 {
      while true {
        let open = (column..<rows.count).filter { rows[$0][column] != 0 }
        guard let pivot = open.min(by: { rows[$0][column].magnitude < rows[$1][column].magnitude })
        else { break }
        rows.swapAt(column, pivot)
        var isDone = true
        for row in (column + 1)..<rows.count where rows[row][column] != 0 {
          rows[row] &-= floorQuotient(rows[row][column], rows[column][column]) &* rows[column]
          if rows[row][column] != 0 { isDone = false }
        }
        if isDone { break }
      }
    }
    return Array(rows.prefix(3))
  }

  /// Equal numbers for atoms that are alike.
  private static func kinds(_ structure: Structure) -> [Int] {
    let telling = [
      Column.Name.label, Column.Name.charge, Column.Name.magneticMoment, Column.Name.occupancy,
    ].compactMap { structure[column: $0] }
    struct Kind: Hashable {
      let species: Species
      let columns: [Column]
    }
    var numbers: [Kind: Int] = [:]
    return structure.species.indices.map { index in
      let kind = Kind(
        species: structure.species[index], columns: telling.map { $0.selecting([index]) })
      let own = numbers[kind] ?? numbers.count
      numbers[kind] = own
      return own
    }
  }

  private static func reduced(_ lattice: Lattice) throws(InputError) -> Lattice {
    guard let vectors = Spglib.niggli(lattice) else {
      throw InputError("spglib finds no reduced cell of this lattice")
    }
    return try self.lattice(vectors)
  }

  private static func lattice(_ vectors: [SIMD3<Double>]) throws(InputError) -> Lattice {
    do {
      let lattice = try Lattice(a: vectors[0], b: vectors[1], c: vectors[2])
      let isRightHanded = dot(lattice.a, cross(lattice.b, lattice.c)) > 0
      return isRightHanded ? lattice : try Lattice(a: vectors[1], b: vectors[0], c: vectors[2])
    } catch {
      throw InputError("\(error)")
    }
  }

  /// The atoms of a crystal in another cell of it.
  private func recell(
    _ structure: Structure, to lattice: Lattice
  ) throws(InputError) -> Structure {
    let old = structure.lattice
    let ratio = lattice.volume / old.volume
    let expected = Int((Double(structure.count) * ratio).rounded())
    // Images of the old cell that reach into the new one.
    let reach = lattice.vectors.reduce(0) { $0 + length($1) }
    let tolerance = SymmetryDataset.defaultSymprec * 10
    let kinds = CellChoice.kinds(structure)
    var kept: [(index: Int, position: Fractional)] = []
    let cells = ratio > 0.999 ? old.latticePoints(within: reach) : [SIMD3<Int>.zero]
    for index in structure.species.indices {
      var own: [Fractional] = []
      for cell in cells {
        let shift = SIMD3(Double(cell.x), Double(cell.y), Double(cell.z))
        let point = old.cartesian(Fractional(structure.positions[index].components + shift))
        let position = lattice.fractional(point).wrapped
        let isKnown = own.contains { lattice.distance($0, position) < tolerance }
        if !isKnown { own.append(position) }
      }
      for position in own {
        let isKnown = kept.contains {
          kinds[$0.index] == kinds[index] && $0.index != index
            && lattice.distance($0.position, position) < tolerance
        }
        if !isKnown { kept.append((index, position)) }
      }
    }
    guard kept.count == expected else {
      throw InputError(
        "the cell would hold \(kept.count) atoms, expected \(expected)",
        hint: "the structure may be distorted: check its symmetry")
    }
    let atoms = structure.selecting(kept.map(\.index))
    return Structure(
      lattice: lattice, species: atoms.species, positions: kept.map(\.position),
      columns: atoms.columns, title: structure.title, info: structure.info)
  }
}
