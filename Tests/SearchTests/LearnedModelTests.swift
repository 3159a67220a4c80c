import Arrangement
import Crystal
import Testing

@testable import Search

@Suite struct LearnedModelTests {
  /// Random arrangements with their features and an energy that is linear in them.
  private func points(
    _ space: SearchSpace, count: Int, noise: Double = 0
  ) throws -> (rows: [[Double]], energies: [Double]) {
    let features = try PairFeatures(space)
    var stream = RandomStream(seed: 11, purpose: "arrangements")
    var model = RandomStream(seed: 12, purpose: "coefficients")
    let rows = (0..<count).map { _ in
      features(space.problem.randomArrangement(using: &stream))
    }
    let coefficients = rows[0].map { _ in 0.1 * (model.uniform() - 0.5) }
    let energies = rows.map { row in
      zip(row, coefficients).reduce(-100 + noise * model.uniform()) { $0 + $1.0 * $1.1 }
    }
    return (rows, energies)
  }

  @Test(
    "a pair model is recovered from its energies, and unseen arrangements are predicted",
    arguments: [Sample.separate, .restricted, .skewed])
  func recovers(sample: Sample) throws {
    let (rows, energies) = try points(sample.space(), count: 250)
    let half = 200
    let model = try #require(RidgeRegression(Array(rows[..<half]), Array(energies[..<half])))
    #expect(model.spread > 0.1)
    #expect(model.crossValidatedError < 1e-6 * model.spread)
    for (row, energy) in zip(rows[half...], energies[half...]) {
      #expect(abs(model(row) - energy) < 1e-5 * model.spread)
    }
  }

  @Test("the cross-validated error is that of fits without each point")
  func crossValidation() throws {
    let (rows, energies) = try points(Sample.separate.space(), count: 120, noise: 1)
    let model = try #require(RidgeRegression(rows, energies))
    // Uniform noise of width 1 has a standard deviation of 0.29.
    #expect(model.crossValidatedError > 0.25 && model.crossValidatedError < 0.5)
    var sum = 0.0
    for left in rows.indices {
      var (x, y) = (rows, energies)
      x.remove(at: left)
      y.remove(at: left)
      let other = try #require(RidgeRegression(x, y))
      sum += (other(rows[left]) - energies[left]) * (other(rows[left]) - energies[left])
    }
    let direct = (sum / Double(rows.count)).squareRoot()
    #expect(abs(direct - model.crossValidatedError) < 0.1 * direct)
  }

  @Test("fewer points than features, and energies without structure, promise nothing")
  func nothingToLearn() throws {
    let (rows, _) = try points(Sample.restricted.space(), count: 12)
    var stream = RandomStream(seed: 3, purpose: "noise")
    let noise = rows.map { _ in stream.uniform() }
    if let model = RidgeRegression(rows, noise) {
      #expect(model.crossValidatedError > 0.8 * model.spread)
    }
    #expect(RidgeRegression(Array(rows[..<2]), Array(noise[..<2])) == nil)
    #expect(RidgeRegression(rows, rows.map { _ in -5 }) == nil, "all energies are equal")
  }

  @Test("features are the same for symmetry copies")
  func symmetry() throws {
    let space = try Sample.restricted.space()
    let features = try PairFeatures(space)
    var stream = RandomStream(seed: 1, purpose: "arrangements")
    for _ in 0..<20 {
      let arrangement = space.problem.randomArrangement(using: &stream)
      let copy = space.symmetry.canonicalForm(arrangement).arrangement
      let (a, b) = (features(arrangement), features(copy))
      #expect(a.dropFirst() == b.dropFirst())
      #expect(abs(a[0] - b[0]) < 1e-7)
    }
  }
}
