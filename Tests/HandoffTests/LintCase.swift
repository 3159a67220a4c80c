import Foundation
import Testing

/// One change of a good input set, and what the change must be blamed for.
///
/// A file of `Data/lint/bad` is read line by line:
///
///     from vasp-limno2            the good set that is changed
///     in POSCAR                   the file that the next changes are made in
///     - line                      a line to find and to leave out ...
///     + line                      ... with what stands in its place
///     replace old new             one word for another, everywhere in the file
///     remove KPOINTS              a file to leave out
///     expect INCAR:6 rule         a finding, without a line if the file as a whole is meant
struct LintCase: CustomTestStringConvertible {
  let name: String
  let base: String
  let steps: [[String]]
  let expected: [String]

  var testDescription: String { name }

  init(_ file: URL) throws {
    name = file.deletingPathExtension().lastPathComponent
    var (base, steps, expected) = ("", [[String]](), [String]())
    for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
      let words = line.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
        .map(String.init)
      switch words[0] {
      case "from": base = words[1]
      case "expect": expected.append(words[1])
      default: steps.append(words)
      }
    }
    (self.base, self.steps, self.expected) = (base, steps, expected)
  }

  /// Makes the changes in a copy of the good set.
  func apply(to folder: URL) throws {
    var file = folder
    var position: Int?
    // Lines that are left out one after the other stand in this order in the file.
    var start = 0
    for step in steps {
      if step[0] != "-" { start = 0 }
      let text = step.count > 1 ? step[1] : ""
      switch step[0] {
      case "in":
        file = folder.appending(path: text)
        position = nil
      case "-":
        var lines = try lines(of: file)
        let found = try #require(
          lines[start...].firstIndex(of: text), "no line \"\(text)\" in \(name)")
        lines.remove(at: found)
        (start, position) = (found, found)
        try write(lines, to: file)
      case "+":
        var lines = try lines(of: file)
        let place = try #require(position)
        lines.insert(text, at: place)
        position = place + 1
        try write(lines, to: file)
      case "replace":
        let words = text.split(separator: " ").map(String.init)
        let old = try String(contentsOf: file, encoding: .utf8)
        try #require(old.contains(words[0]))
        try Data(old.replacing(words[0], with: words[1]).utf8).write(to: file)
      case "remove": try FileManager.default.removeItem(at: folder.appending(path: text))
      default: Issue.record("\(name): no step \(step[0])")
      }
    }
  }

  private func lines(of file: URL) throws -> [String] {
    try String(contentsOf: file, encoding: .utf8).split(
      separator: "\n", omittingEmptySubsequences: false
    ).map(String.init)
  }

  private func write(_ lines: [String], to file: URL) throws {
    try Data(lines.joined(separator: "\n").utf8).write(to: file)
  }
}
