import ArgumentParser
import Crystal
import Workflow

/// `cellgen density`.
struct DensityCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "density",
    abstract: "Where ions are on average: density maps and the paths between sites.",
    discussion: """
      The positions of an element in all frames, folded back to one cell of the parent and smoothed by a \
      Gaussian, as ions per Å³: files in CUBE and XSF format for VESTA and others, pictures of planes, \
      and a list of neighbouring sites that are joined by a density above a level. The cell of the \
      trajectory has to be a supercell of the parent in the same orientation.

      Example:

        cellgen prototype rocksalt
        cellgen supercell prototype/host.extxyz 2x2x2 --out large.extxyz
        cellgen md large.extxyz --temperature 600 --time 50fs --frames-every 5
        cellgen density md/trajectory.extxyz --species Mg \\
          --parent prototype/host.extxyz
      """)

  @OptionGroup var trajectory: TrajectoryOptions

  @Option(
    help: ArgumentHelp("Cell with every site and its label.", valueName: "file"))
  var parent: String

  @Option(help: ArgumentHelp("Elements, such as Mg or Mg,Zn.", valueName: "list"))
  var species: String

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Largest distance of grid points (default: 0.2) [Å].", valueName: "length"))
  var spacing: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Standard deviation of the Gaussian (default: 0.2) [Å].", valueName: "length"))
  var width: Double?

  @Option(
    help: ArgumentHelp(
      "Levels, such as 0.0014,0.0072 (default: a tenth of the largest density) [Å^-3].",
      valueName: "list"))
  var levels: String?

  @Option(
    help: ArgumentHelp(
      "Planes, such as c=0.125,a=0.5 (default: normal to c, through the largest density).",
      valueName: "list"))
  var slices: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Largest distance of neighbouring sites (default: 2.5) [Å].", valueName: "length"))
  var reach: Double?

  @OptionGroup var output: OutputOptions

  func validate() throws {
    try validated { try specification().validate() }
  }

  /// The settings of the command line.
  private func specification() throws -> DensitySpecification {
    try trajectory.checkFiles(of: "density")
    var specification = DensitySpecification(parent: parent)
    specification.trajectories = trajectory.files
    specification.skip = trajectory.skip ?? 0
    specification.every = trajectory.every ?? 1
    specification.types = commaSeparated(trajectory.types ?? "")
    specification.species = commaSeparated(species)
    specification.spacing = spacing ?? specification.spacing
    specification.width = width ?? specification.width
    specification.reach = reach ?? specification.reach
    specification.slices = commaSeparated(slices ?? "")
    specification.levels = try commaSeparated(levels ?? "").map { word in
      guard let value = NumberReader.real(word) else {
        throw InputError("\"\(word)\", expected a density in Å^-3", at: "--levels")
      }
      return value
    }
    return specification
  }

  func run() throws {
    let console = Console(quiet: output.quiet)
    let run = try DensityRun(specification())
    let started = startTime()
    let result = try run { console.note($0 + ".") }
    for warning in result.warnings { console.warn(warning) }
    let folder = try output.folder(named: "density")
    if let folder { try result.write(to: folder, started: started) }
    if output.json {
      print(try jsonText(result.json), terminator: "")
    } else {
      print(result.text, terminator: "")
      if let folder { console.note("Results in \(folder.path)/.") }
    }
  }
}
