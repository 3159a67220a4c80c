import Analysis
public import ArgumentParser
import Crystal
import Foundation
public import Workflow

/// `cellgen insert`.
struct InsertCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "insert",
    abstract: "Find the sites that an ion can take in a crystal or a glass, and fill them.",
    discussion: """
      Voids are corners and face centres of Voronoi cells; with --ion they are judged by bond valence. \
      The sites are added as Va with labels i1, i2, … for kinds that symmetry does not relate, best \
      first, so that exchange, count, rank and ga can put ions on them.

      With --composition or --count ions are put in: on the best sites that are far enough apart \
      (--method best), in the filling of lowest energy with a proof or a gap (--method rank), or in a \
      problem file of the best sites that are far enough apart (--method problem). rank and problem \
      balance the charge by a redox element of the host.

      Examples:

        cellgen prototype v2o5-alpha --supercell 1x2x2
        cellgen insert prototype/host.cif --ion Mg2+
        cellgen pack V2O5 --atoms 140 --density 2.5 --factor 0.9 --seed 1 \\
          --out glass.vasp
        cellgen insert glass.vasp --ion Mg2+ --composition Mg0.5V2O5 \\
          --out filled.extxyz
        cellgen insert glass.vasp --ion Mg2+ --count 6 --method rank \\
          --oxidation V=auto --nodes 1000 --seed 1 --out ranked.extxyz
        cellgen insert glass.vasp --ion Mg2+ --count 6 --method problem \\
          --out problem.yaml
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

  @Option(help: "How the ions find their places: best, rank or problem.")
  var method = SiteFillingSpecification.Method.best

  @Option(help: "Energies for --method rank and problem: ewald or lattice.")
  var model = EnergyModelChoice.ewald

  @Option(
    help: ArgumentHelp("Oxidation states instead of the usual ones, V=auto.", valueName: "list"))
  var oxidation: [String] = []

  @Option(help: "Nodes of branch and bound for --method rank, at most.")
  var nodes = 200_000

  @Option(help: "Seed of --method rank (default: a new one, which is printed).")
  var seed: UInt64?

  @Option(help: "Threads for --method rank (default: all cores); no effect on the result.")
  var threads: Int?

  func validate() throws {
    if composition != nil && count != nil {
      throw ValidationError("--composition and --count exclude each other")
    }
    if composition != nil || count != nil, ion == nil {
      throw ValidationError("--composition and --count need --ion")
    }
    if composition == nil && count == nil {
      if method != .best {
        throw ValidationError("--method \(method.rawValue) needs --composition or --count")
      }
      if !oxidation.isEmpty {
        throw ValidationError("--oxidation needs --composition or --count")
      }
    }
    if method != .rank, seed != nil {
      throw ValidationError("--seed is for --method rank")
    }
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads is \(threads), expected 1 to 1024")
    }
    if !(1...1_000_000_000).contains(nodes) {
      throw ValidationError("--nodes is \(nodes), expected 1 to 1000000000")
    }
    try validated { if let composition { _ = try Composition(parsing: composition) } }
  }

  func run() async throws {
    if method != .problem { try files.check(named: "insert") }
    let console = Console(quiet: files.quiet)
    let sites = try InsertionSites(
      files.read(),
      InsertionSpecification(
        ion: ion, minimumDistance: minDistance, cationDistance: cationDistance,
        mismatch: mismatch, mergeTolerance: merge))
    if sites.kinds.isEmpty {
      console.warn("no site was found; allow shorter distances or more mismatch")
    }
    let kinds: [String: JSONValue] = ["kinds": .array(sites.kinds.map(json))]
    guard let ion, let species = Species(ion), let number = try number(sites, species) else {
      printTable(sites)
      try files.write(sites.structure, named: "insert", kinds)
      return
    }
    var specification = SiteFillingSpecification(ion: ion, count: number)
    specification.separation = separation
    specification.method = method
    specification.model = model
    specification.oxidation = oxidation
    specification.nodes = nodes
    specification.seed = seed ?? UInt64.random(in: 0..<1_000_000_000)
    switch method {
    case .best: try writeBest(sites, species, specification, kinds)
    case .rank: try await writeLowest(sites, species, specification, kinds)
    case .problem: try writeProblem(sites, specification, kinds)
    }
  }

  /// Prints the kinds of sites, once nothing stands in the way of the result.
  private func printTable(_ sites: InsertionSites) {
    if files.json { return }
    let hasAnions = sites.structure.species.contains(where: \.element.isUsualAnion)
    print(table(sites.kinds, nearest: hasAnions ? "anion" : "atom"))
  }

  /// How many ions are put in; nil to leave all sites empty.
  private func number(_ sites: InsertionSites, _ ion: Species) throws -> Int? {
    guard let composition else { return count }
    return try sites.count(of: ion.element, for: Composition(parsing: composition))
  }

  private func writeBest(
    _ sites: InsertionSites, _ ion: Species, _ specification: SiteFillingSpecification,
    _ more: [String: JSONValue]
  ) throws {
    var result = try sites.filled(
      with: ion, count: specification.count, separation: separation)
    if !oxidation.isEmpty {
      let filling = try SiteFilling(sites.structure, sites: sites.indices, specification)
      remark(filling)
      result = filling.charged(result)
    } else if let charges = result.charges {
      let charge = charges.reduce(0, +)
      if charge.magnitude > 1e-6 {
        Console(quiet: files.quiet).warn(
          "the charges of the atoms add up to \(fixed(charge, 3)) e; --oxidation V=auto, with an element "
            + "of the host, balances them")
      }
    }
    printTable(sites)
    try files.write(result, named: "insert", more)
  }

  private func writeLowest(
    _ sites: InsertionSites, _ ion: Species, _ specification: SiteFillingSpecification,
    _ more: [String: JSONValue]
  ) async throws {
    let filling = try SiteFilling(sites.structure, sites: sites.indices, specification)
    remark(filling)
    let lowest = try await filling.lowest(
      threads: threads ?? ProcessInfo.processInfo.activeProcessorCount)
    var notes = ["\(fixed(lowest.energy, 6)) eV by \(model.rawValue): \(lowest.verdict)"]
    var more = more
    if let best = try? sites.filled(
      with: ion, count: specification.count, separation: separation),
      let energy = try filling.energy(of: best)
    {
      notes.append(
        "\(fixed(energy - lowest.energy, 3)) eV below the filling of the best sites (--method best)"
      )
      more["best_sites_energy_eV"] = .real(energy)
    }
    more["energy_eV"] = .real(lowest.energy)
    more["proved"] = .logical(lowest.isProved)
    more["gap_eV"] = .real(lowest.gap)
    printTable(sites)
    try files.write(
      lowest.structure, named: "insert", seed: specification.seed, notes: notes, more)
  }

  private func writeProblem(
    _ sites: InsertionSites, _ specification: SiteFillingSpecification,
    _ more: [String: JSONValue]
  ) throws {
    let chosen = try sites.sites(apart: separation)
    let host = Array(0..<sites.hostCount)
    let filling = try SiteFilling(
      sites.structure.selecting(host + chosen),
      sites: Array(host.count..<(host.count + chosen.count)), specification)
    remark(filling)
    let path = files.out ?? "insert.yaml"
    try filling.writeProblem(to: path, replaces: files.force)
    printTable(sites)
    let left = sites.indices.count - chosen.count
    if files.json {
      let object: [String: JSONValue] = [
        "cellgen": .text(cellgenVersion), "problem": .text(path),
        "sites": .integer(chosen.count), "left_out": .integer(left),
        "ions": .integer(specification.count),
      ]
      print(
        try jsonText(JSONValue.object(object.merging(more) { old, _ in old })), terminator: "")
    } else {
      print(
        "\(specification.count) \(specification.ion) for \(chosen.count) sites"
          + (left > 0 ? "; \(left) nearer than \(separation) Å to better ones are left out" : ""))
      print("written to \(path); next: cellgen rank \(path)")
    }
  }

  /// Shows where the charges come from.
  private func remark(_ filling: SiteFilling) {
    let console = Console(quiet: files.quiet)
    for note in filling.notes { console.note("note: \(note)") }
    for warning in filling.warnings { console.warn(warning) }
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

extension SiteFillingSpecification.Method: ExpressibleByArgument {}
