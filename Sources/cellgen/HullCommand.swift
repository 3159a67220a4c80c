public import ArgumentParser
public import Thermodynamics
import Workflow

/// `cellgen hull`.
struct HullCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hull",
    abstract: "Convex hull, voltages and capacity from tables of energies.",
    discussion: """
      The table is a CSV file with a header, such as

        id,formula,atoms,energy_eV,source
        empty,ZnMnO3,5,-34.10,PBEsol+U
        full,MgZnMnO3,6,-38.40,PBEsol+U
        mg,Mg,1,-1.60,PBEsol+U

      Other columns that are understood: energy_per_atom_eV, energy_Ry, energy_Ha, energy_kJ_mol, \
      volume_A3 and structure (a structure file, for its volume).

      Rows of one host with a varying ion give an insertion hull per formula unit of the host, with \
      voltages against the row of the pure ion. All other rows give a phase diagram of any number of \
      components.

      Several tables are joined; where a name stands in two, names get their folder: charged/001.

      Examples, the first with a table that comes with cellgen if the folder has none:

        cellgen hull energies.csv
        cellgen hull energies.csv --ion Mg --reference=-1.5963 --out against
      """)

  @Argument(help: ArgumentHelp("Tables of energies.", valueName: "csv"))
  var tables: [String]

  @Option(
    help: ArgumentHelp(
      "Working ion (default: the element whose amount varies).", valueName: "element"))
  var ion: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Energy of the pure ion (default: the lowest row of the pure element) [eV/atom].",
      valueName: "energy"))
  var reference: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Electrons per ion (default: its usual oxidation state).", valueName: "z"))
  var valence: Int?

  @Option(
    help: ArgumentHelp(
      "References of formation energies in a phase diagram, formulas separated by commas.",
      valueName: "formulas"))
  var endMembers: String?

  @Option(help: "State of the host whose mass and volume capacities refer to.")
  var capacityBasis = CapacityBasis.discharged

  @OptionGroup var output: OutputOptions

  private var specification: HullSpecification {
    var specification = HullSpecification(tables: tables)
    specification.ion = ion
    specification.reference = reference
    specification.valence = valence
    specification.endMembers = endMembers.map(commaSeparated) ?? []
    specification.capacityBasis = capacityBasis
    return specification
  }

  func validate() throws {
    try validated { try specification.validate() }
  }

  func run() throws {
    let started = startTime()
    let console = Console(quiet: output.quiet)
    let input = try HullInput(opening: tables)
    if input.isExample {
      console.warn(
        "there is no \(tables[0]): using the example that comes with cellgen, and writing it to "
          + "./\(tables[0])"
      )
      if let found = input.tablesBelow.first {
        console.warn("for the results of an earlier run: cellgen hull \(found)")
      }
    }
    let analysis = try HullAnalysis(specification, input: input)
    let folder = try output.folder(named: "hull")
    try folder.map { _ = try analysis.write(to: $0, started: started) }
    for warning in analysis.warnings { console.warn(warning) }
    if output.json {
      print(try jsonText(analysis.json), terminator: "")
      return
    }
    print(analysis.text, terminator: "")
    for note in analysis.notes { console.note("note: \(note)") }
    if let folder {
      console.note("written to \(folder.path): tables, figures and report.html")
    }
  }
}

extension CapacityBasis: ExpressibleByArgument {}
