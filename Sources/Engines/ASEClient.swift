internal import Crystal
internal import Foundation

/// The i-PI client for calculators of ASE, a Python script that is part of the program.
enum ASEClient {
  /// The command line that starts it.
  static func command(
    _ calculator: String, _ arguments: String, python: String
  ) -> CommandTemplate {
    let words = [
      "-c", String(decoding: PackageResources.ase_client_py, as: UTF8.self), "--calculator",
      calculator, "--arguments", arguments,
    ].map(CommandTemplate.quoted).joined(separator: " ")
    // exec: the process that cellgen knows is Python itself.
    return CommandTemplate([
      .text("exec \(CommandTemplate.quoted(python)) \(words) --structure "), .place("structure"),
      .text(" --socket "), .place("socket"),
    ])
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
enum Program {
  /// The path of a program; nil if there is none of this name.
  static func path(of name: String) -> String? {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin")
      .split(separator: ":")
    return folders.map { "\($0)/\(name)" }.first {
      FileManager.default.isExecutableFile(atPath: $0)
    }
  }
}
