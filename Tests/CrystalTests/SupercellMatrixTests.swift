import Crystal
import Testing

@Suite struct SupercellMatrixTests {
  @Test(
    "supercells as users write them",
    arguments: [
      ("3x3x3", "3x3x3", 27), ("1X2x3", "1x2x3", 6), ("2×2×1", "2x2x1", 4),
      ("1 1 0 -1 1 0 0 0 2", "1 1 0  -1 1 0  0 0 2", 4),
      ("[[1, 1, 0], [-1, 1, 0], [0, 0, 2]]", "1 1 0  -1 1 0  0 0 2", 4),
      ("2,0,0,0,2,0,0,0,2", "2x2x2", 8), ("3 x 2 x 1", "3x2x1", 6),
    ])
  func parsing(text: String, printed: String, cells: Int) throws {
    let supercell = try SupercellMatrix(parsing: text)
    #expect(supercell.description == printed)
    #expect(supercell.cellCount == cells)
    #expect(try SupercellMatrix(parsing: supercell.description) == supercell)
  }

  @Test(
    "anything else is an error",
    arguments: [
      "", "3", "3x3", "3x3x3x3", "0x1x1", "-1x1x1", "1.5x1x1", "axbxc", "1 2 3", "1 0 0 0 1 0 0 0",
      "1 0 0 0 1 0 0 0 0", "0 1 0 1 0 0 0 0 1", "100000x100000x100000", "99999999999999999999x1x1",
      "-9223372036854775808 0 0 0 1 0 0 0 1", "9223372036854775807 0 0 0 1 0 0 0 1",
      "1 0 0 0 1 0 0 0 nan", "x x x",
    ])
  func wrong(text: String) {
    #expect(throws: InputError.self) { try SupercellMatrix(parsing: text) }
  }

  @Test func hintForExchangedRows() {
    #expect {
      try SupercellMatrix(parsing: "0 1 0 1 0 0 0 0 1")
    } throws: {
      "\($0)".contains("exchange two rows")
    }
  }

  @Test("lattice vectors of the supercell are S A")
  func lattice() throws {
    let cell = try Lattice(a: SIMD3(3, 0, 0), b: SIMD3(1, 4, 0), c: SIMD3(0, 1, 5))
    let larger = try SupercellMatrix(parsing: "1 1 0 -1 1 0 0 0 2").lattice(of: cell)
    #expect(larger.a == cell.a + cell.b)
    #expect(larger.b == cell.b - cell.a)
    #expect(larger.c == 2 * cell.c)
  }
}
