import CellgenTestSupport
import Crystal
import Foundation
import StructureIO
import Testing

/// Files as ASE 3.29, pymatgen, LAMMPS, SHELX and DFT codes write them or take them. Those named after
/// ASE and pymatgen were written by these programs.
@Suite struct ForeignFormatTests {
  private func reading(_ name: String) throws -> StructureReading {
    try StructureFile.read(dataFolder().appending(path: "GoodInput/\(name)").path)
  }

  /// The triclinic crystal of which ASE and pymatgen wrote files.
  private static let points = [
    Fractional(0.1, 0.2, 0.3), Fractional(0.5, 0.55, 0.6), Fractional(0.9, 0.1, 0.8),
    Fractional(0.33, -0.2, 1.4),
  ]
  private static let rows = [SIMD3(0.3, 4.1, 0.2), SIMD3(-5, 0.4, 0.1), SIMD3(0.7, -0.6, 6.2)]

  @Test(
    "files of one crystal by two programs in six formats agree",
    arguments: [
      ("ase.lammps-data", 1e-8, true), ("pymatgen.lmp", 1e-5, true),
      ("ase_frames.xsf", 1e-9, false),
      ("pymatgen.xsf", 1e-9, false), ("ase.pwi", 1e-9, false), ("pymatgen.pwi", 1e-6, false),
      ("ase.res", 1e-5, true), ("pymatgen.res", 1e-4, true), ("pymatgen.inp", 1e-9, false),
    ])
  func triclinic(name: String, tolerance: Double, isTurned: Bool) throws {
    let structure = try reading(name).structure
    #expect(structure.species.map(\.element.symbol) == ["Mg", "Mn", "O", "O"])
    let rows = ForeignFormatTests.rows
    var lattice = try Lattice(a: rows[0], b: rows[1], c: rows[2])
    if isTurned { lattice = try lattice.lowerTriangular() }
    for (vector, expected) in zip(structure.lattice.vectors, lattice.vectors) {
      #expect(length(vector - expected) < 10 * tolerance)
    }
    for (n, expected) in ForeignFormatTests.points.enumerated() {
      let step = structure.positions[n].components - expected.components
      let whole = step - step.rounded(.toNearestOrEven)
      #expect(length(whole) < tolerance, "\(n)")
    }
  }

  @Test("LAMMPS data of ASE: charges, and velocities that turn with the cell")
  func aseLAMMPS() throws {
    let structure = try reading("ase.lammps-data").structure
    #expect(structure.charges == [2, 2, -2, -2])
    guard case .real(let values)? = structure[column: Column.Name.velocity]?.values else {
      Issue.record("no velocities")
      return
    }
    // ASE had (n, n + 1, n + 2) 1e-3 Å √(eV/amu) for n = 0, 3, 6, 9; lengths do not turn.
    let unit = 0.09822694788464065
    for n in 0..<4 {
      let expected = (0..<3).map { Double(3 * n + $0) * 1e-3 * unit }
      let size = length(SIMD3(values[3 * n], values[3 * n + 1], values[3 * n + 2]))
      #expect(abs(size - length(SIMD3(expected[0], expected[1], expected[2]))) < 1e-9)
    }
  }

  @Test(
    "LAMMPS data of write_data: labels, image flags, atoms in any order, another origin, real units"
  )
  func writeData() throws {
    let reading = try reading("write_data.data")
    let structure = reading.structure
    #expect(structure.species.map(\.description) == ["Mg2+", "O2-"])
    #expect(structure.title == "LAMMPS data file via write_data, version 2 Aug 2023, timestep = 10")
    #expect(structure.charges == [1.7, -1.7])
    #expect(length(structure.positions[1].components - SIMD3(0.5, 0.5, 0.5)) < 1e-12)
    #expect(structure[column: Column.Name.velocity]?.values == .real([0.001, 0, 0, 0, 0, -0.002]))
    #expect(reading.warnings.count == 1)
    #expect(reading.warnings[0].hasSuffix(".data:27: the section Pair Coeffs was not read"))
  }

  private func path(_ name: String) throws -> String {
    dataFolder().appending(path: "GoodInput/\(name)").path
  }

