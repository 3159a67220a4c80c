import ArgumentParser
import StructureIO
import Workflow

/// `cellgen convert`.
struct ConvertCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract: "Convert structure files, and expand lists of arrangements into structures.",
    discussion: """
      Reads extxyz, CIF and POSCAR, and the lists of cellgen enumerate. A name with a known ending is one \
      file; any other name is a folder that takes a file for each structure.

      Examples:

        cellgen convert POSCAR --out cell.cif
        cellgen convert arrangements.csv --select 1-10,25 --out structures --format vasp
        cellgen convert arrangements.csv --out all.extxyz
      """)

  @Argument(help: ArgumentHelp("Structure file or list of arrangements.", valueName: "file"))
  var input: String

  @Option(help: ArgumentHelp("File or folder for the structures.", valueName: "name"))
  var out: String

  @Option(help: ArgumentHelp("Numbers of the structures, such as 1-10,25.", valueName: "list"))
  var select: String?

  @Option(help: "Format of the files in a folder: extxyz, cif or vasp.")
  var format = "extxyz"

  @Flag(help: "Replace what is there.")
  var force = false

  @Flag(help: "Print one JSON object on standard output and nothing else.")
  var json = false

  private static let formats: [String: StructureFormat] = [
    "extxyz": .extxyz, "cif": .cif, "vasp": .poscar,
  ]

  func validate() throws {
    if ConvertCommand.formats[format] == nil {
      throw ValidationError("--format is \(format), expected extxyz, cif or vasp")
    }
    try validated { if let select { _ = try Conversion.selection(parsing: select) } }
  }

  func run() throws {
    let count = try Conversion(
      input: input, output: out, selection: try select.map(Conversion.selection),
      format: ConvertCommand.formats[format] ?? .extxyz, replaces: force)()
    if json {
      print(
        try jsonText(
          JSONValue.object([
            "cellgen": .text(cellgenVersion), "structures": .integer(count), "out": .text(out),
          ])), terminator: "")
    } else {
      print("\(count) structure\(count == 1 ? "" : "s") in \(out)")
    }
  }
}
