internal import Building
public import Crystal
internal import Foundation

/// The prototypes that can be asked for by name: those that come with cellgen, and a user's own.
public struct PrototypeLibrary: Sendable {
  /// The files, those of the user first, each group by name.
  public let files: [PrototypeFile]

  /// Reads the prototypes.
  ///
  /// - Parameter folder: A folder with files of the user, `*.yaml`; one with the name of a shipped
  ///   prototype takes its place.
  /// - Throws: ``InputErrors`` with everything that is wrong with the files of the user.
  public init(folder: String? = nil) throws {
    let own = try folder.map { try PrototypeLibrary.read(folder: $0) } ?? []
    let names = Set(own.map(\.definition.name))
    let shipped = try PrototypeLibrary.shipped.map { name, bytes in
      try PrototypeFile(parsing: String(decoding: bytes, as: UTF8.self), file: "\(name).yaml")
    }
    files =
      own.sorted { $0.definition.name < $1.definition.name }
      + shipped.filter { !names.contains($0.definition.name) }
  }

  /// The prototype with a name or alias; capitals matter only where two differ by them alone.
  ///
  /// - Throws: ``InputError`` with the nearest name if there is none.
  public func file(named name: String) throws(InputError) -> PrototypeFile {
    let lower = name.lowercased()
    let matches: [(PrototypeFile) -> Bool] = [
      { $0.definition.name == name }, { $0.definition.aliases.contains(name) },
      { $0.definition.name.lowercased() == lower },
      { $0.definition.aliases.contains { $0.lowercased() == lower } },
    ]
    for matches in matches {
      if let file = files.first(where: matches) { return file }
    }
    let known = files.flatMap { [$0.definition.name] + $0.definition.aliases }
    throw InputError(
      "there is no prototype \"\(name)\"",
      hint: nearestMatch(to: name, among: known).map { "did you mean \($0)?" }
        ?? "list them with cellgen prototype --list")
  }

  private static func read(folder: String) throws -> [PrototypeFile] {
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: folder)
    } catch {
      throw InputError("cannot read the folder: \(reason(error))", at: folder)
    }
    let wanted = names.filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }.sorted()
    guard !wanted.isEmpty else {
      throw InputError("the folder holds no prototype, expected files *.yaml", at: folder)
    }
    var files: [PrototypeFile] = []
    var problems: [InputError] = []
    for name in wanted {
      let path = "\(folder)/\(name)"
      do {
        let file = try PrototypeFile(parsing: readText(path), file: path)
        if let twin = files.first(where: { $0.definition.name == file.definition.name }) {
          problems.append(
            InputError(
              "the name \(file.definition.name) is taken by \(twin.file)", at: "\(path): name"))
        }
        files.append(file)
      } catch let errors as InputErrors {
        problems += errors.problems
      } catch let error as InputError {
        problems.append(error)
      }
    }
    guard problems.isEmpty else { throw InputErrors(problems) }
    return files
  }
}
