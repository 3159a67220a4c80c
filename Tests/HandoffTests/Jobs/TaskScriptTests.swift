import Foundation
import Handoff
import Testing

@Suite struct TaskScriptTests {
  /// Names that a shell would interpret, or split.
  static let hostile = [
    "a b", "it's", "$(touch pwned)", ";touch pwned", "new\nline", "`touch pwned`", "-n", "*", "a\\",
    "\"quoted\"", "Ti–O",
  ]

  private static func inFolder(_ work: (String) throws -> Void) throws {
    let folder =
      FileManager.default.temporaryDirectory.path()
      + "/cellgen-\(ProcessInfo.processInfo.globallyUniqueString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try work(folder)
  }

  /// Runs a task of a script.
  private func run(_ script: String, _ task: String) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/bash")
    process.arguments = [script, task]
    process.currentDirectoryURL = URL(filePath: script).deletingLastPathComponent()
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }

  /// Makes calculation folders, and the script of an attempt at each.
  private func script(
    _ tasks: [(name: String, command: String, printed: String?)], in folder: String,
    attempt: Int = 1
  ) throws -> String {
    let text = TaskScript.text(
      try tasks.map { task in
        let place = "\(folder)/\(task.name)"
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        return JobTask(
          folder: place, attempt: attempt, command: task.command, printed: task.printed)
      })
    let path = "\(folder)/task.sh"
    try Data(text.utf8).write(to: URL(filePath: path))
    return path
  }

  private func read(_ path: String) -> String? {
    FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
  }

  @Test("names of folders and arguments of commands are never interpreted")
  func names() throws {
    try Self.inFolder { folder in
      let path = try script(
        Self.hostile.map { ($0, TaskScript.command(["printf", "%s", $0]), "out") }, in: folder)
      for (number, name) in Self.hostile.enumerated() {
        let (status, output) = try run(path, "\(number + 1)")
        #expect(status == 0 && output.isEmpty, "\(name): \(output)")
        #expect(read("\(folder)/\(name)/out") == name)
        let trace = JobTrace(folder: "\(folder)/\(name)", attempt: 1)
        #expect(trace.exit == "0" && trace.start?.host.isEmpty == false, "\(name)")
      }
      let names = try FileManager.default.subpathsOfDirectory(atPath: folder)
      #expect(!names.contains { $0.split(separator: "/").last == "pwned" })
    }
  }

  @Test("an attempt runs once, and none after another one succeeded")
  func once() throws {
    try Self.inFolder { folder in
      let command = "echo run >> count"
      let path = try script([("a", command, nil)], in: folder)
      for _ in 0..<3 { #expect(try run(path, "1").status == 0) }
      #expect(read("\(folder)/a/count") == "run\n")
      #expect(try run(script([("a", command, nil)], in: folder, attempt: 2), "1").status == 0)
      #expect(read("\(folder)/a/count") == "run\n")
      #expect(JobTrace.attempts(in: "\(folder)/a") == [1])
    }
  }

  @Test("of many that start an attempt together one runs it")
  func race() throws {
    try Self.inFolder { folder in
      let path = try script([("a", "echo run >> count", nil)], in: folder)
      DispatchQueue.concurrentPerform(iterations: 8) { _ in _ = try? run(path, "1") }
      #expect(read("\(folder)/a/count") == "run\n")
    }
  }

  @Test("an attempt that was called off does not begin, and one that failed may be repeated")
  func endings() throws {
    try Self.inFolder { folder in
      let commands = ["exit 3", "true", "kill -9 $$", "echo oops >&2; false", "cd / && echo x"]
      let path = try script(
        commands.enumerated().map { ("\($0)", $1, $0 < 4 ? "out" : nil) }, in: folder)
      let words = try commands.indices.map { number in
        _ = try run(path, "\(number + 1)")
        return JobTrace(folder: "\(folder)/\(number)", attempt: 1).exit
      }
      #expect(words == ["3", "empty", "137", "1", "0"])
      #expect(read(JobTrace.log("\(folder)/3", 1)) == "oops\n")
      #expect(read(JobTrace.log("\(folder)/4", 1)) == "x\n")
      #expect(try JobTrace.claim("\(folder)/0", 2))
      #expect(try JobTrace.claim("\(folder)/0", 2) == false)
      #expect(try JobTrace.end("\(folder)/0", 2, .cancelled))
      let again = try script([("0", "echo run > out", "out")], in: folder, attempt: 2)
      #expect(try run(again, "1").status == 0)
      #expect(read("\(folder)/0/out") == "")
      // The word of the job counts if it was there first.
      #expect(try JobTrace.end("\(folder)/0", 1, .killed) == false)
      #expect(JobTrace(folder: "\(folder)/0", attempt: 1).exit == "3")
    }
  }

  @Test("a task that is not there, or whose folder is gone, is an error")
  func missing() throws {
    try Self.inFolder { folder in
      let path = try script([("a", "true", nil)], in: folder)
      #expect(try run(path, "2").status == 2)
      try FileManager.default.removeItem(atPath: "\(folder)/a")
      #expect(try run(path, "1").status == 2)
    }
  }
}
