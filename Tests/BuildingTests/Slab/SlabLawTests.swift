import CellgenTestSupport
import Crystal
import Testing

@testable import Building

@Suite struct SlabLawTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var plane: [Int]
    var crystal: @Sendable () throws -> Structure
    var testDescription: String { "\(name) \(plane)" }
  }

  static let cases: [Case] = [
    Case(name: "MgO", plane: [1, 0, 0], crystal: SurfaceCrystals.magnesia),
    Case(name: "MgO", plane: [1, 1, 1], crystal: SurfaceCrystals.magnesia),
    Case(name: "MgO", plane: [2, 1, 0], crystal: SurfaceCrystals.magnesia),
    Case(name: "rutile", plane: [1, 1, 0], crystal: SurfaceCrystals.rutile),
    Case(name: "rutile", plane: [1, 0, 1], crystal: SurfaceCrystals.rutile),
    Case(name: "spinel", plane: [1, 0, 0], crystal: SurfaceCrystals.spinel),
    Case(name: "spinel", plane: [1, 1, 1], crystal: SurfaceCrystals.spinel),
    Case(name: "spinel", plane: [1, 1, 0], crystal: SurfaceCrystals.spinel),
    Case(name: "MgCl2", plane: [0, 0, 1], crystal: SurfaceCrystals.magnesiumChloride),
    Case(name: "GaF3", plane: [0, 0, 1], crystal: SurfaceCrystals.galliumFluoride),
    Case(name: "wurtzite", plane: [0, 0, -1], crystal: SurfaceCrystals.wurtzite),
    Case(name: "wurtzite", plane: [1, 0, 0], crystal: SurfaceCrystals.wurtzite),
    Case(name: "skewed", plane: [2, -1, 3], crystal: skewed),
  ]

  /// A triclinic crystal without symmetry, two sites outside the cell.
  static func skewed() throws -> Structure {
    try SurfaceCrystals.crystal(
      skewedLattice,
      [
        ("Mg", Fractional(0.1, 0.2, 0.3)), ("O", Fractional(1.5, 0.55, 0.4)),
        ("O", Fractional(0.6, -0.4, 0.9)), ("Ti", Fractional(0.35, 0.8, 0.65)),
        ("O", Fractional(0.9, 0.3, 0.75)),
      ])
  }

  /// Distances to all atoms within a radius, ascending, with their elements.
  private func surroundings(
    _ structure: Structure, _ index: Int, within radius: Double
  ) -> [(Double, String)] {
    var found: [(Double, String)] = []
    let points = structure.lattice.latticePoints(within: radius)
    for (other, position) in structure.positions.enumerated() {
      let d = position.components - structure.positions[index].components
      let near = d - d.rounded(.toNearestOrEven)
      for point in points {
        let shift = SIMD3(Double(point.x), Double(point.y), Double(point.z))
        let r = length(structure.lattice.cartesian(Fractional(near + shift)).components)
        if r > 1e-6, r < radius { found.append((r, structure.species[other].element.symbol)) }
      }
    }
    return found.sorted { $0.0 < $1.0 }
  }

  @Test("a period of layers has the volume and composition of the crystal", arguments: cases)
  func volume(_ test: Case) throws {
    let crystal = try test.crystal()
    let stacking = try SurfaceStacking(crystal, plane: test.plane)
    var counts: [Element: Int] = [:]
    for layer in stacking.layers { counts.merge(layer.counts, uniquingKeysWith: +) }
    let atoms = counts.values.reduce(0, +)
    let volume = stacking.area * stacking.period / Double(atoms)
    #expect((volume - crystal.lattice.volume / Double(crystal.count)).magnitude < 1e-9)
    for (element, count) in crystal.elementCounts {
      #expect(counts[element, default: 0] * crystal.count == count * atoms)
    }
    if let charge = stacking.layers.map(\.charge).reduce(
      0,
      { sum, own in
        sum.flatMap { sum in own.map { sum + $0 } }
      })
    {
      #expect(charge.magnitude < 1e-9)
    }
  }

  @Test("inside the slab every atom sees the crystal to 10⁻⁹ Å", arguments: cases)
  func inside(_ test: Case) throws {
    let crystal = try test.crystal()
    let stacking = try SurfaceStacking(crystal, plane: test.plane)
    for number in 1...stacking.terminations.count {
      var specification = SlabSpecification(plane: test.plane)
      specification.termination = number
      let slab = try stacking.slab(specification)
      #expect(slab.isStoichiometric)
      let heights = slab.structure.cartesianPositions.map(\.components.z)
      let (low, high) = (heights.min() ?? 0, heights.max() ?? 0)
      let parents = try #require(slab.structure.parentSites)
      var seen = 0
      for index in heights.indices
      where heights[index] > low + 4.01 && heights[index] < high - 4.01 {
        seen += 1
        let own = surroundings(slab.structure, index, within: 4)
        let bulk = surroundings(crystal, parents[index], within: 4)
        #expect(own.count == bulk.count)
        #expect(zip(own, bulk).allSatisfy { ($0.0 - $1.0).magnitude < 1e-9 })
        #expect(own.map(\.1).sorted() == bulk.map(\.1).sorted())
      }
      #expect(seen > 0)
    }
  }

  @Test("without vacuum the slab is the crystal again", arguments: cases)
  func bulk(_ test: Case) throws {
    let crystal = try test.crystal()
    var specification = SlabSpecification(plane: test.plane)
    specification.vacuum = nil
    specification.thickness = 3
    let slab = try SurfaceStacking(crystal, plane: test.plane).slab(specification)
    #expect((slab.repeatUnits - slab.repeatUnits.rounded()).magnitude < 1e-12)
    let parents = try #require(slab.structure.parentSites)
    for index in slab.structure.species.indices {
      let own = surroundings(slab.structure, index, within: 4)
      let bulk = surroundings(crystal, parents[index], within: 4)
      #expect(own.count == bulk.count)
      #expect(zip(own, bulk).allSatisfy { ($0.0 - $1.0).magnitude < 1e-9 })
    }
  }

  @Test("symmetric slabs have no dipole, stoichiometric ones no charge", arguments: cases)
  func dipole(_ test: Case) throws {
    let crystal = try test.crystal()
    let stacking = try SurfaceStacking(crystal, plane: test.plane)
    for number in 1...stacking.terminations.count {
      var specification = SlabSpecification(plane: test.plane)
      specification.termination = number
      let even = try stacking.slab(specification)
      if let charge = even.charge { #expect(charge.magnitude < 1e-9) }
      specification.balance = .symmetric
      guard stacking.canBeTurnedOver else {
        #expect(throws: InputError.self) { _ = try stacking.slab(specification) }
        continue
      }
      let symmetric = try stacking.slab(specification)
      if let dipole = symmetric.dipole { #expect(dipole.magnitude < 1e-9) }
      #expect(symmetric.lowerTermination == number)
    }
  }

  @Test("the terminations are those that shifting the cut finds", arguments: cases)
  func terminations(_ test: Case) throws {
    let crystal = try test.crystal()
    let stacking = try SurfaceStacking(crystal, plane: test.plane)
    let spacing = 1 / length(reciprocal(crystal.lattice, stacking.plane))
    let tolerance = 0.3
    // Keeps heights that are simple fractions of the cell off the edges of rounding.
    let offset = 0.000123
    // Heights of all atoms in a ball of images, and their distances to one another.
    let heights = crystal.positions.map { position -> Double in
      let x = position.components
      let h = stacking.plane
      return (Double(h.x) * x.x + Double(h.y) * x.y + Double(h.z) * x.z) * spacing
    }
    let normal = spacing * reciprocal(crystal.lattice, stacking.plane)
    let points = crystal.lattice.latticePoints(within: 3.5)
    func print(_ cut: Double) -> [String]? {
      var lines: [String] = []
      for (index, height) in heights.enumerated() {
        let depth = (cut - height) - ((cut - height) / spacing).rounded(.down) * spacing
        if min(depth, spacing - depth) < tolerance / 2 { return nil }
        var near: [String] = []
        for (other, position) in crystal.positions.enumerated() {
          for point in points {
            let shift = SIMD3(Double(point.x), Double(point.y), Double(point.z))
            let d = position.components - crystal.positions[index].components
            let image = d - d.rounded(.toNearestOrEven) + shift
            let r = crystal.lattice.cartesian(Fractional(image)).components
            guard length(r) > 1e-6, length(r) < 3.5, dot(r, normal) < depth else { continue }
            near.append("\(crystal.species[other])\(fixed(length(r), 3))")
          }
        }
        lines.append(
          "\(fixed(depth - cutDepth(cut, heights, spacing) + offset, 3)) \(crystal.species[index]) "
            + near.sorted().joined(separator: " "))
      }
      return lines.sorted()
    }
    var found: Set<[String]> = []
    for step in 0..<400 {
      if let print = print(Double(step) * spacing / 400 + 1e-4) { found.insert(print) }
    }
    #expect(found.count == stacking.terminations.count)
  }

  /// Depth of the topmost atom below a cut.
  private func cutDepth(_ cut: Double, _ heights: [Double], _ spacing: Double) -> Double {
    heights.map { (cut - $0) - ((cut - $0) / spacing).rounded(.down) * spacing }.min() ?? 0
  }

  private func reciprocal(_ lattice: Lattice, _ plane: SIMD3<Int>) -> SIMD3<Double> {
    let g = lattice.reciprocal
    return (Double(plane.x) * g.a + Double(plane.y) * g.b + Double(plane.z) * g.c) / (2 * .pi)
  }
}
