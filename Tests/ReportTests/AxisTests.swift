import Testing

@testable import Report

@Suite struct AxisTests {
  @Test(
    "ticks are round and inside",
    arguments: [
      (0.0, 1.0, ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
      (-0.1, 0.03, ["−0.10", "−0.08", "−0.06", "−0.04", "−0.02", "0.00", "0.02"]),
      (0.0, 500.0, ["0", "100", "200", "300", "400", "500"]),
      (
        -8.05312, -8.05305,
        [
          "−8.05312", "−8.05311", "−8.05310", "−8.05309", "−8.05308", "−8.05307",
          "−8.05306", "−8.05305",
        ]
      ),
      (1e6, 6e6, ["1000000", "2000000", "3000000", "4000000", "5000000", "6000000"]),
    ])
  func ticks(lower: Double, upper: Double, expected: [String]) {
    #expect(Axis(from: lower, to: upper).ticks.map(\.text) == expected)
  }

  @Test(
    "no range makes an axis without width",
    arguments: [
      (0.0, 0.0), (-8, -8), (.nan, 1), (0, .infinity), (5, -5), (1e-300, 2e-300), (-1e308, 1e308),
    ])
  func degenerateRanges(lower: Double, upper: Double) {
    let axis = Axis(from: lower, to: upper)
    #expect(axis.lower < axis.upper)
    #expect(axis.ticks.count < 20)
    #expect(axis.ticks.allSatisfy { axis.fraction($0.value).isFinite })
  }
}
