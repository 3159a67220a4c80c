internal import Arrangement
public import Crystal

/// Averages over the ensemble at one temperature, with their errors.
public struct EquilibriumAverages: Sendable {
  /// K.
  public let temperature: Double

  /// Number of measurements.
  public let measurements: Int

  /// Energy, eV per cell.
  public let energy: Estimate

  /// Energy, eV per atom; with chemical potentials ⟨E⟩/⟨N⟩.
  public let energyPerAtom: Estimate

  /// Ω = E - Σ μ N, eV per cell; the energy where the composition is fixed.
  public let grandEnergy: Estimate

  /// Heat capacity per cell, eV/K.
  ///
  ///     C = (⟨Ω²⟩ - ⟨Ω⟩²) / (k T²) = d⟨Ω⟩/dT
  ///
  /// at fixed composition, where Ω is the energy, or at fixed chemical potentials.
  public let heatCapacity: Estimate

  /// The fraction of the active sites of each label that have a species.
  public let occupancies: [Occupancy]

  /// The same by element: states of one element are added up.
  public let elementOccupancies: [Occupancy]

  /// Atoms in the cell by element, those on fixed sites left out; empty for a fixed composition.
  public let amounts: [Amount]

  /// Short-range order; empty if none was measured.
  public let shortRangeOrder: [ShortRangeOrder]

  /// Accepted part of the exchanges of sites; pairs of equal species count as rejected.
  public let acceptance: Double

  /// Accepted part of the moves that change the composition; nil where it is fixed.
  public let insertionAcceptance: Double?

  /// Accepted part of the exchanges with the next higher temperature; nil for the highest.
  public let exchangeRate: Double?

  /// Mean occupancy of the sites of a label.
  public struct Occupancy: Sendable {
    /// The label, such as `16d`.
    public let label: String
    /// What sits there; without an oxidation state where an element is meant.
    public let species: Species
    /// Fraction of the active sites of the label, from 0 to 1.
    public let fraction: Estimate
  }

  /// Mean number of atoms of an element.
  public struct Amount: Sendable {
    /// The element.
    public let element: Element
    /// Atoms on the active sites of the cell.
    public let number: Estimate
  }

  /// Mean short-range order of two species in a shell.
  public struct ShortRangeOrder: Sendable {
    /// Index into ``ShellTable/shells``.
    public let shell: Int
    /// Mean distance of the shell, Å.
    public let distance: Double
    /// Names of the two groups of sites.
    public let groups: (first: String, second: String)
    /// Species on the site of the first group.
    public let first: Species
    /// Species on the site of the second group.
    public let second: Species
    /// The order parameter α = 1 - ⟨P⟩/(⟨c⟩⟨c⟩), see ``WarrenCowley``; nil where a species does not
    /// occur.
    public let alpha: Estimate?
  }

  /// Quantities whose error is not known, in words: the run is too short for them.
  public var uncertainQuantities: [String] {
    var names: [String] = []
    if !energy.isConverged { names.append("energy") }
    if !heatCapacity.isConverged { names.append("heat capacity") }
    if occupancies.contains(where: { !$0.fraction.isConverged }) { names.append("occupancies") }
    if shortRangeOrder.contains(where: { $0.alpha?.isConverged == false }) {
      names.append("short-range order")
    }
    return names
  }

  /// Sentences about averages whose error is not known, for the user.
  public var warnings: [String] {
    let names = uncertainQuantities
    if names.isEmpty { return [] }
    return [
      "at \(fixed(temperature, 1)) K the run is too short for the errors of "
        + names.joined(separator: ", ")
    ]
  }
}

extension ParallelTempering {
  /// What makes the averages of a state doubtful, one sentence each, for the user.
  public func warnings(_ state: State) -> [String] {
    averages(state).flatMap(\.warnings) + exchangeWarnings(state)
  }

  /// What hinders the exchange of temperatures, one sentence each, for the user.
  public func exchangeWarnings(_ state: State) -> [String] {
    var warnings: [String] = []
    for i in temperatures.indices.dropLast() {
      guard let rate = state.history.rate(i), rate < ParallelTempering.rareExchange else {
        continue
      }
      warnings.append(
        "only \(fixed(100 * rate, 1)) % of the exchanges between \(fixed(temperatures[i], 1)) K and "
          + "\(fixed(temperatures[i + 1], 1)) K are accepted: put a temperature in between")
    }
    if temperatures.count > 1, state.history.roundTrips.allSatisfy({ $0 == 0 }) {
      warnings.append(
        "no replica has gone from the highest temperature to the lowest and back: low temperatures "
          + "may not be in equilibrium")
    }
    return warnings
  }

  /// Exchanges of temperatures that are accepted less often than this hold a run up.
  static let rareExchange = 0.05

  /// The averages of a run so far, lowest temperature first; those of a temperature without any
  /// measurement are its last arrangement's, and not converged.
  public func averages(_ state: State) -> [EquilibriumAverages] {
    temperatures.indices.map { averages(state, at: $0) }
  }

