import CellgenTestSupport
import Crystal
import Testing

@Suite struct StructureTests {
  /// Three sites in a triclinic cell, one of them empty, one outside the cell.
  static func example() throws -> Structure {
    var structure = Structure(
      lattice: skewedLattice,
      species: [try #require(Species("Zn2+")), .vacancy, try #require(Species("O2-"))],
      positions: [
        Fractional(0.1, 0.2, 0.3), Fractional(0.5, 0.5, 0.5), Fractional(1.7, -0.4, 0.9),
      ],
      title: "example", info: [.init("energy", "-1.5")])
    structure.labels = ["8a", "16c", "32e"]
    structure.set(Column("forces", width: 3, .real((0..<9).map(Double.init))))
    structure.charges = [2, 0, -2]
    return structure
  }

  @Test(
    "copies of a site are neighbours in the arrays and stand on lattice points of the parent",
    arguments: ["1x1x1", "2x1x3", "1 1 0 -1 1 0 0 0 2", "2 1 0 0 1 0 1 0 2"])
  func repeated(text: String) throws {
    let parent = try StructureTests.example()
    let supercell = try SupercellMatrix(parsing: text)
    let structure = try parent.repeated(supercell)
    let cells = supercell.cells
    #expect(structure.count == 3 * cells.count)
    #expect(abs(structure.lattice.volume - Double(cells.count) * parent.lattice.volume) < 1e-9)
    for site in 0..<structure.count {
      let (i, k) = (site / cells.count, site % cells.count)
      #expect(structure.species[site] == parent.species[i])
      #expect(structure.labels?[site] == parent.labels?[i])
      #expect(structure.parentSites?[site] == i)
      #expect(structure.cellIndices?[site] == k)
      let shift = SIMD3(Double(cells[k].x), Double(cells[k].y), Double(cells[k].z))
      let expected = parent.lattice.cartesian(
        Fractional(parent.positions[i].components + shift))
      let difference = structure.lattice.fractional(
        Cartesian(
          expected.components - structure.lattice.cartesian(structure.positions[site]).components)
      ).components
      let rest = difference - difference.rounded(.toNearestOrEven)
      #expect(dot(rest, rest) < 1e-20)
    }
    if case .real(let forces)? = structure[column: "forces"]?.values {
      #expect(Array(forces.suffix(3)) == [6, 7, 8])
      #expect(forces.count == 9 * cells.count)
    } else {
      Issue.record("forces are lost")
    }
    #expect(structure.info == parent.info && structure.title == "example")
  }

  @Test("parent sites survive a second repetition")
  func repeatedTwice() throws {
    let once = try StructureTests.example().repeated(SupercellMatrix(parsing: "2x1x1"))
    let twice = try once.repeated(SupercellMatrix(parsing: "1x2x1"))
    #expect(twice.parentSites?.count == 12)
    #expect(twice.parentSites?.max() == 2)
  }

  @Test("a cell that becomes absurdly large is an error")
  func tooLarge() throws {
    let supercell = try SupercellMatrix(parsing: "50000x1x1")
    let parent = Structure(lattice: try .cubic(8), species: [], positions: [])
    #expect(throws: LatticeError.self) { try parent.repeated(supercell) }
  }

  @Test("columns follow the atoms")
  func selecting() throws {
    let parent = try StructureTests.example()
    let picked = parent.selecting([2, 0, 0])
    #expect(picked.labels == ["32e", "8a", "8a"])
    #expect(picked.charges == [-2, 2, 2])
    #expect(picked[column: "forces"]?.values == .real([6, 7, 8, 0, 1, 2, 0, 1, 2]))
    let atoms = parent.withoutVacancies()
    #expect(atoms.labels == ["8a", "32e"])
    #expect(parent.groupedBySpecies().labels == ["8a", "16c", "32e"])
  }

  @Test func columnsAreReplacedAndRemoved() throws {
    var structure = try StructureTests.example()
    structure.labels = ["a", "b", "c"]
    #expect(structure.columns.filter { $0.name == "label" }.count == 1)
    structure.labels = nil
    #expect(structure.labels == nil)
    structure.set(Column(Column.Name.charge, .integer([1, 2, 3])))
    #expect(structure.charges == [1, 2, 3])
    structure.set(Column(Column.Name.charge, .text(["a", "b", "c"])))
    #expect(structure.charges == nil)
  }

  @Test func composition() throws {
    let structure = try StructureTests.example()
    #expect(structure.composition.description == "ZnO")
    #expect(structure.elementCounts[.vacancy] == nil)
  }

  @Test("every kind of column selects and counts")
  func columns() {
    #expect(Column("a", .text(["x", "y"])).selecting([1]).values == .text(["y"]))
    #expect(
      Column("a", width: 2, .integer([1, 2, 3, 4])).selecting([1]).values == .integer([3, 4]))
    #expect(
      Column("a", .logical([true, false])).selecting([1, 0]).values == .logical([false, true]))
    #expect(Column("a", .real([])).values.count == 0)
  }
}
