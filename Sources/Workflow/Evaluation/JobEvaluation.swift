internal import Arrangement
internal import Crystal
internal import Dynamics
internal import Energetics
internal import Engines
internal import Foundation
internal import Handoff
internal import StructureIO

/// Evaluates arrangements as calculations of another code, which run as jobs: a whole generation at once.
///
/// Each arrangement has a calculation folder named after its key, so that one that was calculated before, in
/// a run that was interrupted, is not calculated again.
struct JobEvaluation: Sendable {
  /// Which inputs, and how they run.
  let specification: JobSpecification
  private let writer: InputWriter

  /// The column that tells the site of each atom, in whatever order a code wants them.
  private static let siteColumn = "arrangement_site"

  /// Checks that inputs can be written for arrangements of a problem.
  ///
  /// - Parameters:
  ///   - specification: Which inputs.
  ///   - example: Any arrangement, with all elements of the problem.
  /// - Throws: ``InputError`` or ``InputErrors`` as `cellgen input` does.
  init(_ specification: JobSpecification, example: Structure) throws {
    self.specification = specification
    writer = try InputWriter(
      specification.input, elements: example.elementCounts.keys.sorted())
    _ = try writer.entry(JobEvaluation.source(example, name: "example"))
  }

  /// Calculates structures.
  ///
  /// - Parameters:
  ///   - items: Name and structure of each.
  ///   - folder: The folder of the run; calculations go into `calculations`, the record of their jobs into
  ///     `jobs`.
  ///   - isInterrupted: Asked several times a second.
  ///   - progress: Is told how many jobs have ended.
  /// - Returns: What came of each, in their order.
  /// - Throws: ``EngineError/interrupted`` if asked to stop; ``InputError`` if the scheduler refuses.
  func callAsFunction(
    _ items: [(name: String, structure: Structure)], in folder: OutputFolder,
    isInterrupted: () -> Bool, progress: (Int) -> Void
  ) throws -> [RelaxationOutcome] {
    guard !items.isEmpty else { return [] }
    let place = try OutputFolder(folder.file("calculations"), existing: .use)
    for (name, structure) in items where !place.has("\(name)/\(CalculationRecord.fileName)") {
      try InputWriter.write(writer.entry(JobEvaluation.source(structure, name: name)), to: place)
    }
    let outcomes = try runCalculations(
      items.map { place.file($0.name) }, settings: specification.jobs,
      record: folder.file("jobs"), interval: specification.interval,
      isInterrupted: isInterrupted
    ) { result in
      progress(result.total - result.left)
    }
    if isInterrupted(), outcomes.contains(where: { !$0.state.isFinal }) {
      throw EngineError.interrupted
    }
    return zip(items, outcomes).map { item, outcome in
      JobEvaluation.outcome(
        in: place.file(item.name), of: specification.code, ideal: item.structure, job: outcome)
    }
  }

  private static func source(_ structure: Structure, name: String) -> InputSource {
    var marked = structure
    marked.set(Column(siteColumn, .integer(Array(0..<structure.count))))
    return InputSource(id: name, file: "arrangement", digest: "", structure: marked)
  }

  /// What a calculation gave.
  private static func outcome(
    in path: String, of code: SimulationCode, ideal: Structure, job: SubmitResult.Outcome
  ) -> RelaxationOutcome {
    do {
      let folder = ResultFolder(path)
      guard let output = ResultReader.output(in: folder, of: code) else {
        return .failed(
          (["no output"] + job.lastLines.suffix(1)).joined(separator: ": "))
      }
      let result = try ResultReader.read(output, in: folder)
      guard let energy = result.energy, energy.isFinite else {
        return .failed(result.state.reason ?? "there is no energy in \(output.name)")
      }
      let record = try jsonValue(
        CalculationRecord.self, from: readText("\(path)/\(CalculationRecord.fileName)"))
      switch result.state {
      case .finished:
        return try record.relaxing == Calculation.Relaxing.none.rawValue
          ? .evaluated(energy: energy)
          : relaxed(result, energy, path, ideal, .converged)
      case .ionsNotConverged: return try relaxed(result, energy, path, ideal, .stepLimit)
      case .electronsNotConverged, .truncated, .failed:
        return .failed(result.state.reason ?? result.state.name)
      }
    } catch {
      return .failed("\(error)")
    }
  }

  private static func relaxed(
    _ result: CalculationResult, _ energy: Double, _ path: String, _ ideal: Structure,
    _ ending: Relaxation.Ending
  ) throws -> RelaxationOutcome {
    let reference = try StructureFile.read("\(path)/\(CalculationRecord.structureName)").structure
    let restored = RestoredStructure(result, reference: reference, parent: nil)
    guard let found = restored.structure,
      case .integer(let sites)? = found[column: siteColumn]?.values
    else {
      throw InputError(
        restored.problem?.reason ?? "the output has no atoms in the order of the input", at: path)
    }
    var positions = [SIMD3<Double>](repeating: .zero, count: sites.count)
    let atoms = ideal.species.indices.filter { !ideal.species[$0].isVacancy }
    let place = Dictionary(uniqueKeysWithValues: zip(atoms, 0...))
    for (n, site) in sites.enumerated() {
      guard let index = place[site] else {
        throw InputError("an atom stands on the empty site \(site)", at: path)
      }
      positions[index] = found.lattice.cartesian(found.positions[n]).components
    }
    return .relaxed(
      RelaxationOutcome.Relaxed(
        idealEnergy: nil, energy: energy, ending: ending, steps: result.ionicSteps ?? 0,
        configuration: Configuration(
          lattice: found.lattice, species: atoms.map { ideal.species[$0] },
          positions: positions)))
  }
}
