public import Crystal
internal import Foundation
internal import Handoff

/// The calculation folders that are meant by what was given on a command line.
public struct SubmitFolders: Hashable, Sendable {
  /// A calculation folder.
  public struct Folder: Hashable, Sendable {
    /// Its name as it was given.
    public var name: String
    /// Its absolute path, without symbolic links.
    public var path: String
  }

  /// The folders in the order in which they were given, each once.
  public private(set) var folders: [Folder] = []

  /// The name of the folder for the record of jobs, beside the calculations.
  public static let recordName = "jobs"

  /// Looks at files and folders.
  ///
  /// A folder with a `calculation.json` is a calculation; one without stands for the calculations in it, and
  /// for itself if there are none. What a pattern such as `dft/*` finds besides, the manifest and the record
  /// of jobs, is left out.
  ///
  /// - Parameter names: Paths.
  /// - Throws: ``InputErrors`` for everything that is no folder.
  public init(_ names: [String]) throws(InputErrors) {
    var problems: [InputError] = []
    var seen: Set<String> = []
    for name in names {
      let path = SubmitFolders.absolute(name)
      var isFolder: ObjCBool = false
      guard unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
        problems.append(InputError("there is no such folder", at: name))
        continue
      }
      guard isFolder.boolValue else {
        if path.hasSuffix("/\(OutputFolder.manifestName)") { continue }
        problems.append(
          InputError(
            "this is a file, expected a calculation folder", at: name,
            hint: "a folder that holds calculation folders stands for all of them"))
        continue
      }
      if FileManager.default.fileExists(atPath: "\(path)/\(SubmitRecord.fileName)") { continue }
      let inner = SubmitFolders.isCalculation(path) ? [] : SubmitFolders.calculations(in: path)
      let prefix = name.hasSuffix("/") ? String(name.dropLast()) : name
      let found =
        inner.isEmpty
        ? [Folder(name: prefix.isEmpty ? "/" : prefix, path: path)]
        : inner.map {
          Folder(name: "\(prefix)/\($0)", path: SubmitFolders.absolute("\(path)/\($0)"))
        }
      for folder in found where seen.insert(folder.path).inserted { folders.append(folder) }
    }
    if problems.isEmpty, folders.isEmpty {
      problems.append(InputError("no calculation folder is given", at: "folder"))
    }
    guard problems.isEmpty else { throw InputErrors(problems) }
  }

  /// The folder for the record of jobs if none is given: `jobs` beside the calculations.
  ///
  /// - Returns: Its absolute path.
  /// - Throws: ``InputError`` if the calculations are in different folders.
  public func record() throws(InputError) -> String {
    let parents = folders.map { ($0.path as NSString).deletingLastPathComponent }
    guard let first = parents.first, parents.allSatisfy({ $0 == first }) else {
      throw InputError(
        "the calculations are in different folders", at: "--out",
        hint: "say where the record of their jobs is with --out jobs")
    }
    return "\(first)/\(SubmitFolders.recordName)"
  }

  private static func isCalculation(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: "\(path)/\(CalculationRecord.fileName)")
  }

  /// Names of the calculation folders in a folder, sorted.
  private static func calculations(in path: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
      .filter { isCalculation("\(path)/\($0)") }
  }

  /// A path from the root, without symbolic links where it exists.
  static func absolute(_ path: String) -> String {
    guard let resolved = unsafe realpath(path, nil) else {
      return path.hasPrefix("/") ? path : "\(FileManager.default.currentDirectoryPath)/\(path)"
    }
    defer { unsafe free(resolved) }
    return unsafe String(cString: resolved)
  }
}
