import CellgenTestSupport
import Crystal
import Testing

@testable import Building

@Suite struct SlabTests {
  private func slab(
    _ crystal: Structure, _ plane: [Int],
    _ change: (inout SlabSpecification) -> Void = { _ in }
  ) throws -> Slab {
    var specification = SlabSpecification(plane: plane)
    change(&specification)
    return try SurfaceStacking(
      crystal, plane: plane, cell: specification.cell,
      layerTolerance: specification.layerTolerance, oxidation: specification.oxidation
    ).slab(specification)
  }

  @Test("MgO (100): neutral layers a/2 apart, one termination, half the square of the edge")
  func magnesiaCube() throws {
    let stacking = try SurfaceStacking(SurfaceCrystals.magnesia(), plane: [1, 0, 0])
    #expect((stacking.period - 4.2112 / 2).magnitude < 1e-9)
    #expect((stacking.area - 4.2112 * 4.2112 / 2).magnitude < 1e-9)
    #expect(stacking.layers.map(\.formula) == ["MgO"])
    #expect(stacking.terminations.map(\.type) == [.neutralLayers])
    let slab = try slab(SurfaceCrystals.magnesia(), [1, 0, 0])
    // Six layers are the first to span 10 Å: 5 × 2.1056.
    #expect(slab.structure.count == 12)
    #expect((slab.thickness - 5 * 2.1056).magnitude < 1e-9)
    #expect((slab.structure.lattice.lengths.z - slab.thickness - 15).magnitude < 1e-9)
    #expect(slab.isSymmetric && slab.isStoichiometric && !slab.isPolar)
    #expect((slab.dipole ?? 1).magnitude < 1e-9)
    let heights = slab.structure.cartesianPositions.map(\.components.z)
    let middle = ((heights.min() ?? 0) + (heights.max() ?? 0)) / 2
    #expect((middle - slab.structure.lattice.c.z / 2).magnitude < 1e-9, "centred")
  }

  @Test("MgO (111): two polar terminations, each the other turned over")
  func magnesiaOctahedron() throws {
    let stacking = try SurfaceStacking(SurfaceCrystals.magnesia(), plane: [1, 1, 1])
    let a = 4.2112
    #expect((stacking.period - a / 3.0.squareRoot()).magnitude < 1e-9)
    #expect((stacking.area - 3.0.squareRoot() / 4 * a * a).magnitude < 1e-9)
    #expect(stacking.terminations.map(\.type) == [.polar, .polar])
    #expect(stacking.terminations.map(\.reverse) == [1, 0])
    for termination in stacking.terminations {
      // Two charges of 2 e half a period apart.
      let dipole = try #require(termination.repeatDipole)
      #expect((dipole.magnitude - stacking.period).magnitude < 1e-9)
    }
    let even = try slab(SurfaceCrystals.magnesia(), [1, 1, 1])
    #expect(even.isStoichiometric && !even.isSymmetric && even.isPolar)
    let symmetric = try slab(SurfaceCrystals.magnesia(), [1, 1, 1]) { $0.balance = .symmetric }
    #expect(symmetric.isSymmetric && !symmetric.isStoichiometric)
    #expect((symmetric.dipole ?? 1).magnitude < 1e-9)
    #expect((symmetric.charge ?? 0).magnitude > 1.9)
    #expect(symmetric.layers.first?.formula == symmetric.layers.last?.formula)
    #expect(symmetric.lowerTermination == symmetric.termination)
    #expect(!symmetric.notes.isEmpty)
  }

  @Test("rutile (110): the oxygen-bridged surface is the one without dipole")
  func rutile() throws {
    let stacking = try SurfaceStacking(SurfaceCrystals.rutile(), plane: [1, 1, 0])
    #expect(stacking.layers.map(\.formula).sorted() == ["O", "O", "Ti2O2"])
    #expect(stacking.terminations.count == 3)
    #expect(stacking.terminations.map(\.type) == [.noDipole, .polar, .polar])
    let slab = try slab(SurfaceCrystals.rutile(), [1, 1, 0])
    #expect(slab.layers.first?.formula == "O" && slab.layers.last?.formula == "O")
    #expect(slab.isSymmetric && slab.isStoichiometric)
    #expect((slab.dipole ?? 1).magnitude < 1e-9 && (slab.charge ?? 1).magnitude < 1e-9)
  }

  @Test("spinel (100) has two surfaces, spinel (111) six")
  func spinel() throws {
    let crystal = try SurfaceCrystals.spinel()
    let cube = try SurfaceStacking(crystal, plane: [1, 0, 0])
    #expect(cube.layers.count == 4 && cube.terminations.count == 2)
    #expect(Set(cube.layers.map(\.formula)) == ["Mg", "Al2O4"])
    #expect(cube.terminations.allSatisfy { $0.type == .polar })
    let octahedron = try SurfaceStacking(crystal, plane: [1, 1, 1])
    #expect(octahedron.layers.count == 6 && octahedron.terminations.count == 6)
    #expect(Set(octahedron.layers.map(\.formula)) == ["Mg", "Al", "O4", "Al3"])
    // Every surface can be put on both sides of a slab that has no dipole.
    for number in 1...6 {
      let symmetric = try slab(crystal, [1, 1, 1]) {
        $0.termination = number
        $0.balance = .symmetric
      }
      #expect((symmetric.dipole ?? 1).magnitude < 1e-9)
      #expect(symmetric.lowerTermination == number)
    }
  }

