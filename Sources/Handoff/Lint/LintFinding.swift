/// How bad a finding is.
public enum LintSeverity: String, Codable, Hashable, Sendable, CaseIterable {
  /// The program refuses the input, or calculates something else than is meant.
  case error
  /// Legal, but most probably not meant.
  case warning
  /// Worth knowing.
  case note
}

/// One thing that is wrong or doubtful in an input set.
public struct LintFinding: Hashable, Sendable {
  /// What was checked; tells the severity.
  public var rule: LintRule

  /// The file within the folder.
  public var file: String

  /// The line in the file, from 1; nil if the file as a whole is meant, or is missing.
  public var line: Int?

  /// What was found and what was expected, one sentence without a full stop.
  public var message: String

  /// What to do about it, where that can be guessed.
  public var hint: String?

  /// A finding.
  public init(
    _ rule: LintRule, file: String, line: Int? = nil, message: String, hint: String? = nil
  ) {
    self.rule = rule
    self.file = file
    self.line = line
    self.message = message
    self.hint = hint
  }

  /// How bad it is.
  public var severity: LintSeverity { rule.severity }
}
