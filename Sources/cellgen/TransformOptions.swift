import ArgumentParser
import Crystal
import Workflow

/// The structure that a command changes, and where the result goes.
struct TransformOptions: ParsableArguments {
  @Argument(help: ArgumentHelp("Structure file.", valueName: "file"))
  var structure: String

  @OptionGroup var output: BuiltStructureOptions

  var out: String? { output.out }
  var force: Bool { output.force }
  var json: Bool { output.json }
  var quiet: Bool { output.quiet }

  /// Refuses a file that is in the way before any work is done.
  func check(named name: String) throws { try output.check(named: name) }

  /// Reads the structure and shows what its reader remarks.
  func read() throws -> Structure { try output.read(structure) }

  /// Writes the result and says what it is.
  func write(
    _ result: Structure, named name: String, seed: UInt64? = nil, notes: [String] = [],
    _ more: [String: JSONValue] = [:]
  ) throws {
    try output.write(result, named: name, seed: seed, notes: notes, more)
  }
}
