internal import Crystal
internal import Engines
internal import Foundation

/// What a program answered that ends soon.
struct ProgramCall {
  /// Its exit code; nil if a signal ended it, or it took too long.
  let status: Int32?
  /// What it printed.
  let output: String
  /// What it complained about.
  let errors: String

  /// Runs a program to its end.
  ///
  /// - Parameters:
  ///   - words: The program and its arguments, which no shell interprets.
  ///   - folder: Where it runs.
  ///   - seconds: How long it may take.
  /// - Throws: ``InputError`` if no process can be made.
  init(_ words: [String], in folder: String = "/", seconds: Double = 120) throws(InputError) {
    let files = try TemporaryFolder()
    defer { files.remove() }
    let (printed, complaints) = (files.file("output"), files.file("errors"))
    let line =
      "cd \(CommandTemplate.quoted(folder)) && exec "
      + words.map(CommandTemplate.quoted).joined(separator: " ")
      + " >\(CommandTemplate.quoted(printed))"
    let child = try ChildProcess(line, log: complaints)
    let deadline = ContinuousClock.now + .seconds(seconds)
    while child.ending == nil, ContinuousClock.now < deadline { usleep(2000) }
    if case .exited(let code) = child.ending { status = code } else { status = nil }
    child.end()
    func text(_ path: String) -> String {
      FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
    output = text(printed)
    errors = text(complaints)
  }
}
