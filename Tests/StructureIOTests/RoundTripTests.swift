import CellgenTestSupport
import Crystal
import StructureIO
import Testing

@Suite struct RoundTripTests {
  /// Formats that keep lattice and fractional coordinates to the last bit.
  static let exact: [StructureFormat] = [.extxyz, .poscar, .cif, .json, .espresso, .cp2k]

  @Test(
    "reading what was written gives the same structure, and writing that the same bytes",
    arguments: exact)
  func everythingReturns(format: StructureFormat) throws {
    var original = everything()
    if format == .poscar { original.title = "a title  " }
    let text = try StructureFile.text(of: original, format: format)
    let reading = try read(text, as: fileName(format))
    #expect(reading.warnings.isEmpty)
    expectSame(reading.structure, try kept(original, by: format), "\(format)")
    #expect(try StructureFile.text(of: reading.structure, format: format) == text)
  }

  @Test(
    "formats with Cartesian coordinates, or lengths and angles, keep everything else",
    arguments: [.xsf, .lammps, .res] as [StructureFormat])
  func nearlyEverythingReturns(format: StructureFormat) throws {
    let text = try StructureFile.text(of: everything(), format: format)
    let reading = try read(text, as: fileName(format))
    #expect(reading.warnings.isEmpty)
    expectAlike(reading.structure, try kept(everything(), by: format), "\(format)")
  }

  @Test("random structures return to the last bit", arguments: 0..<50 as Range<UInt64>)
  func randomReturns(seed: UInt64) throws {
    let structure = try randomStructure(seed: seed)
    for format in RoundTripTests.exact {
      let text = try StructureFile.text(of: structure, format: format)
      let reading = try read(text, as: fileName(format))
      expectSame(reading.structure, structure, "\(format)")
      #expect(reading.warnings.isEmpty)
      #expect(try StructureFile.text(of: reading.structure, format: format) == text)
    }
  }

  @Test(
    "random structures return, turned where the format needs it", arguments: 0..<50 as Range<UInt64>
  )
  func randomReturnsTurned(seed: UInt64) throws {
    let structure = try randomStructure(seed: seed)
    for format in [.xsf, .lammps, .res] as [StructureFormat] {
      var expected = try kept(structure, by: format)
      let reading = try read(
        StructureFile.text(of: structure, format: format), as: fileName(format))
      // LAMMPS has charges; these are the oxidation states.
      if format == .lammps { expected.charges = structure.species.map { $0.oxidationState ?? 0 } }
      expectAlike(reading.structure, expected, "\(format)")
    }
  }

  @Test("formats without vacancies leave them out and say so", arguments: StructureFormat.allCases)
  func vacancyLosses(format: StructureFormat) throws {
    var structure = everything()
    structure.setSpecies(.vacancy, at: 3)
    let back = try read(StructureFile.text(of: structure, format: format), as: fileName(format))
    #expect(back.structure.count == (format == .extxyz ? 8 : 7))
    #expect(format.losses(structure).contains("1 vacancies are left out") == (format != .extxyz))
  }

