public import Arrangement
internal import Crystal
public import Report
public import Search

/// What a genetic search found, and the files that say so.
public struct GAResult: Sendable {
  /// The run.
  public let run: GARun

  /// The best distinct arrangements, lowest energy first.
  public let best: [GeneticAlgorithm.Individual]

  /// How the best one occupies the sites of each label.
  public let occupancy: [LabelOccupancy]

  /// Individuals evaluated, duplicates included.
  public let evaluations: Int

  /// Symmetry copies among them.
  public let duplicates: Int

  /// The last generation.
  public let generation: Int

  /// The generation in which the best one appeared.
  public let lastImprovement: Int

  /// What whole structures came to; nil for the lattice energy.
  public let evaluated: EvaluationSummary?

  /// How well the learned model did after each generation; empty without one.
  public let learning: [LearningFigures]

  private let individuals: [GeneticAlgorithm.Individual]

  init(
    run: GARun, population: GeneticAlgorithm.Population,
    individuals: [GeneticAlgorithm.Individual], learning: [LearningFigures],
    evaluator: ArrangementEvaluator?
  ) throws {
    self.run = run
    self.individuals = individuals
    self.learning = learning
    var distinct = individuals.filter { !$0.isDuplicate && $0.energy.isFinite }
    distinct.sort { ($0.energy, $0.id) < ($1.energy, $1.id) }
    best = Array(distinct.prefix(max(1, run.specification.top)))
    guard let first = best.first else { throw InputError("the run record has no individuals") }
    occupancy = run.problem.occupancy(of: first.genes)
    evaluated = try evaluator?.summary(best: best.map(\.key))
    evaluations = population.evaluations
    duplicates = population.duplicates
    generation = population.generation
    lastImprovement = population.lastImprovement
  }

  /// Energy of the best arrangement, eV per cell.
  public var energy: Double { best.first?.energy ?? 0 }

  /// Energy of the best arrangement, eV/atom.
  public var energyPerAtom: Double { energy / Double(run.problem.atomCount) }

  /// The composition as the user wrote it, or of the whole cell.
  public var formula: String { run.formula ?? "\(run.problem.composition)" }

  /// Occupancies as a table: a row for every label, a column for every species, in percent.
  public var occupancyTable: Table {
    var table = Table(
      title: "Occupancy of the best arrangement (%)",
      columns: ["label", "sites"] + run.problem.elementsToArrange.map(\.symbol))
    for label in occupancy {
      table.append(
        [label.label, "\(label.siteCount)"]
          + label.elements.map { fixed(100 * label.fraction(of: $0.element), 1) })
    }
    return table
  }

  /// Charges as a table: a row for every species.
  public var ledgerTable: Table { run.problem.ledgerTable }

  /// Why the run ended.
  public var ending: String {
    generation >= run.specification.generations
      ? "generation \(generation) reached"
      : "no lower energy since generation \(lastImprovement)"
  }

  /// How well the learned model did at the end, one sentence; nil without one.
  public var learningText: String? {
    guard run.specification.learn else { return nil }
    guard let last = learning.last else { return "too few energies for a learned model" }
    return
      "learned from \(last.points) arrangements: cross-validated error "
      + "\(fixed(last.cross_validated_error_meV_per_atom, 3)) meV/atom, spread of the energies "
      + "\(fixed(last.spread_meV_per_atom, 3)) meV/atom"
      + (last.isUseful ? "" : "; no better than their mean, so the lattice energy screened")
  }

  /// What the energies can tell and what they cannot.
  public var caveat: String { evaluated?.caveat ?? run.energy.caveat }

  /// The energies of the best arrangements under the header of `energies.csv`.
  func energyRows(prefix: String = "", folder: String = "") -> [[String]] {
    let atoms = run.problem.atomCount
    return best.enumerated().map { rank, individual in
      let name = GAResult.fileName(rank)
      // The energy is that of the relaxed atoms.
      let isRelaxed = evaluated?.best[rank].relaxed != nil
      return [
        "\(prefix)\(name)", "\(run.problem.composition)", "\(atoms)", "\(individual.energy)",
        "\(individual.energy / Double(atoms))",
        evaluated?.specification.description ?? "cellgen \(run.energy.rawValue) model",
        "\(folder)structures/\(name)\(isRelaxed ? GAResult.relaxedSuffix : "").extxyz",
      ]
    }
  }

