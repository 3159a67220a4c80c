internal import Crystal
internal import Synchronization

/// The names in files of basis sets and potentials of CP2K, each file read once.
public final class CP2KDataFiles: Sendable {
  /// The folders in which CP2K looks for them.
  public let folders: [String]

  /// Names by path; an entry that is nil is no file.
  private let cache = Mutex<[String: Names?]>([:])

  /// Files in some folders; those that do not exist do no harm.
  public init(folders: [String]) { self.folders = folders }

  /// The entries of one file: all names of one basis set or potential by element symbol and name.
  struct Names: Sendable {
    private(set) var aliases: [String: [String: [String]]] = [:]

    /// Reads lines such as `Mg GTH-PBE-q10 GTH-PBE`.
    init(_ text: String) {
      for line in LintLines(text).lines {
        guard let first = line.first(where: { !$0.isWhitespace }), first.isLetter else { continue }
        let words = lintWords(withoutComment(line, "#", "!"))
        guard words.count > 1, let element = leadingElement(words[0]),
          element.symbol.uppercased() == words[0].uppercased()
        else { continue }
        let names = words.dropFirst().map { $0.uppercased() }
        for name in names { aliases[element.symbol, default: [:]][name] = Array(names) }
      }
    }

    /// All names of what has this one, nil if it is not in the file.
    func aliases(element: String, name: String) -> [String]? {
      aliases[element]?[name.uppercased()]
    }
  }

  /// The names in a file, looked for in the folder of the input and then in those of CP2K.
  ///
  /// - Returns: Nil if the file is nowhere.
  func names(in file: String, of folder: LintFolder) -> Names? {
    let candidates =
      file.hasPrefix("/")
      ? [file] : ["\(folder.path)/\(file)"] + folders.map { "\($0)/\(file)" }
    for path in candidates {
      if let known = cache.withLock({ $0[path] }) {
        if let known { return known }
        continue
      }
      let names = LintFolder(".").text(path).map(Names.init)
      cache.withLock { $0[path] = .some(names) }
      if let names { return names }
    }
    return nil
  }

  /// Whether one of the folders exists.
  func isInstalled() -> Bool { folders.contains { LintFolder($0).isFolder(".") } }
}