  private func averages(_ state: State, at index: Int) -> EquilibriumAverages {
    let replica = state.replicas[index]
    var series = replica.series
    if series.count == 0 {
      var sums = Measurement.EnergySums()
      sums.add(
        energy: replica.energy - state.reference,
        grandEnergy: ensemble.grandEnergy(replica.arrangement, energy: replica.energy)
          - state.reference)
      series.append(measurement.row(replica.arrangement, sums))
    }
    let temperature = temperatures[index]
    let scale = 1 / (Constants.boltzmann * temperature * temperature)
    let unknown = Estimate(mean: 0, error: nil, isConverged: false)
    let energy = series.estimate(Measurement.energy).scaled(by: 1, shift: state.reference)
    let perAtom = series.jackknife([Measurement.energy, Measurement.atoms]) {
      $0[1] > 0 ? ($0[0] + state.reference) / $0[1] : nil
    }
    let heatCapacity = series.jackknife(
      [Measurement.grandEnergy, Measurement.grandEnergySquared]
    ) { max(0, $0[1] - $0[0] * $0[0]) * scale }
    let tally = replica.exchanges
    let insertions = replica.insertions
    return EquilibriumAverages(
      temperature: temperature, measurements: replica.series.count, energy: energy,
      energyPerAtom: perAtom ?? unknown,
      grandEnergy: series.estimate(Measurement.grandEnergy)
        .scaled(by: 1, shift: state.reference),
      heatCapacity: heatCapacity ?? unknown, occupancies: occupancies(series),
      elementOccupancies: elementOccupancies(series), amounts: amounts(series),
      shortRangeOrder: shortRangeOrder(series),
      acceptance: tally.tried > 0 ? Double(tally.accepted) / Double(tally.tried) : 0,
      insertionAcceptance: insertions.tried > 0
        ? Double(insertions.accepted) / Double(insertions.tried) : nil,
      exchangeRate: index + 1 < temperatures.count ? state.history.rate(index) : nil)
  }

  private func occupancies(_ series: BlockSeries) -> [EquilibriumAverages.Occupancy] {
    let problem = ensemble.space.problem
    return measurement.labels.enumerated().flatMap { l, label in
      allowedSpecies(label.sites).map { s in
        EquilibriumAverages.Occupancy(
          label: label.name, species: problem.species[s],
          fraction: series.estimate(measurement.occupancy(label: l, species: s)))
      }
    }
  }

  private func elementOccupancies(_ series: BlockSeries) -> [EquilibriumAverages.Occupancy] {
    let problem = ensemble.space.problem
    return measurement.labels.enumerated().flatMap { l, label in
      problem.elementsToArrange.compactMap { element in
        let states = allowedSpecies(label.sites).filter { problem.species[$0].element == element }
        let columns = states.map { measurement.occupancy(label: l, species: $0) }
        let fraction =
          columns.count == 1
          ? series.estimate(columns[0]) : series.jackknife(columns) { $0.reduce(0, +) }
        guard !states.isEmpty, let fraction else { return nil }
        return EquilibriumAverages.Occupancy(
          label: label.name, species: element.isVacancy ? .vacancy : Species(element),
          fraction: fraction)
      }
    }
  }

  private func amounts(_ series: BlockSeries) -> [EquilibriumAverages.Amount] {
    let problem = ensemble.space.problem
    guard ensemble.moves != nil else { return [] }
    return problem.elementsToArrange.filter { !$0.isVacancy }.compactMap { element in
      var (columns, sites): ([Int], [Double]) = ([], [])
      for (l, label) in measurement.labels.enumerated() {
        for s in allowedSpecies(label.sites) where problem.species[s].element == element {
          columns.append(measurement.occupancy(label: l, species: s))
          sites.append(Double(label.sites.count))
        }
      }
      let number = series.jackknife(columns) { means in
        zip(means, sites).reduce(0) { $0 + $1.0 * $1.1 }
      }
      return number.map { EquilibriumAverages.Amount(element: element, number: $0) }
    }
  }

  /// Species that some of the sites allow.
  private func allowedSpecies(_ sites: [Int]) -> [Int] {
    let problem = ensemble.space.problem
    let mask = sites.reduce(into: UInt32(0)) { $0 |= problem.allowed[$1] }
    return problem.species.indices.filter { mask >> UInt32($0) & 1 == 1 }
  }

  private func shortRangeOrder(_ series: BlockSeries) -> [EquilibriumAverages.ShortRangeOrder] {
    guard let order else { return [] }
    let groups = order.table.groups
    return order.terms.enumerated().map { k, term in
      let shell = order.table.shells[term.shell]
      let alpha = series.jackknife([
        measurement.pairFraction(term: k),
        measurement.composition(group: shell.first, species: term.first),
        measurement.composition(group: shell.second, species: term.second),
      ]) { means in
        let product = means[1] * means[2]
        return product > 0 ? 1 - means[0] / product : nil
      }
      return EquilibriumAverages.ShortRangeOrder(
        shell: term.shell, distance: shell.distance,
        groups: (groups[shell.first].name, groups[shell.second].name),
        first: order.species[term.first], second: order.species[term.second], alpha: alpha)
    }
  }
}