  /// Name of the relaxed structure after that of the ideal one.
  static let relaxedSuffix = "-relaxed"

  static let energyHeader = [
    "id", "formula", "atoms", "energy_eV", "energy_per_atom_eV", "source", "structure",
  ]

  /// `001` for the best.
  static func fileName(_ rank: Int) -> String {
    let number = String(rank + 1)
    return String(repeating: "0", count: max(0, 3 - number.count)) + number
  }

  /// Occupancies under the header of `occupancy.csv`.
  func occupancyRows() -> [[String]] {
    occupancy.flatMap { label in
      label.elements.map { element, count in
        [
          formula, label.label, "\(label.siteCount)", element.symbol, "\(count)",
          fixed(label.fraction(of: element), 6),
        ]
      }
    }
  }

  static let occupancyHeader = ["composition", "label", "sites", "species", "count", "fraction"]

  /// Writes tables, structures, figures and the report.
  func write(to folder: OutputFolder) throws {
    try folder.write(
      csvText(header: GAResult.energyHeader, rows: energyRows()), to: "energies.csv")
    try folder.write(
      csvText(header: GAResult.occupancyHeader, rows: occupancyRows()), to: "occupancy.csv")
    try folder.write(historyText(), to: "history.csv")
    for (rank, individual) in best.enumerated() {
      let ideal = run.problem.structure(of: individual.genes)
      let name = "structures/\(GAResult.fileName(rank))"
      let evaluation = evaluated?.best[rank]
      let relaxed = try evaluation?.relaxedStructure(ideal)
      let energy = relaxed == nil ? individual.energy : evaluation?.idealEnergy
      try writeStructure(ideal, individual, energy: energy, name, folder)
      if let relaxed {
        try writeStructure(
          relaxed, individual, energy: individual.energy, name + GAResult.relaxedSuffix, folder)
      }
    }
    let convergence = convergenceChart.svg()
    let occupancy = occupancyChart.svg()
    try folder.write(convergence, to: "figures/convergence.svg")
    try folder.write(occupancy, to: "figures/occupancy.svg")
    try folder.write(report(convergence, occupancy).html(), to: "report.html")
    try folder.write(jsonText(GASummary(self)), to: "summary.json")
  }

  /// Writes a structure in three formats.
  private func writeStructure(
    _ structure: Structure, _ individual: GeneticAlgorithm.Individual, energy: Double?,
    _ name: String, _ folder: OutputFolder
  ) throws {
    var atoms = structure.withoutVacancies()
    atoms.title = "\(run.problem.composition)"
    atoms.info =
      (energy.map { [Structure.InfoEntry("energy_eV", "\($0)")] } ?? []) + [
        Structure.InfoEntry(
          "energy_model", evaluated?.specification.name ?? run.energy.rawValue),
        Structure.InfoEntry("degeneracy", "\(individual.degeneracy)"),
        Structure.InfoEntry("canonical_key", individual.key.description),
      ]
    atoms = atoms.groupedBySpecies()
    try folder.write(atoms, named: name)
  }

  /// Every individual and the best so far, as in figure 1 of the MgxZnMnO3 paper.
  var convergenceChart: ConvergenceChart {
    let atoms = Double(run.problem.atomCount)
    return ConvergenceChart(
      individuals: individuals.filter(\.energy.isFinite).map {
        ConvergenceChart.Individual(generation: $0.generation, energy: $0.energy / atoms)
      }, title: RichText(formula: formula))
  }

  private var occupancyChart: OccupancyChart {
    OccupancyChart(
      panels: occupancy.map { label in
        OccupancyChart.Panel(
          label: label.label, bars: [occupancyBar(label, name: formula)])
      }, xTitle: RichText("Composition"))
  }

  /// The bar of one label.
  func occupancyBar(_ label: LabelOccupancy, name: String) -> OccupancyChart.Bar {
    OccupancyChart.Bar(
      name: name,
      shares: label.elements.map { ($0.element, label.fraction(of: $0.element)) })
  }

