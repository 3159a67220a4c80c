public import ArgumentParser
public import Building
import Crystal
import Report
import Workflow

/// `cellgen interface`.
struct InterfaceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "interface",
    abstract: "Put a film on a substrate: common cells with little strain.",
    discussion: """
      Both are slabs with a and b in the plane, as cellgen slab cuts them; their vacuum is left out. \
      Without --vacuum the result is a multilayer. Labels stay; the column side says which is which.

      Example:

        cellgen spinel --A Mg --B Al
        cellgen slab spinel/host.extxyz --plane 1,0,0 --out substrate.extxyz
        cellgen slab spinel/host.extxyz --plane 1,1,1 --out film.extxyz
        cellgen interface substrate.extxyz film.extxyz --strain 0.04
      """)

  @Argument(help: ArgumentHelp("Slab below.", valueName: "substrate"))
  var substrate: String

  @Argument(help: ArgumentHelp("Slab above.", valueName: "film"))
  var film: String

  @OptionGroup var files: BuiltStructureOptions

  @Option(help: ArgumentHelp("Largest area of the common cell [Å²].", valueName: "Å²"))
  var area = 400.0

  @Option(help: ArgumentHelp("Largest mean strain, a fraction.", valueName: "strain"))
  var strain = 0.05

  @Option(help: ArgumentHelp("Number of the match in the table.", valueName: "number"))
  var match = 1

  @Option(help: "Which side is strained: film, substrate or both.")
  var strained = InterfaceSpecification.Strained.film

  @Option(help: ArgumentHelp("Distance of the two slabs [Å].", valueName: "Å"))
  var gap = 2.5

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Shift of the film along a and b, fractions.", valueName: "x,y"))
  var shift: String?

  @Option(help: ArgumentHelp("Empty space above the film [Å].", valueName: "Å"))
  var vacuum: Double?

  func run() throws {
    try files.check(named: "interface")
    var specification = InterfaceSpecification()
    specification.maximumArea = area
    specification.maximumStrain = strain
    specification.match = match
    specification.strained = strained
    specification.gap = gap
    specification.vacuum = vacuum
    if let shift { specification.shift = try reals(shift, at: "--shift", example: "0.5,0") }
    let interface = try Interface(
      substrate: files.read(substrate), film: files.read(film), specification)
    if !files.json {
      var table = Table(
        title: "Common cells",
        columns: [
          "number", "area (Å²)", "film cells", "substrate cells", "mean strain (%)", "strains (%)",
          "twist (°)",
        ])
      for (index, match) in interface.matches.enumerated() {
        let strains = match.principalStrains
        table.append([
          "\(index + 1)", fixed(match.area, 2), "\(match.cells.x)", "\(match.cells.y)",
          fixed(100 * match.meanStrain, 3),
          "\(fixed(100 * strains.x, 3)) \(fixed(100 * strains.y, 3))",
          fixed(match.twistDegrees, 2),
        ])
      }
      print(table.text)
    }
    try files.write(interface.structure, named: "interface", json(interface))
  }

  private func json(_ interface: Interface) -> [String: JSONValue] {
    func numbers(_ values: [Double]) -> JSONValue { .array(values.map(JSONValue.real)) }
    return [
      "match": .integer(match), "area_A2": .real(interface.area),
      "film_strain": numbers(interface.filmStrain),
      "substrate_strain": numbers(interface.substrateStrain),
      "matches": .array(
        interface.matches.map { match in
          .object([
            "area_A2": .real(match.area), "mean_strain": .real(match.meanStrain),
            "principal_strains": numbers([match.principalStrains.x, match.principalStrains.y]),
            "twist_deg": .real(match.twistDegrees),
            "film": .array(match.film.map(JSONValue.integer)),
            "substrate": .array(match.substrate.map(JSONValue.integer)),
          ])
        }),
    ]
  }
}

extension InterfaceSpecification.Strained: ExpressibleByArgument {}
