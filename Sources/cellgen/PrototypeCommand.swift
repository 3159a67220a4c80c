import ArgumentParser
import Workflow

/// `cellgen prototype`.
struct PrototypeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prototype",
    abstract: "Crystals from a library of structure types, with labelled sites.",
    discussion: """
      Builds a structure type, checks it (multiplicities, site symmetries and space group by spglib, \
      distances), and writes the supercell with every site (host.extxyz), its atoms (host.cif, \
      host.vasp) and problem.yaml for the searches.

      Your own types are YAML files in a folder, given by --library; start from a shipped one, which \
      --show prints.

      Examples:

        cellgen prototype --list
        cellgen prototype rutile --supercell 2x2x2
        cellgen prototype rutile --show
        cellgen prototype rutile --a 4.396 --c 2.871 --set u=0.302 \\
          --occupy 2a=Mn --out pyrolusite
        cellgen prototype spinel-tetragonal --set jahn_teller=1.14 \\
          --occupy 4a=Zn --out znmn2o4
      """)

  @Argument(help: "Name, formula or mineral, such as rutile; see --list.")
  var name: String?

  @Flag(help: "List the structure types.")
  var list = false

  @Flag(help: "Print the file of the structure type and nothing else.")
  var show = false

  @Option(help: ArgumentHelp("Folder with structure types of your own.", valueName: "folder"))
  var library: String?

  @Option(parsing: .unconditional, help: ArgumentHelp("Edge a [Å].", valueName: "edge"))
  var a: Double?

  @Option(parsing: .unconditional, help: ArgumentHelp("Edge b [Å].", valueName: "edge"))
  var b: Double?

  @Option(parsing: .unconditional, help: ArgumentHelp("Edge c [Å].", valueName: "edge"))
  var c: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Angle between b and c [degrees].", valueName: "angle"))
  var alpha: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Angle between c and a [degrees].", valueName: "angle"))
  var beta: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Angle between a and b [degrees].", valueName: "angle"))
  var gamma: Double?

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "Free coordinates and ratios, such as u=0.26; may be repeated.", valueName: "name=value"))
  var set: [String] = []

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "What sits on a label, such as 16d=Mn, 8a=Va or 3b=Ni0.5Mn0.5; may be repeated.",
      valueName: "label=species"))
  var occupy: [String] = []

  @Flag(help: "Round fractions that give no whole numbers of atoms; the shift is printed.")
  var round = false

  @OptionGroup var host: HostOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard list != (name != nil) else {
      throw ValidationError("give the name of a structure type, or --list")
    }
    guard !show || name != nil, !(show && output.json) else {
      throw ValidationError("--show needs the name of a structure type, and prints YAML only")
    }
  }

  private func specification(_ name: String) throws -> PrototypeBuildSpecification {
    var specification = PrototypeBuildSpecification(prototype: name)
    specification.library = library
    let edges = [("a", a), ("b", b), ("c", c), ("alpha", alpha), ("beta", beta), ("gamma", gamma)]
    for (name, value) in edges { specification.lattice[name] = value }
    specification.parameters = try numberAssignments(set, option: "--set")
    specification.occupancy = try assignments(occupy, option: "--occupy")
    specification.oxidation = try host.states()
    specification.filling = host.filling(round: round)
    return specification
  }

  func run() throws {
    let started = startTime()
    guard let name else {
      // Files of the user can be wrong, which is no matter of usage.
      let list = PrototypeList(try PrototypeLibrary(folder: library))
      print(output.json ? try jsonText(list.json) : list.text, terminator: "")
      return
    }
    // A faulty file is no matter of usage; everything else that can be wrong is an option.
    let library = try PrototypeLibrary(folder: library)
    if show {
      var text = ""
      try validated { text = try library.file(named: name).text }
      print(text, terminator: "")
      return
    }
    try (try? library.file(named: name))?.verifiedCrystal()
    var built: (specification: PrototypeBuildSpecification, host: HostBuild)?
    try validated {
      let specification = try specification(name)
      built = (specification, try specification.build())
    }
    guard let built else { return }
    try deliver(
      built.host, specification: built.specification, inputs: try built.specification.inputs(),
      output: output, started: started)
  }
}
