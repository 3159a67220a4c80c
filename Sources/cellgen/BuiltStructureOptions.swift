import ArgumentParser
import Crystal
import StructureIO
import Workflow

/// Where the structure goes that a command makes.
struct BuiltStructureOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "File for the result (default: named after the command, extended XYZ).", valueName: "file"))
  var out: String?

  @Flag(help: "Replace the file that is there.")
  var force = false

  @Flag(help: "Print one JSON object on standard output and nothing else.")
  var json = false

  @Flag(help: "Print no remarks.")
  var quiet = false

  /// Refuses a file that is in the way before any work is done.
  func check(named name: String) throws {
    try StructureOutput.check(out ?? "\(name).extxyz", replaces: force)
  }

  /// Reads a structure and shows what its reader remarks; refuses atoms on one point unless they share
  /// it by their occupancies.
  func read(_ path: String) throws -> Structure {
    let reading = try StructureFile.read(path)
    let console = Console(quiet: quiet)
    for warning in reading.warnings { console.warn("\(path): \(warning)") }
    let structure = reading.structure
    if let (first, second) = structure.coincidence, structure[column: Column.Name.occupancy] == nil
    {
      throw InputError(
        "atoms \(first + 1) and \(second + 1) are on the same point", at: path,
        hint: "one of them may be listed twice")
    }
    return structure
  }

  /// Writes the result and says what it is.
  func write(
    _ result: Structure, named name: String, seed: UInt64? = nil, notes: [String] = [],
    _ more: [String: JSONValue] = [:]
  ) throws {
    let path = out ?? "\(name).extxyz"
    let notes = notes + (try StructureOutput.write(result, to: path, replaces: force))
    let console = Console(quiet: quiet)
    for note in notes { console.note("note: \(note)") }
    if json {
      print(
        try jsonText(StructureOutput.json(result, path: path, seed: seed, notes: notes, more)),
        terminator: "")
      return
    }
    if let seed { console.note("Seed \(seed).") }
    let (l, a) = (result.lattice.lengths, result.lattice.anglesDegrees)
    let vacancies = result.species.count(where: \.isVacancy)
    print(
      "\(result.composition), \(result.count - vacancies) atoms"
        + (vacancies > 0 ? ", \(vacancies) empty sites" : ""))
    print(
      "a, b, c = \(fixed(l.x, 4)), \(fixed(l.y, 4)), \(fixed(l.z, 4)) Å; alpha, beta, gamma = "
        + "\(fixed(a.x, 3)), \(fixed(a.y, 3)), \(fixed(a.z, 3))°")
    print("written to \(path)")
  }
}
