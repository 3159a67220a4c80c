internal import Arrangement
internal import Crystal
internal import Search

extension AnnealResult {
  /// The result as a JSON object.
  ///
  /// - Parameters:
  ///   - folder: Put before the names of structure files; nil for names inside the folder.
  ///   - wallTime: s; left out of files, since it differs between equal runs.
  /// - Returns: What `summary.json` holds, and `--json` prints.
  public func json(folder: String? = nil, wallTime: Double? = nil) -> JSONValue {
    let place = folder.map { "\($0)/" } ?? ""
    let structures = entries.indices.map { entryJSON($0, place) }
    var object: [String: JSONValue] = [
      "cellgen": .text(cellgenVersion), "seed": .integer(Int(clamping: run.specification.seed)),
      "objective": .text(run.specification.objective.rawValue),
      "formula": .text("\(run.problem.composition)"), "atoms": .integer(run.problem.atomCount),
      "active_sites": .integer(run.problem.activeSites.count),
      "model": .text(run.energy.rawValue),
      "best": structures.first ?? .null, "structures": .array(structures),
      "occupancy": entries.first.map { run.problem.occupancyJSON(of: $0.arrangement) } ?? .null,
      "evaluations": .integer(evaluations), "duplicates": .integer(duplicates),
      "rounds": .integer(rounds), "last_improvement": .integer(lastImprovement),
      "round_trips": .integer(roundTrips),
      "total_charge_e": .real(run.problem.ledger.totalCharge), "warnings": .texts(warnings),
    ]
    if let objective {
      object["shells"] = .array(shellsJSON(objective))
    } else {
      object["temperatures"] = .array(averages.map(averageJSON))
    }
    if let evaluated { object["evaluated"] = evaluated.json(place) }
    if let wallTime { object["wall_s"] = .real(wallTime) }
    return .object(object)
  }

  private func entryJSON(_ index: Int, _ place: String) -> JSONValue {
    let entry = entries[index]
    let structure = structure(index)
    let energy = energies[index]
    var object: [String: JSONValue] = [
      "rank": .integer(index + 1), "energy_eV": .optional(energy),
      "energy_eV_per_atom": .optional(energy.map { $0 / Double(max(1, structure.count)) }),
      "formula": .text("\(structure.composition)"), "degeneracy": .integer(entry.degeneracy),
      "space_group": .text(spaceGroups[index]),
      "structure": .text("\(place)structures/\(GAResult.fileName(index)).extxyz"),
    ]
    if isOpen { object["grand_energy_eV"] = .real(entry.value) }
    if objective != nil { object["objective"] = .real(entry.value) }
    return .object(object)
  }

  private func averageJSON(_ average: EquilibriumAverages) -> JSONValue {
    var object: [String: JSONValue] = [
      "temperature_K": .real(average.temperature),
      "measurements": .integer(average.measurements), "energy_eV": estimate(average.energy),
      "energy_eV_per_atom": estimate(average.energyPerAtom),
      "heat_capacity_eV_per_K": estimate(average.heatCapacity),
      "heat_capacity_kB_per_atom": estimate(heatCapacityPerAtom(average)),
      "acceptance": .real(average.acceptance), "exchange_rate": .optional(average.exchangeRate),
      "occupancy": occupancyJSON(average.elementOccupancies),
      "short_range_order": .array(orderJSON(average.shortRangeOrder)),
    ]
    let states = average.occupancies.filter { name($0.species) != $0.species.element.symbol }
    if !states.isEmpty { object["charge_states"] = occupancyJSON(states) }
    if isOpen {
      object["grand_energy_eV"] = estimate(average.grandEnergy)
      object["insertion_acceptance"] = .optional(average.insertionAcceptance)
      object["amounts"] = .object(
        Dictionary(
          uniqueKeysWithValues: average.amounts.map { ($0.element.symbol, estimate($0.number)) }))
    }
    return .object(object)
  }

  private func occupancyJSON(_ occupancies: [EquilibriumAverages.Occupancy]) -> JSONValue {
    var labels: [String: [String: JSONValue]] = [:]
    for occupancy in occupancies {
      labels[occupancy.label, default: [:]][name(occupancy)] = estimate(occupancy.fraction)
    }
    return .object(labels.mapValues { .object($0) })
  }

  /// One object for each shell, with α of its pairs of species.
  private func orderJSON(_ orders: [EquilibriumAverages.ShortRangeOrder]) -> [JSONValue] {
    var shells: [(order: EquilibriumAverages.ShortRangeOrder, alpha: [String: JSONValue])] = []
    for order in orders {
      if shells.last?.order.shell != order.shell { shells.append((order, [:])) }
      shells[shells.count - 1].alpha["\(name(order.first))-\(name(order.second))"] =
        order.alpha.map(estimate) ?? .null
    }
    return shells.map { order, alpha in
      .object([
        "shell": .integer(order.shell + 1), "distance_A": .real(order.distance),
        "sites": .text("\(order.groups.first)-\(order.groups.second)"), "alpha": .object(alpha),
      ])
    }
  }

  /// One object for each shell, with α of the best arrangement.
  private func shellsJSON(_ objective: SQSObjective) -> [JSONValue] {
    guard let best = entries.first else { return [] }
    let order = objective.order
    var alphas = [[String: JSONValue]](repeating: [:], count: order.table.shells.count)
    for (term, alpha) in zip(order.terms, order.parameters(of: best.arrangement)) {
      guard objective.counts(term), let alpha else { continue }
      let pair = "\(name(order.species[term.first]))-\(name(order.species[term.second]))"
      alphas[term.shell][pair] = .real(alpha)
    }
    return order.table.shells.indices.map { k in
      let shell = order.table.shells[k]
      return .object([
        "shell": .integer(k + 1), "distance_A": .real(shell.distance),
        "sites": .text(order.table.sites(shell)), "target": .real(objective.goals[k].target),
        "weight": .real(objective.goals[k].weight), "alpha": .object(alphas[k]),
      ])
    }
  }

  private func estimate(_ estimate: Estimate) -> JSONValue {
    .object([
      "mean": .real(estimate.mean), "error": .optional(estimate.error),
      "converged": .logical(estimate.isConverged),
    ])
  }
}
