import ArgumentParser
import Building
import Workflow

/// `cellgen spinel`.
struct SpinelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "spinel",
    abstract: "Spinel cells with labelled sites, and the arrangement problem for ga.",
    discussion: """
      Builds the sites 8a, 16c, 16d and 32e of Fd-3m, checks them, and writes the supercell with \
      every site (host.extxyz), its atoms (host.cif, host.vasp) and problem.yaml, which ga reads.

      Without --A and --B this is the host MgxZnMnO3, in which 8a, 16c and 16d may each take Mg, Zn, \
      Mn or stay empty. The structure files hold Zn on 8a and Mn on 16d, or a random filling if a \
      composition is given; the problem is Mg0.5ZnMnO3 unless told otherwise.

      Examples:

        cellgen spinel --supercell 3x3x3
        cellgen spinel --A Mg --B Al --a 8.08 --inversion 0.25 --out mgal2o4
        cellgen spinel --supercell "1 1 0 -1 1 0 0 0 3" \\
          --composition Mg0.25ZnMnO3 --out small
      """)

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Supercell of the cubic cell: 3x3x3, or nine integers row by row in quotes.",
      valueName: "matrix"))
  var supercell = "1x1x1"

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Origin choice of Fd-3m: 1 (-43m) or 2 (-3m).", valueName: "choice"))
  var origin = 2

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Edge of the cubic cell (default: 8.5) [Å].", valueName: "edge"))
  var a: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Oxygen parameter for the origin (default: 0.2625 for 2, 0.3875 for 1).",
      valueName: "fraction"))
  var u: Double?

  @Option(name: .customLong("A"), help: ArgumentHelp("Species A of A B2 X4.", valueName: "species"))
  var speciesA: String?

  @Option(name: .customLong("B"), help: ArgumentHelp("Species B of A B2 X4.", valueName: "species"))
  var speciesB: String?

  @Option(name: .customLong("X"), help: ArgumentHelp("The anion.", valueName: "species"))
  var anion = "O"

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Degree of inversion of A B2 X4, 0 (normal) to 1 (inverse).", valueName: "fraction"))
  var inversion = 0.0

  @Option(
    help: ArgumentHelp("Overall composition, such as Mg0.5ZnMnO3.", valueName: "formula"))
  var composition: String?

  @Option(
    help: ArgumentHelp(
      "Further empty sites, separated by commas: 48f, 8b.", valueName: "labels"))
  var extraSites: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Seed of the placement where species share a label.", valueName: "number"))
  var seed: UInt64 = 0

  @OptionGroup var output: OutputOptions

  private var specification: SpinelBuildSpecification {
    var specification = SpinelBuildSpecification()
    specification.supercell = supercell
    specification.seed = seed
    specification.spinel.originChoice = origin
    if let a { specification.spinel.a = a }
    specification.spinel.u = u
    specification.spinel.speciesA = speciesA
    specification.spinel.speciesB = speciesB
    specification.spinel.anion = anion
    specification.spinel.inversion = inversion
    specification.spinel.composition = composition
    specification.spinel.extraSites = extraSites.map(commaSeparated) ?? []
    return specification
  }

  func run() throws {
    let started = startTime()
    let console = Console(quiet: output.quiet)
    var built: SpinelBuild?
    // Nothing but the options can be wrong here.
    try validated { built = try SpinelBuild(specification) }
    guard let built else { return }
    let folder = try output.folder(named: "spinel")
    let files = try folder.map { try built.write(to: $0, started: started) } ?? []
    if output.json {
      print(try jsonText(built.json(files: files)), terminator: "")
      return
    }
    print(built.text, terminator: "")
    for note in built.notes { console.note("note: \(note)") }
    if let folder {
      console.note(
        """
        written to \(folder.path): host.extxyz (every site), host.cif and host.vasp (atoms), \
        problem.yaml
        next: cellgen ga \(folder.path)/problem.yaml
        """)
    }
  }
}
