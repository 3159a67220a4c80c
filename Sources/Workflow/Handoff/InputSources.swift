internal import Crystal
internal import Foundation
internal import Handoff
internal import StructureIO

/// A structure for which an input is written.
struct InputSource: Sendable {
  /// Name of its calculation folder.
  var id: String
  /// The file it was read from.
  var file: String
  /// SHA-256 of that file.
  var digest: String
  /// The structure.
  var structure: Structure

  /// Reads files and the structures in the folders of runs.
  ///
  /// Calculations are named after their files, POSCAR files after their folders; where names clash, the
  /// folder goes before: `charged-001`. Structures of a file with several get numbers.
  ///
  /// - Parameter paths: Files, or folders with `structures`.
  /// - Returns: The structures, and remarks of reading.
  /// - Throws: ``InputErrors`` with everything that cannot be read.
  static func read(_ paths: [String]) throws -> (sources: [InputSource], warnings: [String]) {
    var problems: [InputError] = []
    var files: [String] = []
    for path in paths {
      do {
        files += try expanded(path)
      } catch {
        problems.append(error)
      }
    }
    let outcomes = concurrentMap(files) { file in
      Result<(frames: [StructureReading], digest: String), InputError>.catching {
        () throws(InputError) in
        (try StructureFile.readFrames(file), try sha256(ofFile: file))
      }
    }
    let names = uniqueNames(files)
    var sources: [InputSource] = []
    var warnings: [String] = []
    for (index, outcome) in outcomes.enumerated() {
      switch outcome {
      case .failure(let problem): problems.append(problem)
      case .success(let (frames, digest)):
        warnings += frames.flatMap(\.warnings).map { "\(files[index]): \($0)" }
        let width = "\(frames.count)".count
        for (n, frame) in frames.enumerated() {
          let number = "\(n + 1)"
          let id =
            frames.count == 1
            ? names[index]
            : names[index] + "-" + String(repeating: "0", count: width - number.count) + number
          sources.append(
            InputSource(
              id: id, file: files[index], digest: digest, structure: frame.structure))
        }
      }
    }
    let twice = Dictionary(grouping: sources, by: \.id).filter { $0.value.count > 1 }
    for (id, copies) in twice.sorted(by: { $0.key < $1.key }) {
      problems.append(
        InputError(
          "there are \(copies.count) structures \"\(id)\": "
            + copies.map(\.file).joined(separator: ", "),
          hint: "rename the files, or give each file once"))
    }
    guard problems.isEmpty else { throw InputErrors(problems) }
    return (sources, warnings)
  }

  /// The structure files that a path stands for.
  private static func expanded(_ path: String) throws(InputError) -> [String] {
    var isFolder: ObjCBool = false
    guard unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw InputError("there is no such file or folder", at: path)
    }
    guard isFolder.boolValue else { return [path] }
    let root = path.hasSuffix("/") ? String(path.dropLast()) : path
    for folder in ["\(root)/structures", root] {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
      // The same structures stand there in several formats; this one keeps everything.
      let found = names.filter { $0.hasSuffix(".extxyz") }.sorted()
      if !found.isEmpty { return found.map { "\(folder)/\($0)" } }
    }
    throw InputError(
      "there are no structures in this folder", at: path,
      hint: "give structure files, or the folder of a run with structures/001.extxyz and so on")
  }

  /// Names of files without endings, with their folder where that is needed.
  private static func uniqueNames(_ files: [String]) -> [String] {
    let parts = files.map {
      $0.split(separator: "/").map(String.init).filter { $0 != "." && $0 != ".." }
    }
    func folder(_ index: Int, skipping skipped: Set<String> = ["structures"]) -> String {
      parts[index].dropLast().last { !skipped.contains($0) } ?? ""
    }
    var names = parts.indices.map { index in
      let file = parts[index].last ?? "structure"
      let upper = file.uppercased()
      let isPOSCAR = upper.hasPrefix("POSCAR") || upper.hasPrefix("CONTCAR")
      if isPOSCAR, !file.contains("."), !folder(index).isEmpty { return folder(index) }
      let stem = file.split(separator: ".").dropLast().joined(separator: ".")
      return stem.isEmpty ? file : stem
    }
    let counts = names.reduce(into: [String: Int]()) { $0[$1, default: 0] += 1 }
    for index in names.indices where counts[names[index]] ?? 0 > 1 && !folder(index).isEmpty {
      names[index] = "\(folder(index))-\(names[index])"
    }
    return names
  }
}

extension Result where Failure == InputError {
  /// What a function returns or throws.
  static func catching(_ body: () throws(InputError) -> Success) -> Self {
    do throws(InputError) {
      return .success(try body())
    } catch {
      return .failure(error)
    }
  }
}
