internal import Arrangement
internal import Crystal
public import Report
internal import Search

extension AnnealResult {
  /// What the temperatures mean.
  public static let temperatureCaveat =
    "the ions neither relax nor screen each other in this model: energy differences, and with them "
    + "temperatures of ordering, come out too high; compare with each other, not with a furnace"

  /// The page with everything.
  func report(_ figures: [Figure]) -> HTMLReport {
    let specification = run.specification
    var values = [
      ("Cell", "\(run.problem.composition), \(run.problem.atomCount) atoms"),
      ("Active sites", "\(run.problem.activeSites.count)"), ("Result", verdict),
      ("Proposals", "\(evaluations) in \(rounds) rounds"), ("Seed", "\(specification.seed)"),
    ]
    if objective == nil {
      values.append(
        (
          "Temperatures",
          "\(averages.count), each \(specification.equilibration) rounds of \(specification.sweeps) "
            + "sweeps before the averages and \(specification.rounds) during them"
        ))
      values.append(("Replica exchange", "\(roundTrips) round trips"))
      for (symbol, value) in specification.chemicalPotentials.sorted(by: { $0.key < $1.key }) {
        values.append(("Chemical potential of \(symbol)", "\(value) eV"))
      }
    }
    if energies.contains(where: { $0 != nil }) {
      values.append(("Energy model", run.energy.caveat))
    }
    if objective == nil { values.append(("Temperatures mean", AnnealResult.temperatureCaveat)) }
    var parts: [HTMLReport.Part] = [.values(values)]
    parts += warnings.map { .note($0) }
    if objective == nil {
      parts += [.heading("Equilibrium"), .table(thermodynamicsTable()), .table(occupancyTable())]
      if let table = amountTable() { parts.append(.table(table)) }
    } else {
      parts += [.heading("Short-range order"), .table(targetTable())]
    }
    parts += figures.map { .figure(svg: $0.svg, caption: $0.caption) }
    parts += [
      .heading("Best arrangements"), .table(bestTable), .table(bestOccupancyTable),
    ]
    if !entries.isEmpty, let scene = StructureScene(structure(0)) {
      parts.append(.structure(scene, caption: RichText("The first of them on its ideal sites.")))
    }
    parts += evaluated?.parts ?? []
    parts += [
      .heading("Charges"), .table(run.problem.ledgerTable),
    ]
    let title = objective == nil ? "Equilibrium of" : "Quasirandom structures of"
    return HTMLReport(
      title: "\(title) \(run.problem.composition)", subtitle: "cellgen \(cellgenVersion)",
      parts: parts)
  }

  /// Mean numbers of atoms where the composition changes; nil otherwise.
  ///
  /// - Parameter limit: Rows at most, evenly chosen; the ends are among them.
  /// - Returns: The table.
  public func amountTable(limit: Int = .max) -> Table? {
    guard isOpen, let first = averages.first else { return nil }
    var table = Table(
      title: "Mean number of atoms on the active sites",
      columns: ["T (K)"] + first.amounts.map(\.element.symbol))
    for average in shown(limit) {
      table.append(
        [fixed(average.temperature, 1)]
          + average.amounts.map { amount in
            fixed(amount.number.mean, 2)
              + (amount.number.error.map { " ± \(fixed($0, 2))" } ?? " ± ?")
          })
    }
    return table
  }
}
