import ArgumentParser
import Crystal
import Workflow

/// `cellgen diffusion`.
struct DiffusionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diffusion",
    abstract: "Diffusion, conductivity and jumps of ions from trajectories.",
    discussion: """
      Mean squared displacements over all lags, with the drift taken off, and from their slopes: tracer \
      diffusion D*, D_J of the collective displacement, the Haven ratio. With temperature and charges: the \
      Nernst-Einstein conductivity and the collective one, split into self and distinct parts. Van Hove \
      functions and the non-Gaussian parameter. With --parent: jumps between labelled sites, their rates \
      and paths, and how many are concerted. Several trajectories with a temperature each, or a table \
      with the columns T_K, D_cm2_s and D_error_cm2_s, give the activation energy and D at 300 K.

      Errors are those of blocks of the trajectory. Displacements that are no more than vibrations, or do \
      not grow as in diffusion, are pointed out.

      Examples:

        printf 'T_K,D_cm2_s\\n600,3.4e-6\\n900,4.8e-6\\n1200,8.7e-6\\n' > D.csv
        cellgen diffusion --table D.csv
        cellgen prototype rocksalt
        cellgen md prototype/host.extxyz --time 200fs --frames-every 5
        cellgen diffusion md/trajectory.extxyz --temperature 300 \\
          --charges Mg=2,O=-2 --out vibrations
      """)

  @OptionGroup var trajectory: TrajectoryOptions

  @Option(
    help: ArgumentHelp(
      "CSV table of diffusion coefficients for an Arrhenius fit, instead of trajectories.",
      valueName: "file"))
  var table: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Temperature, or one for each trajectory, such as 600,900,1200 [K].", valueName: "list"))
  var temperature: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Charges by element for the conductivity, such as Mg=2,O=-2 (default: oxidation states in the file) [e].",
      valueName: "list"))
  var charges: String?

  @Option(
    help: ArgumentHelp("Elements to report, such as Mg,Zn (default: all).", valueName: "list"))
  var species: String?

  @Option(
    help: ArgumentHelp(
      "Whose centre of mass is held: all, none, or elements such as Mn,O (default: all).",
      valueName: "list"))
  var drift: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Shortest lag of the fit (default: 5 % of the duration) [ps].", valueName: "time"))
  var fitFrom: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Longest lag of the fit (default: 20 % of the duration) [ps].", valueName: "time"))
  var fitTo: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Temperature that D is extrapolated to (default: 300) [K].", valueName: "temperature"))
  var extrapolate: Double?

  @Option(
    help: ArgumentHelp(
      "Structure with every site and its label, to count jumps between sites.", valueName: "file"))
  var parent: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Radius of a site (default: 1) [Å].", valueName: "length"))
  var siteRadius: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Largest distance of two concerted jumps (default: 4) [Å].", valueName: "length"))
  var concertedDistance: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Largest time between two concerted jumps (default: 1) [ps].", valueName: "time"))
  var concertedTime: Double?

  @OptionGroup var output: OutputOptions

  func validate() throws {
    try validated { try specification().validate() }
  }

  /// The settings of the command line.
  private func specification() throws -> DiffusionSpecification {
    var specification = DiffusionSpecification()
    guard table == nil || trajectory.files.isEmpty else {
      throw InputError("--table goes without trajectories")
    }
    if table == nil { try trajectory.checkFiles(of: "diffusion") }
    specification.trajectories = trajectory.files
    specification.table = table
    specification.skip = trajectory.skip ?? 0
    specification.every = trajectory.every ?? 1
    specification.timeStep = trajectory.timestep
    specification.types = commaSeparated(trajectory.types ?? "")
    specification.temperatures = try commaSeparated(temperature ?? "").map { word in
      guard let value = NumberReader.real(word) else {
        throw InputError("\"\(word)\", expected a temperature in K", at: "--temperature")
      }
      return value
    }
    specification.charges = try numberAssignments(charges.map { [$0] } ?? [], option: "--charges")
    specification.species = commaSeparated(species ?? "")
    switch drift {
    case nil, "all": specification.drift = .cell
    case "none": specification.drift = .none
    case .some(let list):
      specification.drift = .elements
      specification.driftElements = commaSeparated(list)
    }
    specification.fitFrom = fitFrom
    specification.fitTo = fitTo
    specification.target = extrapolate ?? specification.target
    specification.parent = parent
    specification.siteRadius = siteRadius ?? specification.siteRadius
    specification.concertedDistance = concertedDistance ?? specification.concertedDistance
    specification.concertedTime = concertedTime ?? specification.concertedTime
    return specification
  }

  func run() throws {
    let console = Console(quiet: output.quiet)
    let run = try DiffusionRun(specification())
    let started = startTime()
    // Nothing is written before all files have been read without a mistake.
    let result = try run { console.note($0 + ".") }
    for warning in result.warnings { console.warn(warning) }
    let folder = try output.folder(named: "diffusion")
    if let folder { try result.write(to: folder, started: started) }
    if output.json {
      print(try jsonText(result.json), terminator: "")
    } else {
      print(result.text, terminator: "")
      if let folder { console.note("Results in \(folder.path)/.") }
    }
  }
}
