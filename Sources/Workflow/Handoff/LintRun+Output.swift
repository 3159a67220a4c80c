internal import Crystal
internal import Handoff

extension LintRun {
  /// All findings like the messages of a compiler, a line each, with hints below.
  public var text: String {
    var text = ""
    for folder in folders {
      for finding in folder.findings {
        let line = finding.line.map { ":\($0)" } ?? ""
        text +=
          "\(folder.path)/\(finding.file)\(line): \(finding.severity.rawValue): \(finding.message) "
          + "[\(finding.rule.rawValue)]\n"
        if let hint = finding.hint { text += "  hint: \(hint)\n" }
      }
    }
    return text
  }

  /// Numbers of inputs and findings, one line.
  public var summary: String {
    let decks = folders.flatMap(\.decks)
    let codes = SimulationCode.allCases.compactMap { code in
      let count = decks.count { $0.code == code }
      return count == 0 ? nil : "\(count) of \(code.title)"
    }
    func counted(_ count: Int, _ noun: String) -> String {
      "\(count) \(noun)\(count == 1 ? "" : "s")"
    }
    return "\(counted(decks.count, "input")) (\(codes.joined(separator: ", "))): "
      + "\(counted(count(.error), "error")), \(counted(count(.warning), "warning")), "
      + counted(count(.note), "note")
  }

  /// All findings for programs.
  public var json: JSONValue {
    .object([
      "cellgen": .text(cellgenVersion), "command": .text("lint"),
      "inputs": .array(
        folders.flatMap { folder in
          folder.decks.map { deck in
            .object([
              "folder": .text(folder.path), "code": .text(deck.code.rawValue),
              "file": .text(deck.file),
            ])
          }
        }),
      "findings": .array(
        folders.flatMap { folder in
          folder.findings.map { finding in
            .object([
              "folder": .text(folder.path), "file": .text(finding.file),
              "line": finding.line.map(JSONValue.integer) ?? .null,
              "severity": .text(finding.severity.rawValue), "rule": .text(finding.rule.rawValue),
              "message": .text(finding.message), "hint": .optional(finding.hint),
            ])
          }
        }),
      "errors": .integer(count(.error)), "warnings": .integer(count(.warning)),
      "notes": .integer(count(.note)),
    ])
  }

  /// All rules, a line each.
  public static var rules: String {
    let width = (LintRule.allCases.map(\.rawValue.count).max() ?? 0) + 2
    return LintRule.allCases.map { rule in
      rule.rawValue.padded(to: width) + rule.severity.rawValue.padded(to: 9) + rule.summary + "\n"
    }.joined()
  }
}
