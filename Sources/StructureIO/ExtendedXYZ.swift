public import Crystal

/// The extended XYZ format of ASE, QUIP and OVITO (`.extxyz`, `.xyz`).
///
/// Every column and every key of the comment line is kept. Beyond what other programs write:
///
/// - `species` is the bare symbol, `X` for vacancies and dummy atoms. The column `species_state`
///   holds the full species (`Mn3.5+`, `Va`), and is written if there are vacancies or oxidation
///   states. Where the element of both differs, `species` counts, and a warning is given.
/// - `pos` is Cartesian. The column `fractional` is written where `pos` would not give back the
///   fractional positions to the last digit; it is read only where it agrees with `pos`, so that
///   programs may move atoms without knowing of it.
/// - `title` of the structure is the key `title`.
///
/// `Origin` is ignored, and every structure is taken to be periodic.
///
/// Reference: https://github.com/libAtoms/extxyz
public enum ExtendedXYZ {
  /// Reads the first frame.
  ///
  /// - Parameters:
  ///   - text: The contents of a file.
  ///   - source: The name of the file in messages.
  /// - Returns: The structure, with remarks.
  /// - Throws: ``InputError`` with the place of the first mistake.
  public static func read(
    _ text: String, source: String = "extxyz"
  ) throws(InputError) -> StructureReading {
    var reader = ExtendedXYZReader(TextScanner(text, source: source))
    var reading = try reader.frame()
    if !reader.isAtEnd { reading.warnings.append("\(source): only the first frame was read") }
    return reading
  }

  /// Reads all frames.
  ///
  /// - Throws: ``InputError`` with the place of the first mistake.
  public static func readFrames(
    _ text: String, source: String = "extxyz"
  ) throws(InputError) -> [StructureReading] {
    var reader = ExtendedXYZReader(TextScanner(text, source: source))
    var frames: [StructureReading] = []
    repeat { frames.append(try reader.frame()) } while !reader.isAtEnd
    return frames
  }

  /// The text of a file with one frame.
  ///
  /// - Throws: ``InputError`` for what the format cannot hold, such as words with spaces.
  public static func write(_ structure: Structure) throws(InputError) -> String {
    try write([structure])
  }

  /// The text of one frame of a trajectory.
  ///
  /// - Parameters:
  ///   - structure: Everything but the positions.
  ///   - positions: Cartesian positions, Å, written as they are; n entries.
  /// - Returns: The text.
  /// - Throws: ``InputError`` for what the format cannot hold, such as words with spaces.
  /// - Precondition: a position for every site.
  public static func write(
    _ structure: Structure, at positions: [SIMD3<Double>]
  ) throws(InputError) -> String {
    precondition(positions.count == structure.count, "one position per site")
    var writer = TextWriter(capacity: 200 * structure.count + 500)
    try ExtendedXYZWriter.write(structure, at: positions, to: &writer)
    return writer.text
  }

  /// The text of a file with several frames.
  ///
  /// - Throws: ``InputError`` for what the format cannot hold, such as words with spaces.
  public static func write(_ structures: [Structure]) throws(InputError) -> String {
    var writer = TextWriter(capacity: structures.reduce(0) { $0 + 150 * $1.count + 500 })
    for structure in structures { try ExtendedXYZWriter.write(structure, to: &writer) }
    return writer.text
  }

  /// Names of columns with a meaning of their own.
  enum Name {
    static let species = "species"
    static let position = "pos"
    static let atomicNumber = "Z"
    static let speciesState = "species_state"
    static let fractional = "fractional"
  }
}
