public import Crystal

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Values on a regular grid over a cell.
///
/// Point (i, j, k) is at the fractions (i / n₁, j / n₂, k / n₃); the value at the next period is not
/// repeated. Values stand in the order of k, then j, then i: index (i n₂ + j) n₃ + k.
public struct VolumetricGrid: Hashable, Sendable {
  /// Points along a, b, c.
  public let counts: SIMD3<Int>

  /// The values, n₁ × n₂ × n₃.
  public var values: [Double]

  /// A grid with values.
  ///
  /// - Precondition: as many values as points.
  public init(counts: SIMD3<Int>, values: [Double]) {
    precondition(values.count == counts.x * counts.y * counts.z, "one value per point")
    self.counts = counts
    self.values = values
  }

  /// The value at a point; indices are taken modulo the numbers of points.
  public subscript(i: Int, j: Int, k: Int) -> Double {
    func wrapped(_ index: Int, _ count: Int) -> Int {
      let rest = index % count
      return rest < 0 ? rest + count : rest
    }
    let (x, y, z) = (wrapped(i, counts.x), wrapped(j, counts.y), wrapped(k, counts.z))
    return values[(x * counts.y + y) * counts.z + z]
  }

  /// The value between the points, by trilinear interpolation.
  public func value(at position: Fractional) -> Double {
    let f = position.components - position.components.rounded(.down)
    let scaled = f * SIMD3(Double(counts.x), Double(counts.y), Double(counts.z))
    let low = scaled.rounded(.down)
    let t = scaled - low
    let (i, j, k) = (Int(low.x), Int(low.y), Int(low.z))
    var sum = 0.0
    for corner in 0..<8 {
      let (u, v, w) = (corner >> 2, corner >> 1 & 1, corner & 1)
      let weight =
        (u == 1 ? t.x : 1 - t.x) * (v == 1 ? t.y : 1 - t.y) * (w == 1 ? t.z : 1 - t.z)
      if weight > 0 { sum += weight * self[i + u, j + v, k + w] }
    }
    return sum
  }

  /// Numbers of points so that neighbours are at most `spacing` apart.
  ///
  /// - Parameters:
  ///   - lattice: The cell.
  ///   - spacing: Largest distance of neighbouring points along a lattice vector, Å.
  ///   - memory: Largest size of the values, bytes.
  /// - Returns: Points along a, b, c, at least one each.
  /// - Throws: ``InputError`` with the forecast, if the values need more.
  public static func counts(
    _ lattice: Lattice, spacing: Double, memory: Double = 2e9
  ) throws(InputError) -> SIMD3<Int> {
    guard spacing > 0, spacing.isFinite else {
      throw InputError("\(spacing) Å, expected a grid spacing above 0", at: "--spacing")
    }
    // Rounding must not add a point to an edge that is a whole number of spacings.
    let points = (lattice.lengths / spacing * (1 - 1e-12)).rounded(.up)
    let bytes = 8 * max(points.x, 1) * max(points.y, 1) * max(points.z, 1)
    guard bytes <= memory else {
      throw InputError(
        "a grid of \(fixed(points.x, 0)) × \(fixed(points.y, 0)) × \(fixed(points.z, 0)) points needs "
          + "\(fixed(bytes / 1e9, 1)) GB, more than \(fixed(memory / 1e9, 1)) GB", at: "--spacing",
        hint: "take a wider spacing or a smaller cell")
    }
    return SIMD3(max(Int(points.x), 1), max(Int(points.y), 1), max(Int(points.z), 1))
  }
}

/// Writes values on a grid together with the atoms of the cell.
public enum VolumetricFile {
  /// A file in the CUBE format of Gaussian: lengths in bohr, six values a line.
  ///
  /// - Parameters:
  ///   - grid: The values, in any unit, which the title should say.
  ///   - structure: Cell and atoms.
  ///   - title: First line.
  /// - Returns: The text of the file.
  public static func cube(
    _ grid: VolumetricGrid, _ structure: Structure, title: String
  ) -> String {
    let atoms = structure.withoutVacancies()
    var writer = TextWriter(capacity: 14 * grid.values.count + 80 * atoms.count + 500)
    writer.write("\(firstLine(title))\nvalues: z fastest, then y, then x\n")
    func row(_ count: Int, _ vector: SIMD3<Double>) {
      writer.write(count)
      writer.write(vector / UnitFactor.bohr)
      writer.newline()
    }
    row(atoms.count, .zero)
    for (axis, vector) in atoms.lattice.vectors.enumerated() {
      row(grid.counts[axis], vector / Double(grid.counts[axis]))
    }
    for n in 0..<atoms.count {
      let number = max(0, atoms.species[n].element.atomicNumber)
      writer.write("\(number) \(number).0")
      writer.write(
        atoms.lattice.cartesian(atoms.positions[n].wrapped).components / UnitFactor.bohr)
      writer.newline()
    }
    // Lines end with each run along c, as readers by columns expect.
    for start in stride(from: 0, to: grid.values.count, by: grid.counts.z) {
      for k in 0..<grid.counts.z {
        writeScientific(grid.values[start + k], to: &writer)
        if k % 6 == 5 || k == grid.counts.z - 1 { writer.newline() }
      }
    }
    return writer.text
  }

  /// A file in the XSF format of XCrySDen: lengths in Å, the first index fastest.
  ///
  /// The grid of the file is a general one: its last points repeat the first ones.
  ///
  /// - Throws: ``InputError`` for what no file can hold.
  public static func xsf(
    _ grid: VolumetricGrid, _ structure: Structure, title: String
  ) throws(InputError) -> String {
    var writer = TextWriter(capacity: 14 * grid.values.count + 80 * structure.count + 500)
    writer.write(try XSF.write(structure))
    let name = title.map { $0.isLetter || $0.isNumber ? $0 : "_" }
    writer.write("BEGIN_BLOCK_DATAGRID_3D\n\(String(name))\nBEGIN_DATAGRID_3D_\(String(name))\n")
    let n = grid.counts
    writer.write("\(n.x + 1) \(n.y + 1) \(n.z + 1)\n0.0 0.0 0.0\n")
    for vector in structure.lattice.vectors {
      writer.write(vector)
      writer.newline()
    }
    var column = 0
    for k in 0...n.z {
      for j in 0...n.y {
        for i in 0...n.x {
          writeScientific(grid[i, j, k], to: &writer)
          column += 1
          if column % 6 == 0 { writer.newline() }
        }
      }
    }
    if column % 6 != 0 { writer.newline() }
    writer.write("END_DATAGRID_3D\nEND_BLOCK_DATAGRID_3D\n")
    return writer.text
  }

  /// Writes a number as in the Fortran format E13.5, with one digit before the point.
  private static func writeScientific(_ value: Double, to writer: inout TextWriter) {
    var digits = 0
    var exponent = 0
    if value.isFinite, value.magnitude >= 1e-99 {
      exponent = Int(log10(value.magnitude).rounded(.down))
      digits = Int((value.magnitude * pow(10, Double(5 - exponent))).rounded(.toNearestOrEven))
      if digits >= 1_000_000 {
        digits = (digits + 5) / 10
        exponent += 1
      }
    }
    let text = String(digits)
    let padded = String(repeating: "0", count: 6 - text.count) + text
    let sign = value < 0 && digits > 0 ? " -" : "  "
    let power = String(exponent.magnitude)
    writer.write(
      "\(sign)\(padded.prefix(1)).\(padded.dropFirst())E\(exponent < 0 ? "-" : "+")"
        + (power.count < 2 ? "0" : "") + power)
  }
}
