internal import Crystal

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// A lattice in a plane; its vectors are rows: r = x a + y b.
struct PlaneLattice: Hashable, Sendable {
  /// First vector, Å.
  var a: SIMD2<Double>

  /// Second vector, Å.
  var b: SIMD2<Double>

  /// Area of the cell, Å²; positive for right-handed vectors.
  var signedArea: Double { a.x * b.y - a.y * b.x }

  /// Area of the cell, Å².
  var area: Double { signedArea.magnitude }

  /// The superlattice whose vectors are the rows of m times these.
  func superlattice(_ m: PlaneMatrix) -> PlaneLattice {
    PlaneLattice(
      a: Double(m.aa) * a + Double(m.ab) * b, b: Double(m.ba) * a + Double(m.bb) * b)
  }

  /// The shortest two vectors, as multiples of these: |a| ≤ |b|, 2 |a·b| ≤ |a|², handedness kept.
  ///
  /// Vectors of equal length enclose at least 90°. The reduction is that of Lagrange and Gauss.
  func reduction() -> PlaneMatrix {
    var m = PlaneMatrix.identity
    for _ in 0..<1000 {
      let now = superlattice(m)
      let (a2, b2) = ((now.a * now.a).sum(), (now.b * now.b).sum())
      if b2 < a2 * (1 - PlaneLattice.tie) {
        m = PlaneMatrix(m.ba, m.bb, -m.aa, -m.ab)
        continue
      }
      let ratio = (now.a * now.b).sum() / a2
      // A tie at one half stays as it is, so that rounding cannot turn it back and forth.
      let steps = Int((ratio.magnitude - PlaneLattice.tie).rounded(.toNearestOrEven))
      if steps <= 0 || (ratio.magnitude <= 0.5 + PlaneLattice.tie) { break }
      let k = ratio < 0 ? -steps : steps
      m = PlaneMatrix(m.aa, m.ab, m.ba - k * m.aa, m.bb - k * m.ab)
    }
    let now = superlattice(m)
    let (a2, b2) = ((now.a * now.a).sum(), (now.b * now.b).sum())
    if (now.a * now.b).sum() > PlaneLattice.tie * a2, b2 < a2 * (1 + PlaneLattice.tie) {
      return PlaneMatrix(m.ba, m.bb, -m.aa, -m.ab)
    }
    return m
  }

  /// Relative difference of lengths that counts as none.
  private static let tie = 1e-9
}

/// A 2 × 2 matrix of integers, row by row.
struct PlaneMatrix: Hashable, Sendable {
  var aa: Int
  var ab: Int
  var ba: Int
  var bb: Int

  init(_ aa: Int, _ ab: Int, _ ba: Int, _ bb: Int) {
    (self.aa, self.ab, self.ba, self.bb) = (aa, ab, ba, bb)
  }

  static let identity = PlaneMatrix(1, 0, 0, 1)

  var determinant: Int { aa * bb - ab * ba }

  static func * (l: PlaneMatrix, r: PlaneMatrix) -> PlaneMatrix {
    PlaneMatrix(
      l.aa * r.aa + l.ab * r.ba, l.aa * r.ab + l.ab * r.bb, l.ba * r.aa + l.bb * r.ba,
      l.ba * r.ab + l.bb * r.bb)
  }

  /// One matrix for every superlattice of an index: (i, j; 0, m) with i m = index, 0 ≤ j < m.
  static func hermiteForms(index: Int) -> [PlaneMatrix] {
    var forms: [PlaneMatrix] = []
    for i in 1...index where index.isMultiple(of: i) {
      for j in 0..<(index / i) { forms.append(PlaneMatrix(i, j, 0, index / i)) }
    }
    return forms
  }
}
