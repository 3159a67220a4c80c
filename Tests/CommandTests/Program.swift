import CellgenTestSupport
import Foundation
import Testing

/// A run of the built program in a folder of its own.
struct Program {
  /// What a run gave.
  struct Result {
    let status: Int32
    let output: String
    let errors: String

    /// The JSON object on standard output.
    var json: [String: Any] {
      get throws {
        let object = try JSONSerialization.jsonObject(with: Data(output.utf8))
        return try #require(object as? [String: Any], "standard output is no JSON object")
      }
    }
  }

  /// The folder in which the program runs; empty at first.
  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory
      .appending(path: "cellgen-\(ProcessInfo.processInfo.globallyUniqueString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  /// Runs `work` in a new folder, which is removed afterwards.
  static func inFolder(_ work: (Program) throws -> Void) throws {
    let program = try Program()
    defer { try? FileManager.default.removeItem(at: program.folder) }
    try work(program)
  }

  /// The program, which is built beside the tests.
  private static var executable: URL? {
    var candidates = Bundle.allBundles.map(\.bundleURL)
    candidates += Bundle.main.executableURL.map { [$0] } ?? []
    candidates += CommandLine.arguments.prefix(1).map { URL(filePath: $0) }
    return candidates.flatMap { [$0, $0.deletingLastPathComponent()] }
      .map { $0.appending(path: "cellgen") }
      .first { FileManager.default.isExecutableFile(atPath: $0.path()) }
  }

  /// Runs the program to its end.
  func callAsFunction(_ arguments: String...) throws -> Result { try run(arguments) }

  /// Runs the program to its end, on a terminal of so many columns.
  func run(
    _ arguments: [String], columns: Int = 100, environment: [String: String] = [:]
  ) throws -> Result {
    try launch(
      try #require(Program.executable, "the program is not built"), arguments, columns: columns,
      environment: environment)
  }

  /// Starts the program, and does not wait for it; what it prints goes nowhere.
  func start(_ arguments: [String], environment: [String: String] = [:]) throws -> Process {
    let process = Process()
    let executable: URL = try #require(Program.executable, "the program is not built")
    process.executableURL = executable
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.environment = ["PATH": "/usr/bin:/bin", "NO_COLOR": "1"].merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    return process
  }

  /// Runs lines to their end that are pasted into a shell, which finds the program by its name and
  /// stops at the first line that fails. Standard error shows every line before it is run.
  func paste(_ lines: String) throws -> Result {
    let program = try #require(Program.executable, "the program is not built")
    return try launch(
      URL(filePath: "/bin/bash"), ["-ex", "-c", lines],
      path: program.deletingLastPathComponent().path() + ":")
  }

  /// Runs a shell script to its end that takes the program and a folder.
  func runScript(_ script: URL, _ environment: [String: String] = [:]) throws -> Result {
    let program: URL = try #require(Program.executable, "the program is not built")
    return try launch(
      URL(filePath: "/bin/bash"), [script.path(), program.path(), "out"],
      environment: environment)
  }

  private func launch(
    _ executable: URL, _ arguments: [String], path: String = "", columns: Int = 100,
    environment: [String: String] = [:]
  ) throws -> Result {
    let process = Process()
    process.executableURL = executable
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.environment = [
      "PATH": "\(path)/usr/bin:/bin", "NO_COLOR": "1", "COLUMNS": "\(columns)",
    ].merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    // Both pipes are read at once, and before waiting: a full pipe would stop the program.
    let reader = PipeReader(errors)
    reader.start()
    let printed = output.fileHandleForReading.readDataToEndOfFile()
    let remarks = reader.result()
    process.waitUntilExit()
    return Result(
      status: process.terminationStatus, output: String(decoding: printed, as: UTF8.self),
      errors: String(decoding: remarks, as: UTF8.self))
  }

  /// Writes a file into the folder.
  func write(_ text: String, to name: String) throws {
    let url = folder.appending(path: name)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
  }

  /// The text of a file in the folder.
  func read(_ name: String) throws -> String {
    try String(contentsOf: folder.appending(path: name), encoding: .utf8)
  }

  /// Names of all files in the folder and below, sorted.
  var files: [String] {
    let paths = (try? FileManager.default.subpathsOfDirectory(atPath: folder.path())) ?? []
    return paths.filter { name in
      var isFolder: ObjCBool = false
      let path = folder.appending(path: name).path()
      return unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
        && !isFolder.boolValue
    }.sorted()
  }

  /// Runs the program with input that it has to refuse without writing anything.
  func expectRefusal(
    _ arguments: [String], status: Int32, saying text: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let before = files
    let result = try run(arguments)
    #expect(result.status == status, "\(arguments)", sourceLocation: sourceLocation)
    #expect(result.output.isEmpty, "\(arguments)", sourceLocation: sourceLocation)
    #expect(
      result.errors.contains(text), "\(arguments): \(result.errors)", sourceLocation: sourceLocation
    )
    #expect(files == before, "\(arguments)", sourceLocation: sourceLocation)
  }

}

/// Reads a pipe to its end on a thread of its own.
private final class PipeReader: @unchecked Sendable {
  private let handle: FileHandle
  private let done = DispatchSemaphore(value: 0)
  private var data = Data()

  init(_ pipe: Pipe) { handle = pipe.fileHandleForReading }

  func start() {
    DispatchQueue.global().async { [self] in
      data = handle.readDataToEndOfFile()
      done.signal()
    }
  }

  func result() -> Data {
    done.wait()
    return data
  }
}
