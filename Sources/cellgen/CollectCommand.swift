import ArgumentParser
import Workflow

/// `cellgen collect`.
struct CollectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "collect",
    abstract: "Results of calculations as a table of energies, ready for cellgen hull.",
    discussion: """
      Takes folders of calculations, folders of such folders, and files. Read are vasprun.xml and OUTCAR \
      of VASP, text and XML of Quantum ESPRESSO, outputs of CP2K and ABINIT, logs of LAMMPS, databases of \
      ASE (.db, .json), extended XYZ, and computed entries of pymatgen (.json).

      Only energies of calculations that ended and converged count. What was cut off, crashed, or did not \
      converge is named with what to do; the exit status is 2 then. Energies with different codes, \
      functionals, cutoffs, pseudopotentials or values of U do not go into one table without --mixed. \
      VASP gives the energy without smearing, E(sigma->0).

      Labels, charges and oxidation states come back from structure.extxyz of cellgen input, or, by \
      position, from --parent. Oxidation states are also told by the magnetic moments, and compared. \
      Calculations are named by calculation.json, else by their folder; where one name stands in two \
      folders, names get that of the folder that holds them: charged/001.

      Examples:

        cellgen collect vasp
        cellgen collect charged discharged --parent spinel/host.extxyz --out results
        cellgen hull results/energies.csv

      Results: energies.csv, results.csv (all calculations, with their state), moments.csv, structures/ \
      and summary.json.
      """)

  @Argument(help: ArgumentHelp("Folders or files.", valueName: "folders"))
  var folders: [String]

  @Flag(help: "Take energies that did not converge.")
  var allowUnconverged = false

  @Flag(help: "Take energies with different settings into one table.")
  var mixed = false

  @Option(
    help: ArgumentHelp(
      "Structure with every site and its label, for results without labels.", valueName: "file"))
  var parent: String?

  @OptionGroup var output: OutputOptions

  private var specification: CollectSpecification {
    var specification = CollectSpecification(paths: folders)
    specification.allowsUnconverged = allowUnconverged
    specification.allowsMixed = mixed
    specification.parent = parent
    return specification
  }

  func validate() throws {
    try validated { try specification.validate() }
  }

  func run() throws {
    let started = startTime()
    let console = Console(quiet: output.quiet)
    let run = try CollectRun(specification)
    let folder = try output.folder(named: "collect")
    try folder.map { try run.write(to: $0, started: started) }
    for warning in run.warnings { console.warn(warning) }
    for exclusion in run.exclusions { console.warn(exclusion) }
    if output.json {
      print(try jsonText(run.json), terminator: "")
    } else {
      print(run.text, terminator: "")
      if let folder { console.note("written to \(folder.path)") }
    }
    let (included, excluded) = run.counts
    guard included > 0 else {
      console.warn("no result counts, so there is no energies.csv")
      throw ExitCode.failure
    }
    if excluded > 0 { throw ExitCode(2) }
  }
}
