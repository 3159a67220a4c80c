internal import Crystal
internal import Foundation

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// The i-PI client for calculators of ASE, a Python script that is part of the program.
enum ASEClient {
  /// The command line that starts it.
  static func command(
    _ calculator: String, _ arguments: String, python: String
  ) -> CommandTemplate {
    CommandTemplate([
      .text("\(line(python, calculator, ["--arguments", arguments])) --structure "),
      .place("structure"), .text(" --socket "), .place("socket"),
    ])
  }

  /// The line that runs the script.
  private static func line(_ python: String, _ calculator: String, _ words: [String]) -> String {
    let script = String(decoding: PackageResources.ase_client_py, as: UTF8.self)
    // exec: the process that cellgen knows is Python itself.
    return "exec "
      + ([python, "-c", script, "--calculator", calculator] + words).map(CommandTemplate.quoted)
      .joined(separator: " ")
  }

  /// Looks for ASE and the package of a calculator.
  ///
  /// - Parameters:
  ///   - calculator: Its name, or module and class.
  ///   - python: The Python that is to have them.
  ///   - seconds: How long that may take.
  /// - Throws: ``InputError`` with what the Python says.
  static func check(
    _ calculator: String, python: String, seconds: Double
  ) throws(InputError) {
    let folder = try TemporaryFolder()
    let child = try ChildProcess(line(python, calculator, ["--check"]), log: folder.file("log"))
    let end = ContinuousClock().now + .seconds(seconds)
    while child.ending == nil, ContinuousClock().now < end { usleep(2000) }
    let ending = child.ending
    child.end()
    guard ending == .exited(0) else {
      throw InputError(
        "\(python) cannot serve ase:\(calculator): "
          + (ending.map { "\($0)" } ?? "no answer within \(fixed(seconds, 0)) s") + child.tail,
        at: "engine",
        hint: "make engines makes a virtual environment with ASE; --python takes any other")
    }
  }

  /// Folder of the virtual environment that `make engines` makes.
  static let environment = ".venv-engines"

  /// The Python of `make engines` in the working folder, else the first one on the path.
  static func python() throws(InputError) -> String {
    let own = "\(environment)/bin/python"
    if FileManager.default.isExecutableFile(atPath: own) { return own }
    guard let path = Program.path(of: "python3") else {
      throw InputError(
        "there is no Python for ase: engines", at: "engine",
        hint: "make engines makes a virtual environment with ASE; --python takes any other")
    }
    return path
  }
}

/// Programs on the search path.
package enum Program {
  /// The path of a program; nil if there is none of this name.
  package static func path(of name: String) -> String? {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin")
      .split(separator: ":")
    return folders.map { "\($0)/\(name)" }.first {
      FileManager.default.isExecutableFile(atPath: $0)
    }
  }
}
