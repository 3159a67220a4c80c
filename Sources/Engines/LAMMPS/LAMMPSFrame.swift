internal import Crystal

/// The axes in which LAMMPS sees a cell: a along x, b in the xy plane; left-handed vectors are negated.
struct LAMMPSFrame {
  private let axes: [SIMD3<Double>]
  private let sign: Double

  /// The axes for a lattice as ``LAMMPSData`` turns it.
  init(_ lattice: Lattice) {
    let normal = cross(lattice.a, lattice.b)
    sign = dot(normal, lattice.c) < 0 ? -1 : 1
    let x = sign / length(lattice.a) * lattice.a
    let z = normal / length(normal)
    axes = [x, cross(z, x), z]
  }

  /// A vector of LAMMPS in the axes of the structure.
  func back(_ v: SIMD3<Double>) -> SIMD3<Double> {
    v.x * axes[0] + v.y * axes[1] + v.z * axes[2]
  }

  /// A symmetric matrix of LAMMPS, xx, yy, zz, xy, xz, yz, in the axes of the structure; rows.
  func back(_ m: [Double]) -> [SIMD3<Double>] {
    let rows = [
      SIMD3(m[0], m[3], m[4]), SIMD3(m[3], m[1], m[5]), SIMD3(m[4], m[5], m[2]),
    ]
    let turned = rows.map(back)
    return (0..<3).map { row in
      (0..<3).reduce(SIMD3.zero) { $0 + axes[$1][row] * turned[$1] }
    }
  }

  /// The lattice of a box of LAMMPS with edges `l` and tilts xy, xz, yz.
  ///
  /// - Throws: ``LatticeError`` for a box without volume.
  func lattice(_ l: SIMD3<Double>, tilt: SIMD3<Double>) throws(LatticeError) -> Lattice {
    try Lattice(
      a: sign * back(SIMD3(l.x, 0, 0)), b: sign * back(SIMD3(tilt.x, l.y, 0)),
      c: sign * back(SIMD3(tilt.y, tilt.z, l.z)))
  }
}
