internal import Crystal
internal import Foundation

/// What a study has done so far: `study.json` in its folder.
struct StudyState: Codable, Sendable {
  static let name = "study.json"

  /// A step that was finished, or begun.
  struct Entry: Codable, Sendable {
    /// The words of its command.
    var words: [String]
    /// Version of cellgen.
    var cellgen: String
    /// Digests of what it reads, by path: before it ran, and after it if it changes them.
    var inputs: [String: String]
    /// Whether it was finished.
    var isFinished: Bool
    /// Exit status; 0 or 2.
    var status: Int32
    /// Wall time, s.
    var wall_s: Double
  }

  /// Steps by their line.
  var steps: [String: Entry] = [:]
}

/// SHA-256 over what a file or folder holds, without the files that tell times.
enum ContentDigest {
  /// Files that differ between equal runs: they hold times.
  private static let ignored: Set = [
    OutputFolder.manifestName, "report.html", "lock", OutputFolder.databaseName, "jobs.sqlite",
    "jobs.sqlite-wal", "jobs.sqlite-shm",
  ]

  /// The digest of a path; nil if there is nothing.
  ///
  /// - Throws: ``InputError`` for files that cannot be read.
  static func of(_ path: String) throws(InputError) -> String? {
    var isFolder: ObjCBool = false
    guard unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      return nil
    }
    guard isFolder.boolValue else { return try sha256(ofFile: path) }
    guard let names = try? FileManager.default.subpathsOfDirectory(atPath: path) else {
      throw InputError("the folder cannot be read", at: path)
    }
    var lines: [String] = []
    for name in names.sorted() where !ignored.contains((name as NSString).lastPathComponent) {
      let file = "\(path)/\(name)"
      var isInner: ObjCBool = false
      guard unsafe FileManager.default.fileExists(atPath: file, isDirectory: &isInner),
        !isInner.boolValue
      else { continue }
      lines.append("\(name) \(try sha256(ofFile: file))")
    }
    return sha256(lines.joined(separator: "\n"))
  }
}
