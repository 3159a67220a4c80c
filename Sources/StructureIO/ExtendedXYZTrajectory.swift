internal import Crystal

/// The frames of an extxyz file.
///
/// Step and time are read from `step` and `time_fs` of the comment line; atoms with a column `id` are
/// sorted by it.
struct ExtendedXYZTrajectory: TrajectorySource {
  private(set) var warnings: [String] = []
  let isUnwrapped = false
  private var blocks: ExtendedXYZBlocks
  private let path: String
  private var number = 0
  private var order = AtomOrder()
  private var hasWarned = false

  init(_ path: String) throws(InputError) {
    self.path = path
    blocks = try ExtendedXYZBlocks(path)
  }

  /// The lines of the next complete frame.
  private mutating func block() throws(InputError) -> LineBlock? {
    guard let block = try blocks.next() else { return nil }
    number += 1
    // Of the first frame, the reader says what is wrong.
    guard block.isComplete || number == 1 else {
      warnings.append(try truncation(of: number, at: "\(path):\(block.firstLine + 1)"))
      return nil
    }
    return block
  }

  mutating func next() throws(InputError) -> TrajectoryFrame? {
    guard let block = try block() else { return nil }
    var reader = ExtendedXYZReader(
      TextScanner(bytes: block.bytes, source: path, firstLine: block.firstLine))
    let reading = try reader.frame()
    if !hasWarned { warnings += reading.warnings }
    hasWarned = true
    let place = "\(path):\(block.firstLine + 1)"
    var structure = reading.structure
    if let column = structure[column: "id"], case .integer(let ids) = column.values,
      let indices = try order.indices(ids, frame: number, at: place)
    {
      structure = structure.selecting(indices)
    }
    func entry(_ key: String) -> String? { structure.info.first { $0.key == key }?.value }
    return TrajectoryFrame(
      number: number, place: place, step: entry("step").flatMap { NumberReader.integer($0) },
      time: entry("time_fs").flatMap { NumberReader.real($0) }, structure: structure)
  }

  mutating func skip() throws(InputError) -> Bool { try block() != nil }
}
