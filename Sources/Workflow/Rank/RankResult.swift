internal import Arrangement
internal import BigInt
internal import Crystal
public import Report
public import Search
internal import Symmetry

/// The lowest distinct arrangements, with a proof or a gap.
public struct RankResult: Sendable {
  /// The run.
  public let run: RankRun

  /// The arrangements, lowest energy first.
  public let entries: [RankedList.Entry]

  /// Space group of each, as spglib finds it in the atoms.
  public let spaceGroups: [String]

  /// Whether no arrangement that is left out is lower than the last one of the list.
  public let isProved: Bool

  /// How many of the list are proved: no arrangement that is left out is lower than these.
  public let provedCount: Int

  /// No arrangement that is left out is lower than this, eV; infinite if all were looked at.
  public let lowerBound: Double

  /// Arrangements that are left out although they tie with the last one of the list.
  public let ties: Int

  /// Whether there are more of them than were counted.
  public let hasMoreTies: Bool

  /// Nodes of branch and bound.
  public let nodes: Int

  /// What changes with other charges; empty if not asked for.
  public internal(set) var stability: [RankStability] = []

  /// The list evaluated again as whole structures; nil if not asked for.
  public internal(set) var evaluated: EvaluatedRanking?

  init(_ run: RankRun, _ state: Ranking.State) throws {
    self.run = run
    let search = state.search
    let isBounded = run.ranking.method != .geneticSearch
    lowerBound = search.lowerBound
    isProved = isBounded && search.isProved
    entries = Array(search.list.wanted)
    ties = search.list.ties
    hasMoreTies = search.list.hasTooManyTies || !isProved
    nodes = search.nodes
    let bound = lowerBound
    provedCount = isProved ? entries.count : entries.prefix { $0.energy <= bound + 1e-6 }.count
    spaceGroups = entries.prefix(RankResult.structureLimit).map { entry in
      let atoms = run.ranking.problem.structure(of: entry.arrangement).withoutVacancies()
      guard let found = try? SymmetryDataset(atoms) else { return "?" }
      return "\(found.symbol) (\(found.number))"
    }
  }

  /// Structures that are written at most.
  static let structureLimit = 1000

  /// How far the lowest energy may be above the true minimum, eV; 0 if it is proved.
  public var gap: Double {
    guard let first = entries.first, !isProved else { return 0 }
    return max(0, first.energy - lowerBound)
  }

  private var atoms: Double { Double(run.problem.atomCount) }

  /// `proved optimal`, or how far it may be off.
  public var verdict: String {
    if isProved {
      return run.specification.window == nil
        ? "proved: these are the \(entries.count) lowest of \(run.distinctText) distinct arrangements"
        : hasMoreTies
          ? "proved: these are the \(entries.count) lowest, but there are more within the window"
          : "proved: these are all distinct arrangements within the window"
    }
    let method =
      run.ranking.method == .geneticSearch
      ? "too many sites for branch and bound" : "\(nodes) nodes were not enough for a proof"
    let first =
      provedCount > 0
      ? "the first \(provedCount) are proved; the others may be incomplete"
      : "the lowest is optimal within a gap of \(fixed(gap, 4)) eV "
        + "(\(fixed(1000 * gap / atoms, 2)) meV/atom)"
    return "\(method): \(first)"
  }

  /// How many arrangements tie at the end of the list; nil if none does.
  public var tieRemark: String? {
    guard ties > 0 else { return nil }
    return
      "\(hasMoreTies ? "at least " : "")\(ties) more arrangements have the energy of the last one: "
      + "the list cuts through arrangements of equal energy"
  }

