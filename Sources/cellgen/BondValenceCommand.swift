public import ArgumentParser
import Crystal
public import Workflow

/// `cellgen bvs`.
struct BondValenceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bvs",
    abstract: "Bond-valence sums, and maps of where an ion could be.",
    discussion: """
      The sum v = sum exp((R0 - r)/b) over the ions of the other sign is compared with the oxidation state \
      of every atom; the global instability index is the root mean square of the differences. Oxidation \
      states come from --charges, the column initial_charges, or the species in the file. Parameters are \
      those of Brown & Altermatt, Brese & O'Keeffe and Liu & Thorp, unless --parameters says otherwise.

      With --map ION: the sum that the ion would have on a grid. Points nearer to an atom than --exclusion \
      are left out; those with |v - V| below --tolerance are counted, and so are the regions that they make \
      and the dimensions in which these go through the crystal.

      Examples:

        cellgen prototype MgAl2O4 --out spinel
        cellgen bvs spinel/host.extxyz --charges Mg=2,Al=3,O=-2
        cellgen bvs spinel/host.extxyz --charges Mg=2,Al=3,O=-2 --map Mg \\
          --spacing 0.2 --slice c=0.5 --volume-file cube --out map
        cellgen bvs spinel/host.extxyz --charges Mg=2,Al=3,O=-2 --map Li \\
          --grid 40x40x40 --parameters Li-O=1.466:0.37 --json
      """)

  @Argument(help: ArgumentHelp("Structure file.", valueName: "file"))
  var structure: String

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Oxidation states by element, such as Mg=2,O=-2.", valueName: "list"))
  var charges: String?

  @Option(parsing: .unconditional, help: "Longest bond [Å].")
  var cutoff = 6.0

  @Option(
    help: ArgumentHelp(
      "Parameters R0 or R0:b of pairs, such as Mg-O=1.693:0.37 or Mn3+-O=1.76 [Å].",
      valueName: "list"))
  var parameters: [String] = []

  @Option(
    help: ArgumentHelp("Map of an ion, such as Mg or Mn3+.", valueName: "ion"))
  var map: String?

  @Option(
    help: ArgumentHelp("Points of the map along a, b and c, such as 200x200x200.", valueName: "n"))
  var grid: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Largest step of the map, without --grid (default: 0.1) [Å].", valueName: "step")
  )
  var spacing: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Least distance from every atom (default: 1.7) [Å].", valueName: "distance"))
  var exclusion: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("What the sum should be (default: the ion's charge).", valueName: "V"))
  var valence: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Largest difference from it (default: 0.4).", valueName: "difference"))
  var tolerance: Double?

  @Option(
    help: ArgumentHelp(
      "Plane of the figure: an axis and a place on it (default: c=0.5).", valueName: "axis=x"))
  var slice: String?

  @Option(
    help: ArgumentHelp(
      "Write |v - V| at all points: cube or xsf, which VESTA opens.", valueName: "format"))
  var volumeFile: [BondValenceSpecification.GridFile] = []

  @OptionGroup var output: OutputOptions

  private func specification() throws -> BondValenceSpecification {
    var specification = BondValenceSpecification(structure: structure)
    specification.charges = charges
    specification.cutoff = cutoff
    specification.parameters = try assignments(parameters, option: "--parameters")
    guard let map else {
      let others: [Any?] = [grid, spacing, exclusion, valence, tolerance, slice]
      if !volumeFile.isEmpty || others.contains(where: { $0 != nil }) {
        throw ValidationError(
          "--grid, --spacing, --exclusion, --valence, --tolerance, --slice and --volume-file belong to "
            + "a map: add --map ION")
      }
      return specification
    }
    var settings = BondValenceSpecification.Map(ion: map)
    if grid != nil && spacing != nil {
      throw ValidationError("--grid and --spacing exclude each other")
    }
    settings.grid = try grid.map(BondValenceCommand.numbers)
    if let spacing { settings.spacing = spacing }
    if let exclusion { settings.exclusion = exclusion }
    settings.valence = valence
    if let tolerance { settings.tolerance = tolerance }
    if let slice { settings.slice = try BondValenceCommand.slice(slice) }
    settings.files = volumeFile
    specification.map = settings
    return specification
  }

  /// `200x200x200`, or one number for all three.
  private static func numbers(_ text: String) throws -> [Int] {
    let parts = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 1 || parts.count == 3 else {
      throw ValidationError("--grid \(text): expected three numbers, such as 200x200x200")
    }
    let numbers = parts.compactMap { $0 }
    guard numbers.count == parts.count else {
      throw ValidationError("--grid \(text): expected whole numbers, such as 200x200x200")
    }
    return numbers.count == 1 ? [numbers[0], numbers[0], numbers[0]] : numbers
  }

  /// `c=0.5`.
  private static func slice(_ text: String) throws -> BondValenceSpecification.Slice {
    let parts = text.split(separator: "=", omittingEmptySubsequences: false)
    guard parts.count == 2, let axis = ["a", "b", "c"].firstIndex(of: parts[0]),
      let fraction = NumberReader.real(parts[1])
    else { throw ValidationError("--slice \(text): expected an axis and a place, such as c=0.5") }
    return BondValenceSpecification.Slice(axis: axis, fraction: fraction)
  }

  func validate() throws {
    let specification = try specification()
    try validated { try specification.validate() }
  }

  func run() throws {
    let analysis = try BondValenceAnalysis(specification())
    let console = Console(quiet: output.quiet)
    for warning in analysis.warnings { console.warn(warning) }
    if let folder = try output.folder(named: "bvs") {
      try analysis.write(to: folder)
      console.note("Results in \(folder.path)/.")
    }
    print(output.json ? try jsonText(analysis.json) : analysis.text, terminator: "")
  }
}

extension BondValenceSpecification.GridFile: ExpressibleByArgument {}
