internal import Crystal

/// The frames of an extxyz file as blocks of lines, one in memory at a time.
struct ExtendedXYZBlocks {
  private var lines: LineBlocks
  private let path: String

  init(_ path: String) throws(InputError) {
    self.path = path
    lines = try LineBlocks(path)
  }

  /// The lines of the next frame: number of atoms, comment, atoms; nil after the last one.
  mutating func next() throws(InputError) -> LineBlock? {
    guard let head = try lines.peekWord() else {
      if lines.lineNumber == 0 {
        throw InputError("the file is empty, expected a number of atoms", at: path)
      }
      return nil
    }
    // A number that cannot be meant is left to the reader, which says what is wrong.
    let announced = head.count.flatMap { $0 > 0 ? $0 : nil } ?? 0
    guard announced <= head.remaining else {
      let block = try lines.take(2)
      return LineBlock(
        bytes: block.bytes, firstLine: block.firstLine, wanted: announced + 2, ended: block.ended)
    }
    return try lines.take(announced + 2)
  }
}
