public import Crystal

/// One frame of a trajectory.
public struct TrajectoryFrame: Hashable, Sendable {
  /// Its number in the file, from 1.
  public let number: Int

  /// Where it begins, as `file:line`.
  public let place: String

  /// Number of the time step, if the file has it.
  public let step: Int?

  /// Time, fs, if the file has it.
  public let time: Double?

  /// Cell, atoms and columns; the same atoms in the same order in every frame.
  public let structure: Structure

  init(
    number: Int, place: String, step: Int? = nil, time: Double? = nil, structure: Structure
  ) {
    self.number = number
    self.place = place
    self.step = step
    self.time = time
    self.structure = structure
  }
}

/// Reads the frames of one file format one after another.
protocol TrajectorySource {
  /// What was doubtful so far, one sentence each.
  var warnings: [String] { get }

  /// Whether positions carry on across the boundary of the cell instead of coming back on the other
  /// side; known after the first frame.
  var isUnwrapped: Bool { get }

  /// The next frame, nil after the last complete one.
  mutating func next() throws(InputError) -> TrajectoryFrame?

  /// Passes over a frame as cheaply as the format allows; false if there is none.
  mutating func skip() throws(InputError) -> Bool
}

/// What is said of a last frame that is cut off.
///
/// - Throws: ``InputError`` if no complete frame comes before it.
func truncation(of frame: Int, at place: String) throws(InputError) -> String {
  guard frame > 1 else {
    throw InputError("the file ends inside its first frame", at: place)
  }
  return "\(place): the file ends inside frame \(frame), which is left out"
}

/// Atoms by the numbers that a file gives them.
struct AtomOrder {
  private var first: [Int]?

  /// Indices of the atoms in ascending order of their numbers; nil if they are in this order.
  ///
  /// - Throws: ``InputError`` if a number occurs twice, or the numbers are not those of the first
  ///   frame.
  mutating func indices(
    _ ids: [Int], frame: Int, at place: String
  ) throws(InputError) -> [Int]? {
    if let first, first == ids { return nil }
    let order = ids.indices.sorted { ids[$0] < ids[$1] }
    let sorted = order.map { ids[$0] }
    for (id, next) in zip(sorted, sorted.dropFirst()) where id == next {
      throw InputError("frame \(frame) has two atoms with the number \(id)", at: place)
    }
    if let first, first != sorted {
      if first.count == sorted.count, let change = zip(first, sorted).first(where: { $0 != $1 }) {
        throw InputError(
          "frame \(frame) has an atom \(max(change.0, change.1)) that not all frames have",
          at: place, hint: "the same atoms have to be in every frame")
      }
    } else {
      first = sorted
    }
    return order == Array(ids.indices) ? nil : order
  }
}
