import CellgenTestSupport
import Crystal
import Foundation
import StructureIO
import Testing

/// Files in the style of other programs.
@Suite struct ForeignFileTests {
  private func reading(_ name: String) throws -> StructureReading {
    try StructureFile.read(dataFolder().appending(path: "GoodInput/\(name)").path)
  }

  @Test("extxyz of ASE: columns, quoted values, dummy atoms, other images")
  func aseExtendedXYZ() throws {
    let reading = try reading("ase.extxyz")
    let structure = reading.structure
    #expect(reading.warnings.isEmpty)
    #expect(structure.species.map(\.description) == ["Mg", "Mg", "O", "X"])
    #expect(structure.species[3] == Species(.dummy))
    #expect(structure.charges == [2, 2, -2, -2])
    #expect(
      structure.columns.map(\.name) == ["initial_charges", "tags", "forces", "move_mask"])
    #expect(structure[column: "move_mask"]?.values == .logical([true, false, true, true]))
    #expect(abs(structure.cartesianPositions[1].components.y - 7.3) < 1e-14)
    #expect(
      structure.info.map { "\($0.key)|\($0.value)" } == [
        "energy|-23.5", "stress|0.001 0.0 0.0 0.0 0.002 0.0 0.0 0.0 0.003",
        "config_type|rock salt", "constrained|T", "comment|say \"hi\"",
        "weights|_JSON [[1, 2], [3, 4]]",
      ])
  }

  @Test("extxyz with several frames, Windows line ends, a bare flag and an open direction")
  func frames() throws {
    let path = dataFolder().appending(path: "GoodInput/frames.xyz").path
    let frames = try StructureFile.readFrames(path)
    #expect(frames.map(\.structure.lattice.a.x) == [3, 3.1])
    #expect(frames[0].warnings.count == 1)
    #expect(frames[0].structure.info.isEmpty)
    #expect(frames[1].structure.info.map(\.value) == ["2", "T"])
    #expect(try reading("frames.xyz").warnings.count == 2)
  }

  @Test("extxyz of QUIP: atomic numbers, braces, Fortran exponents")
  func quip() throws {
    let structure = try reading("quip.xyz").structure
    #expect(structure.species.map(\.description) == ["Si", "Si"])
    #expect(structure.positions[1] == Fractional(0.25, 0.25, 0.25))
    #expect(structure.info.map(\.value) == ["a b", "1, 2, 3", "5.5"])
  }

  @Test("CONTCAR of VASP: hashes behind symbols, selective dynamics, velocities")
  func contcar() throws {
    let reading = try reading("CONTCAR_vasp")
    let structure = reading.structure
    #expect(reading.warnings.isEmpty)
    #expect(structure.title == "MgMn2O4 relaxed")
    #expect(structure.species.map(\.description) == ["Mg", "Mn", "Mn", "O"])
    #expect(structure.positions[1] == Fractional(-1e-8, 0.5, 1.25))
    #expect(
      structure[column: Column.Name.free]?.values
        == .logical([
          true, true, false, false, false, false, true, true, true, true, true, true,
        ]))
    #expect(
      structure[column: Column.Name.velocity]?.values
        == .real([0.01, 0, -0.002, 0, 0, 0, 0, 0.0125, 0, 0, 0, 0]))
  }

  @Test("POSCAR of pymatgen: species behind the coordinates")
  func pymatgenPOSCAR() throws {
    let reading = try reading("pymatgen.vasp")
    #expect(reading.warnings.isEmpty)
    #expect(reading.structure.species.map(\.description) == ["Li+", "Co3+", "O2-", "O2-"])
    #expect(reading.structure.columns.isEmpty)
  }

  @Test("VASP 4: symbols from the comment line, negative scale is the volume")
  func vasp4() throws {
    let reading = try reading("vasp4.poscar")
    #expect(reading.warnings.count == 1)
    #expect(abs(reading.structure.lattice.volume - 179.406) < 1e-9)
    #expect(reading.structure.elementCounts == [element("Na"): 4, element("Cl"): 4])
    #expect(abs(reading.structure.positions[7].components.z - 0.5) < 1e-12)
  }

  @Test("VASP 4: symbols from the atom lines, three scale factors")
  func vasp4Symbols() throws {
    let structure = try reading("vasp4_symbols.vasp").structure
    #expect(structure.species.map(\.description) == ["Zn", "S"])
    #expect(structure.lattice.lengths == SIMD3(4, 3, 4))
    #expect(structure.positions[1] == Fractional(0.5, 0.5, 0.5))
  }

  @Test("velocities in direct coordinates use the time step of the file")
  func directVelocities() throws {
    let reading = try reading("npt.vasp")
    #expect(reading.warnings.count == 1)
    #expect(
      reading.structure[column: Column.Name.velocity]?.values == .real([0.004, 0, 0, 0, 0.01, 0]))
  }

  @Test("CIF of ICSD: setting Z, uncertainties, mixed sites, Wyckoff labels")
  func icsd() throws {
    let reading = try reading("icsd_spinel.cif")
    let structure = reading.structure
    #expect(reading.warnings.isEmpty)
    #expect(structure.count == 8 + 8 + 16 + 32)
    #expect(structure.labels?.filter { $0 == "8a" }.count == 16)
    #expect(structure.labels?.filter { $0 == "16d" }.count == 16)
    #expect(structure.labels?.filter { $0 == "32e" }.count == 32)
    #expect(structure.species[0] == species("Mg2+"))
    guard case .real(let occupancies)? = structure[column: Column.Name.occupancy]?.values else {
      Issue.record("no occupancies")
      return
    }
    #expect(occupancies[0] == 0.836 && occupancies[8] == 0.164 && occupancies[16] == 1)
    // 8a and 16d of origin 2 are inversion centres apart: nearest Mg-O and Mn-O distances of spinel.
    func nearest(_ site: Int) -> Double {
      (32..<64).map {
        structure.lattice.distance(structure.positions[site], structure.positions[$0])
      }
      .min() ?? 0
    }
    #expect(abs(nearest(0) - 8.404 * 0.1374 * 3.0.squareRoot()) < 1e-9)
    #expect(abs(nearest(16) - 2.000) < 0.01)
  }

  @Test("CIF of COD: Hall symbol, text fields, no type symbols")
  func cod() throws {
    let reading = try reading("cod_calcite.cif")
    #expect(reading.warnings.isEmpty)
    #expect(reading.structure.composition.description == "C6Ca6O18")
    #expect(reading.structure.title == "9000001")
  }

  @Test("CIF of VESTA: rounded thirds are moved onto the special position")
  func vesta() throws {
    let structure = try reading("vesta_wurtzite.cif").structure
    #expect(structure.count == 4)
    #expect(abs(structure.positions[0].components.x - 1.0 / 3) < 1e-12)
    #expect(abs(structure.positions[0].components.y - 2.0 / 3) < 1e-12)
  }

  @Test("CIF of pymatgen: P 1 is kept as it is, oxidation states may be fractional")
  func pymatgenCIF() throws {
    let reading = try reading("pymatgen.cif")
    #expect(reading.warnings.isEmpty)
    #expect(reading.structure.species.map(\.description) == ["Li+", "Co3.5+", "O2-", "O2-"])
    #expect(reading.structure.positions[3].components.z == -0.26047)
  }

  @Test("CIF of ASE: multiplicities as decimals")
  func aseCIF() throws {
    let reading = try reading("ase.cif")
    #expect(reading.warnings.isEmpty)
    #expect(reading.structure.positions[3] == Fractional(0, 0.5, 1.5))
    #expect(reading.structure.columns.map(\.name) == ["cif_label"])
  }

  @Test("CIF with a block of remarks first, dots in tags, hydrogens without places")
  func globalBlock() throws {
    let reading = try reading("global_block.cif")
    #expect(reading.structure.species.map(\.description) == ["Mg", "O", "O"])
    #expect(reading.structure.title == "I")
    #expect(reading.warnings.count == 3)
  }
}
