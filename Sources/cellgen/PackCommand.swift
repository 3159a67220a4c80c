import ArgumentParser
import Building
import Crystal
import Report
import Workflow

/// `cellgen pack`.
struct PackCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pack",
    abstract: "Pack atoms at random into a periodic box, none nearer than ions can be.",
    discussion: """
      Least distances are sums of Shannon's ionic radii times --factor; --distances replaces single \
      pairs. A density that cannot be reached is an error that names one that can. --packer packmol runs \
      the program packmol instead, if it is installed; its version is told with the result.

      Examples:

        cellgen pack "(MgCl2)(GaF3)" --atoms 1200 --density 2.71 \\
          --factor 0.9 --seed 1
        cellgen pack V2O5 --units 100 --density 2.5 --distances V-V=2.6 \\
          --factor 0.9 --seed 1 --out v2o5.cif
        cellgen pack MgO --atoms 200 --box 14,14,20 --seed 1 --out box.extxyz
      """)

  @Argument(help: ArgumentHelp("One formula unit.", valueName: "formula"))
  var formula: String

  @OptionGroup var files: BuiltStructureOptions

  @Option(help: ArgumentHelp("About so many atoms.", valueName: "number"))
  var atoms = 1000

  @Option(help: ArgumentHelp("Exactly so many formula units instead.", valueName: "number"))
  var units: Int?

  @Option(help: ArgumentHelp("Density [g/cm³].", valueName: "g/cm³"))
  var density: Double?

  @Option(help: ArgumentHelp("Edges of the box instead [Å], one or three.", valueName: "a,b,c"))
  var box: String?

  @Option(help: "Factor on the sums of ionic radii.")
  var factor = 1.0

  @Option(help: ArgumentHelp("Least distances of pairs [Å], Mg-Cl=2.3.", valueName: "list"))
  var distances: String?

  @Option(help: ArgumentHelp("Radii instead of Shannon's [Å], Mg=0.7.", valueName: "list"))
  var radii: String?

  @Option(help: ArgumentHelp("Oxidation states, Mn=4,O=-2.", valueName: "list"))
  var oxidation: String?

  @Option(help: "Seed of the places (default: a new one, which is printed).")
  var seed: UInt64?

  @Option(help: "What packs: builtin, or packmol if it is installed.")
  var packer = Packer.builtin

  /// What packs.
  enum Packer: String, CaseIterable, ExpressibleByArgument {
    case builtin, packmol
  }

  func validate() throws {
    guard (density == nil) != (box == nil) else {
      throw ValidationError("expected either --density or --box")
    }
  }

  func run() throws {
    try files.check(named: "pack")
    var specification = PackingSpecification(formula: formula)
    specification.atoms = atoms
    specification.formulaUnits = units
    specification.density = density
    specification.box = try box.map { try reals($0, at: "--box", example: "14,14,20") }
    specification.factor = factor
    specification.distances = try namedNumbers(distances, at: "--distances")
    specification.radii = try namedNumbers(radii, at: "--radii")
    specification.oxidation = try namedNumbers(oxidation, at: "--oxidation")
    specification.seed = seed ?? UInt64.random(in: 0..<1_000_000_000)
    let packmol = packer == .packmol ? try Packmol() : nil
    let packing = try packmol.map { try $0(specification) } ?? Packing(specification)
    if !files.json {
      let how =
        packmol.map { "packed by packmol \($0.version)" }
        ?? "\(packing.crowded) atoms had no room at first, \(packing.steps) steps of relaxation"
      print(
        "\(packing.formulaUnits) formula units at \(fixed(packing.density, 4)) g/cm³; \(how)")
      print(table(packing.distances).text)
    }
    try files.write(
      packing.structure, named: "pack", seed: specification.seed,
      [
        "formula_units": .integer(packing.formulaUnits), "density_g_cm3": .real(packing.density),
        "packer": .text(packmol.map { "packmol \($0.version)" } ?? Packer.builtin.rawValue),
        "tightness": .real(packing.tightness), "steps": .integer(packing.steps),
        "least_distances_A": .object(pairs(packing.distances).mapValues(JSONValue.real)),
      ])
  }

  private func pairs(_ distances: MinimumDistances) -> [String: Double] {
    var pairs: [String: Double] = [:]
    for i in distances.elements.indices {
      for j in i..<distances.elements.count {
        pairs["\(distances.elements[i])-\(distances.elements[j])"] = distances(i, j)
      }
    }
    return pairs
  }

  private func table(_ distances: MinimumDistances) -> Table {
    Table(
      columns: ["pair", "least distance (Å)"],
      rows: pairs(distances).sorted { $0.key < $1.key }.map { [$0.key, fixed($0.value, 3)] })
  }
}