  /// The list as a table.
  public func table(limit: Int = 50) -> Table {
    var table = Table(
      columns: [
        "rank", "energy (eV)", "eV/atom", "above lowest (eV)", "degeneracy", "space group", "",
      ])
    for (index, entry) in entries.prefix(limit).enumerated() {
      table.append([
        "\(index + 1)", fixed(entry.energy, 6), fixed(entry.energy / atoms, 6),
        fixed(entry.energy - (entries.first?.energy ?? 0), 4), "\(entry.degeneracy)",
        index < spaceGroups.count ? spaceGroups[index] : "",
        index < provedCount ? "proved" : "",
      ])
    }
    return table
  }

  /// What stays with other charges, as a table.
  public var stabilityTable: Table? {
    guard !stability.isEmpty else { return nil }
    var table = Table(
      title: "Which of the \(entries.count) stay when charges or energies change",
      columns: ["change", "kept", "ranks there", ""])
    for report in stability {
      if let failure = report.failure {
        table.append([report.name, "", "", failure])
        continue
      }
      table.append([
        report.name, "\(report.kept) of \(entries.count)",
        report.places.prefix(10).map { $0.map(String.init) ?? "–" }.joined(separator: " "),
        "of \(report.ionArrangements) arrangements of the ions"
          + (report.isProved ? "" : ", not proved"),
      ])
    }
    return table
  }

  /// Writes tables, structures, figures and the report.
  func write(to folder: OutputFolder) throws {
    let problem = run.problem
    let names = entries.indices.map(GAResult.fileName)
    try folder.write(
      csvText(
        header: GAResult.energyHeader,
        rows: zip(names, entries).prefix(RankResult.structureLimit).map { name, entry in
          [
            name, "\(problem.composition)", "\(problem.atomCount)", "\(entry.energy)",
            "\(entry.energy / atoms)", "cellgen \(run.energy.rawValue) model",
            "structures/\(name).extxyz",
          ]
        }), to: "energies.csv")
    let labels = problem.occupancy(of: entries.first?.arrangement ?? []).map(\.label)
    let elements = problem.elementsToArrange
    try folder.write(
      csvText(
        header: ["rank", "energy_eV", "above_lowest_eV", "degeneracy", "space_group", "proved"]
          + labels.flatMap { label in elements.map { "\(label)_\($0.symbol)" } },
        rows: entries.enumerated().map { index, entry in
          let occupancy = problem.occupancy(of: entry.arrangement)
          return [
            "\(index + 1)", "\(entry.energy)",
            fixed(entry.energy - (entries.first?.energy ?? 0), 7), "\(entry.degeneracy)",
            index < spaceGroups.count ? spaceGroups[index] : "",
            index < provedCount ? "true" : "false",
          ]
            + occupancy.flatMap { label in
              elements.map { fixed(label.fraction(of: $0), 6) }
            }
        }), to: "ranking.csv")
    for (index, entry) in entries.prefix(RankResult.structureLimit).enumerated() {
      var structure = problem.structure(of: entry.arrangement).withoutVacancies()
      structure.title = "\(problem.composition)"
      structure.info = [
        Structure.InfoEntry("energy_eV", "\(entry.energy)"),
        Structure.InfoEntry("energy_model", run.energy.rawValue),
        Structure.InfoEntry("degeneracy", "\(entry.degeneracy)"),
      ]
      structure = structure.groupedBySpecies()
      try folder.write(structure, named: "structures/\(names[index])")
    }
    try evaluated?.write(to: folder)
    let chart = LevelChart(
      levels: entries.map { $0.energy - (entries.first?.energy ?? 0) }, provedCount: provedCount,
      title: RichText(formula: "\(problem.composition)")
    ).svg()
    try folder.write(chart, to: "figures/levels.svg")
    try folder.write(report(chart).html(), to: "report.html")
    try folder.write(jsonText(json()), to: "summary.json")
  }

