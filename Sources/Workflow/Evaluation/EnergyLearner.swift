internal import Arrangement
internal import Search

/// A lattice model that is fitted to the energies of whole structures as they arrive.
final class EnergyLearner {
  /// The fit; nil before there are energies that differ.
  private(set) var model: RidgeRegression?

  private let features: PairFeatures
  private var rows: [ArrangementKey: [Double]] = [:]

  init(_ space: SearchSpace) throws {
    features = try PairFeatures(space)
  }

  /// Fits the model to all evaluations that have an energy.
  ///
  /// - Parameter evaluations: In an order that depends on nothing else.
  func learn(from evaluations: [ArrangementEvaluation]) {
    var (x, y): ([[Double]], [Double]) = ([], [])
    for evaluation in evaluations {
      guard let energy = evaluation.energy else { continue }
      let row = rows[evaluation.key] ?? features(evaluation.genes)
      rows[evaluation.key] = row
      x.append(row)
      y.append(energy)
    }
    model = RidgeRegression(x, y)
  }

  /// The estimated energy of an arrangement, eV per cell; nil while the model is no better than the mean
  /// of all energies.
  func estimate(_ arrangement: [UInt8]) -> Double? {
    guard let model, model.crossValidatedError < model.spread else { return nil }
    return model(features(arrangement))
  }
}

/// How well the learned model did after a generation.
public struct LearningFigures: Codable, Hashable, Sendable {
  /// The generation.
  public var generation: Int
  /// Arrangements that it was fitted to.
  public var points: Int
  /// Root mean square error for arrangements left out of the fit, meV/atom.
  public var cross_validated_error_meV_per_atom: Double
  /// Standard deviation of the energies, meV/atom.
  public var spread_meV_per_atom: Double

  /// Whether it predicts better than the mean of all energies.
  public var isUseful: Bool { cross_validated_error_meV_per_atom < spread_meV_per_atom }

  init(generation: Int, points: Int, error: Double, spread: Double) {
    self.generation = generation
    self.points = points
    cross_validated_error_meV_per_atom = error
    spread_meV_per_atom = spread
  }

  init?(_ model: RidgeRegression?, generation: Int, atoms: Int) {
    guard let model else { return nil }
    let scale = 1000 / Double(atoms)
    self.init(
      generation: generation, points: model.count, error: scale * model.crossValidatedError,
      spread: scale * model.spread)
  }
}
