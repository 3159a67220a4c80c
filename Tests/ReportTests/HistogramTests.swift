import CellgenTestSupport
import Crystal
import Testing

@testable import Report

@Suite struct HistogramTests {
  private let names = ["Mg", "O"].compactMap { Element(symbol: $0) }

  private func chart(_ values: [[Double]]) -> HistogramChart {
    HistogramChart(
      series: zip(names, values).map { element, values in
        HistogramChart.Series(
          name: RichText(element.symbol), element: element, values: values, line: values.first)
      }, xTitle: RichText("Volume (Å^{3})"), yTitle: RichText("Fraction of atoms"))
  }

  @Test("every value is in a bin, and the fractions of a series add up to 1")
  func fractions() {
    var stream = RandomStream(seed: 1, purpose: "histogram")
    let values = (0..<500).map { _ in 8 + 3 * stream.uniform() }
    let histogram = chart([values, [9.5, 9.5, 10]])
    for series in histogram.series {
      let fractions = histogram.fractions(series)
      #expect((fractions.reduce(0, +) - 1).magnitude < 1e-12)
      #expect(fractions.count == histogram.bins.count)
    }
    let bins = histogram.bins
    #expect(bins.start <= values.min() ?? 0)
    #expect(bins.start + Double(bins.count) * bins.width >= values.max() ?? 0)
    #expect((20...80).contains(bins.count))
    // Two thirds of the second series are in the bin of 9.5.
    let bin = Int((9.5 - bins.start) / bins.width + 1e-9)
    #expect((histogram.fractions(histogram.series[1])[bin] - 2.0 / 3).magnitude < 1e-12)
  }

  @Test(
    "no values, equal ones and ones that are no numbers",
    arguments: [[], [3.0], [3, 3, 3], [.nan, 1], [0, 0], [-5, 1e6]])
  func degenerate(values: [Double]) {
    expectXML(chart([values, []]).svg())
  }

  @Test("the stored pictures")
  func golden() throws {
    var stream = RandomStream(seed: 2, purpose: "histogram")
    func bell(_ centre: Double) -> [Double] {
      (0..<300).map { _ in
        centre + stream.uniform() + stream.uniform() + stream.uniform() - 1.5
      }
    }
    let svg = chart([bell(9.4), bell(11)]).svg()
    expectXML(svg)
    try expectGolden(svg, "histogram.svg", in: dataFolder())
    var map = SphereMap(valueTitle: RichText("Disorder (plane spacings)")) { n in
      0.1 * n.x * n.x + 0.2 * n.y * n.y
    }
    map.marks = [SphereMap.Mark(direction: SIMD3(0, -1, 0), label: "max 0.20")]
    map.title = RichText("Mg")
    expectXML(map.svg())
    try expectGolden(map.svg(), "sphere.svg", in: dataFolder())
  }
}

@Suite struct SphereMapTests {
  @Test("the projection keeps areas, and places are places of their directions")
  func equalArea() throws {
    for (x, y) in [(0.0, 0.0), (0.3, -0.2), (-0.6, 0.7), (0.0, 0.999)] {
      let n = try #require(SphereMap.direction(x, y))
      #expect(((n * n).sum() - 1).magnitude < 1e-12)
      let place = SphereMap.place(2 * n)
      #expect((place.x - x).magnitude < 1e-9 && (place.y - y).magnitude < 1e-9)
      // The direction opposite to one is the same.
      let back = SphereMap.place(-n)
      #expect((back.x - x).magnitude < 1e-9 || n.z < 1e-9)
    }
    #expect(SphereMap.direction(0.8, 0.7) == nil)
    // A cap of height h has the part h of the half sphere, and of the disc.
    let n = 400
    var (cap, all) = (0, 0)
    for i in 0..<n {
      for j in 0..<n {
        let place = (2 * (Double(i) + 0.5) / Double(n) - 1, 2 * (Double(j) + 0.5) / Double(n) - 1)
        guard let direction = SphereMap.direction(place.0, place.1) else { continue }
        all += 1
        if direction.z > 0.7 { cap += 1 }
      }
    }
    #expect((Double(cap) / Double(all) - 0.3).magnitude < 2e-3)
  }

  @Test("a constant is drawn in one colour")
  func constant() {
    expectXML(SphereMap(valueTitle: RichText("x")) { _ in 0.25 }.svg())
  }
}
