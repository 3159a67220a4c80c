public import Crystal

/// A file of frames that hold the same atoms, read one frame at a time.
///
/// Memory does not depend on the number of frames. A last frame that is cut off is left out with a
/// warning.
public struct Trajectory: Sendable {
  /// The file.
  public let path: String

  /// Its format.
  public let format: TrajectoryFormat

  /// The first frame.
  public let first: TrajectoryFrame

  /// Whether the file says that positions carry on across the boundary of the cell, so that they
  /// need no unwrapping.
  public let isUnwrapped: Bool

  private let types: [Species]

  /// Opens a file and reads its first frame.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - format: Its format; nil goes by its first lines and its name.
  ///   - types: Species of the atom types 1, 2, … of a LAMMPS dump without elements.
  /// - Throws: ``InputError`` with the path, and the line where there is one.
  public init(
    _ path: String, format: TrajectoryFormat? = nil, types: [Species] = []
  ) throws(InputError) {
    self.path = path
    let chosen: TrajectoryFormat
    if let format { chosen = format } else { chosen = try TrajectoryFormat(of: path) }
    self.format = chosen
    self.types = types
    var source = try Trajectory.source(path, chosen, types)
    guard let first = try source.next() else { throw InputError("no frames", at: path) }
    self.first = first
    isUnwrapped = source.isUnwrapped
  }

  /// What a pass through the frames gave.
  public struct Pass: Hashable, Sendable {
    /// Number of frames that were used.
    public var frames = 0

    /// What was doubtful, one sentence each, with its place.
    public var warnings: [String] = []
  }

  /// Goes through the frames.
  ///
  /// - Parameters:
  ///   - every: Of the frames that are not skipped, the first is used and then each `every`-th.
  ///   - skip: Number of frames to leave out at the beginning.
  ///   - body: What to do with a frame.
  /// - Returns: The number of frames used, and remarks.
  /// - Throws: ``InputError`` with the place of the first mistake, if atoms change their number, order
  ///   or element, or if no frame is left; what `body` throws.
  @discardableResult
  public func forEachFrame(
    every: Int = 1, skip: Int = 0, _ body: (TrajectoryFrame) throws -> Void
  ) throws -> Pass {
    guard every > 0 else { throw InputError("\(every), expected 1 or more", at: "--every") }
    guard skip >= 0 else { throw InputError("\(skip), expected 0 or more", at: "--skip") }
    var source = try Trajectory.source(path, format, types)
    var pass = Pass()
    var number = 0
    while true {
      guard number >= skip, (number - skip).isMultiple(of: every) else {
        guard try source.skip() else { break }
        number += 1
        continue
      }
      guard let frame = try source.next() else { break }
      number += 1
      try check(frame)
      pass.frames += 1
      try body(frame)
    }
    guard pass.frames > 0 else {
      throw InputError(
        "has \(number) frames, all of which are skipped", at: path, hint: "lower --skip")
    }
    pass.warnings = source.warnings
    return pass
  }

  /// Compares the atoms with those of the first frame.
  private func check(_ frame: TrajectoryFrame) throws(InputError) {
    let (species, expected) = (frame.structure.species, first.structure.species)
    guard species.count == expected.count else {
      throw InputError(
        "frame \(frame.number) has \(species.count) atoms, the first one \(expected.count)",
        at: frame.place, hint: "all frames need the same atoms in the same order")
    }
    if species == expected { return }
    for atom in species.indices where species[atom].element != expected[atom].element {
      throw InputError(
        "atom \(atom + 1) of frame \(frame.number) is \(species[atom].element), in the first frame it "
          + "is \(expected[atom].element)", at: frame.place,
        hint: "all frames need the same atoms in the same order")
    }
  }

  private static func source(
    _ path: String, _ format: TrajectoryFormat, _ types: [Species]
  ) throws(InputError) -> any TrajectorySource {
    switch format {
    case .extxyz: try ExtendedXYZTrajectory(path)
    case .lammpsDump: try LAMMPSDumpReader(path, types: types)
    case .xdatcar: try XDATCARReader(path)
    case .structure(let format): try StructureList(path, format)
    }
  }
}

/// The structures of a file that is read as a whole.
private struct StructureList: TrajectorySource {
  private(set) var warnings: [String] = []
  let isUnwrapped = false
  private let path: String
  private let readings: [StructureReading]
  private var position = 0

  init(_ path: String, _ format: StructureFormat) throws(InputError) {
    self.path = path
    readings = try StructureFile.readFrames(path, format: format)
  }

  mutating func next() throws(InputError) -> TrajectoryFrame? {
    guard position < readings.count else { return nil }
    let reading = readings[position]
    position += 1
    if position == 1 { warnings = reading.warnings }
    return TrajectoryFrame(number: position, place: path, structure: reading.structure)
  }

  mutating func skip() throws(InputError) -> Bool {
    guard position < readings.count else { return false }
    position += 1
    return true
  }
}
