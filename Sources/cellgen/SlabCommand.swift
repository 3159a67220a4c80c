import ArgumentParser
import Building
import Crystal
import Report
import Workflow

/// `cellgen slab`.
struct SlabCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "slab",
    abstract: "Cut a slab by Miller indices; list all terminations with their polarity.",
    discussion: """
      The indices are those of the cell in the file. Without --termination the first one is cut, which \
      has no dipole if any has none; the table lists all. Every atom keeps its label and columns.

      Examples:

        cellgen spinel --A Mg --B Al
        cellgen slab spinel/host.extxyz --plane 1,1,1
        cellgen slab spinel/host.extxyz --plane 1,0,0 --termination 2 \\
          --symmetric --thickness 15 --out slab100.extxyz
        cellgen slab spinel/host.extxyz --plane 1,1,0 --layers 8 \\
          --supercell 2x1 --out slab110.vasp
      """)

  @OptionGroup var files: TransformOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Miller indices, 1,1,0 or -1,1,0.", valueName: "h,k,l"))
  var plane: String

  @Option(help: ArgumentHelp("Number of the surface in the table.", valueName: "number"))
  var termination = 1

  @Option(help: ArgumentHelp("Least thickness [Å] (default: 10).", valueName: "Å"))
  var thickness: Double?

  @Option(help: ArgumentHelp("Least number of atomic layers instead.", valueName: "number"))
  var layers: Int?

  @Option(help: ArgumentHelp("Empty space above the slab [Å].", valueName: "Å"))
  var vacuum = 15.0

  @Flag(help: "No vacuum: the crystal with its third vector across the planes.")
  var noVacuum = false

  @Flag(help: "The same surface on both sides instead of the crystal's composition.")
  var symmetric = false

  @Flag(help: "Exactly so many layers, balanced or not.")
  var unbalanced = false

  @Option(help: ArgumentHelp("Cells in the plane, 2x2 or four integers.", valueName: "matrix"))
  var supercell: String?

  @Flag(help: "Vectors of the cell in the file, even if the crystal has shorter ones.")
  var given = false

  @Flag(help: "Lowest atom at height 0 instead of the slab in the middle.")
  var bottom = false

  @Option(help: ArgumentHelp("Heights that form one layer differ by less than this [Å]."))
  var layerTolerance = 0.3

  @Option(help: ArgumentHelp("Oxidation states, Mn=4,O=-2.", valueName: "list"))
  var oxidation: String?

  func validate() throws {
    if thickness != nil && layers != nil {
      throw ValidationError("--thickness and --layers exclude each other")
    }
    if symmetric && unbalanced {
      throw ValidationError("--symmetric and --unbalanced exclude each other")
    }
    try validated { _ = try specification() }
  }

  private func specification() throws -> SlabSpecification {
    var specification = SlabSpecification(
      plane: try integers(plane, at: "--plane", example: "1,1,0"))
    specification.termination = termination
    specification.thickness = layers == nil ? thickness ?? 10 : nil
    specification.layers = layers
    specification.vacuum = noVacuum ? nil : vacuum
    specification.balance = symmetric ? .symmetric : unbalanced ? .any : .stoichiometric
    if let supercell {
      specification.supercell = try integers(supercell, at: "--supercell", example: "2x2")
    }
    specification.cell = given ? .given : .primitive
    specification.placement = bottom ? .bottom : .centred
    specification.layerTolerance = layerTolerance
    specification.oxidation = try namedNumbers(oxidation, at: "--oxidation")
    return specification
  }

  func run() throws {
    try files.check(named: "slab")
    let specification = try specification()
    let stacking = try SurfaceStacking(
      files.read(), plane: specification.plane, cell: specification.cell,
      layerTolerance: specification.layerTolerance, oxidation: specification.oxidation)
    let slab = try stacking.slab(specification)
    if !files.json { print("\(table(stacking).text)\n\(summary(slab))") }
    try files.write(slab.structure, named: "slab", notes: slab.notes, json(slab, stacking))
  }

  private func table(_ stacking: SurfaceStacking) -> Table {
    let plane = stacking.plane
    var table = Table(
      title: "Terminations of (\(plane.x) \(plane.y) \(plane.z)), period "
        + "\(fixed(stacking.period, 4)) Å, \(stacking.layers.count) layers, "
        + "\(fixed(stacking.area, 4)) Å² per cell",
      columns: [
        "number", "top", "below", "cut off", "gap (Å)", "Tasker", "dipole (e Å)", "reverse",
      ])
    for (index, termination) in stacking.terminations.enumerated() {
      let count = stacking.layers.count
      table.append([
        "\(index + 1)", stacking.layers[termination.top].formula,
        stacking.layers[(termination.top + count - 1) % count].formula,
        stacking.layers[termination.next].formula, fixed(termination.gap, 3),
        termination.type.map { "\($0.rawValue)" } ?? "–",
        termination.repeatDipole.map { fixed($0, 3) } ?? "–",
        termination.reverse.map { "\($0 + 1)" } ?? "–",
      ])
    }
    return table
  }

  private func summary(_ slab: Slab) -> String {
    let kinds = [
      slab.isStoichiometric ? "stoichiometric" : "not stoichiometric",
      slab.isSymmetric ? "symmetric" : "two different surfaces",
    ]
    let electric = slab.charge.map { charge in
      "; charge \(fixed(charge, 3)) e, dipole \(fixed(slab.dipole ?? 0, 3)) e Å"
    }
    return "Slab of \(slab.layers.count) layers, \(fixed(slab.thickness, 3)) Å thick, "
      + kinds.joined(separator: ", ") + (electric ?? "")
  }

  private func json(_ slab: Slab, _ stacking: SurfaceStacking) -> [String: JSONValue] {
    func optional(_ value: Double?) -> JSONValue { value.map(JSONValue.real) ?? .null }
    let plane = stacking.plane
    return [
      "plane": .array([.integer(plane.x), .integer(plane.y), .integer(plane.z)]),
      "period_A": .real(stacking.period), "area_A2": .real(slab.area),
      "thickness_A": .real(slab.thickness), "termination": .integer(slab.termination),
      "lower_termination": slab.lowerTermination.map(JSONValue.integer) ?? .null,
      "stoichiometric": .logical(slab.isStoichiometric),
      "symmetric": .logical(slab.isSymmetric), "charge_e": optional(slab.charge),
      "dipole_e_A": optional(slab.dipole),
      "tasker_type": slab.type.map { .integer($0.rawValue) } ?? .null,
      "layers": .array(
        slab.layers.map { layer in
          .object([
            "height_A": .real(layer.height), "formula": .text(layer.formula),
            "atoms": .integer(layer.atoms), "charge_e": optional(layer.charge),
          ])
        }),
      "terminations": .array(
        stacking.terminations.map { termination in
          .object([
            "top": .text(stacking.layers[termination.top].formula),
            "cut_off": .text(stacking.layers[termination.next].formula),
            "gap_A": .real(termination.gap), "dipole_e_A": optional(termination.repeatDipole),
            "tasker_type": termination.type.map { .integer($0.rawValue) } ?? .null,
            "reverse": termination.reverse.map { .integer($0 + 1) } ?? .null,
          ])
        }),
    ]
  }
}
