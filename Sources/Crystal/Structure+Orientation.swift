extension Structure {
  /// The same crystal in a right-handed cell with a along +x and b in the xy plane.
  ///
  /// Left-handed vectors become -a, -b, -c, and fractional coordinates change sign with them, so
  /// that a chiral crystal is turned and never mirrored. Velocities and forces turn along; other
  /// columns are left as they are.
  ///
  /// - Throws: ``LatticeError`` for lattices so flat that rounding leaves no volume.
  public func orientedLowerTriangular() throws(LatticeError) -> Structure {
    guard !lattice.isLowerTriangular else { return self }
    let turned = try lattice.lowerTriangular()
    let sign = lattice.isRightHanded ? 1.0 : -1.0
    var copy = self
    copy.lattice = turned
    if sign < 0 {
      for n in positions.indices { copy.setPosition(Fractional(-positions[n].components), at: n) }
    }
    for name in [Column.Name.velocity, Column.Name.force] {
      guard let column = self[column: name], column.width == 3,
        case .real(var values) = column.values
      else { continue }
      for start in stride(from: 0, to: values.count, by: 3) {
        let old = SIMD3(values[start], values[start + 1], values[start + 2])
        let multiples = lattice.fractional(Cartesian(old)).components
        let new = turned.cartesian(Fractional(sign * multiples)).components
        for axis in 0..<3 { values[start + axis] = new[axis] }
      }
      copy.set(Column(name, width: 3, .real(values)))
    }
    return copy
  }
}
