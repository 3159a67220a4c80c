public import Crystal
internal import Foundation

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// The folder that holds the results of a run; every file appears in it whole or not at all.
public struct OutputFolder: Sendable {
  /// Where it is.
  public let path: String

  /// What to do with a folder that is there already.
  public enum Existing: Sendable {
    /// An error.
    case refuse
    /// Its results are removed, if cellgen made it.
    case replace
    /// It is gone on with; one that is not there is an error.
    case resume
    /// It is used as it is, or created: a folder inside one that was checked.
    case use
  }

  /// The file that marks a folder as one of cellgen's.
  public static let manifestName = "manifest.json"

  /// The file that a search goes on from.
  public static let databaseName = "run.sqlite"

  /// Files from which runs go on.
  static let resumableNames = [databaseName, AnnealState.name]

  /// Opens or creates a folder.
  ///
  /// - Throws: ``InputError`` if it exists and may not be touched, or cannot be written.
  public init(_ path: String, existing: Existing = .refuse) throws(InputError) {
    self.path = path
    let manager = FileManager.default
    var isFolder: ObjCBool = false
    if unsafe manager.fileExists(atPath: path, isDirectory: &isFolder) {
      guard isFolder.boolValue else {
        throw InputError(
          "there is a file of this name, expected a folder", at: path, hint: "choose another --out")
      }
      let contents = (try? manager.contentsOfDirectory(atPath: path)) ?? []
      let isOurs = contents.contains(OutputFolder.manifestName)
      switch existing {
      case .resume:
        guard isOurs else {
          throw InputError("there is no run to resume: no \(OutputFolder.manifestName)", at: path)
        }
      case .use:
        break
      case .replace:
        guard contents.isEmpty || isOurs else {
          throw InputError(
            "this folder was not made by cellgen, so --force does not replace it", at: path,
            hint: "choose another --out, or remove the folder yourself")
        }
        for name in contents {
          try attempt("remove") { try manager.removeItem(atPath: file(name)) }
        }
      case .refuse:
        guard contents.isEmpty else {
          throw InputError(
            "the folder exists and is not empty", at: path,
            hint: OutputFolder.resumableNames.contains(where: contents.contains)
              ? "choose another --out, replace it with --force, or go on with --resume \(path)"
              : isOurs ? "choose another --out, or replace it with --force" : "choose another --out"
          )
        }
      }
    } else if existing == .resume {
      throw InputError("there is no such folder to resume", at: path)
    }
    try attempt("create") {
      try manager.createDirectory(atPath: path, withIntermediateDirectories: true)
    }
  }

  /// The path of a file in the folder.
  public func file(_ name: String) -> String { "\(path)/\(name)" }

  /// Whether the folder has a file.
  public func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: file(name)) }

  /// Writes a file beside its final name and moves it into place, making folders on the way.
  ///
  /// - Throws: ``InputError`` that says why it cannot be written.
  public func write(_ text: String, to name: String) throws(InputError) {
    try attempt("write \(name)") {
      let url = URL(filePath: file(name))
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: url, options: .atomic)
    }
  }

  /// Writes files into a new folder in this one, which appears under its name when all are written.
  ///
  /// - Parameters:
  ///   - files: Name and text of each; names may have folders before them.
  ///   - name: The new folder.
  /// - Throws: ``InputError`` that says why it cannot be written.
  func write(_ files: [(name: String, text: String)], toFolder name: String) throws(InputError) {
    try attempt("write \(name)") {
      let manager = FileManager.default
      let partial = file(".\(name).partial")
      if manager.fileExists(atPath: partial) { try manager.removeItem(atPath: partial) }
      try manager.createDirectory(atPath: partial, withIntermediateDirectories: true)
      for (path, text) in files {
        if path.contains("/") {
          try manager.createDirectory(
            at: URL(filePath: "\(partial)/\(path)").deletingLastPathComponent(),
            withIntermediateDirectories: true)
        }
        // Foundation waits for the disk after every file, which takes most of the time for a thousand of
        // them.
        guard let stream = unsafe fopen("\(partial)/\(path)", "w") else { throw POSIXError.last }
        let isWritten = unsafe fputs(text, stream) >= 0
        guard unsafe fclose(stream) == 0, isWritten else { throw POSIXError.last }
      }
      try manager.moveItem(atPath: partial, toPath: file(name))
    }
  }

  /// The text of a file in the folder.
  public func read(_ name: String) throws(InputError) -> String {
    try readText(file(name))
  }

  /// Removes a file or folder, if it is there.
  public func remove(_ name: String) throws(InputError) {
    guard has(name) else { return }
    try attempt("remove \(name)") { try FileManager.default.removeItem(atPath: file(name)) }
  }

  private func attempt(_ action: String, _ work: () throws -> Void) throws(InputError) {
    do {
      try work()
    } catch {
      throw InputError(
        "cannot \(action): \(reason(error))", at: path,
        hint: "check that the folder is writable and the disk is not full")
    }
  }
}

extension POSIXError {
  /// What the last call of the system complained about.
  fileprivate static var last: POSIXError { POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
}

/// The text of a file in UTF-8.
///
/// - Throws: ``InputError`` if it is missing, a folder, or not text.
public func readText(_ path: String) throws(InputError) -> String {
  var isFolder: ObjCBool = false
  guard unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
    throw InputError("there is no such file", at: path)
  }
  guard !isFolder.boolValue else { throw InputError("this is a folder, expected a file", at: path) }
  guard let data = FileManager.default.contents(atPath: path) else {
    throw InputError("the file cannot be read", at: path, hint: "check its permissions")
  }
  guard let text = String(data: data, encoding: .utf8) else {
    throw InputError("the file is not text in UTF-8", at: path)
  }
  return text
}

/// What the system says went wrong, without its wrapping.
func reason(_ error: any Error) -> String {
  let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
  if let underlying, underlying.domain == NSPOSIXErrorDomain {
    return unsafe String(cString: strerror(Int32(underlying.code)))
  }
  return (error as NSError).localizedDescription
}
