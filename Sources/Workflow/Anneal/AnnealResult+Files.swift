internal import Arrangement
internal import Crystal
internal import Report
internal import Search

extension AnnealResult {
  /// Writes tables, structures, figures and the report.
  func write(to folder: OutputFolder) throws {
    for index in entries.indices {
      let structure = structure(index)
      let name = "structures/\(GAResult.fileName(index))"
      try folder.write(structure, named: name)
    }
    if energies.allSatisfy({ $0 != nil }) {
      try folder.write(
        csvText(header: GAResult.energyHeader, rows: energyRows()), to: "energies.csv")
    }
    try evaluated?.write(to: folder)
    if objective != nil {
      try folder.write(
        csvText(header: AnnealResult.targetHeader, rows: targetRows(limit: entries.count)),
        to: "sqs.csv")
    } else {
      try folder.write(
        csvText(header: AnnealResult.thermodynamicsHeader, rows: thermodynamicsRows()),
        to: "thermodynamics.csv")
      try folder.write(
        csvText(header: AnnealResult.occupancyHeader, rows: occupancyRows()), to: "occupancy.csv")
      if run.specification.shells > 0 {
        try folder.write(
          csvText(header: AnnealResult.orderHeader, rows: orderRows()),
          to: "short_range_order.csv")
      }
    }
    let figures = figures()
    for figure in figures { try folder.write(figure.svg, to: "figures/\(figure.name).svg") }
    try folder.write(report(figures).html(), to: "report.html")
    try folder.write(jsonText(json()), to: "summary.json")
  }

  private func energyRows() -> [[String]] {
    entries.indices.map { index in
      let (name, structure) = (GAResult.fileName(index), structure(index))
      let energy = energies[index] ?? .nan
      return [
        name, "\(structure.composition)", "\(structure.count)", "\(energy)",
        "\(energy / Double(max(1, structure.count)))", "cellgen \(run.energy.rawValue) model",
        "structures/\(name).extxyz",
      ]
    }
  }

  static let thermodynamicsHeader = [
    "temperature_K", "energy_eV", "energy_error_eV", "energy_eV_per_atom",
    "energy_error_eV_per_atom", "grand_energy_eV", "grand_energy_error_eV",
    "heat_capacity_eV_per_K", "heat_capacity_error_eV_per_K", "heat_capacity_kB_per_atom",
    "heat_capacity_error_kB_per_atom", "acceptance", "insertion_acceptance", "exchange_rate",
    "measurements", "converged",
  ]

  private func thermodynamicsRows() -> [[String]] {
    averages.map { average in
      let perAtom = heatCapacityPerAtom(average)
      let estimates = [
        average.energy, average.energyPerAtom, average.grandEnergy, average.heatCapacity, perAtom,
      ]
      let rates = [average.acceptance, average.insertionAcceptance, average.exchangeRate]
      let isConverged = average.energy.isConverged && average.heatCapacity.isConverged
      var row = ["\(average.temperature)"]
      row += estimates.flatMap(AnnealResult.cells)
      row += rates.map { rate in rate.map { "\($0)" } ?? "" }
      return row + ["\(average.measurements)", isConverged ? "true" : "false"]
    }
  }

  static let occupancyHeader = [
    "temperature_K", "label", "sites", "species", "fraction", "error", "converged",
  ]

  /// Elements, then the charge states of elements that have several.
  private func occupancyRows() -> [[String]] {
    guard let best = entries.first else { return [] }
    var sites: [String: Int] = [:]
    for label in run.problem.occupancy(of: best.arrangement) {
      sites[label.label] = label.siteCount
    }
    return averages.flatMap { average in
      let states = average.occupancies.filter { name($0.species) != $0.species.element.symbol }
      return (average.elementOccupancies + states).map { occupancy in
        let place = [
          "\(average.temperature)", occupancy.label, "\(sites[occupancy.label] ?? 0)",
          name(occupancy),
        ]
        return place + AnnealResult.cells(occupancy.fraction)
          + [occupancy.fraction.isConverged ? "true" : "false"]
      }
    }
  }

  /// The element, or the charge state of one of its states.
  func name(_ occupancy: EquilibriumAverages.Occupancy) -> String {
    occupancy.species.oxidationState == nil
      ? occupancy.species.element.symbol : name(occupancy.species)
  }

  static let orderHeader = [
    "temperature_K", "shell", "distance_A", "sites", "pair", "alpha", "error", "converged",
  ]

  private func orderRows() -> [[String]] {
    averages.flatMap { average in
      average.shortRangeOrder.map { order in
        let place = [
          "\(average.temperature)", "\(order.shell + 1)", fixed(order.distance, 4),
          "\(order.groups.first)-\(order.groups.second)",
          "\(name(order.first))-\(name(order.second))",
        ]
        guard let alpha = order.alpha else { return place + ["", "", ""] }
        return place + AnnealResult.cells(alpha) + [alpha.isConverged ? "true" : "false"]
      }
    }
  }

  static let targetHeader = [
    "rank", "shell", "distance_A", "sites", "pair", "target", "weight", "alpha", "structure",
  ]

  /// Targets and α of the first entries, a row for every shell and pair of species.
  func targetRows(limit: Int) -> [[String]] {
    guard let objective else { return [] }
    let order = objective.order
    return entries.prefix(limit).enumerated().flatMap { index, entry in
      zip(order.terms, order.parameters(of: entry.arrangement)).compactMap { term, alpha in
        guard let alpha else { return nil }
        let shell = order.table.shells[term.shell]
        let goal = objective.goals[term.shell]
        let counts = objective.counts(term)
        return [
          "\(index + 1)", "\(term.shell + 1)", fixed(shell.distance, 4), order.table.sites(shell),
          "\(name(order.species[term.first]))-\(name(order.species[term.second]))",
          counts ? "\(goal.target)" : "", counts ? fixed(goal.weight, 6) : "", fixed(alpha, 6),
          "structures/\(GAResult.fileName(index)).extxyz",
        ]
      }
    }
  }

  private static func cells(_ estimate: Estimate) -> [String] {
    ["\(estimate.mean)", estimate.error.map { "\($0)" } ?? ""]
  }
}

extension SQSObjective {
  /// Whether a term has a target: pairs of like species within one group follow from the others.
  func counts(_ term: WarrenCowley.Term) -> Bool {
    let shell = order.table.shells[term.shell]
    return shell.first != shell.second || term.first != term.second
  }
}
