internal import Arrangement
internal import Crystal
internal import Engines
public import Report
internal import StructureIO
internal import Symmetry

/// The lowest arrangements in the lattice energy, evaluated again as whole structures, in both orders.
public struct EvaluatedRanking: Sendable {
  /// What the evaluations came to.
  public let summary: EvaluationSummary

  private let problem: ArrangementProblem
  private let latticeEnergies: [Double]

  /// Indices of the arrangements by evaluated energy, those without one at the end.
  private let order: [Int]

  /// Evaluates arrangements; what a record in the folder knows is not evaluated again.
  ///
  /// - Parameters:
  ///   - problem: What was arranged.
  ///   - model: What gives the energies.
  ///   - entries: Arrangements with their lattice energies, eV, lowest first.
  ///   - folder: Where the record `run.sqlite` is, or will be.
  ///   - threads: Built-in models evaluated at the same time; no effect on any result.
  ///   - announce: Is told how the programs of an engine connect, if people start them.
  ///   - progress: Is told how many of how many structures are done.
  ///   - isInterrupted: Whether the work should end; asked several times a second.
  /// - Throws: ``InputError`` if the engine fails altogether, ``EngineError/interrupted`` if asked to
  ///   stop.
  init(
    _ problem: ArrangementProblem, _ model: EvaluationModel,
    _ entries: [(arrangement: [UInt8], energy: Double)], in folder: OutputFolder, threads: Int,
    announce: (String) -> Void, progress: (Int, Int) -> Void,
    isInterrupted: @escaping () -> Bool
  ) throws {
    let database = try RecordDatabase(path: folder.file("run.sqlite"))
    let evaluator = try ArrangementEvaluator(
      problem, model, record: EvaluationRecord(database), in: folder, threads: threads,
      isInterrupted: isInterrupted, announce: announce)
    let symmetry = try ProblemSymmetry(problem)
    let forms = entries.map { symmetry.canonicalForm($0.arrangement) }
    do {
      _ = try evaluator(
        forms.map { (genes: $0.arrangement, key: $0.key) }, progress: progress)
    } catch let error as EngineError where error != .interrupted {
      throw InputError(
        "\(error)", at: "--engine", hint: "what was evaluated is recorded: go on with --resume")
    }
    self.problem = problem
    latticeEnergies = entries.map(\.energy)
    let summary = try evaluator.summary(of: forms.map(\.key), best: forms.map(\.key))
    self.summary = summary
    order = summary.best.indices.sorted {
      (summary.best[$0].fitness, $0) < (summary.best[$1].fitness, $1)
    }
    try database.finish()
  }

  private var atoms: Double { Double(problem.atomCount) }

  private var lowest: Double { order.first.map { summary.best[$0].fitness } ?? 0 }

  /// Both orders as a table.
  ///
  /// - Parameter limit: Rows at most.
  /// - Returns: A row per arrangement, lowest evaluated energy first.
  public func table(limit: Int = 50) -> Table {
    var table = Table(
      title: "Evaluated: \(summary.specification.description)",
      columns: [
        "rank", "lattice rank", "energy (eV)", "eV/atom", "above lowest (eV)",
        "lattice, above lowest (eV)", "",
      ])
    for (rank, index) in order.prefix(limit).enumerated() {
      let evaluation = summary.best[index]
      let lattice = fixed(latticeEnergies[index] - (latticeEnergies.first ?? 0), 4)
      guard let energy = evaluation.energy else {
        table.append(["", "\(index + 1)", "", "", "", lattice, "failed"])
        continue
      }
      let remark =
        switch evaluation.ending {
        case .stepLimit, .stalled: "not relaxed to the end"
        case .ideal, .converged, .failed: ""
        }
      table.append([
        "\(rank + 1)", "\(index + 1)", fixed(energy, 6), fixed(energy / atoms, 6),
        fixed(energy - lowest, 4), lattice, remark,
      ])
    }
    return table
  }

  private static let header =
    GAResult.energyHeader + [
      "rank", "lattice_rank", "lattice_energy_eV", "ideal_energy_eV", "ending", "steps", "reason",
    ]

  /// Writes `evaluated.csv`, those with an energy as `energies.csv`, and the relaxed structures, named
  /// after their place in the lattice energy.
  func write(to folder: OutputFolder) throws {
    var rows: [[String]] = []
    for (rank, index) in order.enumerated() {
      let evaluation = summary.best[index]
      let ideal = problem.structure(of: evaluation.genes)
      var name = "structures/\(GAResult.fileName(index))"
      if index < RankResult.structureLimit, let relaxed = try evaluation.relaxedStructure(ideal) {
        name += GAResult.relaxedSuffix
        var atoms = relaxed.withoutVacancies()
        atoms.title = "\(problem.composition)"
        atoms.info = [
          Structure.InfoEntry("energy_eV", "\(evaluation.fitness)"),
          Structure.InfoEntry("energy_model", summary.specification.name),
        ]
        try folder.write(atoms.groupedBySpecies(), named: name)
      }
      func text(_ value: Double?) -> String { value.map { "\($0)" } ?? "" }
      rows.append([
        GAResult.fileName(index), "\(problem.composition)", "\(problem.atomCount)",
        text(evaluation.energy), text(evaluation.energy.map { $0 / atoms }),
        summary.specification.description,
        index < RankResult.structureLimit ? "\(name).extxyz" : "",
        evaluation.energy == nil ? "" : "\(rank + 1)", "\(index + 1)",
        "\(latticeEnergies[index])", text(evaluation.idealEnergy), evaluation.ending.rawValue,
        "\(evaluation.steps)", evaluation.reason ?? "",
      ])
    }
    try folder.write(csvText(header: EvaluatedRanking.header, rows: rows), to: "evaluated.csv")
    let energies = zip(order, rows).filter { summary.best[$0.0].energy != nil }.map {
      Array($0.1.prefix(GAResult.energyHeader.count))
    }
    try folder.write(csvText(header: GAResult.energyHeader, rows: energies), to: "energies.csv")
  }

  /// Both orders for a report.
  var parts: [HTMLReport.Part] {
    [.heading("Evaluated as whole structures"), .table(table(limit: 200))]
      + (summary.failedTable.map { [.table($0)] } ?? [])
      + [.note("\(summary.text). \(summary.caveat)")]
  }

  /// Both orders for other programs.
  ///
  /// - Parameter place: Put before the names of structure files.
  /// - Returns: One object.
  func json(_ place: String) -> JSONValue {
    .object([
      "model": .text(summary.specification.name),
      "relaxing": .text(summary.specification.relaxing.rawValue),
      "evaluated": .integer(summary.figures.evaluated),
      "not_converged": .integer(summary.figures.not_converged),
      "structures": .array(
        order.map { index in
          let evaluation = summary.best[index]
          let isWritten = evaluation.relaxed != nil && index < RankResult.structureLimit
          return .object([
            "lattice_rank": .integer(index + 1), "energy_eV": .optional(evaluation.energy),
            "energy_eV_per_atom": .optional(evaluation.energy.map { $0 / atoms }),
            "ideal_energy_eV": .optional(evaluation.idealEnergy),
            "lattice_energy_eV": .real(latticeEnergies[index]),
            "ending": .text(evaluation.ending.rawValue), "steps": .integer(evaluation.steps),
            "reason": .optional(evaluation.reason),
            "relaxed_structure": .optional(
              isWritten
                ? "\(place)structures/\(GAResult.fileName(index))\(GAResult.relaxedSuffix).extxyz"
                : nil),
          ])
        }),
    ])
  }
}
