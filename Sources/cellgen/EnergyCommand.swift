import ArgumentParser
import Workflow

/// `cellgen energy`.
struct EnergyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "energy",
    abstract: "Energy, site potentials and forces of a structure with a built-in model.",
    discussion: """
      Reads extxyz, CIF or POSCAR. Charges come from --charges, else from the column initial_charges, \
      else from the oxidation states in the file. A cell with a net charge is compensated by a \
      uniform background. X is a dummy atom, Va an empty site.

      Models: ewald (point charges) and lattice (with the published short-range terms of rigid ions).

      Example:

        cellgen spinel --out spinel
        cellgen energy spinel/host.extxyz --model lattice --charges Zn=2,Mn=3,O=-2
      """)

  @Argument(help: ArgumentHelp("Structure file.", valueName: "file"))
  var structure: String

  @Option(help: ArgumentHelp("Energy model: ewald or lattice.", valueName: "model"))
  var model = "ewald"

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Charges by element, such as Mg=2,O=-2 [e].", valueName: "list"))
  var charges: String?

  @Flag(help: "Forces and stress, too.")
  var forces = false

  @Flag(help: "Print one JSON object on standard output and nothing else.")
  var json = false

  @Flag(help: "Print no remarks.")
  var quiet = false

  private var specification: EnergySpecification {
    var specification = EnergySpecification(structure: structure)
    specification.model = model
    specification.charges = charges
    return specification
  }

  func validate() throws {
    try validated { try specification.validate() }
  }

  func run() throws {
    let result = try EnergyEvaluation(specification)
    let output = forces ? ForceOutput.forces : .none
    let console = Console(quiet: quiet)
    for warning in result.warnings { console.warn(warning) }
    let text = json ? try jsonText(result.json(output)) : result.text(output)
    print(text, terminator: "")
  }
}
