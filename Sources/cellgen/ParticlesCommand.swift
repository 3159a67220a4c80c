public import ArgumentParser
public import Building
import Crystal
import Report
import Workflow

/// `cellgen particles`.
struct ParticlesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "particles",
    abstract: "Cut cubes from crystals or multilayers and pack them, turned, into a periodic box.",
    discussion: """
      Ions are removed at the surface of each cube until its composition is exact, so that every \
      particle is neutral. Particles of several files take turns. The column particle counts them. \
      --overlaps remove takes whole neutral groups out of the box, which keeps its composition; single \
      particles may be charged then.

      Examples:

        cellgen spinel --A Mg --B Al
        cellgen particles spinel/host.extxyz --edge 20 --seed 1
        cellgen particles spinel/host.extxyz --units 100 --arrangement 3x3x3 \\
          --seed 1 --out many.extxyz
        cellgen particles spinel/host.extxyz --edge 20 --gap 1 \\
          --overlaps remove --seed 1 --out dense.extxyz
      """)

  @Argument(help: ArgumentHelp("Structure files.", valueName: "files"))
  var structures: [String]

  @OptionGroup var files: BuiltStructureOptions

  @Option(help: ArgumentHelp("Edge of the cubes [Å].", valueName: "Å"))
  var edge: Double?

  @Option(help: ArgumentHelp("Formula units of each particle instead.", valueName: "number"))
  var units: Int?

  @Option(
    help: ArgumentHelp("Composition of each particle (default: the file's).", valueName: "formula"))
  var formula: String?

  @Option(help: ArgumentHelp("Particles along each edge.", valueName: "2x2x2"))
  var arrangement = "2x2x2"

  @Option(help: "How neighbours are turned: none, quarterTurns or random.")
  var rotation = ParticleSpecification.Rotation.quarterTurns

  @Option(help: ArgumentHelp("Distance of neighbouring faces [Å].", valueName: "Å"))
  var gap = 2.0

  @Option(
    help: "Atoms too near: keep counts them, widen widens the gap, remove removes them.")
  var overlaps = ParticleSpecification.Overlaps.widen

  @Option(help: ArgumentHelp("Too near is below this times the sum of ionic radii."))
  var closeness = 0.7

  @Option(help: "Where cubes are cut: same or independent places.")
  var cuts = ParticleSpecification.Cuts.same

  @Option(help: ArgumentHelp("Oxidation states, Mn=4,O=-2.", valueName: "list"))
  var oxidation: String?

  @Option(help: "Seed of the places (default: a new one, which is printed).")
  var seed: UInt64?

  func validate() throws {
    guard edge != nil || units != nil else {
      throw ValidationError("expected --edge or --units")
    }
  }

  func run() throws {
    try files.check(named: "particles")
    var specification = ParticleSpecification()
    specification.edge = edge
    specification.formulaUnits = units
    specification.formula = formula
    specification.arrangement = try integers(
      arrangement, at: "--arrangement", example: "2x2x2")
    specification.rotation = rotation
    specification.gap = gap
    specification.overlaps = overlaps
    specification.closeness = closeness
    specification.cuts = cuts
    specification.oxidation = try namedNumbers(oxidation, at: "--oxidation")
    specification.seed = seed ?? UInt64.random(in: 0..<1_000_000_000)
    let assembly = try ParticleAssembly(structures.map { try files.read($0) }, specification)
    if !files.json { print(table(assembly).text) }
    try files.write(
      assembly.structure, named: "particles", seed: specification.seed, notes: notes(assembly),
      json(assembly))
  }

  private func table(_ assembly: ParticleAssembly) -> Table {
    var table = Table(
      columns: ["particle", "place", "z points to", "edge (Å)", "units", "atoms", "removed"])
    for (number, particle) in assembly.particles.enumerated() {
      let (p, z) = (particle.place, particle.axes[2])
      let axis = ["x", "y", "z"].enumerated().map { index, name in
        z[index] == 0 ? "" : (z[index] < 0 ? "-" : "") + name
      }.joined()
      table.append([
        "\(number)", "\(p.x) \(p.y) \(p.z)", axis, fixed(particle.edge, 3),
        "\(particle.formulaUnits)", "\(particle.atoms)", removal(particle),
      ])
    }
    return table
  }

  private func removal(_ particle: ParticleAssembly.Particle) -> String {
    particle.removed.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
      .joined(separator: ", ")
  }

  private func notes(_ assembly: ParticleAssembly) -> [String] {
    var notes: [String] = []
    if assembly.overlapsAtAskedGap > 0 {
      notes.append(
        "\(assembly.overlapsAtAskedGap) pairs of different particles are too near at a gap of "
          + "\(fixed(assembly.askedGap, 3)) Å"
          + (assembly.gap > assembly.askedGap
            ? "; widened to \(fixed(assembly.gap, 3)) Å" : ""))
    }
    if let removal = assembly.removal {
      notes.append(
        "\(removal.groups) × \(removal.group), \(removal.atoms) atoms, removed; "
          + (removal.groups == removal.leastGroups
            ? "fewer do not suffice" : "at least \(removal.leastGroups) are needed"))
    }
    if assembly.charge == nil { notes.append("oxidation states are not known: charge unchecked") }
    return notes
  }

  private func json(_ assembly: ParticleAssembly) -> [String: JSONValue] {
    [
      "gap_A": .real(assembly.gap), "asked_gap_A": .real(assembly.askedGap),
      "overlaps": .integer(assembly.overlaps),
      "overlaps_at_asked_gap": .integer(assembly.overlapsAtAskedGap),
      "removed_groups": .integer(assembly.removal?.groups ?? 0),
      "removed_atoms": .integer(assembly.removal?.atoms ?? 0),
      "least_removed_groups": .integer(assembly.removal?.leastGroups ?? 0),
      "charge_e": assembly.charge.map(JSONValue.real) ?? .null,
      "particles": .array(
        assembly.particles.map { particle in
          .object([
            "source": .text(structures[particle.source]),
            "formula_units": .integer(particle.formulaUnits), "edge_A": .real(particle.edge),
            "atoms": .integer(particle.atoms), "removed": .text(removal(particle)),
          ])
        }),
    ]
  }
}

extension ParticleSpecification.Rotation: ExpressibleByArgument {}
extension ParticleSpecification.Overlaps: ExpressibleByArgument {}
extension ParticleSpecification.Cuts: ExpressibleByArgument {}
