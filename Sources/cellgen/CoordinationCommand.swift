public import ArgumentParser
import Crystal
public import Workflow

/// `cellgen coordination`.
struct CoordinationCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "coordination",
    abstract: "Coordination numbers, bond angles, links of polyhedra, rings.",
    discussion: """
      Means over all frames with standard errors from blocks of frames. Neighbours are atoms within a \
      distance, the first minimum of g(r) unless --cutoff gives it, or atoms whose Voronoi cells have a \
      face of at least a share of the largest solid angle (--method voronoi). Without --cutoff the pairs \
      of an anion with another element are counted.

      Rings are shortest-path rings by the criterion of King: for each pair of neighbours of a centre the \
      shortest closed paths through both. Their size is the number of centres, such as Si in Si-O.

      Examples:

        cellgen prototype rutile --supercell 2x2x3
        cellgen coordination prototype/host.extxyz --cutoff Ti-O=2.2 --rings Ti-O
        cellgen coordination prototype/host.extxyz --method voronoi --out voronoi
      """)

  @OptionGroup var trajectory: TrajectoryOptions

  @Option(help: "What makes atoms neighbours: distance or voronoi.")
  var method = CoordinationSpecification.Method.distance

  @Option(
    help: ArgumentHelp(
      "Cutoffs such as Mg-O=2.6,V-O=2.5 (default: first minima of g(r)) [Å].", valueName: "list"))
  var cutoff: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Least solid angle of a face of neighbours, relative to the largest.", valueName: "share"))
  var solidAngle = CoordinationSpecification(files: []).leastShare

  @Option(
    help: ArgumentHelp(
      "Networks whose rings are counted, centre and ligand, such as Si-O.", valueName: "list"))
  var rings: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Size of the largest ring.", valueName: "centres"))
  var largestRing = CoordinationSpecification(files: []).largestRing

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Blocks of frames that errors come from, at most.", valueName: "number"))
  var blocks = FrameSelection(files: []).blocks

  @OptionGroup var analysis: AnalysisOptions

  @OptionGroup var output: OutputOptions

  private func specification() throws -> CoordinationSpecification {
    var specification = CoordinationSpecification(files: trajectory.files)
    specification.frames = trajectory.selection(blocks: blocks)
    specification.method = method
    specification.cutoffs = try commaSeparated(cutoff ?? "").map {
      try CoordinationSpecification.cutoff($0)
    }
    specification.leastShare = solidAngle
    specification.rings = commaSeparated(rings ?? "")
    specification.largestRing = largestRing
    return specification
  }

  func validate() throws {
    try validated {
      try trajectory.checkFiles(of: "coordination")
      try specification().validate()
    }
  }

  func run() throws {
    let console = Console(quiet: output.quiet)
    let run = try CoordinationRun(specification(), trajectory.open())
    let folder = try output.folder(named: "coordination")
    let result = try run(threads: analysis.threadCount, progress: analysis.progress(console))
    console.endProgress()
    try folder.map { try result.write(to: $0) }
    for warning in result.warnings { console.warn(warning) }
    if output.json {
      print(try jsonText(result.json(folder: folder?.path)), terminator: "")
      return
    }
    print(result.text, terminator: "")
    if let folder { console.note("written to \(folder.path): tables and figures") }
  }
}

extension CoordinationSpecification.Method: ExpressibleByArgument {}
