import ArgumentParser
import StructureIO
import Workflow

/// `cellgen convert`.
struct ConvertCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract: "Convert structure files, and expand lists of arrangements into structures.",
    discussion: """
      Formats go by the endings of names: .extxyz .xyz, .cif, .vasp POSCAR CONTCAR, .lmp .data \
      (LAMMPS), .xsf, .json (pymatgen), .pwi .in (Quantum ESPRESSO), .inp (CP2K), .res (SHELX, AIRSS). \
      Also reads the lists of cellgen enumerate. A name without such an ending is a folder that takes a \
      file for each structure. What the new format cannot hold is named on standard error.

      Examples:

        cellgen spinel --A Mg --B Al --inversion 0.5
        cellgen convert spinel/host.cif host.vasp
        cellgen convert host.vasp symmetric.cif --symmetrize
        cellgen enumerate spinel/problem.yaml --sample 30 --seed 1 --out list.csv
        cellgen convert list.csv structures --select 1-10,25 --format vasp
        cellgen convert list.csv all.extxyz
        cellgen convert all.extxyz tenth.lmp --select 10
      """)

  @Argument(
    help: ArgumentHelp("Structure file, trajectory or list of arrangements.", valueName: "input"))
  var input: String

  @Argument(help: ArgumentHelp("File or folder for the structures.", valueName: "output"))
  var output: String?

  @Option(help: ArgumentHelp("The same as <output>.", valueName: "name"))
  var out: String?

  @Option(
    help: ArgumentHelp(
      "Numbers of the structures or frames, from 1, such as 1-10,25.", valueName: "list"))
  var select: String?

  @Option(
    help: ArgumentHelp(
      "Format of the files in a folder, by its ending: extxyz, cif, vasp, lmp, xsf, json, pwi, inp or res.",
      valueName: "ending"))
  var format = "extxyz"

  @Flag(help: "Write CIF with the space group that is found and one atom of each orbit.")
  var symmetrize = false

  @Option(help: "Positions within this distance count as equal for --symmetrize [Å].")
  var symprec = 1e-3

  @Flag(help: "Replace what is there.")
  var force = false

  @Flag(help: "Print one JSON object on standard output and nothing else.")
  var json = false

  private var target: String? { output ?? out }

  private var folderFormat: StructureFormat? { StructureFormat(fileName: "x.\(format)") }

  func validate() throws {
    guard let target, !target.isEmpty else {
      throw ValidationError("name the output: cellgen convert INPUT OUTPUT")
    }
    if output != nil, out != nil {
      throw ValidationError("the output is named twice, as <output> and as --out")
    }
    if folderFormat == nil {
      throw ValidationError(
        "--format is \(format), expected one of "
          + StructureFormat.allCases.map { $0.fileExtensions[0] }.joined(separator: ", "))
    }
    guard symprec > 0, symprec <= 1 else {
      throw ValidationError("--symprec is \(symprec) Å, expected more than 0 and at most 1")
    }
    try validated { if let select { _ = try Conversion.selection(parsing: select) } }
  }

  func run() throws {
    let target = target ?? ""
    let result = try Conversion(
      input: input, output: target, selection: try select.map(Conversion.selection),
      format: folderFormat ?? .extxyz, replaces: force,
      symmetry: symmetrize ? .found(symprec: symprec) : .none)()
    let console = Console(quiet: false)
    for warning in result.warnings { console.warn(warning) }
    let count = result.structures
    if json {
      print(
        try jsonText(
          JSONValue.object([
            "cellgen": .text(cellgenVersion), "structures": .integer(count), "out": .text(target),
            "warnings": .array(result.warnings.map(JSONValue.text)),
          ])), terminator: "")
    } else {
      print("\(count) structure\(count == 1 ? "" : "s") in \(target)")
    }
  }
}
