public import Crystal

extension Structure {
  /// The atoms of several structures in one cell, with all their columns.
  ///
  /// Where a structure lacks a column that another one has, its atoms get what
  /// ``Column/padded(by:)`` gives them.
  ///
  /// - Parameters:
  ///   - parts: Structures; their cells are not looked at.
  ///   - lattice: The common cell.
  ///   - points: Cartesian positions of all atoms, part by part, Å.
  /// - Returns: The atoms, part by part, wrapped into the cell.
  /// - Throws: ``InputError`` if columns of one name differ in type or width.
  public static func joining(
    _ parts: [Structure], in lattice: Lattice, at points: [SIMD3<Double>]
  ) throws(InputError) -> Structure {
    var columns: [Column] = []
    for column in parts.flatMap(\.columns)
    where !columns.contains(where: { $0.name == column.name }) {
      var joined = column.selecting([])
      for part in parts {
        guard let own = part[column: column.name] else {
          joined = joined.padded(by: part.count)
          continue
        }
        guard let longer = joined.appending(own) else {
          throw InputError(
            "the column \(column.name) has another type or width in one structure than in another",
            hint: "rename it in one of the files")
        }
        joined = longer
      }
      columns.append(joined)
    }
    return Structure(
      lattice: lattice, species: parts.flatMap(\.species),
      positions: points.map { lattice.fractional(Cartesian($0)).wrapped }, columns: columns)
  }

  /// The same atoms with velocities, forces and magnetic vectors turned.
  ///
  /// - Parameter frame: Images of x, y and z, orthonormal: v' = v.x frame₀ + v.y frame₁ + v.z frame₂.
  /// - Returns: The structure with its lattice and positions unchanged.
  func turningVectors(_ frame: [SIMD3<Double>]) -> Structure {
    let names = [Column.Name.velocity, Column.Name.force, Column.Name.magneticMoment]
    var copy = self
    for column in columns where names.contains(column.name) && column.width == 3 {
      guard case .real(let values) = column.values else { continue }
      var turned: [Double] = []
      turned.reserveCapacity(values.count)
      for start in stride(from: 0, to: values.count, by: 3) {
        let v =
          values[start] * frame[0] + values[start + 1] * frame[1] + values[start + 2] * frame[2]
        turned += [v.x, v.y, v.z]
      }
      copy.set(Column(column.name, width: 3, .real(turned)))
    }
    return copy
  }

  /// Adds `parent_site` and `cell_index` where the structure has none.
  ///
  /// - Parameter parents: Index of each atom in the structure that it comes from; the cell index
  ///   counts the atoms with the same parent.
  mutating func trace(parents: [Int]) {
    if parentSites == nil { parentSites = parents }
    guard cellIndices == nil else { return }
    var seen: [Int: Int] = [:]
    cellIndices = parents.map { parent in
      let number = seen[parent, default: 0]
      seen[parent] = number + 1
      return number
    }
  }
}
