public import Crystal
internal import Handoff

/// Which folders to look through for mistakes in inputs, and what to leave out.
public struct LintSpecification: Hashable, Sendable {
  /// Folders with inputs, or with folders of inputs.
  public var folders: [String]

  /// Names of rules that are not asked for.
  public var ignored: [String] = []

  /// Whether warnings count as errors.
  public var isStrict = false

  /// Folders in which CP2K looks for basis sets and potentials.
  public var cp2kData: [String] = []

  /// Folders with the defaults.
  public init(folders: [String]) {
    self.folders = folders
  }

  /// Checks everything that can be checked without the folders.
  ///
  /// - Throws: ``InputErrors`` with all that is wrong.
  public func validate() throws(InputErrors) {
    var problems: [InputError] = []
    if folders.isEmpty {
      problems.append(InputError("no folder", hint: "cellgen lint FOLDER"))
    }
    for name in ignored where LintRule(rawValue: name) == nil {
      let near = nearestMatch(to: name, among: LintRule.allCases.map(\.rawValue))
      problems.append(
        InputError(
          "there is no rule \"\(name)\"", at: "ignore",
          hint: near.map { "did you mean \($0)?" } ?? "cellgen lint --rules lists them"))
    }
    guard problems.isEmpty else { throw InputErrors(problems) }
  }
}
