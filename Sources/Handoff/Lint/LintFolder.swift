internal import Foundation

/// The files of one input set.
public struct LintFolder: Sendable {
  /// The folder.
  public let path: String

  /// Basis sets and potentials of CP2K.
  public let cp2kData: CP2KDataFiles

  /// A folder with an input set.
  ///
  /// - Parameters:
  ///   - path: The folder.
  ///   - cp2kData: Basis sets and potentials of CP2K, shared by all folders.
  public init(_ path: String, cp2kData: CP2KDataFiles = CP2KDataFiles(folders: [])) {
    self.path = path
    self.cp2kData = cp2kData
  }

  /// The names of the files in the folder itself, sorted.
  var names: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
      .filter { isFile($0) }
  }

  /// Whether there is a file of this name.
  func isFile(_ name: String) -> Bool {
    var isFolder: ObjCBool = false
    return unsafe FileManager.default.fileExists(atPath: full(name), isDirectory: &isFolder)
      && !isFolder.boolValue
  }

  /// Whether there is a folder of this name.
  func isFolder(_ name: String) -> Bool {
    var isFolder: ObjCBool = false
    return unsafe FileManager.default.fileExists(atPath: full(name), isDirectory: &isFolder)
      && isFolder.boolValue
  }

  /// The text of a file, nil if there is none that can be read.
  func text(_ name: String) -> String? {
    guard isFile(name), let data = FileManager.default.contents(atPath: full(name)) else {
      return nil
    }
    return String(decoding: data, as: UTF8.self)
  }

  /// The first bytes of a file as text, nil if there is none that can be read.
  func head(_ name: String, bytes: Int) -> String? {
    guard isFile(name), let handle = FileHandle(forReadingAtPath: full(name)),
      let data = try? handle.read(upToCount: bytes)
    else { return nil }
    return String(decoding: data, as: UTF8.self)
  }

  private func full(_ name: String) -> String { name.hasPrefix("/") ? name : "\(path)/\(name)" }
}
