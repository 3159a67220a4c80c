import CellgenTestSupport
import Crystal
import Testing

@Suite struct LatticeTests {
  @Test("Cartesian and fractional coordinates are inverse to each other")
  func coordinates() {
    let point = Fractional(0.3, -1.2, 2.7)
    let cartesian = skewedLattice.cartesian(point)
    // r = x a + y b + z c
    #expect(abs(cartesian.components.x - (0.3 * 6.1 - 1.2 * 1.3 - 2.7 * 0.9)) < 1e-12)
    let back = skewedLattice.fractional(cartesian).components - point.components
    #expect(dot(back, back) < 1e-26)
  }

  @Test("reciprocal vectors satisfy aᵢ · bⱼ = 2π δᵢⱼ")
  func reciprocal() {
    let reciprocal = skewedLattice.reciprocal
    for (i, vector) in skewedLattice.vectors.enumerated() {
      for (j, wave) in [reciprocal.a, reciprocal.b, reciprocal.c].enumerated() {
        #expect(abs(dot(vector, wave) - (i == j ? 2 * Double.pi : 0)) < 1e-12)
      }
    }
  }

  @Test("lengths and angles give back the lattice")
  func lengthsAndAngles() throws {
    let again = try Lattice(
      lengths: skewedLattice.lengths, anglesDegrees: skewedLattice.anglesDegrees)
    #expect(abs(again.volume - skewedLattice.volume) < 1e-10)
    for axis in 0..<3 {
      #expect(abs(again.lengths[axis] - skewedLattice.lengths[axis]) < 1e-12)
      #expect(abs(again.anglesDegrees[axis] - skewedLattice.anglesDegrees[axis]) < 1e-10)
    }
    let hexagonal = try Lattice(
      lengths: SIMD3(3, 3, 5), anglesDegrees: SIMD3(90, 90, 120))
    #expect(hexagonal.b.x == -1.5 && hexagonal.c == SIMD3(0, 0, 5))
  }

  @Test("a left-handed lattice has a positive volume and exact conversions")
  func leftHanded() throws {
    let lattice = try Lattice(a: skewedLattice.b, b: skewedLattice.a, c: skewedLattice.c)
    #expect(abs(lattice.volume - skewedLattice.volume) < 1e-12)
    let point = Fractional(0.1, 0.2, 0.3)
    let back = lattice.fractional(lattice.cartesian(point)).components - point.components
    #expect(dot(back, back) < 1e-26)
    #expect((0..<3).allSatisfy { lattice.planeSpacings[$0] > 0 })
  }

  @Test("the nearest image is found in a cell however skewed", arguments: 0..<20 as Range<UInt64>)
  func distance(seed: UInt64) throws {
    var stream = RandomStream(seed: seed, purpose: "lattice tests")
    let lattice = try Lattice(a: SIMD3(3, 0, 0), b: SIMD3(7.3, 2, 0), c: SIMD3(-4.1, 5.2, 2.5))
    let p = Fractional(stream.uniform() * 4, stream.uniform(), -stream.uniform())
    let q = Fractional(stream.uniform(), stream.uniform() - 3, stream.uniform())
    var best = Double.infinity
    for i in -12...12 {
      for j in -12...12 {
        for k in -12...12 {
          let shift = SIMD3(Double(i), Double(j), Double(k))
          let step = lattice.cartesian(Fractional(q.components - p.components + shift)).components
          best = min(best, length(step))
        }
      }
    }
    #expect(abs(lattice.distance(p, q) - best) < 1e-9)
    #expect(abs(lattice.distance(q, p) - best) < 1e-9)
  }

  @Test("no lattice point inside the radius is missed")
  func latticePoints() throws {
    let lattice = try Lattice(a: SIMD3(3, 0, 0), b: SIMD3(2.6, 2, 0), c: SIMD3(-1.2, 0.9, 4))
    let radius = 6.0
    let found = Set(lattice.latticePoints(within: radius))
    for i in -9...9 {
      for j in -9...9 {
        for k in -9...9 {
          // The worst displacements are the corners of the cell of half edges.
          let isNear = [-0.5, 0, 0.5].contains { x in
            [-0.5, 0, 0.5].contains { y in
              [-0.5, 0, 0.5].contains { z in
                let f = SIMD3(Double(i) + x, Double(j) + y, Double(k) + z)
                return length(lattice.cartesian(Fractional(f)).components) <= radius
              }
            }
          }
          if isNear { #expect(found.contains(SIMD3(i, j, k))) }
        }
      }
    }
  }

  @Test("vectors that span no lattice are errors")
  func wrong() {
    let (x, y, z) = (SIMD3(4.0, 0, 0), SIMD3(0, 4.0, 0), SIMD3(0, 0, 4.0))
    #expect(throws: LatticeError.flat) { try Lattice(a: x, b: y, c: x + y) }
    #expect(throws: LatticeError.notFinite) { try Lattice(a: x, b: y, c: SIMD3(0, .nan, 1)) }
    #expect(throws: LatticeError.notFinite) { try Lattice(a: x, b: y, c: SIMD3(0, .infinity, 1)) }
    #expect(throws: LatticeError.length(0)) { try Lattice(a: x, b: y, c: .zero) }
    #expect(throws: LatticeError.length(1e6)) { try Lattice(a: x, b: y, c: 250_000 * z) }
    #expect(throws: LatticeError.self) { try Lattice.cubic(-4.2) == Lattice.cubic(0) }
    let lengths = SIMD3(4.0, 5, 6)
    for angles in [
      SIMD3(90.0, 90, 180), SIMD3(0, 90, 90), SIMD3(-60, 90, 90), SIMD3(.nan, 90, 90),
      SIMD3(30, 30, 120), SIMD3(90, 90, 1e-12),
    ] {
      #expect(throws: LatticeError.self) {
        try Lattice(lengths: lengths, anglesDegrees: angles)
      }
    }
    #expect(throws: LatticeError.self) {
      try Lattice(lengths: SIMD3(4, -5, 6), anglesDegrees: SIMD3(90, 90, 90))
    }
  }

  @Test("wrapped points lie in [0, 1)")
  func wrapped() {
    #expect(Fractional(-0.25, 1, 2.5).wrapped == Fractional(0.75, 0, 0.5))
    #expect(Fractional(-1e-17, 1 - 1e-13, -0.0).wrapped == Fractional(0, 0, 0))
    #expect(Fractional(0.3, 0.999, 0).wrapped == Fractional(0.3, 0.999, 0))
  }
}
