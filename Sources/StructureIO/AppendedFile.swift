public import Crystal
internal import Foundation

/// A file that grows at its end while a run goes on, and can be taken back to where the run was saved.
public final class AppendedFile {
  private let path: String
  private let handle: FileHandle

  /// Length, bytes.
  public private(set) var length: UInt64

  /// Opens a file, or makes an empty one.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - length: Bytes of it that stay; whatever follows them is cut off.
  /// - Throws: ``InputError`` with the path if it cannot be written or is shorter.
  public init(_ path: String, keeping length: UInt64) throws(InputError) {
    self.path = path
    self.length = length
    if length == 0 {
      guard FileManager.default.createFile(atPath: path, contents: nil) else {
        throw AppendedFile.problem(path)
      }
    }
    let size: UInt64
    do {
      handle = try FileHandle(forUpdating: URL(filePath: path))
      size = try handle.seekToEnd()
    } catch {
      throw AppendedFile.problem(path)
    }
    guard size >= length else {
      throw InputError(
        "the file has \(size) bytes, expected at least \(length)", at: path,
        hint: "it was changed after the run was saved; begin a new run")
    }
    try cut()
  }

  deinit { try? handle.close() }

  /// Adds text at the end, the whole of it or nothing.
  ///
  /// - Throws: ``InputError`` with the path, for example if the disk is full.
  public func write(_ text: String) throws(InputError) {
    let data = Data(text.utf8)
    do {
      try handle.write(contentsOf: data)
    } catch {
      try? cut()
      throw AppendedFile.problem(path)
    }
    length += UInt64(data.count)
  }

  /// Waits until all of it is on the disk.
  ///
  /// - Throws: ``InputError`` with the path.
  public func synchronize() throws(InputError) {
    do {
      try handle.synchronize()
    } catch {
      throw AppendedFile.problem(path)
    }
  }

  private func cut() throws(InputError) {
    do {
      try handle.truncate(atOffset: length)
      try handle.seek(toOffset: length)
    } catch {
      throw AppendedFile.problem(path)
    }
  }

  private static func problem(_ path: String) -> InputError {
    InputError("cannot be written", at: path, hint: "does the folder exist, with space left?")
  }
}
