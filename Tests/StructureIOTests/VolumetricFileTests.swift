import CellgenTestSupport
import Crystal
import StructureIO
import Testing

@Suite struct VolumetricFileTests {
  private func sample() throws -> (VolumetricGrid, Structure) {
    let structure = Structure(
      lattice: skewedLattice,
      species: ["Mg", "O"].compactMap { Species($0) },
      positions: [Fractional(0.25, 0.5, -0.25), Fractional(0, 0, 0.75)])
    let counts = SIMD3(2, 3, 7)
    let values = (0..<42).map { (n: Int) -> Double in
      let size = Double(n * n) / 1000
      return n % 5 == 4 ? -size : size
    }
    return (VolumetricGrid(counts: counts, values: values), structure)
  }

  /// Finite numbers among the words of a text.
  private func numbers(_ text: some StringProtocol) -> [Double] {
    text.split(whereSeparator: \.isWhitespace).compactMap { NumberReader.real($0) }
  }

  @Test("a CUBE file holds cell, atoms and values in bohr, c fastest")
  func cube() throws {
    let (grid, structure) = try sample()
    let text = VolumetricFile.cube(grid, structure, title: "density in 1/Å^3\nand more")
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines[0] == "density in 1/Å^3")
    #expect(numbers(lines[2]) == [2, 0, 0, 0])
    for (axis, vector) in structure.lattice.vectors.enumerated() {
      let row = numbers(lines[3 + axis])
      #expect(row[0] == Double(grid.counts[axis]))
      let read = UnitFactor.bohr * row[0] * SIMD3(row[1], row[2], row[3])
      #expect(length(read - vector) < 1e-12)
    }
    let magnesium = numbers(lines[6])
    #expect(magnesium[0] == 12 && magnesium[1] == 12)
    let expected = structure.lattice.cartesian(Fractional(0.25, 0.5, 0.75)).components
    #expect(
      length(UnitFactor.bohr * SIMD3(magnesium[2], magnesium[3], magnesium[4]) - expected) < 1e-12)
    let values = lines[8...].flatMap(numbers)
    #expect(values.count == 42)
    for (read, value) in zip(values, grid.values) {
      #expect((read - value).magnitude <= 6e-6 * value.magnitude)
    }
    // Runs along c of 7 values: six and one.
    #expect(Array(lines[8..<12]).map { numbers($0).count } == [6, 1, 6, 1])
  }

  @Test("an XSF file repeats the first points at the end, a fastest, and reads back as a structure")
  func xsf() throws {
    let (grid, structure) = try sample()
    let text = try VolumetricFile.xsf(grid, structure, title: "Mg density")
    #expect(try XSF.read(text).structure.count == 2)
    let block = try #require(text.firstRange(of: "BEGIN_DATAGRID_3D_Mg_density\n"))
    let end = try #require(text.firstRange(of: "END_DATAGRID_3D\n"))
    let read = numbers(text[block.upperBound..<end.lowerBound])
    #expect(Array(read[..<3]) == [3, 4, 8])
    let values = read.dropFirst(3 + 3 + 9)
    #expect(values.count == 3 * 4 * 8)
    var index = values.startIndex
    for k in 0...7 {
      for j in 0...3 {
        for i in 0...2 {
          let value = grid[i % 2, j % 3, k % 7]
          #expect((values[index] - value).magnitude <= 6e-6 * value.magnitude)
          index += 1
        }
      }
    }
  }

  @Test("numbers of every size have one digit before the point")
  func numberFormat() throws {
    let (_, structure) = try sample()
    let values = [0, 1, -9.999999, 9.999994999e-5, 1e-120, -2.5e33, 999999.4999, 0.1]
    let grid = VolumetricGrid(counts: SIMD3(1, 1, 8), values: values)
    let lines = VolumetricFile.cube(grid, structure, title: "x").split(separator: "\n")
    #expect(
      lines[8]
        == "  0.00000E+00  1.00000E+00 -1.00000E+01  9.99999E-05  0.00000E+00 -2.50000E+33")
    #expect(lines[9] == "  9.99999E+05  1.00000E-01")
  }

  @Test("interpolation is exact at the points and linear between them, across the boundary too")
  func interpolation() throws {
    let (grid, _) = try sample()
    #expect(grid.value(at: Fractional(0.5, 2.0 / 3, -1.0 / 7)) == grid[1, 2, 6])
    let middle = grid.value(at: Fractional(0.5, 0, 6.5 / 7))
    #expect((middle - (grid[1, 0, 6] + grid[1, 0, 0]) / 2).magnitude < 1e-12)
  }

  @Test("a grid that needs too much memory is refused with a forecast")
  func forecast() throws {
    let lattice = try Lattice.cubic(10)
    #expect(try VolumetricGrid.counts(lattice, spacing: 0.5) == SIMD3(20, 20, 20))
    #expect(try VolumetricGrid.counts(lattice, spacing: 0.6) == SIMD3(17, 17, 17))
    #expect(try VolumetricGrid.counts(lattice, spacing: 30) == SIMD3(1, 1, 1))
    let error = #expect(throws: InputError.self) {
      _ = try VolumetricGrid.counts(lattice, spacing: 0.005)
    }
    #expect(
      error?.message
        == "a grid of 2000 × 2000 × 2000 points needs 64.0 GB, more than 2.0 GB")
    #expect(throws: InputError.self) { try VolumetricGrid.counts(lattice, spacing: 0) }
    #expect(throws: InputError.self) { try VolumetricGrid.counts(lattice, spacing: .nan) }
  }
}
