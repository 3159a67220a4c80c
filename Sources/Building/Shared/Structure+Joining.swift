public import Crystal

extension Structure {
  /// The atoms of several structures in one cell, with all their columns.
  ///
  /// Where a structure lacks a column that another one has, its atoms get `.`, −1, 0 or true.
  ///
  /// - Parameters:
  ///   - parts: Structures; their cells are not looked at.
  ///   - lattice: The common cell.
  ///   - points: Cartesian positions of all atoms, part by part, Å.
  /// - Returns: The atoms, part by part, wrapped into the cell.
  public static func joining(
    _ parts: [Structure], in lattice: Lattice, at points: [SIMD3<Double>]
  ) -> Structure {
    var columns: [Column] = []
    for column in parts.flatMap(\.columns)
    where !columns.contains(where: { $0.name == column.name }) {
      var values = column.selecting([]).values
      for part in parts {
        let own = part[column: column.name].flatMap { $0.width == column.width ? $0 : nil }
        let count = part.count * column.width
        switch (values, own?.values) {
        case (.text(let old), .text(let new)): values = .text(old + new)
        case (.integer(let old), .integer(let new)): values = .integer(old + new)
        case (.real(let old), .real(let new)): values = .real(old + new)
        case (.logical(let old), .logical(let new)): values = .logical(old + new)
        case (.text(let old), _): values = .text(old + Array(repeating: ".", count: count))
        case (.integer(let old), _): values = .integer(old + Array(repeating: -1, count: count))
        case (.real(let old), _): values = .real(old + Array(repeating: 0, count: count))
        case (.logical(let old), _): values = .logical(old + Array(repeating: true, count: count))
        }
      }
      columns.append(Column(column.name, width: column.width, values))
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
