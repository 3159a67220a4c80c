import CellgenTestSupport
import Foundation
import Handoff
import Testing

@Suite struct InputSetLintTests {
  static let data = dataFolder().appending(path: "lint")

  static let good =
    (try? FileManager.default.contentsOfDirectory(
      atPath: data.appending(path: "good").path()
    ).sorted()) ?? []

  static let bad =
    ((try? FileManager.default.contentsOfDirectory(
      atPath: data.appending(path: "bad").path()
    ).sorted()) ?? []).compactMap {
      try? LintCase(data.appending(path: "bad/\($0)"))
    }

  /// Names only, which is all that is read of them here.
  static let cp2kData = CP2KDataFiles(folders: [data.appending(path: "cp2k-data").path()])

  /// The findings as the cases write them.
  static func findings(_ folder: URL) -> [String] {
    InputSetLint.check(LintFolder(folder.path(), cp2kData: cp2kData)).findings.map {
      "\($0.file)\($0.line.map { ":\($0)" } ?? "") \($0.rule.rawValue)"
    }
  }

  @Test(arguments: good) func `good input sets give no findings`(name: String) {
    let folder = InputSetLintTests.data.appending(path: "good/\(name)")
    let lint = InputSetLint.check(
      LintFolder(folder.path(), cp2kData: InputSetLintTests.cp2kData))
    #expect(lint.decks.count == 1)
    #expect(lint.findings == [])
  }

  @Test(arguments: bad) func `mistakes are found where they are`(_ mistake: LintCase) throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "cellgen-lint-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.copyItem(
      at: InputSetLintTests.data.appending(path: "good/\(mistake.base)"), to: folder)
    try mistake.apply(to: folder)
    #expect(InputSetLintTests.findings(folder) == mistake.expected)
  }

  @Test func `every rule has a mistake that breaks it`() {
    let broken = Set(
      InputSetLintTests.bad.flatMap(\.expected).compactMap { finding in
        finding.split(separator: " ").last.flatMap { LintRule(rawValue: String($0)) }
      })
    #expect(LintRule.allCases.filter { !broken.contains($0) } == [])
  }

  @Test func `rules have one line each`() {
    for rule in LintRule.allCases {
      #expect(!rule.summary.isEmpty && !rule.summary.contains("\n"), "\(rule)")
    }
  }

  @Test func `a folder without an input has no decks`() throws {
    let folder = InputSetLintTests.data.appending(path: "cp2k-data")
    let lint = InputSetLint.check(LintFolder(folder.path()))
    #expect(lint.decks == [])
    #expect(lint.findings == [])
  }
}
