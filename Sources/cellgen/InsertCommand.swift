import Analysis
import ArgumentParser
import Crystal
import Workflow

/// `cellgen insert`.
struct InsertCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "insert",
    abstract: "Find the sites that an ion can take in a crystal or a glass, and fill them.",
    discussion: """
      Voids are corners and face centres of Voronoi cells; with --ion they are judged by bond valence. \
      The sites are added as Va with labels i1, i2, … for kinds that symmetry does not relate, best \
      first, so that exchange, count, rank and ga can put ions on them. With --composition or --count \
      the best sites that are far enough apart are filled.

      Examples:

        cellgen prototype v2o5-alpha --supercell 1x2x2
        cellgen insert prototype/host.cif --ion Mg2+
        cellgen pack V2O5 --atoms 140 --density 2.5 --factor 0.9 --seed 1 \\
          --out glass.vasp
        cellgen insert glass.vasp --ion Mg2+ --composition Mg0.5V2O5 \\
          --out filled.extxyz
        cellgen insert glass.vasp --min-distance 1.4 --out voids.extxyz --json
      """)

  @OptionGroup var files: TransformOptions

  @Option(
    help: ArgumentHelp(
      "Ion with oxidation state, Mg2+ (default: voids by distance alone).", valueName: "ion"))
  var ion: String?

  @Option(
    help: ArgumentHelp(
      "Composition to reach with the ion, such as Mg0.5V2O5.", valueName: "formula"))
  var composition: String?

  @Option(help: "Number of ions to put in.")
  var count: Int?

  @Option(help: "Least distance of two ions put in [Å].")
  var separation = 2.4

  @Option(help: "Least distance of a site from any atom [Å].")
  var minDistance = InsertionSpecification().minimumDistance

  @Option(help: "Least distance of a site from a cation [Å].")
  var cationDistance = InsertionSpecification().cationDistance

  @Option(help: "Largest deviation of the bond-valence sum from the charge, as a fraction of it.")
  var mismatch = InsertionSpecification().mismatch

  @Option(help: "Points closer than this are one site [Å].")
  var merge = InsertionSpecification().mergeTolerance

  func validate() throws {
    if composition != nil && count != nil {
      throw ValidationError("--composition and --count exclude each other")
    }
    if composition != nil || count != nil, ion == nil {
      throw ValidationError("--composition and --count need --ion")
    }
    try validated { if let composition { _ = try Composition(parsing: composition) } }
  }

  func run() throws {
    try files.check(named: "insert")
    let sites = try InsertionSites(
      files.read(),
      InsertionSpecification(
        ion: ion, minimumDistance: minDistance, cationDistance: cationDistance,
        mismatch: mismatch, mergeTolerance: merge))
    if sites.kinds.isEmpty {
      Console(quiet: files.quiet).warn(
        "no site was found; allow shorter distances or more mismatch")
    }
    var result = sites.structure
    if let species = ion.flatMap({ Species($0) }) {
      var needed = count
      if let composition {
        needed = try sites.count(of: species.element, for: Composition(parsing: composition))
      }
      if let needed {
        result = try sites.filled(with: species, count: needed, separation: separation)
      }
    }
    if !files.json {
      let hasAnions = sites.structure.species.contains(where: \.element.isUsualAnion)
      print(table(sites.kinds, nearest: hasAnions ? "anion" : "atom"))
    }
    try files.write(result, named: "insert", ["kinds": .array(sites.kinds.map(json))])
  }

  /// The kinds of sites, at most forty.
  private func table(_ kinds: [InsertionSites.Kind], nearest: String) -> String {
    var lines = [
      "\(kinds.count) kinds of sites, \(kinds.reduce(0) { $0 + $1.multiplicity }) in all"
    ]
    for kind in kinds.prefix(40) {
      let x = kind.position.components
      let place = (0..<3).map { fixed(x[$0], 4) }.joined(separator: " ")
      var line = "  \(kind.label): \(kind.multiplicity) × (\(place)), nearest \(nearest) "
      line += "\(fixed(kind.anionDistance, 3)) Å"
      if kind.cationDistance.isFinite { line += ", cation \(fixed(kind.cationDistance, 3)) Å" }
      if let valence = kind.valence { line += ", bond-valence sum \(fixed(valence, 3))" }
      lines.append(line)
    }
    if kinds.count > 40 { lines.append("  … (all with --json)") }
    return lines.joined(separator: "\n")
  }

  private func json(_ kind: InsertionSites.Kind) -> JSONValue {
    let x = kind.position.components
    return .object([
      "label": .text(kind.label), "multiplicity": .integer(kind.multiplicity),
      "position": .array((0..<3).map { .real(x[$0]) }),
      "anion_distance_A": .real(kind.anionDistance),
      "cation_distance_A": .real(kind.cationDistance),
      "valence": kind.valence.map(JSONValue.real) ?? .null, "penalty": .real(kind.penalty),
    ])
  }
}
