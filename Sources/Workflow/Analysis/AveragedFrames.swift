internal import Crystal
internal import StructureIO

/// Which frames of which trajectories an analysis averages over.
public struct FrameSelection: Hashable, Codable, Sendable {
  /// Trajectories and structure files, in the order in which they are read.
  public var files: [String]

  /// Frames left out at the beginning of each file.
  public var skip = 0

  /// Of the others the first is used and then each such frame.
  public var every = 1

  /// Blocks of frames that errors come from, at most.
  public var blocks = 10

  /// All frames of some files.
  public init(files: [String]) { self.files = files }

  /// What is wrong with the settings.
  func problems() -> [InputError] {
    var problems: [InputError] = []
    if skip < 0 { problems.append(InputError("\(skip), expected 0 or more", at: "--skip")) }
    if every < 1 { problems.append(InputError("\(every), expected 1 or more", at: "--every")) }
    if !(2...1000).contains(blocks) {
      problems.append(InputError("\(blocks), expected 2 to 1000", at: "--blocks"))
    }
    return problems
  }
}

/// Frames with the same atoms, empty sites left out.
struct AveragedFrames {
  /// One frame.
  struct Frame {
    var lattice: Lattice
    var positions: [Fractional]
    var atoms: [Element]
  }

  let selection: FrameSelection

  /// The elements, cations before anions, each by atomic number.
  let elements: [Element]

  /// Number of atoms in a frame.
  let atomCount: Int

  /// Volume of the first frame, Å³.
  let volume: Double

  /// Formula of a frame.
  let composition: Composition

  private let trajectories: [Trajectory]

  /// Compares the first frames.
  ///
  /// - Throws: ``InputError`` if a file has no atoms, or others than the first one.
  init(_ trajectories: [Trajectory], _ selection: FrameSelection) throws(InputError) {
    guard let first = trajectories.first else { throw InputError("there is no file to read") }
    let structure = first.first.structure.withoutVacancies()
    self.trajectories = trajectories
    self.selection = selection
    composition = structure.composition
    elements = Set(structure.species.map(\.element)).sorted {
      ($0.isUsualAnion ? 1 : 0, $0) < ($1.isUsualAnion ? 1 : 0, $1)
    }
    atomCount = structure.count
    volume = structure.lattice.volume
    guard atomCount > 0 else { throw InputError("there are no atoms", at: first.path) }
    for trajectory in trajectories.dropFirst() {
      let other = trajectory.first.structure.withoutVacancies().composition
      guard other == composition else {
        throw InputError(
          "the atoms are \(other), in \(first.path) they are \(composition)", at: trajectory.path,
          hint:
            "averages are over frames with the same atoms; analyse other compositions one by one")
      }
    }
  }

  /// Goes through all frames.
  ///
  /// - Parameter body: What to do with a frame.
  /// - Returns: What was doubtful, one sentence each.
  /// - Throws: ``InputError`` with the place of the first mistake; what `body` throws.
  func forEach(_ body: (Frame) throws -> Void) throws -> [String] {
    var warnings: [String] = []
    for trajectory in trajectories {
      let pass = try trajectory.forEachFrame(every: selection.every, skip: selection.skip) {
        frame in
        let structure = frame.structure.withoutVacancies()
        try body(
          Frame(
            lattice: structure.lattice, positions: structure.positions,
            atoms: structure.species.map(\.element)))
      }
      warnings += pass.warnings
    }
    return warnings
  }

  /// The element with a symbol among those of the atoms.
  ///
  /// - Throws: ``InputError`` that names those that are there.
  func element(_ symbol: String, at location: String) throws(InputError) -> Element {
    guard let element = elements.first(where: { $0.symbol == symbol }) else {
      throw InputError(
        "there is no \(symbol) among the atoms", at: location,
        hint: "there are \(elements.map(\.symbol).joined(separator: ", "))")
    }
    return element
  }

  /// SHA-256 of the files, by name.
  func hashes() throws -> [String: String] {
    var hashes: [String: String] = [:]
    for trajectory in trajectories { hashes[trajectory.path] = try sha256(ofFile: trajectory.path) }
    return hashes
  }
}

/// A mean with its standard error for a table: `4.000 ± 0.012`.
func withError(_ value: Double, _ error: Double?, _ digits: Int) -> String {
  fixed(value, digits) + (error.map { " ± \(fixed($0, digits))" } ?? "")
}
