public import Crystal

/// Which results are collected, and which of them count.
public struct CollectSpecification: Hashable, Codable, Sendable {
  /// Folders of calculations, folders of such folders, and files with results of their own.
  public var paths: [String]

  /// Whether unconverged energies count.
  public var allowsUnconverged = false

  /// Whether energies with different settings may stand in one table.
  public var allowsMixed = false

  /// A structure with every site and its label, for results without a structure that has labels.
  public var parent: String?

  /// The defaults for some paths.
  public init(paths: [String]) { self.paths = paths }

  /// Checks what can be checked without the files.
  ///
  /// - Throws: ``InputErrors`` with all that is wrong.
  public func validate() throws(InputErrors) {
    var checks = InputChecks()
    if paths.isEmpty {
      checks.problems.append(
        InputError("no folder", at: "folder", hint: "give the folder of cellgen input"))
    }
    var seen: Set<String> = []
    for path in paths where !seen.insert(CollectSource.plain(path)).inserted {
      checks.problems.append(InputError("the path is given twice", at: path))
    }
    try checks.finish()
  }
}
