public import Arrangement
internal import Crystal
public import Report
public import Search
internal import StructureIO

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

  private let individuals: [GeneticAlgorithm.Individual]

  init(
    run: GARun, space: SearchSpace, population: GeneticAlgorithm.Population,
    individuals: [GeneticAlgorithm.Individual]
  ) throws {
    self.run = run
    self.individuals = individuals
    var distinct = individuals.filter { !$0.isDuplicate }
    distinct.sort { ($0.energy, $0.id) < ($1.energy, $1.id) }
    best = Array(distinct.prefix(max(1, run.specification.top)))
    guard let first = best.first else { throw InputError("the run record has no individuals") }
    occupancy = run.problem.occupancy(of: first.genes)
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

  /// The energies of the best arrangements under the header of `energies.csv`.
  func energyRows(prefix: String = "", folder: String = "") -> [[String]] {
    let atoms = run.problem.atomCount
    return best.enumerated().map { rank, individual in
      let name = GAResult.fileName(rank)
      return [
        "\(prefix)\(name)", "\(run.problem.composition)", "\(atoms)", "\(individual.energy)",
        "\(individual.energy / Double(atoms))", "cellgen \(run.energy.rawValue) model",
        "\(folder)structures/\(name).extxyz",
      ]
    }
  }

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
      var structure = run.problem.structure(of: individual.genes).withoutVacancies()
      structure.title = "\(run.problem.composition)"
      structure.info = [
        Structure.InfoEntry("energy_eV", "\(individual.energy)"),
        Structure.InfoEntry("energy_model", run.energy.rawValue),
        Structure.InfoEntry("degeneracy", "\(individual.degeneracy)"),
        Structure.InfoEntry("canonical_key", individual.key.description),
      ]
      structure = structure.groupedBySpecies()
      let name = "structures/\(GAResult.fileName(rank))"
      try folder.write(ExtendedXYZ.write(structure), to: "\(name).extxyz")
      try folder.write(CIF.write(structure), to: "\(name).cif")
      try folder.write(POSCAR.write(structure), to: "\(name).vasp")
    }
    let convergence = convergenceChart.svg()
    let occupancy = occupancyChart.svg()
    try folder.write(convergence, to: "figures/convergence.svg")
    try folder.write(occupancy, to: "figures/occupancy.svg")
    try folder.write(report(convergence, occupancy).html(), to: "report.html")
    try folder.write(jsonText(GASummary(self)), to: "summary.json")
  }

  /// Every individual and the best so far, as in figure 1 of the MgxZnMnO3 paper.
  var convergenceChart: ConvergenceChart {
    let atoms = Double(run.problem.atomCount)
    return ConvergenceChart(
      individuals: individuals.map {
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
      let energies = members.map(\.energy)
      lowest = min(lowest, energies.min() ?? lowest)
      evaluations += members.count
      duplicates += members.filter(\.isDuplicate).count
      let mean = energies.reduce(0, +) / Double(energies.count)
      rows.append([
        "\(generation)", "\(evaluations)", "\(duplicates)", "\(lowest / atoms)",
        "\((energies.min() ?? 0) / atoms)", "\(mean / atoms)", "\((energies.max() ?? 0) / atoms)",
      ])
    }
    return csvText(
      header: [
        "generation", "evaluations", "duplicates", "best_eV_per_atom", "lowest_eV_per_atom",
        "mean_eV_per_atom", "highest_eV_per_atom",
      ], rows: rows)
  }

  private func report(_ convergence: String, _ occupancy: String) -> HTMLReport {
    HTMLReport(
      title: "Search of \(formula)", subtitle: "cellgen \(cellgenVersion)",
      parts: [
        .values([
          ("Cell", "\(run.problem.composition), \(run.problem.atomCount) atoms"),
          ("Active sites", "\(run.problem.activeSites.count)"),
          ("Best energy", "\(fixed(energy, 6)) eV, \(fixed(energyPerAtom, 6)) eV/atom"),
          ("Evaluations", "\(evaluations), \(duplicates) of them symmetry copies"),
          ("Ended", ending), ("Seed", "\(run.specification.seed)"),
          ("Energy model", run.energy.caveat),
        ])
      ] + run.warnings.map { .note($0) } + [
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
