internal import Arrangement
public import Report

/// What the evaluations of whole structures in a search came to.
public struct EvaluationSummary: Sendable {
  /// Which evaluations.
  public let specification: EvaluationSpecification

  /// What the energies can tell and what they cannot.
  public let caveat: String

  /// Numbers for other programs.
  public let figures: Figures

  /// The best arrangements with where their atoms went.
  let best: [ArrangementEvaluation]

  /// Numbers for other programs.
  public struct Figures: Codable, Hashable, Sendable {
    /// What moved before the energy counted.
    public var relaxing: EvaluationSpecification.Relaxing
    /// Distinct arrangements that were evaluated.
    public var evaluated: Int
    /// Relaxations that ended before all criteria held.
    public var not_converged: Int
    /// Arrangements without an energy.
    public var failed: [Failure]
  }

  /// An arrangement without an energy.
  public struct Failure: Codable, Hashable, Sendable {
    /// Its key in the record.
    public var canonical_key: String
    /// Why there is none.
    public var reason: String
  }

  /// One sentence.
  public var text: String {
    var text = "\(figures.evaluated) distinct arrangements evaluated"
    if figures.not_converged > 0 {
      text += ", \(figures.not_converged) of them not relaxed to the end"
    }
    if !figures.failed.isEmpty { text += ", \(figures.failed.count) FAILED" }
    return text
  }

  /// The arrangements without an energy; nil if there are none.
  public var failedTable: Table? {
    guard !figures.failed.isEmpty else { return nil }
    var table = Table(title: "Arrangements without an energy", columns: ["key", "reason"])
    for failure in figures.failed { table.append([failure.canonical_key, failure.reason]) }
    return table
  }
}

extension ArrangementEvaluator {
  /// What has come of evaluations.
  ///
  /// - Parameters:
  ///   - keys: Evaluated arrangements that count; nil for all that are known.
  ///   - best: Evaluated arrangements whose atoms are wanted.
  /// - Returns: Numbers and atoms.
  /// - Throws: ``InputError`` if the record cannot be read.
  func summary(
    of keys: [ArrangementKey]? = nil, best: [ArrangementKey]
  ) throws -> EvaluationSummary {
    let all = (keys.map { Set($0).compactMap { known[$0] } } ?? Array(known.values))
      .sorted { $0.key.description < $1.key.description }
    return EvaluationSummary(
      specification: model.specification, caveat: model.caveat,
      figures: EvaluationSummary.Figures(
        relaxing: model.specification.relaxing, evaluated: all.count,
        not_converged: all.count { $0.ending == .stepLimit || $0.ending == .stalled },
        failed: all.filter { $0.energy == nil }.map {
          EvaluationSummary.Failure(
            canonical_key: $0.key.description, reason: $0.reason ?? "")
        }), best: try best.compactMap(complete))
  }
}