  @Test("what is lost is named, and nothing else is lost", arguments: StructureFormat.allCases)
  func losses(format: StructureFormat) throws {
    let structure = everything()
    let kept = try kept(structure, by: format)
    let names = Set(structure.columns.map(\.name)).subtracting(kept.columns.map(\.name))
    let text = format.losses(structure).first { $0.hasPrefix("columns left out: ") }
    #expect(Set((text?.dropFirst(18) ?? "").split(separator: ", ").map(String.init)) == names)
    #expect(
      format.losses(structure).contains { $0.hasPrefix("values of the whole structure") }
        == kept.info.isEmpty)
  }

  @Test("vacancies return from extxyz, and are left out of POSCAR and CIF")
  func vacancies() throws {
    var structure = everything()
    structure.setSpecies(.vacancy, at: 3)
    expectSame(
      try ExtendedXYZ.read(try ExtendedXYZ.write(structure)).structure, structure, "extxyz")
    expectSame(
      try CIF.read(try CIF.write(structure)).structure, structure.withoutVacancies(), "cif")
    let inPOSCAR = try POSCAR.read(try POSCAR.write(structure)).structure
    #expect(inPOSCAR.species == structure.withoutVacancies().species)
    #expect(inPOSCAR.positions == structure.withoutVacancies().positions)
  }

  @Test("POSCAR groups elements in the order of their first atoms")
  func grouping() throws {
    let kinds = ["O2-", "Mg2+", "O2-", "Mn3+", "Mg2+", "Mn4+"].map { species($0) }
    let structure = Structure(
      lattice: skewedLattice, species: kinds,
      positions: kinds.indices.map { Fractional(Double($0) / 7, 0, 0) })
    let read = try POSCAR.read(try POSCAR.write(structure)).structure
    expectSame(read, structure.selecting([0, 2, 1, 4, 3, 5]), "grouped")
  }

  @Test("several frames return")
  func frames() throws {
    let structures = try (0..<3 as Range<UInt64>).map { try randomStructure(seed: $0) }
    let text = try ExtendedXYZ.write(structures)
    let readings = try ExtendedXYZ.readFrames(text)
    #expect(readings.map(\.structure) == structures)
    #expect(try ExtendedXYZ.read(text).warnings.count == 1)
  }

  @Test("an atom moved by another program counts, the exact fractional column does not")
  func movedAtom() throws {
    let structure = everything()
    let lines = try ExtendedXYZ.write(structure).split(separator: "\n")
    var words = lines[2].split(separator: " ").map(String.init)
    words[1] = "0.25"
    let moved = (lines[0...1] + [Substring(words.joined(separator: " "))] + lines[3...])
      .joined(separator: "\n")
    let read = try ExtendedXYZ.read(moved).structure
    #expect(abs(read.cartesianPositions[0].components.x - 0.25) < 1e-12)
    #expect(read[column: "fractional"] == nil)
  }

  @Test("an element replaced by another program loses its oxidation state, with a warning")
  func replacedElement() throws {
    let structure = try randomStructure(seed: 1)
    let text = try ExtendedXYZ.write(structure)
    let other = text.replacing("\nMg ", with: "\nZn ")
    let reading = try ExtendedXYZ.read(other)
    #expect(reading.structure.species[0] == Species(element("Zn")))
    #expect(reading.warnings.count == 1)

    let poscar = try POSCAR.write(structure).replacing("\n Mg ", with: "\n Zn ")
    let inPOSCAR = try POSCAR.read(poscar)
    #expect(inPOSCAR.structure.species[0] == Species(element("Zn")))
    #expect(inPOSCAR.warnings.count == 1)
  }

  @Test("what a format cannot hold is refused")
  func unwritable() throws {
    let base = try randomStructure(seed: 2)
    func refuses(_ format: StructureFormat, _ change: (inout Structure) -> Void) {
      var structure = base
      change(&structure)
      #expect(throws: InputError.self) {
        try StructureFile.text(of: structure, format: format)
      }
    }
    let n = base.count
    for format in StructureFormat.allCases {
      refuses(format) { $0.charges = [Double](repeating: .infinity, count: n) }
      refuses(format) { $0.labels = [String](repeating: "16 d", count: n) }
      refuses(format) { $0.labels = [String](repeating: "", count: n) }
      refuses(format) { $0.charges = [Double](repeating: .nan, count: n) }
      refuses(format) { $0.setPosition(Fractional(.infinity, 0, 0), at: 0) }
      refuses(format) { $0 = $0.selecting([]) }
      refuses(format) { s in
        for i in 0..<n { s.setSpecies(Species(.dummy, oxidationState: .nan), at: i) }
      }
    }
    refuses(.extxyz) { $0.info = [Structure.InfoEntry("Lattice", "1")] }
    refuses(.extxyz) { $0.info = [.init("a", "1"), .init("a", "2")] }
    refuses(.extxyz) { $0.set(Column("pos", .integer(Array(0..<n)))) }
    refuses(.extxyz) { $0.set(Column("a:b", .integer(Array(0..<n)))) }
    refuses(.poscar) { $0.title = "two\nlines" }
    refuses(.cif) { $0.title = "a\n; b" }
    refuses(.cif) { $0.labels = [String](repeating: "□", count: n) }
    refuses(.cif) {
      $0.set(Column("a.b", .integer(Array(0..<n))))
      $0.set(Column("A_b", .integer(Array(0..<n))))
    }
  }
}

/// Compares two structures part by part, columns by name.
func expectSame(
  _ a: Structure, _ b: Structure, _ what: String, sourceLocation: SourceLocation = #_sourceLocation
) {
  let comment = Comment(rawValue: what)
  #expect(a.lattice == b.lattice, comment, sourceLocation: sourceLocation)
  #expect(a.species == b.species, comment, sourceLocation: sourceLocation)
  #expect(a.positions == b.positions, comment, sourceLocation: sourceLocation)
  #expect(a.title == b.title, comment, sourceLocation: sourceLocation)
  #expect(a.info == b.info, comment, sourceLocation: sourceLocation)
  #expect(
    a.columns.sorted { $0.name < $1.name } == b.columns.sorted { $0.name < $1.name }, comment,
    sourceLocation: sourceLocation)
}

/// Compares two structures up to rounding, columns by name.
func expectAlike(
  _ a: Structure, _ b: Structure, _ what: String, sourceLocation: SourceLocation = #_sourceLocation
) {
  let comment = Comment(rawValue: what)
  func flat(_ vectors: [SIMD3<Double>]) -> [Double] { vectors.flatMap { [$0.x, $0.y, $0.z] } }
  func near(_ p: [Double], _ q: [Double]) -> Bool {
    p.count == q.count
      && zip(p, q).allSatisfy { ($0 - $1).magnitude < 1e-11 * max(1, $0.magnitude) }
  }
  #expect(
    near(flat(a.lattice.vectors), flat(b.lattice.vectors)), comment, sourceLocation: sourceLocation)
  #expect(a.species == b.species, comment, sourceLocation: sourceLocation)
  let (p, q) = (a.positions.map(\.components), b.positions.map(\.components))
  #expect(near(flat(p), flat(q)), comment, sourceLocation: sourceLocation)
  #expect(a.title == b.title, comment, sourceLocation: sourceLocation)
  #expect(a.info == b.info, comment, sourceLocation: sourceLocation)
  #expect(
    a.columns.map(\.name).sorted() == b.columns.map(\.name).sorted(), comment,
    sourceLocation: sourceLocation)
  for column in a.columns {
    guard let other = b[column: column.name] else { continue }
    if case .real(let x) = column.values, case .real(let y) = other.values {
      #expect(near(x, y), "\(what) \(column.name)", sourceLocation: sourceLocation)
    } else {
      #expect(column == other, comment, sourceLocation: sourceLocation)
    }
  }
}
