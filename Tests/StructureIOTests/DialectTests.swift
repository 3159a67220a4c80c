import Crystal
import StructureIO
import Testing

/// What editors and other systems do to text does not matter.
@Suite struct DialectTests {
  /// A text in a format, and what it reads as.
  private func sample(_ format: StructureFormat) throws -> (text: String, structure: Structure) {
    let structure = Structure(
      lattice: try Lattice(a: SIMD3(1, 0, 0), b: SIMD3(0.125, 2, 0), c: SIMD3(0, 0, 4)),
      species: [species("Mg2+"), species("O2-")],
      positions: [Fractional(0.25, 0, 0), Fractional(0, 0, 0.5)], title: "x")
    let text = try StructureFile.text(of: structure, format: format)
    return (text, try read(text, as: fileName(format)).structure)
  }

  private func expect(_ change: (String) -> String, _ format: StructureFormat) throws {
    let (text, structure) = try sample(format)
    let changed = change(text)
    #expect(changed != text)
    let reading = try read(changed, as: fileName(format))
    #expect(reading.structure == structure, "\(changed)")
    #expect(reading.warnings.isEmpty)
  }

  @Test("line ends of Windows", arguments: StructureFormat.allCases)
  func windows(format: StructureFormat) throws {
    try expect({ $0.replacing("\n", with: "\r\n") }, format)
  }

  @Test("a byte order mark", arguments: StructureFormat.allCases)
  func mark(format: StructureFormat) throws {
    try expect({ "\u{FEFF}\($0)" }, format)
  }

  @Test("no line end at the end", arguments: StructureFormat.allCases)
  func lastLine(format: StructureFormat) throws {
    try expect({ String($0.dropLast()) }, format)
  }

  @Test("empty lines at the end", arguments: StructureFormat.allCases)
  func emptyLines(format: StructureFormat) throws {
    try expect({ "\($0)\n  \n\n" }, format)
  }

  @Test("tabs between numbers", arguments: StructureFormat.allCases)
  func tabs(format: StructureFormat) throws {
    try expect({ $0.replacing(" 0.0", with: "\t0.0") }, format)
  }

  @Test("exponents of Fortran", arguments: StructureFormat.allCases)
  func fortran(format: StructureFormat) throws {
    try expect({ $0.replacing("0.25", with: "2.5D-1") }, format)
  }
}
