internal import Crystal

/// Unit vectors of a crystal chosen for a plane: a and b in it, c from one plane to the next.
struct SurfaceBasis: Sendable {
  /// Miller indices in the cell of the crystal, without common factor.
  let plane: SIMD3<Int>

  /// The new vectors as multiples of the old ones; determinant ±1.
  let transform: IntegerMatrix

  /// Distance of the planes, Å.
  let spacing: Double

  /// Images of x, y and z in the new frame: a along x, the plane's normal along z.
  let frame: [SIMD3<Double>]

  /// The new vectors in the new frame, Å.
  let lattice: Lattice

  /// Finds the shortest vectors in the plane, and the third with the least part along them.
  ///
  /// - Throws: ``InputError`` if the new vectors are no lattice.
  init(_ crystal: Lattice, plane: SIMD3<Int>) throws(InputError) {
    var rows = IntegerMatrix.identity.rows
    func height(_ row: SIMD3<Int>) -> Int { (row &* plane).wrappedSum() }
    // Euclid on the heights until one row carries the unit of height and two carry none.
    while true {
      rows.sort { height($0).magnitude > height($1).magnitude }
      let open = rows.lastIndex { height($0) != 0 } ?? 0
      if open == 0 { break }
      let factor = floorQuotient(height(rows[0]), height(rows[open]))
      rows[0] &-= factor &* rows[open]
    }
    if height(rows[0]) < 0 { rows[0] = 0 &- rows[0] }
    func vector(_ row: SIMD3<Int>) -> SIMD3<Double> {
      Double(row.x) * crystal.a + Double(row.y) * crystal.b + Double(row.z) * crystal.c
    }
    let (t1, t2) = (rows[1], rows[2])
    let (v1, v2) = (vector(t1), vector(t2))
    let x0 = v1 / length(v1)
    let y0 = v2 - dot(v2, x0) * x0
    let flat = PlaneLattice(
      a: SIMD2(length(v1), 0), b: SIMD2(dot(v2, x0), length(y0)))
    let m = flat.reduction()
    var a = m.aa &* t1 &+ m.ab &* t2
    var b = m.ba &* t1 &+ m.bb &* t2
    if dot(cross(vector(a), vector(b)), vector(rows[0])) < 0 {
      // The mirror image of reduced vectors is reduced; equal lengths keep their wide angle.
      let isEqual = (length(vector(a)) - length(vector(b))).magnitude < 1e-9 * length(vector(a))
      (a, b) = isEqual ? (b, a) : (a, 0 &- b)
    }
    let normal = cross(vector(a), vector(b))
    let (x, z) = (vector(a) / length(vector(a)), normal / length(normal))
    let y = cross(z, x)
    var c = rows[0]
    // The part of c in the plane, as multiples of a and b, is rounded away.
    let along = dot(cross(vector(c), vector(b)), z) / length(normal)
    let across = dot(cross(vector(a), vector(c)), z) / length(normal)
    c &-= Int((along - 1e-9).rounded(.toNearestOrEven)) &* a
    c &-= Int((across - 1e-9).rounded(.toNearestOrEven)) &* b
    func turned(_ v: SIMD3<Double>) -> SIMD3<Double> { SIMD3(dot(v, x), dot(v, y), dot(v, z)) }
    let (ta, tb, tc) = (turned(vector(a)), turned(vector(b)), turned(vector(c)))
    self.plane = plane
    self.transform = IntegerMatrix(rows: [a, b, c])
    self.spacing = tc.z
    self.frame = [
      SIMD3(x.x, y.x, z.x), SIMD3(x.y, y.y, z.y), SIMD3(x.z, y.z, z.z),
    ]
    do {
      // Rounding must not leave a trace of height in the plane.
      self.lattice = try Lattice(
        a: SIMD3(ta.x, 0, 0), b: SIMD3(tb.x, tb.y, 0), c: tc)
    } catch {
      throw InputError("\(error)", at: "plane")
    }
  }

  /// Coordinates along the new vectors of a point given by the old ones.
  func coordinates(_ position: Fractional) -> SIMD3<Double> {
    let inverse = transform.adjugate
    let sign = Double(transform.determinant)
    let x = position.components
    func column(_ j: Int) -> Double {
      sign
        * (x.x * Double(inverse[0, j]) + x.y * Double(inverse[1, j]) + x.z * Double(inverse[2, j]))
    }
    return SIMD3(column(0), column(1), column(2))
  }
}
