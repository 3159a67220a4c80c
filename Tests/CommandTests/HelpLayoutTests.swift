import Foundation
import Testing

/// How the help of every command looks on a narrow terminal.
@Suite struct HelpLayoutTests {
  @Test("paragraphs are wrapped by the terminal alone, and indented lines fit into 80 columns")
  func layout() throws {
    try Program.inFolder { cellgen in
      let overview = try cellgen("--help").output.split(separator: "\n")
      let start = try #require(overview.firstIndex { $0.hasPrefix("SUBCOMMANDS") })
      let verbs = overview[(start + 1)...].filter { $0.hasPrefix("  ") && !$0.hasPrefix("   ") }
        .compactMap { $0.split(separator: " ").first.map(String.init) }.filter { $0 != "See" }
      #expect(verbs.count > 25)
      for verb in verbs {
        let help = try cellgen.run([verb, "--help"], columns: 1000).output
          .split(separator: "\n", omittingEmptySubsequences: false)
          .prefix { !$0.hasPrefix("USAGE:") }
        for (line, next) in zip(help, help.dropFirst()) {
          let isBroken = [line, next].allSatisfy { !$0.isEmpty && !$0.hasPrefix(" ") }
          #expect(!isBroken, "\(verb): \(line)")
        }
        for line in help where line.hasPrefix(" ") { #expect(line.count <= 80, "\(verb): \(line)") }
      }
    }
  }
}