  private func historyText() -> String {
    let atoms = Double(run.problem.atomCount)
    var lowest = Double.infinity
    var rows: [[String]] = []
    var evaluations = 0
    var duplicates = 0
    for (generation, members) in Dictionary(grouping: individuals, by: \.generation)
      .sorted(by: { $0.key < $1.key })
    {
      let energies = members.map(\.energy).filter(\.isFinite)
      lowest = min(lowest, energies.min() ?? lowest)
      evaluations += members.count
      duplicates += members.filter(\.isDuplicate).count
      let mean = energies.isEmpty ? nil : energies.reduce(0, +) / Double(energies.count)
      func perAtom(_ energy: Double?) -> String { energy.map { "\($0 / atoms)" } ?? "" }
      var row = [
        "\(generation)", "\(evaluations)", "\(duplicates)", "\(lowest / atoms)",
        perAtom(energies.min()), perAtom(mean), perAtom(energies.max()),
      ]
      if evaluated != nil { row.append("\(members.count - energies.count)") }
      if run.specification.learn {
        let figures = learning.first { $0.generation == generation }
        row += [
          figures.map { "\($0.cross_validated_error_meV_per_atom)" } ?? "",
          figures.map { "\($0.spread_meV_per_atom)" } ?? "",
        ]
      }
      rows.append(row)
    }
    return csvText(
      header: [
        "generation", "evaluations", "duplicates", "best_eV_per_atom", "lowest_eV_per_atom",
        "mean_eV_per_atom", "highest_eV_per_atom",
      ] + (evaluated == nil ? [] : ["failed"])
        + (run.specification.learn
          ? ["cross_validated_error_meV_per_atom", "spread_meV_per_atom"] : []),
      rows: rows)
  }

  /// The best arrangement, to turn; nothing if it has too many atoms.
  private var bestScene: [HTMLReport.Part] {
    guard let genes = best.first?.genes,
      let scene = StructureScene(run.problem.structure(of: genes))
    else { return [] }
    return [.structure(scene, caption: RichText("The best arrangement on its ideal sites."))]
  }

  private func report(_ convergence: String, _ occupancy: String) -> HTMLReport {
    HTMLReport(
      title: "Search of \(formula)", subtitle: "cellgen \(cellgenVersion)",
      parts: [
        .values(
          [
            ("Cell", "\(run.problem.composition), \(run.problem.atomCount) atoms"),
            ("Active sites", "\(run.problem.activeSites.count)"),
            ("Best energy", "\(fixed(energy, 6)) eV, \(fixed(energyPerAtom, 6)) eV/atom"),
            ("Evaluations", "\(evaluations), \(duplicates) of them symmetry copies"),
            ("Ended", ending), ("Seed", "\(run.specification.seed)"),
            ("Energy model", caveat),
          ] + (evaluated.map { [("Structures evaluated", $0.text)] } ?? [])
            + (learningText.map { [("Learned model", $0)] } ?? []))
      ] + bestScene + (evaluated?.failedTable.map { [.table($0)] } ?? [])
        + run.warnings.map { .note($0) } + [
          .heading("Convergence"),
          .figure(svg: convergence, caption: RichText("Every individual and the best so far.")),
          .heading("Occupancy"), .table(occupancyTable),
          .figure(svg: occupancy, caption: RichText("Occupancy of each label of sites.")),
          .heading("Charges"), .table(ledgerTable),
        ])
  }
}

extension ArrangementProblem {
  /// Charges as a table: a row for every species.
  public var ledgerTable: Table {
    var table = Table(
      title: "Charges", columns: ["species", "number", "oxidation state", "charge (e)", "from"])
    for row in ledger.rows {
      let state = row.species.oxidationState ?? 0
      let origin =
        switch row.origin {
        case .given: "given"
        case .usual: "only usual state"
        case .balance: "balances the cell"
        }
      table.append([
        row.species.element.symbol, "\(row.count)", fixed(state, 4),
        fixed(state * Double(row.count), 2), origin,
      ])
    }
    table.append(["total", "", "", fixed(ledger.totalCharge, 2), ""])
    return table
  }
}
