import ArgumentParser
import Workflow

/// `cellgen rocksalt`.
struct RocksaltCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rocksalt",
    abstract: "Disordered rocksalts: cations at random in exact numbers.",
    discussion: """
      Puts all cations of a composition at random on the sites 4a of Fm-3m and all anions on 4b. \
      Missing cations are vacancies. Numbers of atoms that do not come out whole are rounded to the \
      nearest ones that fill the sites; the shift and the charge that is left are printed.

      Ordered rocksalts are structure types: cellgen prototype li2tio3.

      Examples:

        cellgen rocksalt --composition Li2Ti1/3Mo2/3O3 --supercell 5x5x5
        cellgen rocksalt --composition Li2MnO2F --supercell 3x3x3 --seed 7 \\
          --out li2mno2f
        cellgen rocksalt --composition Mg0.5TiO3 --supercell 3x3x3 --exact \\
          --out mgtio3
      """)

  @Option(
    help: ArgumentHelp(
      "Composition with at least as many anions as cations.", valueName: "formula"))
  var composition = "MgO"

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Edge of the cubic cell (default: typical of the anion, 4.15 for O) [Å].", valueName: "edge"))
  var a: Double?

  @Flag(help: "Refuse numbers of atoms that are not whole instead of rounding them.")
  var exact = false

  @OptionGroup var host: HostOptions
  @OptionGroup var output: OutputOptions

  func run() throws {
    let started = startTime()
    var specification = RocksaltBuildSpecification()
    var built: HostBuild?
    try validated {
      specification.composition = composition
      specification.a = a
      specification.exact = exact
      specification.oxidation = try host.states()
      specification.filling = host.filling(round: !exact)
      built = try specification.build()
    }
    guard let built else { return }
    try deliver(built, specification: specification, output: output, started: started)
  }
}
