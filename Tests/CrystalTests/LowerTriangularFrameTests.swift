import CellgenTestSupport
import Crystal
import Testing

@Suite struct LowerTriangularFrameTests {
  /// The skewed cell with its vectors along no axis.
  private func lattice(mirrored: Bool) throws -> Lattice {
    let axes: [SIMD3<Double>] = [SIMD3(2, 1, 2) / 3, SIMD3(-2, 2, 1) / 3, SIMD3(-1, -2, 2) / 3]
    let sign = mirrored ? -1.0 : 1.0
    func turned(_ v: SIMD3<Double>) -> SIMD3<Double> {
      sign * (v.x * axes[0] + v.y * axes[1] + v.z * axes[2])
    }
    let own = skewedLattice
    return try Lattice(a: turned(own.a), b: turned(own.b), c: turned(own.c))
  }

  @Test("what is turned and turned back is the same, lattices too", arguments: [false, true])
  func inverse(mirrored: Bool) throws {
    let lattice = try lattice(mirrored: mirrored)
    let frame = LowerTriangularFrame(lattice)
    let v = SIMD3(0.3, -1.2, 2.5)
    #expect(length(frame.back(frame.turned(v)) - v) < 1e-13)
    let turned = try lattice.lowerTriangular()
    #expect(turned.isLowerTriangular && turned.isRightHanded)
    for (own, other) in zip(turned.vectors, skewedLattice.vectors) {
      #expect(length(own - other) < 1e-13)
    }
    let again = try frame.lattice(
      SIMD3(turned.a.x, turned.b.y, turned.c.z),
      tilt: SIMD3(turned.b.x, turned.c.x, turned.c.y))
    for (own, other) in zip(again.vectors, lattice.vectors) { #expect(length(own - other) < 1e-13) }
  }

  @Test("a tensor gives the same number with vectors turned along", arguments: [false, true])
  func tensor(mirrored: Bool) throws {
    let frame = LowerTriangularFrame(try lattice(mirrored: mirrored))
    let turned: [SIMD3<Double>] = [SIMD3(1, 2, 3), SIMD3(-4, 5, 6), SIMD3(7, 8, -9)]
    let (u, v) = (SIMD3(0.3, -1.2, 2.5), SIMD3(1.1, 0.7, -0.4))
    func product(_ u: SIMD3<Double>, _ tensor: [SIMD3<Double>], _ v: SIMD3<Double>) -> Double {
      u.x * dot(tensor[0], v) + u.y * dot(tensor[1], v) + u.z * dot(tensor[2], v)
    }
    let expected = product(frame.turned(u), turned, frame.turned(v))
    #expect(abs(product(u, frame.back(tensor: turned), v) - expected) < 1e-12)
  }

  @Test func aLowerTriangularLatticeKeepsEveryDigit() {
    let frame = LowerTriangularFrame(skewedLattice)
    let v = SIMD3(0.1, 1.0 / 3, 7.7)
    #expect(frame.turned(v) == v && frame.back(v) == v)
  }
}