  @Test("wurtzite (001) cannot be turned over, (100) can")
  func wurtzite() throws {
    let polar = try SurfaceStacking(SurfaceCrystals.wurtzite(), plane: [0, 0, 1])
    #expect(!polar.canBeTurnedOver)
    #expect(polar.terminations.count == 2)
    #expect(polar.terminations.allSatisfy { $0.reverse == nil && $0.type == .polar })
    #expect(throws: InputError.self) {
      _ = try slab(SurfaceCrystals.wurtzite(), [0, 0, 1]) { $0.balance = .symmetric }
    }
    let prism = try SurfaceStacking(SurfaceCrystals.wurtzite(), plane: [1, 0, 0])
    #expect(prism.canBeTurnedOver)
    #expect(prism.terminations.allSatisfy { $0.type == .neutralLayers })
  }

  @Test("columns, parents and labels travel; the supercell multiplies the layer")
  func columns() throws {
    var crystal = try SurfaceCrystals.magnesia()
    crystal.labels = crystal.species.map { $0.element.symbol == "Mg" ? "4a" : "4b" }
    crystal.set(
      Column(
        "forces", width: 3,
        .real(crystal.species.flatMap { _ in [1.0, 0, 0] })))
    let slab = try slab(crystal, [1, 0, 0]) {
      $0.supercell = [2, 3]
      $0.thickness = nil
      $0.layers = 4
    }
    #expect(slab.structure.count == 2 * 4 * 6)
    #expect(slab.layers.map(\.atoms) == [12, 12, 12, 12])
    let structure = slab.structure
    let (labels, parents) = (try #require(structure.labels), try #require(structure.parentSites))
    for index in structure.species.indices {
      #expect(labels[index] == (structure.species[index].element.symbol == "Mg" ? "4a" : "4b"))
      #expect(crystal.species[parents[index]] == structure.species[index])
    }
    let pairs = Set(zip(parents, try #require(structure.cellIndices)).map { "\($0) \($1)" })
    #expect(pairs.count == structure.count, "parent and cell name every atom once")
    // The normal was x: forces along it now point along z.
    guard case .real(let forces) = structure[column: "forces"]?.values else {
      Issue.record("no forces")
      return
    }
    #expect((forces[2] - 1).magnitude < 1e-12 && forces[0].magnitude < 1e-12)
    let given = try self.slab(crystal, [1, 0, 0]) { $0.cell = .given }
    #expect((given.area - 4.2112 * 4.2112).magnitude < 1e-9)
  }

  @Test("empty sites travel with the slab and form no layers")
  func emptySites() throws {
    var specification = SpinelSpecification()
    (specification.speciesA, specification.speciesB) = ("Mg", "Al")
    let crystal = try Spinel(specification).crystal.unitCell
    #expect(crystal.species.contains { $0.isVacancy })
    let stacking = try SurfaceStacking(crystal, plane: [1, 1, 1])
    #expect(stacking.layers.count == 6 && stacking.terminations.count == 6)
    #expect(stacking.hasCharges)
    let slab = try slab(crystal, [1, 1, 1])
    let labels = try #require(slab.structure.labels)
    for (label, species) in zip(labels, slab.structure.species) {
      #expect((label == "16c") == species.isVacancy)
    }
    #expect(labels.contains("16c"))
  }

  @Test("a common factor of the indices is dropped, the sign turns the slab over")
  func indices() throws {
    let crystal = try SurfaceCrystals.rutile()
    let (one, two) = (try slab(crystal, [1, 1, 0]), try slab(crystal, [2, 2, 0]))
    #expect(one.structure == two.structure)
    let wurtzite = try SurfaceCrystals.wurtzite()
    let up = try SurfaceStacking(wurtzite, plane: [0, 0, 1])
    let down = try SurfaceStacking(wurtzite, plane: [0, 0, -1])
    let dipoles = [up, down].map { $0.terminations.compactMap(\.repeatDipole).map { $0.rounded() } }
    #expect(dipoles[0].sorted() == dipoles[1].map { -$0 }.sorted())
  }

  typealias Change = @Sendable (inout SlabSpecification) -> Void

  static let mistakes: [(String, Change)] = [
    ("plane", { s in s.plane = [0, 0, 0] }),
    ("plane", { s in s.plane = [1, 0] }),
    ("plane", { s in s.plane = [99, 0, 0] }),
    ("thickness", { s in s.thickness = 0 }),
    ("thickness", { s in s.thickness = .nan }),
    ("thickness", { s in s.thickness = nil }),
    ("layers", { s in (s.thickness, s.layers) = (nil, 0) }),
    ("vacuum", { s in s.vacuum = -3 }),
    ("termination", { s in s.termination = 9 }),
    ("supercell", { s in s.supercell = [1, 2, 3] }),
    ("layer_tolerance", { s in s.layerTolerance = 0 }),
    ("layer_tolerance", { s in s.layerTolerance = 2.5 }),
    ("oxidation", { s in s.oxidation = ["Zn": 2] }),
    ("balance", { s in (s.plane, s.balance, s.vacuum) = ([1, 1, 1], .symmetric, nil) }),
  ]

  @Test("wrong input is refused with its place", arguments: mistakes)
  func badInput(place: String, change: Change) throws {
    var specification = SlabSpecification(plane: [1, 0, 0])
    change(&specification)
    let error = #expect(throws: InputError.self) {
      _ = try slab(SurfaceCrystals.magnesia(), specification.plane) { $0 = specification }
    }
    #expect(error?.location == place)
  }
}
