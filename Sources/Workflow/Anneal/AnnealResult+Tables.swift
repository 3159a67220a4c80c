internal import Arrangement
internal import Crystal
public import Report
internal import Search

extension AnnealResult {
  /// Averages of energies as a table: a row for every temperature.
  ///
  /// - Parameter limit: Rows at most, evenly chosen; the ends are among them.
  /// - Returns: The table.
  public func thermodynamicsTable(limit: Int = .max) -> Table {
    var table = Table(
      columns: [
        "T (K)", isOpen ? "E - Σμ N (eV)" : "energy (eV)", "error", "C (k_B/atom)", "error",
        "accepted (%)",
      ] + (isOpen ? ["inserted (%)"] : []) + ["exchanged (%)"])
    for average in shown(limit) {
      let capacity = heatCapacityPerAtom(average)
      var row = [
        fixed(average.temperature, 1), fixed(average.grandEnergy.mean, 4),
        AnnealResult.text(average.grandEnergy.error, 4), fixed(capacity.mean, 4),
        AnnealResult.text(capacity.error, 4), fixed(100 * average.acceptance, 1),
      ]
      if isOpen { row.append(AnnealResult.text(average.insertionAcceptance.map { 100 * $0 }, 1)) }
      row.append(AnnealResult.text(average.exchangeRate.map { 100 * $0 }, 1))
      table.append(row)
    }
    return table
  }

  /// Mean occupancies as a table: a row for every temperature, percent with errors.
  ///
  /// - Parameter limit: Rows at most, evenly chosen; the ends are among them.
  /// - Returns: The table.
  public func occupancyTable(limit: Int = .max) -> Table {
    let first = averages.first?.elementOccupancies ?? []
    var table = Table(
      title: "Mean occupancy (%)",
      columns: ["T (K)"] + first.map { "\($0.label) \($0.species.element.symbol)" })
    for average in shown(limit) {
      table.append(
        [fixed(average.temperature, 1)]
          + average.elementOccupancies.map { occupancy in
            let fraction = occupancy.fraction
            return fixed(100 * fraction.mean, 1)
              + (fraction.error.map { " ± \(fixed(100 * $0, 1))" } ?? " ± ?")
          })
    }
    return table
  }

  /// So many averages at most.
  func shown(_ limit: Int) -> [EquilibriumAverages] {
    let count = averages.count
    guard count > limit, limit > 1 else { return averages }
    return (0..<limit).map { averages[$0 * (count - 1) / (limit - 1)] }
  }

  /// Occupancies of the best arrangement as a table, in percent.
  public var bestOccupancyTable: Table {
    var table = Table(
      title: "Occupancy of the best arrangement (%)",
      columns: ["label", "sites"] + run.problem.elementsToArrange.map(\.symbol))
    guard let best = entries.first else { return table }
    for label in run.problem.occupancy(of: best.arrangement) {
      table.append(
        [label.label, "\(label.siteCount)"]
          + label.elements.map { fixed(100 * label.fraction(of: $0.element), 1) })
    }
    return table
  }

  /// The best arrangements as a table.
  public var bestTable: Table {
    let lowest = entries.first?.value ?? 0
    let value =
      objective != nil ? "objective" : isOpen ? "E - Σμ N above best (eV)" : "above best (eV)"
    var table = Table(
      title: "Best distinct arrangements",
      columns: ["rank", value, "energy (eV)", "degeneracy", "space group"]
        + (isOpen ? ["formula"] : []))
    for (index, entry) in entries.enumerated() {
      table.append(
        [
          "\(index + 1)", fixed(objective != nil ? entry.value : entry.value - lowest, 6),
          AnnealResult.text(energies[index], 6), "\(entry.degeneracy)", spaceGroups[index],
        ] + (isOpen ? ["\(structure(index).composition)"] : []))
    }
    return table
  }

  /// Short-range order of the best quasirandom structure beside its target, a row for every pair.
  ///
  /// - Parameter limit: Rows at most.
  /// - Returns: The table; pairs of like species, which follow from the others, are left out.
  public func targetTable(limit: Int = .max) -> Table {
    var table = Table(
      title: "Short-range order of the best arrangement",
      columns: ["shell", "distance (Å)", "sites", "pair", "target", "weight", "α"])
    for row in targetRows(limit: 1).filter({ !$0[5].isEmpty }).prefix(limit) {
      table.append(Array(row.dropFirst().dropLast()))
    }
    return table
  }

  /// What came of the search for quasirandom structures, or of the best arrangement.
  public var verdict: String {
    guard let best = entries.first else { return "no arrangement was found" }
    if objective != nil {
      return best.value <= SQSObjective.zero
        ? "every target is met: nothing can be better (round \(rounds))"
        : "objective \(fixed(best.value, 6)), last lowered in round \(lastImprovement) of \(rounds)"
    }
    let formula = isOpen ? " of \(structure(0).composition)" : ""
    let size = isOpen ? Double(max(1, structure(0).count)) : atoms
    return
      "lowest energy\(formula) \(fixed(best.energy, 6)) eV, \(fixed(best.energy / size, 6)) eV/atom, "
      + "last lowered in round \(lastImprovement) of \(rounds)"
  }

  /// C of an average in k_B per atom.
  func heatCapacityPerAtom(_ average: EquilibriumAverages) -> Estimate {
    // ⟨N⟩ = ⟨E⟩ / (⟨E⟩/⟨N⟩).
    let mean = average.energyPerAtom.mean
    let number = isOpen && mean != 0 ? average.energy.mean / mean : atoms
    return average.heatCapacity.scaled(by: 1 / (Constants.boltzmann * number))
  }

  /// A number of a table; empty if it is not known.
  static func text(_ value: Double?, _ digits: Int) -> String {
    value.map { fixed($0, digits) } ?? ""
  }
}
