public import Crystal
internal import Foundation

/// A file that is written piece by piece, and appears under its name only when it is complete.
public final class GrowingFile {
  private let path: String
  private let temporary: URL
  private let handle: FileHandle
  private var isFinished = false

  /// Opens a file, making the folders on the way.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - existing: What to do about a file that exists.
  /// - Throws: ``InputError`` with the path.
  public init(
    _ path: String, existing: StructureFile.ExistingFile = .keep
  ) throws(InputError) {
    self.path = path
    if existing == .keep, FileManager.default.fileExists(atPath: path) {
      throw InputError("the file exists already", at: path)
    }
    let url = URL(filePath: path)
    let folder = url.deletingLastPathComponent()
    let mark = ProcessInfo.processInfo.globallyUniqueString
    temporary = folder.appending(path: ".\(url.lastPathComponent).\(mark)")
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try Data().write(to: temporary)
      handle = try FileHandle(forWritingTo: temporary)
    } catch {
      throw GrowingFile.problem(path)
    }
  }

  deinit {
    guard !isFinished else { return }
    try? handle.close()
    try? FileManager.default.removeItem(at: temporary)
  }

  /// Adds text at the end.
  ///
  /// - Throws: ``InputError`` with the path, for example if the disk is full.
  public func write(_ text: String) throws(InputError) {
    do {
      try handle.write(contentsOf: Data(text.utf8))
    } catch {
      throw GrowingFile.problem(path)
    }
  }

  /// Moves the file to its name, in the place of one that exists.
  ///
  /// - Throws: ``InputError`` with the path.
  public func finish() throws(InputError) {
    do {
      try handle.close()
      // rename(2) replaces in one step; FileManager refuses to.
      guard unsafe rename(temporary.path, path) == 0 else { throw GrowingFile.problem(path) }
    } catch {
      throw GrowingFile.problem(path)
    }
    isFinished = true
  }

  private static func problem(_ path: String) -> InputError {
    InputError("cannot be written", at: path, hint: "does the folder exist, with space left?")
  }
}
