public import Analysis
public import ArgumentParser
import Workflow

/// `cellgen order`.
struct OrderCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "order",
    abstract: "Long-range order, direction by direction.",
    discussion: """
      An ideal lattice is fitted to the atoms of one element: along each axis of the cell the planes with the \
      strongest wave that all hold atoms, or with --divisions a lattice whose cells hold several atoms each. \
      The disorder along a direction n is the mean of |n · d|, where d is the deviation of an atom from its \
      ideal place in spacings of the planes: 0 for a crystal. PyLRO projects the moduli of the deviations \
      along the axes instead: both are printed, --projection says which one the figures show. Directions \
      have components along a, b and c and are spread evenly over the sphere.

      With --parent, a crystal with a label on every site: what is on each sublattice, the order parameter \
      S = (f - x)/(1 - x) of an element that has the fraction f of the sites there and x on average, and the \
      distance of the atoms from the sites.

      Examples:

        cellgen spinel --supercell 2x2x2 --out spinel
        cellgen rattle spinel/host.cif --deviation 0.1 --seed 1 --out warm.cif
        cellgen order warm.cif --element Zn,O --parent spinel/host.extxyz
        cellgen order spinel/host.cif warm.cif --element Zn --divisions 2x2x2 --json
      """)

  @Argument(help: ArgumentHelp("Structure files, one result each.", valueName: "file"))
  var structures: [String]

  @Option(
    name: .customLong("element"),
    help: ArgumentHelp(
      "Elements, one by one, such as Mg or Mg,V (default: the rarest).", valueName: "list"))
  var elements: [String] = []

  @Option(
    help: ArgumentHelp(
      "Cells of the ideal lattice along a, b and c, such as 2x3x1 (default: planes along each axis).",
      valueName: "n"))
  var divisions: String?

  @Option(help: "Directions on the sphere.")
  var directions = 2000

  @Option(help: ArgumentHelp("What the figures show.", valueName: "kind"))
  var projection = DirectionalOrder.Projection.signed

  @Option(help: ArgumentHelp("Structure with every site and its label.", valueName: "file"))
  var parent: String?

  @OptionGroup var output: OutputOptions

  private func specification() throws -> OrderSpecification {
    var specification = OrderSpecification(structures: structures)
    specification.elements = elements.flatMap(commaSeparated)
    specification.directions = directions
    specification.projection = projection
    specification.parent = parent
    specification.divisions = try divisions.map { text in
      let parts = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
      guard parts.count == 3, !parts.contains(nil) else {
        throw ValidationError("--divisions \(text): expected three whole numbers, such as 2x3x1")
      }
      return parts.compactMap { $0 }
    }
    return specification
  }

  func validate() throws {
    let specification = try specification()
    try validated { try specification.validate() }
  }

  func run() throws {
    let analysis = try OrderAnalysis(specification())
    let console = Console(quiet: output.quiet)
    for warning in analysis.warnings { console.warn(warning) }
    if let folder = try output.folder(named: "order") {
      try analysis.write(to: folder)
      console.note("Results in \(folder.path)/.")
    }
    print(output.json ? try jsonText(analysis.json) : analysis.text, terminator: "")
  }
}

extension DirectionalOrder.Projection: ExpressibleByArgument {}