  @Test("XSF with forces in hartree/Å, a conventional cell and a grid")
  func xsf() throws {
    let structure = try reading("forces.xsf").structure
    #expect(structure.title == "ZnS of a DFT code")
    #expect(structure.species.map(\.description) == ["S", "Zn"])
    guard case .real(let forces)? = structure[column: Column.Name.force]?.values else {
      Issue.record("no forces")
      return
    }
    #expect(abs(forces[5] + 0.01 * 27.211386245988) < 1e-12)
  }

  @Test("animated XSF gives all frames, with cells of their own")
  func animated() throws {
    let frames = try StructureFile.readFrames(try path("variable.axsf"))
    #expect(frames.map(\.structure.lattice.a.x) == [4, 4.1])
    #expect(frames.map(\.structure.count) == [1, 1])
    #expect(try reading("ase_frames.xsf").warnings.count == 1)
    #expect(try StructureFile.readFrames(try path("ase_frames.xsf")).count == 2)
  }

  @Test("JSON of pymatgen: oxidation states, moments, flags")
  func pymatgenProperties() throws {
    let reading = try reading("pymatgen_properties.json")
    let structure = reading.structure
    #expect(structure.count == 14)
    #expect(structure.species[2] == species("Mn3+"))
    #expect(
      structure[column: Column.Name.magneticMoment]?.values
        == .real([0, 0, 4, 4, 4, 4] + [Double](repeating: 0, count: 8)))
    #expect(structure[column: Column.Name.free]?.width == 3)
    #expect(structure[column: Column.Name.fileLabel] == nil)
    #expect(structure.info.map(\.key) == ["unit_cell"])
    #expect(reading.warnings.count == 1)
  }

  @Test("JSON and CIF of pymatgen with mixed sites give the same occupancies")
  func pymatgenDisorder() throws {
    for name in ["pymatgen_disordered.json", "pymatgen_disordered.cif"] {
      let structure = try reading(name).structure
      #expect(structure.count == 12)
      var amounts: [Species: Double] = [:]
      guard case .real(let values)? = structure[column: Column.Name.occupancy]?.values else {
        Issue.record("no occupancies")
        return
      }
      for (species, value) in zip(structure.species, values) {
        amounts[species, default: 0] += value
      }
      #expect(abs((amounts[species("Mg2+")] ?? 0) - 2.8) < 1e-12)
      #expect(abs((amounts[species("Zn2+")] ?? 0) - 0.8) < 1e-12)
      #expect(abs((amounts[species("O2-")] ?? 0) - 4) < 1e-12)
    }
  }

  @Test("mixed sites return from the JSON of pymatgen as one site")
  func disorderReturns() throws {
    let structure = try reading("pymatgen_disordered.json").structure
    let text = try PymatgenJSON.write(structure)
    #expect(text.split(separator: "\"abc\"").count == 9)
    expectSame(try PymatgenJSON.read(text).structure, structure, "disordered")
  }

  @Test("an entry with its energy, and a list of structures")
  func entries() throws {
    let body = try PymatgenJSON.write(randomStructure(seed: 1))
    let entry = try PymatgenJSON.read("{\"energy\": -12.5, \"structure\": \(body)}").structure
    #expect(entry.info == [.init("energy", "-12.5")])
    #expect(try PymatgenJSON.readFrames("[\(body), \(body)]").count == 2)
    #expect(try PymatgenJSON.read("[\(body), \(body)]").warnings.count == 1)
  }

  @Test("CIF of pymatgen with symmetry, CIF and POSCAR of ASE: spinel")
  func spinel() throws {
    #expect(try reading("pymatgen_symmetrized.cif").structure.count == 56)
    for name in ["ase_spinel.cif", "ase_spinel.vasp"] {
      #expect(try reading(name).structure.composition.description == "Mg2Mn4O8")
    }
  }

  // Volumes in units of a³ from the determinants of the documented vectors, for b/a = 1.2, c/a = 1.6 and
  // the cosines that are given.
  private static let lattices: [(Int, Double, String)] = [
    (1, 1.0, ""),
    (2, 0.25, ""),
    (3, 0.5, ""),
    (-3, 0.5, ""),
    (4, 1.3856406460551018, "celldm(3)=1.6"),
    (5, 0.9465727652959386, "celldm(4)=0.2"),
    (-5, 0.9465727652959386, "celldm(4)=0.2"),
    (6, 1.6, "celldm(3)=1.6"),
    (7, 0.8, "celldm(3)=1.6"),
    (8, 1.92, "celldm(2)=1.2, celldm(3)=1.6"),
    (9, 0.96, "celldm(2)=1.2, celldm(3)=1.6"),
    (-9, 0.96, "celldm(2)=1.2, celldm(3)=1.6"),
    (91, 0.96, "celldm(2)=1.2, celldm(3)=1.6"),
    (10, 0.48, "celldm(2)=1.2, celldm(3)=1.6"),
    (11, 0.96, "celldm(2)=1.2, celldm(3)=1.6"),
    (12, 1.8812081224574806, "celldm(2)=1.2, celldm(3)=1.6, celldm(4)=0.2"),
    (-12, 1.8812081224574806, "celldm(2)=1.2, celldm(3)=1.6, celldm(5)=0.2"),
    (13, 0.9406040612287403, "celldm(2)=1.2, celldm(3)=1.6, celldm(4)=0.2"),
    (-13, 0.9406040612287403, "celldm(2)=1.2, celldm(3)=1.6, celldm(5)=0.2"),
    (
      14, 1.7929140525970564,
      "celldm(2)=1.2, celldm(3)=1.6, celldm(4)=0.1, celldm(5)=0.2, celldm(6)=0.3"
    ),
  ]

  @Test("every ibrav gives its cell", arguments: lattices)
  func bravais(ibrav: Int, volume: Double, parameters: String) throws {
    let text = """
      &SYSTEM
        ibrav=\(ibrav), celldm(1)=1.0D1, \(parameters)
        nat=1, ntyp=1
      /
      ATOMIC_SPECIES
      Mg 24.3 Mg.UPF
      ATOMIC_POSITIONS alat
      Mg 0 0 0
      """
    let lattice = try Espresso.read(text).structure.lattice
    let cube = 1000 * UnitFactor.bohr * UnitFactor.bohr * UnitFactor.bohr
    #expect(abs(lattice.volume / cube - volume) < 1e-9)
    #expect(lattice.isRightHanded)
  }

  @Test("pw.x input by hand: fcc by A, names of kinds, fixed coordinates, exponents with D")
  func espresso() throws {
    let structure = try reading("mgo_fcc.in").structure
    #expect(structure.title == "rock salt 'MgO'")
    #expect(structure.species.map(\.description) == ["Mg", "O"])
    #expect(abs(structure.lattice.volume - 4.2 * 4.2 * 4.2 / 4) < 1e-9)
    #expect(length(structure.cartesianPositions[1].components - SIMD3(2.1, 0, 0)) < 1e-12)
    #expect(
      structure[column: Column.Name.free]?.values
        == .logical([false, false, false, true, true, true]))
  }

  @Test(
    "CP2K input by hand: lengths and angles in bohr, kinds with elements, comments, a second cell")
  func cp2k() throws {
    let structure = try reading("zno.inp").structure
    #expect(structure.species.map(\.description) == ["Zn", "O"])
    #expect(abs(structure.lattice.lengths.z - 10 * UnitFactor.bohr) < 1e-12)
    #expect(abs(structure.lattice.anglesDegrees.z - 120) < 1e-9)
    #expect(structure.positions[1] == Fractional(1.0 / 3, 2.0 / 3, 0.375))
  }

  @Test("res of SHELX: centring, inversion, fixed coordinates and site occupation factors")
  func shelx() throws {
    let structure = try reading("rutile.res").structure
    #expect(structure.composition.description == "Ti2O4")
    #expect(structure[column: Column.Name.occupancy] == nil)
  }

  @Test("res of AIRSS: name, pressure, enthalpy and space group of the title")
  func airss() throws {
    let structure = try reading("airss.res").structure
    #expect(structure.title == "MgO-2-1234-abcd")
    #expect(
      structure.info == [
        .init("pressure_GPa", "10.0"), .init("enthalpy_eV", "-1234.5"),
        .init("space_group", "Fm-3m"),
      ])
    let text = try RES.write(structure)
    #expect(text.hasPrefix("TITL MgO-2-1234-abcd 10.0 "))
    #expect(try RES.read(text).structure.info.prefix(2) == structure.info.prefix(2))
  }
}
