internal import Crystal

/// Collects the findings of one input set.
struct LintReport {
  private(set) var findings: [LintFinding] = []

  /// Adds a finding.
  mutating func add(
    _ rule: LintRule, _ file: String, _ line: Int?, _ message: String, hint: String? = nil
  ) {
    findings.append(LintFinding(rule, file: file, line: line, message: message, hint: hint))
  }

  /// Adds a finding that is made already.
  mutating func add(_ finding: LintFinding) { findings.append(finding) }

  /// Adds what a reader says of a file that it cannot read.
  mutating func add(_ problem: InputError, _ file: String) {
    var line: Int?
    // Readers give `file:line`, some with a key behind it.
    if let location = problem.location, location.hasPrefix("\(file):") {
      line = Int(location.dropFirst(file.count + 1).prefix { $0.isNumber })
    }
    add(.unreadable, file, line, problem.message, hint: problem.hint)
  }

  /// The findings by file and line, each once.
  var sorted: [LintFinding] {
    var seen: Set<LintFinding> = []
    return findings.filter { seen.insert($0).inserted }.sorted { left, right in
      let (a, b) = (left, right)
      return (a.file, a.line ?? 0, a.rule.rawValue, a.message)
        < (b.file, b.line ?? 0, b.rule.rawValue, b.message)
    }
  }
}
