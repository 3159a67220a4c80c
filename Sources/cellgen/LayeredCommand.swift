import ArgumentParser
import Workflow

/// `cellgen layered`.
struct LayeredCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "layered",
    abstract: "Layered hosts MX2 with ions between the slabs: O3, P2 and any other stacking.",
    discussion: """
      Builds slabs MX2 with a stacking after Delmas, the ion in octahedra (O), prisms (P) or \
      tetrahedra (T), and checks the space group: O3 R-3m, O2 P6_3mc, P2 P6_3/mmc, P3 R3m, O1 and T1 \
      P-3m1. A content below the most that fits leaves vacancies at random.

      Any other stacking is given by the letters of its anion layers, two for each slab, from the bottom \
      up ("AB CA BC" is O3, "AB BA" P2), or by its gaps in turn: O3x2+P3 has two gaps as in O3 and one as \
      in P3, until the slabs are as at the start. Its space group is found by spglib. Labels tell the \
      sites of the ions apart: oct; prisms that share edges (edge) or faces (face) with both slabs, or a \
      face with the lower (low) or upper slab (up). Ions fill oct, edge and low; the others are open to \
      them in the problem.

      Examples:

        cellgen layered --stacking O3 --host CoO2 --ion Li --content 0.5 \\
          --supercell 2x2x1
        cellgen layered --host Ni0.8Mn0.1Co0.1O2 --supercell 5x2x1 --round \\
          --out nmc811
        cellgen layered --stacking O1 --host TiS2 --ion Mg --content 1/4 \\
          --supercell 2x2x1 --out mgtis2
        cellgen layered --host CrS2 --ion Na --a 3.56 --spacing 6.5 --bond 2.42 \\
          --out nacrs2
        cellgen layered --stacking P2 --ion Na --content 2/3 --supercell 3x3x1 \\
          --out p2
        cellgen layered --stacking OP4 --ion Na --content 1/2 --supercell 2x2x1 \\
          --out op4
        cellgen layered --stacking ABABCACABCBC --content 1/3 --supercell 3x1x1 \\
          --out h13
      """)

  @Option(
    help: ArgumentHelp(
      "O3, O2, P2, P3, O1, T1, OP4, O4, O6, H1-3; gaps in turn, O3x2+P3; or anion layers, \"AB CA BC\".",
      valueName: "stacking"))
  var stacking = "O3"

  @Option(
    help: ArgumentHelp("The slabs, such as CoO2, Ni0.5Mn0.5O2 or TiS2.", valueName: "formula"))
  var host = "CoO2"

  @Option(help: ArgumentHelp("The ion between the slabs.", valueName: "element"))
  var ion = "Li"

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Ions per formula unit of the host, such as 0.5 or 2/3.", valueName: "x"))
  var content = "1"

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Edge in the plane (default: that of the structure type) [Å].", valueName: "edge"))
  var a: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Distance of neighbouring slabs (default: that of the structure type) [Å].",
      valueName: "distance"))
  var spacing: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Bond length in the slabs (default: slabs as thick as in the structure type) [Å].",
      valueName: "length"))
  var bond: Double?

  @Flag(help: "Round fractions that give no whole numbers of atoms; the shift is printed.")
  var round = false

  @OptionGroup var filling: HostOptions
  @OptionGroup var output: OutputOptions

  func run() throws {
    let started = startTime()
    var specification = LayeredBuildSpecification()
    var built: HostBuild?
    try validated {
      specification.stacking = try LayeredStacking(parsing: stacking)
      specification.host = host
      specification.ion = ion
      specification.content = content
      specification.a = a
      specification.spacing = spacing
      specification.bond = bond
      specification.oxidation = try filling.states()
      specification.filling = filling.filling(round: round)
      built = try specification.build()
    }
    guard let built else { return }
    try deliver(built, specification: specification, output: output, started: started)
  }
}
