public import ArgumentParser
public import Workflow

/// `cellgen volume`.
struct VolumeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "volume",
    abstract: "Voronoi volumes, free volume and voids.",
    discussion: """
      Volumes of the Voronoi cells by element, with their spread. The free volume is

        f = 1 - sum(n V) / V(cell)

      where V is the reference volume of an element (O of crystalline MgO, 9.335 Å³, unless --reference \
      says otherwise) or the mean volume in the model itself; it is also given as vacancies of an ion. \
      Voids are the spheres around the corners of the cells, up to the nearest atoms' centres.

      With --probe R: the part of the cell where the centre of a probe can be between atoms with radii \
      (ionic ones, or --radius), and whether it gets through the crystal.

      Examples:

        cellgen pack V2O5 --units 20 --density 2.5 --distances V-V=2.6 \\
          --factor 0.9 --seed 1 --out glass.extxyz
        cellgen volume glass.extxyz --ion V
        cellgen volume glass.extxyz --weighting radical --out radical
        cellgen volume glass.extxyz --probe 0.7 --radius O=1.4,V=0.5 --json
      """)

  @Argument(help: ArgumentHelp("Structure file.", valueName: "file"))
  var structure: String

  @Option(
    help: ArgumentHelp("Cells: by nearest centres, or by radii.", valueName: "kind"))
  var weighting = VolumeSpecification.Weighting.plain

  @Option(
    name: .customLong("reference"),
    help: ArgumentHelp(
      "Reference volumes, such as O=9.335 [Å³ per atom].", valueName: "list"))
  var references: [String] = []

  @Option(
    help: ArgumentHelp(
      "Ion whose vacancies the free volume is counted in (default: the commonest of Li, Na, K, Mg, "
        + "Ca, Zn, Al).", valueName: "symbol"))
  var ion: String?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("Radius of a probe [Å].", valueName: "radius"))
  var probe: Double?

  @Option(
    name: .customLong("radius"),
    help: ArgumentHelp("Radii in place of the ionic ones, such as O=1.4 [Å].", valueName: "list"))
  var radii: [String] = []

  @Option(parsing: .unconditional, help: "Spacing of the grid of the probe [Å].")
  var spacing = 0.25

  @OptionGroup var output: OutputOptions

  private func specification() throws -> VolumeSpecification {
    var specification = VolumeSpecification(structure: structure)
    specification.weighting = weighting
    specification.references = try numberAssignments(references, option: "--reference")
    specification.radii = try numberAssignments(radii, option: "--radius")
    specification.ion = ion
    specification.probe = probe
    specification.spacing = spacing
    return specification
  }

  func validate() throws {
    let specification = try specification()
    try validated { try specification.validate() }
  }

  func run() throws {
    let analysis = try VolumeAnalysis(specification())
    let console = Console(quiet: output.quiet)
    for warning in analysis.warnings { console.warn(warning) }
    if let folder = try output.folder(named: "volume") {
      try analysis.write(to: folder)
      console.note("Results in \(folder.path)/.")
    }
    print(output.json ? try jsonText(analysis.json) : analysis.text, terminator: "")
  }
}

extension VolumeSpecification.Weighting: ExpressibleByArgument {}
