internal import Arrangement
internal import Crystal
public import Search
internal import Symmetry

/// What an anneal found: equilibrium averages and low arrangements, or quasirandom structures.
public struct AnnealResult: Sendable {
  /// The run.
  public let run: AnnealRun

  /// The best distinct arrangements, best first.
  public let entries: [DistinctCollection.Entry]

  /// Energy of each, eV per cell; nil where there is no energy model for the species.
  public let energies: [Double?]

  /// Space group of each, as spglib finds it in the atoms.
  public let spaceGroups: [String]

  /// Averages at each temperature, lowest first; empty for quasirandom structures.
  public let averages: [EquilibriumAverages]

  /// What the search for quasirandom structures minimised; nil for a run at temperatures.
  public let objective: SQSObjective?

  /// Proposals in all rounds.
  public let evaluations: Int

  /// Arrangements offered for the list of the best that were symmetry copies of one in it.
  public let duplicates: Int

  /// Rounds done.
  public let rounds: Int

  /// The round in which the best arrangement appeared.
  public let lastImprovement: Int

  /// Walks of a replica from the highest temperature to the lowest and back.
  public let roundTrips: Int

  /// What makes the results doubtful, one sentence each; those of the run come first.
  public let warnings: [String]

  /// The best evaluated again as whole structures; nil if not asked for.
  public internal(set) var evaluated: EvaluatedRanking?

  init(
    _ run: AnnealRun, _ tempering: ParallelTempering, _ state: ParallelTempering.State,
    notes: [String]
  ) {
    self.run = run
    entries = state.collection.entries
    energies = entries.map(\.energy)
    averages = tempering.averages(state)
    objective = nil
    evaluations = state.evaluations
    duplicates = state.collection.duplicates
    rounds = state.round
    lastImprovement = state.lastImprovement
    roundTrips = state.history.roundTrips.reduce(0, +)
    warnings =
      run.warnings + notes + AnnealResult.shortness(averages, run.specification)
      + AnnealResult.fullOrEmpty(averages, run) + tempering.exchangeWarnings(state)
      + (roundTrips == 0 && run.specification.temperatures.count > 1
        ? ["with --lowest in place of --temperatures they are chosen up to where everything moves"]
        : [])
    spaceGroups = AnnealResult.spaceGroups(run.problem, entries)
  }

  init(_ run: AnnealRun, _ search: SQSSearch, _ state: SQSSearch.State, space: SearchSpace?) {
    self.run = run
    entries = state.collection.entries
    energies = entries.map { space?.energy($0.arrangement) }
    averages = []
    objective = search.objective
    evaluations = state.evaluations
    duplicates = state.collection.duplicates
    rounds = state.round
    lastImprovement = state.lastImprovement
    roundTrips = state.history.roundTrips.reduce(0, +)
    warnings = run.warnings
    spaceGroups = AnnealResult.spaceGroups(run.problem, entries)
  }

  /// Elements of a reservoir of which there are none, or no others, at all temperatures.
  private static func fullOrEmpty(_ averages: [EquilibriumAverages], _ run: AnnealRun) -> [String] {
    run.specification.chemicalPotentials.keys.sorted().compactMap { symbol in
      let numbers = averages.flatMap(\.amounts).filter { $0.element.symbol == symbol }
        .map(\.number.mean)
      guard let first = numbers.first, numbers.allSatisfy({ ($0 - first).magnitude < 1e-6 }) else {
        return nil
      }
      return "the number of \(symbol) is \(fixed(first, 2)) at every temperature: "
        + "\(first < 1e-6 ? "raise" : "lower or raise") its chemical potential; where the number "
        + "changes it is the difference of the lowest energies of two compositions, per \(symbol)"
    }
  }

  private static func spaceGroups(
    _ problem: ArrangementProblem, _ entries: [DistinctCollection.Entry]
  ) -> [String] {
    entries.map { entry in
      let atoms = problem.structure(of: entry.arrangement).withoutVacancies()
      guard let found = try? SymmetryDataset(atoms) else { return "?" }
      return "\(found.symbol) (\(found.number))"
    }
  }

  /// One sentence for each set of quantities whose errors are not known, with all temperatures.
  private static func shortness(
    _ averages: [EquilibriumAverages], _ specification: AnnealSpecification
  ) -> [String] {
    var places: [(quantities: [String], temperatures: [Double])] = []
    for average in averages {
      let quantities = average.uncertainQuantities
      if quantities.isEmpty { continue }
      if let known = places.firstIndex(where: { $0.quantities == quantities }) {
        places[known].temperatures.append(average.temperature)
      } else {
        places.append((quantities, [average.temperature]))
      }
    }
    return places.map { quantities, temperatures in
      let list =
        temperatures.count <= 6
        ? temperatures.map { fixed($0, 1) }.joined(separator: ", ") + " K"
        : "\(temperatures.count) of \(averages.count) temperatures, "
          + "\(fixed(temperatures[0], 1)) K to \(fixed(temperatures[temperatures.count - 1], 1)) K"
      return
        "the run is too short for the errors of \(quantities.joined(separator: ", ")) at \(list): "
        + "they are lower bounds; go on with --resume and --rounds \(4 * specification.rounds)"
    }
  }

  /// Atoms in the cell; with chemical potentials of the problem as it is written.
  var atoms: Double { Double(max(1, run.problem.atomCount)) }

  /// Whether the composition changes.
  var isOpen: Bool { !run.specification.chemicalPotentials.isEmpty }

  /// The structure of an entry, species in groups, with what is known about it.
  func structure(_ index: Int) -> Structure {
    let entry = entries[index]
    var structure = run.problem.structure(of: entry.arrangement).withoutVacancies()
    structure.title = "\(structure.composition)"
    if let energy = energies[index] {
      structure.info = [
        Structure.InfoEntry("energy_eV", "\(energy)"),
        Structure.InfoEntry("energy_model", run.energy.rawValue),
      ]
    }
    if isOpen { structure.info.append(Structure.InfoEntry("grand_energy_eV", "\(entry.value)")) }
    if objective != nil {
      structure.info.append(Structure.InfoEntry("objective", "\(entry.value)"))
    }
    structure.info.append(Structure.InfoEntry("degeneracy", "\(entry.degeneracy)"))
    return structure.groupedBySpecies()
  }

  /// What a species is called in tables: the symbol, with its charge if the element has several.
  func name(_ species: Species) -> String {
    let states = run.problem.species.count { $0.element == species.element }
    return states > 1 ? "\(species)" : species.element.symbol
  }
}
