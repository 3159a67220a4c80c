internal import Crystal
internal import Search

/// What an anneal goes on from.
struct AnnealState: Codable, Sendable {
  /// The temperatures, lowest first, K; empty for quasirandom structures.
  var temperatures: [Double] = []

  /// What is to be told about their choice, one sentence each.
  var notes: [String] = []

  /// The state of a run at temperatures; nil before the first round.
  var tempering: ParallelTempering.State?

  /// The state of a search for quasirandom structures.
  var quasirandom: SQSSearch.State?

  static let name = "state.json"
}

extension AnnealState {
  /// The state in a folder; nil if there is none.
  ///
  /// - Throws: ``InputError`` if the file is damaged.
  init?(in folder: OutputFolder) throws {
    guard folder.has(AnnealState.name) else { return nil }
    let text = try folder.read(AnnealState.name)
    do {
      self = try jsonValue(AnnealState.self, from: text)
    } catch {
      throw InputError(
        "the state of the run is damaged", at: folder.file(AnnealState.name),
        hint: "remove this file to begin again with the first round")
    }
  }

  /// Writes the state, as a whole or not at all.
  func write(to folder: OutputFolder) throws {
    try folder.write(compactJSON(self), to: AnnealState.name)
  }

  /// Checks that the state belongs to a run and that the run does not end before it.
  func check(_ run: AnnealRun, _ folder: OutputFolder) throws(InputError) {
    let isEnergy = run.specification.objective == .energy
    let hasTemperatures = isEnergy ? !temperatures.isEmpty : quasirandom != nil
    let given = run.specification.temperatures
    guard hasTemperatures, given.isEmpty || given == temperatures else {
      throw InputError(
        "the state is not of this run", at: folder.file(AnnealState.name),
        hint: "manifest.json and state.json must come from one run")
    }
    let done = (tempering?.round ?? quasirandom?.round ?? 0)
    guard done <= run.totalRounds else {
      let least = done - (isEnergy ? run.specification.equilibration : 0)
      throw InputError(
        "\(run.specification.rounds) rounds, but the run has done \(least) already", at: "--rounds",
        hint: "give \(least) or more")
    }
  }
}
