import CellgenTestSupport
import Crystal
import Testing

@testable import Symmetry

@Suite struct SymmetryDatasetTests {
  @Test(
    "space group, site symmetries and orbits of known crystals",
    arguments: [
      ("spinel", 227, "Fd-3m", 192, ["-43m", ".-3m", ".-3m", ".3m"], [8, 16, 16, 32]),
      ("rutile", 136, "P4_2/mnm", 16, ["m.mm", "m.2m"], [2, 4]),
      ("layered", 166, "R-3m", 36, ["-3m", "-3m", "3m"], [3, 3, 6]),
      ("triclinic", 2, "P-1", 2, ["1", "1"], [2, 2]),
      ("obliqueSpinel", 227, "Fd-3m", 192, ["-43m", ".-3m", ".-3m", ".3m"], [8, 16, 16, 32]),
    ])
  func known(
    name: String, number: Int, symbol: String, order: Int, siteSymmetries: [String], sizes: [Int]
  ) throws {
    let structure = try Crystals.named(name)
    let dataset = try SymmetryDataset(structure)
    #expect(dataset.number == number)
    #expect(dataset.symbol == symbol)
    #expect(dataset.operations.count == order)
    #expect(dataset.orbits.map(\.count) == sizes)
    let symmetries = dataset.orbits.map { dataset.siteSymmetries[$0[0]].filter { $0 != " " } }
    #expect(symmetries.map(undotted) == siteSymmetries.map(undotted))
  }

  /// Symbols without the dots, whose number differs between versions of spglib.
  private func undotted(_ symbol: String) -> String { symbol.filter { $0 != "." } }

  @Test("lattice vectors become the columns of spglib's lattice")
  func columns() {
    let columns = Spglib.columnLattice(skewedLattice)
    #expect(columns[0] == (6.1, 1.3, -0.9))
    #expect(columns[1] == (0, 5.7, 1.1))
    #expect(columns[2] == (0, 0, 6.4))
  }

  @Test(
    "every operation keeps distances, maps sites onto sites of their kind, and has determinant ±1",
    arguments: Crystals.names)
  func operationsPermuteSites(name: String) throws {
    let structure = try Crystals.named(name)
    let lattice = structure.lattice
    for operation in try SymmetryDataset(structure).operations {
      #expect(abs(operation.rotation.determinant) == 1)
      // A transposed lattice would pass for orthogonal cells only.
      for (p, q) in [(0, 1), (1, structure.count - 1)] {
        let step = structure.positions[p].components - structure.positions[q].components
        let turned = operation.rotated(step)
        let before = length(lattice.cartesian(Fractional(step)).components)
        let after = length(lattice.cartesian(Fractional(turned)).components)
        #expect(abs(before - after) < 1e-9)
      }
      for site in structure.positions.indices {
        let image = operation.image(of: structure.positions[site])
        let hits = structure.positions.indices.filter {
          lattice.distance(image, structure.positions[$0]) < 1e-3
        }
        #expect(hits.count == 1)
        #expect(structure.species[hits.first ?? 0] == structure.species[site])
      }
    }
  }

  @Test("the operations form a group", arguments: ["rutile", "layered", "triclinic"])
  func group(name: String) throws {
    let operations = try SymmetryDataset(Crystals.named(name)).operations
    func contains(_ operation: SymmetryOperation) -> Bool {
      operations.contains { candidate in
        let step = candidate.translation - operation.translation
        let rest = step - step.rounded(.toNearestOrEven)
        return candidate.rotation == operation.rotation && dot(rest, rest) < 1e-10
      }
    }
    #expect(contains(.identity))
    for left in operations {
      #expect(contains(left.inverse))
      for right in operations { #expect(contains(left * right)) }
    }
  }

  @Test("the orbit of a site has as many sites as the group has operations per stabiliser")
  func orbitStabiliser() throws {
    let structure = try Crystals.spinel()
    let dataset = try SymmetryDataset(structure)
    for orbit in dataset.orbits {
      let position = structure.positions[orbit[0]]
      let stabiliser = dataset.operations.filter {
        structure.lattice.distance($0.image(of: position), position) < 1e-3
      }
      #expect(stabiliser.count * orbit.count == dataset.operations.count)
    }
  }

  @Test("transformation and origin shift lead to the standard cell")
  func standardSetting() throws {
    let structure = try Crystals.obliqueSpinel()
    let dataset = try SymmetryDataset(structure)
    let standard = try SpaceGroup("Fd-3m:\(dataset.choice)")
    let zinc = try #require(
      structure.species.firstIndex(of: Species(.init(symbol: "Zn") ?? .dummy)))
    // 8a and 8b can be exchanged by the choice among equivalent origins, so ask for the letter.
    let first = dataset.wyckoffLetters[zinc] == "a" ? 0.0 : 0.5
    let shift = dataset.choice == "2" ? 0.125 : 0
    let orbit = standard.orbit(of: Fractional(first - shift, first - shift, first - shift))
    for site in structure.positions.indices where structure.species[site] == Species("Zn") {
      let x = structure.positions[site].components
      let p = dataset.transformation
      let moved = SIMD3(dot(p[0], x), dot(p[1], x), dot(p[2], x)) + dataset.originShift
      let nearest = orbit.map { point in
        let step = moved - point.components
        let rest = step - step.rounded(.toNearestOrEven)
        return dot(rest, rest)
      }.min()
      #expect((nearest ?? 1) < 1e-8)
    }
  }

  @Test("types given by hand replace the species")
  func explicitTypes() throws {
    let structure = try Crystals.rutile()
    let alike = try SymmetryDataset(structure, types: [7, 7, 1, 1, 1, 1])
    #expect(alike.number == 136)
    let different = try SymmetryDataset(structure, types: [7, 8, 1, 1, 1, 1])
    #expect(different.number == 65)  // Cmmm
    #expect(different.operations.count == 8)
  }

  @Test("sites on top of each other are an error that names them")
  func tooClose() throws {
    var structure = try Crystals.rutile()
    structure.setPosition(Fractional(1.0, 0, 0), at: 1)
    #expect {
      try SymmetryDataset(structure)
    } throws: { error in
      "\(error)".contains("sites 1 (Ti) and 2 (Ti) are 0.000000 Å apart")
        && "\(error)".contains("hint")
    }
  }

  @Test("absurd input is an error", arguments: [0, -1, Double.nan, .infinity, 5])
  func absurdSymprec(symprec: Double) throws {
    let structure = try Crystals.rutile()
    #expect(throws: InputError.self) { try SymmetryDataset(structure, symprec: symprec) }
  }

  @Test func noSites() throws {
    let empty = Structure(lattice: skewedLattice, species: [], positions: [])
    #expect(throws: InputError.self) { try SymmetryDataset(empty) }
    var broken = try Crystals.rutile()
    broken.setPosition(Fractional(.nan, 0, 0), at: 0)
    #expect(throws: InputError.self) { try SymmetryDataset(broken) }
  }

  @Test("calls from many threads give the same answer as one")
  func threads() async throws {
    let spinel = try Crystals.spinel()
    let rutile = try Crystals.rutile()
    let numbers = await withTaskGroup(of: Int.self) { group in
      for index in 0..<40 {
        group.addTask {
          (try? SymmetryDataset(index.isMultiple(of: 2) ? spinel : rutile))?.number ?? 0
        }
      }
      return await group.reduce(into: [Int: Int]()) { $0[$1, default: 0] += 1 }
    }
    #expect(numbers == [227: 20, 136: 20])
  }
}
