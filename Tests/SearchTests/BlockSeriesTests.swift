import CellgenTestSupport
import Crystal
import Foundation
import Testing

@testable import Search

@Suite struct BlockSeriesTests {
  /// x(t+1) = ρ x(t) + √(1-ρ²) g, with unit variance.
  private func autoregressive(
    _ rho: Double, count: Int, seed: UInt64, _ body: (Double) -> Void
  ) {
    var stream = RandomStream(seed: seed, purpose: "autoregressive series")
    func normal() -> Double {
      (-2 * log(1 - stream.uniform())).squareRoot() * cos(2 * Double.pi * stream.uniform())
    }
    var x = normal()
    for _ in 0..<count {
      body(x)
      x = rho * x + (1 - rho * rho).squareRoot() * normal()
    }
  }

  // Variance of the mean of N values with autocorrelation ρ^t: (1/N)(1 + ρ)/(1 - ρ) for large N.
  @Test(
    "the error of an autoregressive series is the known one",
    arguments: [(0.0, 1 << 14), (0.5, 1 << 15), (0.9, 1 << 17), (0.98, 1 << 18), (0.98, 1 << 14)])
  func knownError(rho: Double, count: Int) throws {
    let expected = ((1 + rho) / (1 - rho) / Double(count)).squareRoot()
    var (squares, deviations) = (0.0, 0.0)
    let runs = 12
    for seed in 0..<UInt64(runs) {
      var series = BlockSeries(width: 1)
      autoregressive(rho, count: count, seed: seed) { series.append([$0]) }
      let estimate = series.estimate(0)
      #expect(estimate.isConverged)
      let error = try #require(estimate.error)
      // Of n blocks the error has itself an error of 1/√(2n); at least 8 blocks are used.
      #expect(error > 0.5 * expected && error < 1.6 * expected)
      #expect(abs(estimate.mean) < 5 * error)
      squares += error * error
      deviations += estimate.mean * estimate.mean / (error * error)
    }
    #expect(abs((squares / Double(runs)).squareRoot() / expected - 1) < 0.15)
    // Means scatter as their errors say: χ² of 12 degrees of freedom.
    #expect(deviations > 2 && deviations < 36)
  }

  @Test("a series shorter than its correlations is not converged")
  func tooShort() {
    var series = BlockSeries(width: 1)
    autoregressive(0.999, count: 1000, seed: 1) { series.append([$0]) }
    #expect(!series.estimate(0).isConverged)
    var single = BlockSeries(width: 1)
    #expect(single.estimate(0) == Estimate(mean: 0, error: nil, isConverged: false))
    single.append([3])
    #expect(single.estimate(0) == Estimate(mean: 3, error: nil, isConverged: false))
  }

  @Test("the mean is that of all values, and what never changes has no error")
  func constants() {
    var series = BlockSeries(width: 2)
    for k in 0..<1001 { series.append([Double(k), 0.1]) }
    #expect(abs(series.mean(0) - 500) < 1e-9)
    #expect(series.count == 1001 && series.blockLength == 4)
    let constant = series.estimate(1)
    #expect(abs(constant.mean - 0.1) < 1e-12 && constant.isConverged)
    #expect((constant.error ?? 1) < 1e-9)
  }

  // The variance of x is 1, and the variance of the estimate of a variance from N independent normal
  // values is 2/N.
  @Test("the jackknife gives the error of a variance")
  func jackknife() throws {
    var series = BlockSeries(width: 2)
    let count = 1 << 15
    autoregressive(0, count: count, seed: 3) { series.append([$0, $0 * $0]) }
    let variance = try #require(series.jackknife([0, 1]) { $0[1] - $0[0] * $0[0] })
    let error = try #require(variance.error)
    let expected = (2 / Double(count)).squareRoot()
    #expect(abs(error / expected - 1) < 0.35)
    #expect(abs(variance.mean - 1) < 5 * error)
    // Of a linear function it is the blocking error.
    let mean = try #require(series.jackknife([0]) { 3 * $0[0] })
    #expect(abs((mean.error ?? 0) - 3 * (series.estimate(0).error ?? 1)) < 1e-9)
    #expect(series.jackknife([0]) { _ in nil } == nil)
  }

  @Test("a series survives a round trip through JSON and goes on as before")
  func coding() throws {
    var series = BlockSeries(width: 1)
    autoregressive(0.5, count: 777, seed: 2) { series.append([$0]) }
    var copy = try JSONDecoder().decode(BlockSeries.self, from: JSONEncoder().encode(series))
    #expect(copy == series)
    autoregressive(0.5, count: 500, seed: 9) {
      series.append([$0])
      copy.append([$0])
    }
    #expect(copy == series)
  }

  @Test("numbers are packed into text and back to the last bit; other texts are refused")
  func packing() throws {
    let numbers: [Double] = [
      0, -0.0, 1, -1.5, .pi, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 1e-300,
    ]
    let data = try JSONEncoder().encode(PackedNumbers(numbers))
    #expect(data.count == 11 * numbers.count + 2)
    let back = try JSONDecoder().decode(PackedNumbers.self, from: data).values
    #expect(back.map(\.bitPattern) == numbers.map(\.bitPattern))
    for text in ["\"----------\"", "\"----------!\"", "\"---------é\"", "[1]"] {
      #expect(throws: DecodingError.self, "\(text)") {
        try JSONDecoder().decode(PackedNumbers.self, from: Data(text.utf8))
      }
    }
  }
}
