internal import Crystal
internal import Foundation
internal import Handoff

/// One place from which results are read.
struct CollectSource: Hashable {
  /// The path as it is told to the user.
  let path: String

  /// The folder in which a program ran; nil for a file with results of its own.
  let folder: ResultFolder?

  /// The folder that a prefix of names comes from: the one that holds this folder or file.
  let group: String

  /// A path without slashes at its end and `./` at its beginning.
  static func plain(_ path: String) -> String {
    var path = path
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    while path.hasPrefix("./"), path.count > 2 { path.removeFirst(2) }
    return path
  }

  /// Finds all calculations: each folder itself, else the folders in it; files as they are.
  ///
  /// - Throws: ``InputErrors`` for what is missing or holds no calculation.
  static func all(_ paths: [String]) throws(InputErrors) -> [CollectSource] {
    var problems: [InputError] = []
    var sources: [CollectSource] = []
    for path in paths.map(plain) {
      var isFolder: ObjCBool = false
      guard unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
        problems.append(InputError("no such folder or file", at: path))
        continue
      }
      guard isFolder.boolValue else {
        guard fileEndings.contains(where: { path.hasSuffix(".\($0)") }) else {
          problems.append(
            InputError(
              "no file of results", at: path,
              hint: "give the folder of the calculation, or a file that ends with "
                + fileEndings.map { ".\($0)" }.joined(separator: ", ")))
          continue
        }
        sources.append(CollectSource(path: path, folder: nil, group: parent(of: path)))
        continue
      }
      let folder = ResultFolder(path)
      let inside = calculations(in: folder)
      // A file of another program in a folder of calculations does not hide them.
      let isOne =
        isCalculation(folder)
        && (isDescribed(folder) || !inside.contains(where: isDescribed))
      let found = isOne ? [folder] : inside
      if found.isEmpty {
        problems.append(
          InputError(
            "no calculation in this folder, nor in the folders in it", at: path,
            hint: "a calculation has calculation.json, or vasprun.xml, OUTCAR, pw.out, cp2k.out, "
              + "run.abo or log.lammps"))
      }
      sources += found.map {
        CollectSource(path: $0.path, folder: $0, group: parent(of: $0.path))
      }
    }
    var seen: Set<String> = []
    for source in sources where !seen.insert(source.path).inserted {
      problems.append(InputError("this calculation is given twice", at: source.path))
    }
    guard problems.isEmpty else { throw InputErrors(problems) }
    return sources
  }

  /// Endings of files with results of their own.
  static let fileEndings = ResultReader.fileEndings + [ASEDatabase.fileEnding]

  private static func isDescribed(_ folder: ResultFolder) -> Bool {
    folder.files.contains(CalculationRecord.fileName)
  }

  private static func isCalculation(_ folder: ResultFolder) -> Bool {
    isDescribed(folder) || ResultReader.output(in: folder) != nil
  }

  private static func calculations(in folder: ResultFolder) -> [ResultFolder] {
    folder.folders.map { ResultFolder("\(folder.path)/\($0)") }.filter(isCalculation)
  }

  /// The folder that holds a folder or file; empty for the working folder.
  private static func parent(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
  }

  /// The last part of a path.
  static func name(of path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }
}
