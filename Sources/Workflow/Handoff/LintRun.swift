internal import Crystal
internal import Foundation
public import Handoff

/// The findings in all input sets of some folders.
public struct LintRun: Sendable {
  /// A folder with its inputs.
  public struct Folder: Hashable, Sendable {
    /// The folder, as a path that begins with what was given.
    public let path: String
    /// The inputs in it.
    public let decks: [InputDeck]
    /// What is wrong, by file and line.
    public let findings: [LintFinding]
  }

  /// The folders that hold inputs, sorted.
  public let folders: [Folder]

  /// Whether warnings count as errors.
  private let isStrict: Bool

  /// Looks through folders and those inside them.
  ///
  /// What lies inside of a folder with an input belongs to that input and is not looked through.
  ///
  /// - Throws: ``InputErrors`` for mistakes in the specification, ``InputError`` for a folder that is not
  ///   there or cannot be read, and if there is no input at all.
  public init(_ specification: LintSpecification) throws {
    try specification.validate()
    isStrict = specification.isStrict
    let data = CP2KDataFiles(folders: specification.cp2kData)
    let ignored = Set(specification.ignored)
    var paths: [String] = []
    for folder in specification.folders {
      let found = try LintRun.inputFolders(folder, data)
      guard !found.isEmpty else {
        throw InputError(
          "there is no input of VASP, Quantum ESPRESSO, CP2K, ABINIT or LAMMPS in it", at: folder)
      }
      paths += found
    }
    var seen: Set<String> = []
    folders = concurrentMap(
      paths.filter { seen.insert(URL(filePath: $0).standardizedFileURL.path()).inserted }.sorted()
    ) { path in
      let (decks, findings) = InputSetLint.check(LintFolder(path, cp2kData: data))
      return Folder(
        path: path, decks: decks, findings: findings.filter { !ignored.contains($0.rule.rawValue) })
    }
  }

  /// The folders with an input at or below a folder.
  private static func inputFolders(
    _ folder: String, _ data: CP2KDataFiles
  ) throws(InputError) -> [String] {
    var isFolder: ObjCBool = false
    guard unsafe FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder) else {
      throw InputError("no such folder", at: folder)
    }
    guard isFolder.boolValue else {
      throw InputError("is a file, expected a folder with an input", at: folder)
    }
    // Symbolic links may lead around in circles.
    var (found, open) = ([String](), [LintRun.trimmed(folder)])
    while let path = open.popLast() {
      let input = LintFolder(path, cp2kData: data)
      if input.holdsInput {
        found.append(path)
        continue
      }
      let names: [String]
      do {
        names = try FileManager.default.contentsOfDirectory(atPath: path)
      } catch {
        throw InputError("cannot be read", at: path, hint: "check its permissions")
      }
      for name in names where !name.hasPrefix(".") {
        let inner = "\(path)/\(name)"
        let kind =
          (try? FileManager.default.attributesOfItem(atPath: inner))?[.type] as? FileAttributeType
        if kind == .typeDirectory { open.append(inner) }
      }
    }
    return found
  }

  /// A path without slashes at its end.
  private static func trimmed(_ path: String) -> String {
    var path = path
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    return path
  }

  /// Number of findings of a severity.
  public func count(_ severity: LintSeverity) -> Int {
    folders.reduce(0) { $0 + $1.findings.count { $0.severity == severity } }
  }

  /// Whether there are errors, or warnings that count as errors.
  public var isRefused: Bool {
    count(.error) > 0 || isStrict && count(.warning) > 0
  }
}
