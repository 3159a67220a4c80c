internal import Crystal
internal import Foundation

/// The files of a folder in which a program ran.
public struct ResultFolder: Hashable, Sendable {
  /// Where it is.
  public let path: String

  /// Names of the files in it, sorted; those of folders are not among them.
  public let files: [String]

  /// Names of the folders in it, sorted.
  public let folders: [String]

  /// Lists a folder; one that cannot be read is empty.
  public init(_ path: String) {
    self.path = path
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
    var isFolder: [Bool] = []
    for name in names {
      var found: ObjCBool = false
      _ = unsafe FileManager.default.fileExists(atPath: "\(path)/\(name)", isDirectory: &found)
      isFolder.append(found.boolValue)
    }
    files = zip(names, isFolder).filter { !$0.1 }.map(\.0)
    folders = zip(names, isFolder).filter(\.1).map(\.0)
  }

  /// Whether there is a file, with bytes in it.
  func has(_ name: String) -> Bool { files.contains(name) && size(of: name) > 0 }

  /// Bytes of a file; 0 if there is none.
  public func size(of name: String) -> Int {
    let attributes = try? FileManager.default.attributesOfItem(atPath: file(name))
    return attributes?[.size] as? Int ?? 0
  }

  /// The path of a file.
  func file(_ name: String) -> String { "\(path)/\(name)" }

  /// The text of a file.
  func text(_ name: String) throws(InputError) -> ResultText {
    try ResultText(file: file(name))
  }

  /// The first bytes of a file, at most `count`.
  func beginning(of name: String, count: Int = 16_384) -> ResultText {
    let handle = FileHandle(forReadingAtPath: file(name))
    defer { try? handle?.close() }
    let data = (try? handle?.read(upToCount: count)) ?? nil
    return ResultText(bytes: Array(data ?? Data()), source: file(name))
  }

  /// The last bytes of a file, at most `count`.
  func ending(of name: String, count: Int = 16_384) -> ResultText {
    let handle = FileHandle(forReadingAtPath: file(name))
    defer { try? handle?.close() }
    let size = (try? handle?.seekToEnd()) ?? 0
    try? handle?.seek(toOffset: size > UInt64(count) ? size - UInt64(count) : 0)
    let data = (try? handle?.readToEnd()) ?? nil
    return ResultText(bytes: Array(data ?? Data()), source: file(name))
  }

  /// Seconds since a file was last written; nil if there is none.
  public func age(of name: String) -> Double? {
    let attributes = try? FileManager.default.attributesOfItem(atPath: file(name))
    return (attributes?[.modificationDate] as? Date).map { -$0.timeIntervalSinceNow }
  }
}
