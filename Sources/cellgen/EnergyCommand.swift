import ArgumentParser
import Workflow

/// `cellgen energy`.
struct EnergyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "energy",
    abstract:
      "Energy, site potentials and forces of a structure with a built-in model or an engine.",
    discussion: """
      Reads extxyz, CIF or POSCAR. Charges come from --charges, else from the column initial_charges, \
      else from the oxidation states in the file. A cell with a net charge is compensated by a \
      uniform background. X is a dummy atom, Va an empty site.

      Models: ewald (point charges), lattice (with the published short-range terms of rigid ions), \
      universal, the sets that cellgen potentials lists, and files *.yaml.

      Engines are programs outside cellgen:

        ase:chgnet                    ASE: emt, lj, morse, chgnet, mace, module:Class
        ase:lj {"sigma": 3.4}         with arguments, a JSON object
        ipi:pw.x --ipi {socket}:UNIX  an i-PI client, with the name of its socket
        ipi:NAME                      i-PI clients that you start, on a socket or port
        command:prog {in} {out}       run for each structure: extxyz to extxyz or JSON
        lammps:N                      LAMMPS on N cores, with the ions of --model

      A command for i-PI may have {port} in place of {socket}. Clients also find {structure}, an extxyz \
      file with the atoms in their order, {folder}, {client} and {path}. cellgen engines lists what is \
      installed.

      Examples:

        cellgen spinel --out spinel
        cellgen energy spinel/host.extxyz --model lattice --charges Zn=2,Mn=3,O=-2
        cellgen energy spinel/host.extxyz --engine 'ase:lj {"sigma": 1.5, "rc": 4}'
      """)

  @Argument(help: ArgumentHelp("Structure file.", valueName: "file"))
  var structure: String

  @Option(
    help: ArgumentHelp(
      "Energy model: ewald, lattice, universal, a set of potentials (cellgen potentials), or a file "
        + "*.yaml (default: ewald).", valueName: "model"))
  var model: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Charges by element, such as Mg=2,O=-2 [e].", valueName: "list"))
  var charges: String?

  @OptionGroup var engine: EngineOptions

  @Flag(help: "Forces and stress, too.")
  var forces = false

  @Flag(help: "Print one JSON object on standard output and nothing else.")
  var json = false

  @Flag(help: "Print no remarks.")
  var quiet = false

  private var specification: EnergySpecification {
    var specification = EnergySpecification(structure: structure)
    if let model { specification.model = model }
    specification.charges = charges
    specification.engine = engine.specification
    return specification
  }

  func validate() throws {
    try engine.checkModel(model)
    try validated { try specification.validate() }
  }

  func run() throws {
    let output = forces ? ForceOutput.forces : .none
    let console = Console(quiet: quiet)
    guard engine.engine == nil else { return try runEngine(output, console) }
    let result = try EnergyEvaluation(specification)
    for warning in result.warnings { console.warn(warning) }
    let text = json ? try jsonText(result.json(output)) : result.text(output)
    print(text, terminator: "")
  }

  private func runEngine(_ output: ForceOutput, _ console: Console) throws {
    let interruption = Interruption()
    let result = try EngineEvaluation(
      specification, isInterrupted: { interruption.isRequested }, announce: console.note)
    for warning in result.warnings { console.warn(warning) }
    let text = json ? try jsonText(result.json(output)) : result.text(output)
    print(text, terminator: "")
  }
}
