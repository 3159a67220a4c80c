import Analysis
import ArgumentParser
import Crystal
import Workflow

/// `cellgen sites`.
struct SitesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sites",
    abstract: "Occupancy of labelled sites, degree of inversion, short-range order.",
    discussion: """
      What sits on the sites of each label (8a, 16c, 16d, …), in one structure or many. With --parent \
      the atoms of relaxed structures are assigned to the sites of the crystal that they came from, as \
      map does; otherwise the labels in the files count.

      The degree of inversion of a spinel is the share of 8a sites that hold an element of 16d. \
      Short-range order is that of Warren and Cowley, 1 - P(j|i)/c(j), shell by shell, beside its mean \
      for random arrangements of the same atoms on the same sites.

      Examples:

        cellgen spinel --supercell 1x1x1
        cellgen ga spinel/problem.yaml --generations 20 --seed 1
        cellgen sites ga/structures/00*.extxyz --parent spinel/host.extxyz
      """)

  @Argument(help: ArgumentHelp("Structure files.", valueName: "file"))
  var files: [String]

  @Option(help: ArgumentHelp("Structure with every site and its label.", valueName: "file"))
  var parent: String?

  @Option(parsing: .unconditional, help: "Largest distance of an atom from its site [Å].")
  var cutoff = SitesSpecification(files: []).mapping.cutoff

  @Option(help: "Largest principal strain of the cell, as a fraction.")
  var maxStrain = SitesSpecification(files: []).mapping.largestStrain

  @Option(
    help: ArgumentHelp(
      "Elements that count as inverted on 8a (default: those of 16d in the parent, or the commonest).",
      valueName: "list"))
  var inverted: String?

  @Option(
    help: ArgumentHelp(
      "Sites whose short-range order is looked at, such as 8a,16d (default: each mixed label).",
      valueName: "labels"))
  var on: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Shells of neighbours for short-range order.", valueName: "number"))
  var shells = SitesSpecification(files: []).shells

  @OptionGroup var output: OutputOptions

  private var specification: SitesSpecification {
    var specification = SitesSpecification(files: files)
    specification.parent = parent
    specification.mapping.cutoff = cutoff
    specification.mapping.largestStrain = maxStrain
    specification.inverted = commaSeparated(inverted ?? "")
    specification.orderedLabels = commaSeparated(on ?? "")
    specification.shells = shells
    return specification
  }

  func validate() throws {
    try validated { try specification.validate() }
  }

  func run() throws {
    let console = Console(quiet: output.quiet)
    let result = try SitesRun(specification)()
    let folder = try output.folder(named: "sites")
    try folder.map { try result.write(to: $0) }
    for warning in result.warnings { console.warn(warning) }
    if output.json {
      print(try jsonText(result.json(folder: folder?.path)), terminator: "")
      return
    }
    print(result.text, terminator: "")
    if let folder { console.note("written to \(folder.path): tables and a figure") }
  }
}
