public import Crystal

/// The structures in a file one after another.
///
/// Of extxyz only one frame is in memory at a time, however long the file is; other formats are read
/// as a whole.
public struct StructureFrames {
  private var blocks: ExtendedXYZBlocks?
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
      blocks = try ExtendedXYZBlocks(path)
    } else {
      rest = try StructureFile.readFrames(path, format: format)[...]
    }
  }

  /// The next structure, nil after the last one.
  ///
  /// - Throws: ``InputError`` with the place of the first mistake.
  public mutating func next() throws(InputError) -> StructureReading? {
    guard blocks != nil else { return rest.popFirst() }
    guard let block = try blocks?.next() else { return nil }
    var reader = ExtendedXYZReader(
      TextScanner(bytes: block.bytes, source: path, firstLine: block.firstLine))
    return try reader.frame()
  }

  /// Passes over the next structure without reading its atoms.
  ///
  /// - Returns: Whether there was one.
  /// - Throws: ``InputError`` if the number of its atoms cannot be read.
  public mutating func skip() throws(InputError) -> Bool {
    guard blocks != nil else { return rest.popFirst() != nil }
    return try blocks?.next() != nil
  }
}
