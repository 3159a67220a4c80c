internal import Arrangement
internal import Crystal
internal import Engines
internal import Search

extension AnnealRun {
  /// Does all rounds, or those that are left, and writes all results into a folder.
  ///
  /// - Parameters:
  ///   - folder: New, or the one that is resumed.
  ///   - threads: Temperatures at the same time; no effect on any result.
  ///   - announce: Called with what is worth saying before the first round, one sentence each.
  ///   - progress: Called after every round.
  ///   - evaluated: Is told how many of how many structures are evaluated.
  ///   - shouldStop: Asked after every round; true ends the run with ``Interrupted``.
  /// - Returns: The result as it stands in `summary.json`.
  /// - Throws: ``InputError`` if a file cannot be written or read, ``Interrupted`` if asked to stop.
  public func callAsFunction(
    in folder: OutputFolder, threads: Int, announce: (String) -> Void = { _ in },
    progress: (Progress) -> Void = { _ in }, evaluated: (Int, Int) -> Void = { _, _ in },
    shouldStop: @escaping () -> Bool = { false }
  ) async throws -> AnnealResult {
    var manifest = Manifest(
      cellgen: cellgenVersion, command: "anneal", specification: specification,
      seed: specification.seed, inputs: inputs, started: timestamp())
    let clock = ContinuousClock()
    let began = clock.now
    let stored = try AnnealState(in: folder)
    try stored?.check(self, folder)
    try folder.write(jsonText(manifest), to: OutputFolder.manifestName)
    try folder.write(problemText, to: AnnealRun.problemName)

    var result: AnnealResult
    switch method {
    case .tempering(let ensemble, let shells):
      let state = try await begin(ensemble, stored, threads: threads)
      if specification.temperatures.isEmpty {
        announce(
          "\(state.temperatures.count) temperatures from \(fixed(state.temperatures[0], 1)) K to "
            + "\(fixed(state.temperatures[state.temperatures.count - 1], 1)) K, chosen from trial "
            + "moves.")
      }
      for note in state.notes { announce("note: \(note)") }
      let tempering = try tempering(ensemble, shells, state.temperatures)
      let start = state.tempering ?? tempering.start()
      try tempering.check(start)
      let atoms = Double(max(1, problem.atomCount))
      let last = try await follow(
        start, next: { await tempering.next(after: $0, threads: threads) },
        status: { state in
          Status(
            round: state.round, isFinished: tempering.isFinished(state),
            best: state.collection.entries.first.map { $0.value / atoms },
            evaluations: state.evaluations)
        },
        save: {
          try AnnealState(temperatures: state.temperatures, notes: state.notes, tempering: $0)
            .write(to: folder)
        }, progress: progress, shouldStop: shouldStop)
      result = AnnealResult(self, tempering, last, notes: state.notes)
    case .quasirandom(let search, let space):
      let start = stored?.quasirandom ?? search.start()
      try search.check(start)
      let last = try await follow(
        start, next: { await search.next(after: $0, threads: threads) },
        status: { state in
          Status(
            round: state.round,
            isFinished: state.isSolved || state.round >= specification.rounds,
            best: state.collection.entries.first?.value, evaluations: state.evaluations)
        }, save: { try AnnealState(quasirandom: $0).write(to: folder) }, progress: progress,
        shouldStop: shouldStop)
      result = AnnealResult(self, search, last, space: space)
    }
    if let model {
      // Programs may fail after hours: what the rounds came to is there before.
      try result.write(to: folder)
      do {
        result.evaluated = try EvaluatedRanking(
          problem, model, result.entries.map { ($0.arrangement, $0.energy) }, in: folder,
          threads: threads, announce: announce, progress: evaluated, isInterrupted: shouldStop)
      } catch EngineError.interrupted {
        throw Interrupted(round: result.rounds)
      }
    }
    try result.write(to: folder)
    manifest.wall_s = (clock.now - began) / .seconds(1)
    manifest.finished = timestamp()
    try folder.write(jsonText(manifest), to: OutputFolder.manifestName)
    return result
  }

  /// The temperatures, and the state before the first round or where the run was left.
  private func begin(
    _ ensemble: Ensemble, _ stored: AnnealState?, threads: Int
  ) async throws -> AnnealState {
    if let stored { return stored }
    if !specification.temperatures.isEmpty {
      return AnnealState(temperatures: specification.temperatures)
    }
    let ladder = try await TemperatureLadder(
      ensemble, limits: specification.ladder, threads: threads)
    return AnnealState(temperatures: ladder.temperatures, notes: ladder.notes)
  }

  private func tempering(
    _ ensemble: Ensemble, _ shells: ShellTable?, _ temperatures: [Double]
  ) throws -> ParallelTempering {
    var parameters = ParallelTempering.Parameters()
    parameters.sweepsPerRound = specification.sweeps
    parameters.equilibrationRounds = specification.equilibration
    parameters.measurementRounds = specification.rounds
    parameters.collected = specification.top
    return try ParallelTempering(
      ensemble, temperatures: temperatures, parameters: parameters, seed: specification.seed,
      shells: shells)
  }

  /// What a state has come to.
  private struct Status {
    var round: Int
    var isFinished: Bool
    var best: Double?
    var evaluations: Int
  }

  /// Rounds of the whole run.
  var totalRounds: Int {
    specification.rounds + (specification.objective == .energy ? specification.equilibration : 0)
  }

  /// Does rounds until the last, and writes down every few seconds what it takes to go on.
  private func follow<State: Sendable>(
    _ start: State, next: (State) async -> State, status: (State) -> Status,
    save: (State) throws -> Void, progress: (Progress) -> Void, shouldStop: () -> Bool
  ) async throws -> State {
    let clock = ContinuousClock()
    let (began, first) = (clock.now, status(start))
    var state = start
    // Saving may take its time for large states: at most a twentieth of all.
    var (saved, pause) = (clock.now, Duration.seconds(5))
    func store(_ state: State) throws {
      let before = clock.now
      try save(state)
      saved = clock.now
      pause = max(.seconds(5), (saved - before) * 20)
    }
    try store(state)
    while true {
      let now = status(state)
      let seconds = max(1e-6, (clock.now - began) / .seconds(1))
      let done = Double(now.round - first.round)
      progress(
        Progress(
          round: now.round, rounds: totalRounds,
          isEquilibrating: specification.objective == .energy
            && now.round < specification.equilibration,
          best: now.best, evaluations: now.evaluations,
          rate: Double(now.evaluations - first.evaluations) / seconds,
          timeLeft: done > 0 ? seconds / done * Double(totalRounds - now.round) : .nan))
      if now.isFinished { break }
      if shouldStop() {
        try store(state)
        throw Interrupted(round: now.round)
      }
      if clock.now - saved > pause { try store(state) }
      state = await next(state)
    }
    // Kept: more rounds may follow.
    try store(state)
    return state
  }
}
