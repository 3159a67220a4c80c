public import Crystal

/// The structures in a file one after another.
///
/// Of extxyz only one frame is in memory at a time, however long the file is; other formats are read
/// as a whole.
public struct StructureFrames {
  private var lines: LineBlocks?
  private var rest: ArraySlice<StructureReading> = []
  private let path: String

  /// Opens a file.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - format: Its format; nil goes by its name.
  /// - Throws: ``InputError`` with the path.
  public init(_ path: String, format: StructureFormat? = nil) throws(InputError) {
    self.path = path
    if try StructureFile.format(of: path, given: format) == .extxyz {
      lines = try LineBlocks(path)
    } else {
      rest = try StructureFile.readFrames(path, format: format)[...]
    }
  }

  /// The next structure, nil after the last one.
  ///
  /// - Throws: ``InputError`` with the place of the first mistake.
  public mutating func next() throws(InputError) -> StructureReading? {
    guard lines != nil else { return rest.popFirst() }
    guard let block = try nextBlock() else { return nil }
    var reader = ExtendedXYZReader(
      TextScanner(bytes: block.bytes, source: path, firstLine: block.firstLine))
    return try reader.frame()
  }

  /// Passes over the next structure without reading its atoms.
  ///
  /// - Returns: Whether there was one.
  /// - Throws: ``InputError`` if the number of its atoms cannot be read.
  public mutating func skip() throws(InputError) -> Bool {
    guard lines != nil else { return rest.popFirst() != nil }
    return try nextBlock() != nil
  }

  /// The lines of the next frame: number of atoms, comment, atoms.
  private mutating func nextBlock() throws(InputError) -> (bytes: [UInt8], firstLine: Int)? {
    guard let head = try lines?.peekWord() else {
      if lines?.lineNumber == 0 {
        throw InputError("the file is empty, expected a number of atoms", at: path)
      }
      return nil
    }
    // A number that cannot be meant is left to the reader, which says what is wrong.
    let count = head.count.flatMap { $0 > 0 && $0 <= head.remaining ? $0 : nil } ?? 0
    return try lines?.take(count + 2)
  }
}
