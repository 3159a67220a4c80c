internal import Crystal

/// A KPOINTS file of VASP.
///
/// Reference: https://www.vasp.at/wiki/index.php/KPOINTS
struct KpointsFile {
  /// How the points are given.
  enum Mode: Hashable {
    /// A grid with the origin in Γ.
    case gamma
    /// A grid after Monkhorst and Pack: even numbers of points leave Γ out.
    case monkhorst
    /// One length from which VASP makes a Γ-centred grid.
    case automatic
    /// Points one by one.
    case explicit
    /// Points along lines, for bands.
    case lines
  }

  let mode: Mode

  /// Points along the reciprocal vectors, for grids.
  let grid: SIMD3<Int>?

  /// Line of the grid, the length or the number of points.
  let line: Int

  /// Whether the grid is shifted besides.
  let isShifted: Bool

  /// Length R of the mode `automatic`, Å.
  let length: Double?

  /// Number of points of the mode `explicit`.
  let count: Int?

  /// Reads a file.
  ///
  /// - Throws: ``InputError`` with the place of the first mistake.
  init(_ text: String, source: String) throws(InputError) {
    let lines = LintLines(text)
    func place(_ line: Int) -> String { "\(source):\(line)" }
    guard let first = lines.words(2).first, let number = NumberReader.integer(first) else {
      throw InputError(
        "found \(lines.words(2).first.map { "\"\($0)\"" } ?? "nothing"), expected the number of "
          + "k-points, 0 for a grid", at: place(2))
    }
    guard let style = lines.words(3).first?.lowercased().first else {
      throw InputError("found nothing, expected Gamma or Monkhorst-Pack", at: place(3))
    }
    guard number <= 0 else {
      let isLines = style == "l"
      (mode, grid, line, isShifted, length) = (isLines ? .lines : .explicit, nil, 2, false, nil)
      count = isLines ? nil : number
      if isLines { return }
      for point in 1...number {
        let words = lines.words(3 + point)
        guard words.prefix(4).compactMap({ NumberReader.real($0) }).count == 4 else {
          throw InputError(
            "found \(words.count) of 4 numbers for k-point \(point) of \(number)",
            at: place(3 + point), hint: "three coordinates and a weight")
        }
      }
      return
    }
    count = nil
    switch style {
    case "a":
      guard let value = lines.words(4).first.flatMap({ NumberReader.real($0) }), value > 0 else {
        throw InputError("expected the length of the automatic grid", at: place(4))
      }
      (mode, grid, line, isShifted, length) = (.automatic, nil, 4, false, value)
    case "g", "m":
      let numbers = lines.words(4).prefix(3).compactMap { NumberReader.integer($0) }
      guard numbers.count == 3, numbers.allSatisfy({ $0 > 0 }) else {
        throw InputError(
          "found \"\(lines.words(4).joined(separator: " "))\", expected three positive integers, "
            + "the k-points along the reciprocal vectors", at: place(4))
      }
      let shift = lines.words(5).prefix(3).compactMap { NumberReader.real($0) }
      (mode, grid, line, length) = (
        style == "g" ? .gamma : .monkhorst, SIMD3(numbers[0], numbers[1], numbers[2]), 4, nil
      )
      isShifted = shift.contains { $0 != 0 }
    default:
      // Generating vectors of a general grid, in Cartesian or reciprocal units.
      guard "ckr".contains(style) else {
        throw InputError(
          "found \"\(lines.words(3)[0])\", expected Gamma, Monkhorst-Pack, Automatic, or "
            + "Cartesian or reciprocal generating vectors", at: place(3))
      }
      (mode, grid, line, isShifted, length) = (.explicit, nil, 3, false, nil)
    }
  }

  /// The grid for a cell; nil if the points are no grid.
  func grid(for lattice: Lattice) -> SIMD3<Int>? {
    if mode == .explicit, count == 1 { return SIMD3(1, 1, 1) }
    guard let length else { return grid }
    var grid = SIMD3(repeating: 1)
    for (axis, size) in reciprocalLengths(lattice).enumerated() {
      grid[axis] = max(1, Int(min(1e6, length * size / (2 * Double.pi) + 0.5)))
    }
    return grid
  }
}
