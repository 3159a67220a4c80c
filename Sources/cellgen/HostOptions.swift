import ArgumentParser
import Workflow

/// The supercell and the placement, the same for every command that fills a crystal.
struct HostOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Supercell: 3x3x3, or nine integers row by row in quotes.", valueName: "matrix"))
  var supercell = "1x1x1"

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Seed of the placement where species share a label.", valueName: "number"))
  var seed: UInt64 = 0

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "Oxidation states, such as Mn=4,Ni=2; others are usual ones or balance the formula [e].",
      valueName: "element=state"))
  var oxidation: [String] = []

  /// Supercell and seed; numbers that are not whole are refused unless `round`.
  func filling(round: Bool) -> SupercellFilling {
    var filling = SupercellFilling()
    filling.supercell = supercell
    filling.seed = seed
    filling.round = round
    return filling
  }

  /// Oxidation states by element symbol.
  func states() throws -> [String: Double] {
    try numberAssignments(oxidation, option: "--oxidation")
  }
}

/// Prints a crystal, and writes its files.
///
/// - Parameters:
///   - built: The crystal.
///   - specification: What was asked for, for the manifest.
///   - inputs: SHA-256 of the files that were read, by name.
///   - output: Where results go.
///   - started: When the work began.
/// - Throws: `InputError` if the folder or a file in it cannot be written.
func deliver(
  _ built: HostBuild, specification: some Codable & Sendable, inputs: [String: String] = [:],
  output: OutputOptions, started: String
) throws {
  let console = Console(quiet: output.quiet)
  let folder = try output.folder(named: built.command)
  let files =
    try folder.map {
      try built.write(to: $0, specification: specification, inputs: inputs, started: started)
    } ?? []
  if output.json {
    print(try jsonText(built.json(files: files)), terminator: "")
    return
  }
  print(built.text, terminator: "")
  for warning in built.warnings { console.warn(warning) }
  for note in built.notes { console.note("note: \(note)") }
  if let folder {
    console.note(
      "written to \(folder.path): host.extxyz (every site), host.cif and host.vasp (atoms)"
        + (built.problemText == nil
          ? "" : ", problem.yaml\nnext: cellgen count \(folder.path)/problem.yaml"))
  }
}
