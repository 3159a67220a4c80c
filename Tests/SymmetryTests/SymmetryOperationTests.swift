import Crystal
import Symmetry
import Testing

@Suite struct SymmetryOperationTests {
  /// x' = -y, x - y, z + 1/3: a threefold screw axis of hexagonal axes.
  let screw = SymmetryOperation(
    rotation: IntegerMatrix(rows: [SIMD3(0, -1, 0), SIMD3(1, -1, 0), SIMD3(0, 0, 1)]),
    translation: SIMD3(0, 0, 1.0 / 3))

  @Test("the matrix acts on columns")
  func image() {
    let image = screw.image(of: Fractional(0.1, 0.25, 0.4)).components
    #expect(image.x == -0.25)
    #expect(abs(image.y + 0.15) < 1e-15)
    #expect(abs(image.z - (0.4 + 1.0 / 3)) < 1e-15)
  }

  @Test("three times a threefold screw is a lattice translation")
  func product() {
    let cube = screw * screw * screw
    #expect(cube.rotation == .identity)
    #expect(abs(cube.translation.z - 1) < 1e-15)
    let point = Fractional(0.3, 0.7, 0.2)
    #expect((screw * screw).image(of: point) == screw.image(of: screw.image(of: point)))
  }

  @Test("an operation and its inverse leave every point")
  func inverse() {
    let point = Fractional(0.3, 0.7, 0.2)
    let back = screw.inverse.image(of: screw.image(of: point)).components - point.components
    #expect(dot(back, back) < 1e-28)
    #expect((screw * screw.inverse).rotation == .identity)
  }

  @Test func triplet() {
    #expect(screw.triplet == "-y,x-y,z+1/3")
    #expect(SymmetryOperation.identity.triplet == "x,y,z")
    let odd = SymmetryOperation(rotation: .identity, translation: SIMD3(0.123456, -0.25, 0))
    #expect(odd.triplet == "x+0.12346,y-1/4,z")
  }
}