  private func report(_ chart: String) -> HTMLReport {
    var parts: [HTMLReport.Part] = [
      .values([
        ("Cell", "\(run.problem.composition), \(run.problem.atomCount) atoms"),
        ("Active sites", "\(run.problem.activeSites.count)"),
        ("Arrangements", "\(run.distinctText) distinct of \(run.totalText)"),
        ("Result", verdict), ("Nodes", "\(nodes)"), ("Energy model", run.energy.caveat),
      ])
    ]
    parts += (run.warnings + [tieRemark].compactMap { $0 }).map { .note($0) }
    parts += [
      .figure(svg: chart, caption: RichText("Energies above the lowest; proved ones in red.")),
      .table(table(limit: 200)),
    ]
    parts += evaluated?.parts ?? []
    if let stabilityTable {
      parts += [.heading("Stability of the ranking"), .table(stabilityTable)]
    }
    parts += [.heading("Charges"), .table(run.problem.ledgerTable)]
    return HTMLReport(
      title: "Ranking of \(run.problem.composition)", subtitle: "cellgen \(cellgenVersion)",
      parts: parts)
  }

  /// The result as a JSON object.
  ///
  /// - Parameters:
  ///   - folder: Put before the names of structure files; nil for names inside the folder.
  ///   - wallTime: s; left out of files, since it differs between equal runs.
  /// - Returns: The object of `summary.json` and `--json`.
  public func json(folder: String? = nil, wallTime: Double? = nil) -> JSONValue {
    let place = folder.map { "\($0)/" } ?? ""
    let lowest = entries.first?.energy ?? 0
    var object: [String: JSONValue] = [
      "cellgen": .text(cellgenVersion), "seed": .integer(Int(clamping: run.specification.seed)),
      "formula": .text("\(run.problem.composition)"), "atoms": .integer(run.problem.atomCount),
      "active_sites": .integer(run.problem.activeSites.count),
      "model": .text(run.energy.rawValue), "total": .text(run.total),
      "distinct": .text(run.distinct), "method": .text(run.ranking.method.rawValue),
      "nodes": .integer(nodes), "proved": .logical(isProved),
      "proved_count": .integer(provedCount), "gap_eV": .real(gap),
      "lower_bound_eV": .real(lowerBound), "ties": .integer(ties),
      "ties_complete": .logical(!hasMoreTies),
      "total_charge_e": .real(run.problem.ledger.totalCharge),
      "warnings": .texts(run.warnings + [tieRemark].compactMap { $0 }),
      "structures": .array(
        entries.enumerated().map { index, entry in
          let name = GAResult.fileName(index)
          return .object([
            "rank": .integer(index + 1), "energy_eV": .real(entry.energy),
            "energy_eV_per_atom": .real(entry.energy / atoms),
            "above_lowest_eV": .real(entry.energy - lowest),
            "degeneracy": .integer(entry.degeneracy),
            "space_group": .optional(index < spaceGroups.count ? spaceGroups[index] : nil),
            "proved": .logical(index < provedCount),
            "structure": .optional(
              index < RankResult.structureLimit ? "\(place)structures/\(name).extxyz" : nil),
            "occupancy": run.problem.occupancyJSON(of: entry.arrangement),
          ])
        }),
    ]
    if !stability.isEmpty {
      object["stability"] = .array(
        stability.map { report in
          .object([
            "change": .text(report.name), "kept": .integer(report.kept),
            "ranks": .array(report.places.map { $0.map(JSONValue.integer) ?? .null }),
            "proved": .logical(report.isProved), "failure": .optional(report.failure),
          ])
        })
    }
    if let evaluated { object["evaluated"] = evaluated.json(place) }
    if let wallTime { object["wall_s"] = .real(wallTime) }
    return .object(object)
  }
}

extension ArrangementProblem {
  /// Label → species → fraction.
  func occupancyJSON(of arrangement: [UInt8]) -> JSONValue {
    var labels: [String: JSONValue] = [:]
    for label in occupancy(of: arrangement) {
      var fractions: [String: JSONValue] = [:]
      for (element, _) in label.elements {
        fractions[element.symbol] = .real(label.fraction(of: element))
      }
      labels[label.label] = .object(fractions)
    }
    return .object(labels)
  }
}
