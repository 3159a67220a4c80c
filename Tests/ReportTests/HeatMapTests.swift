import CellgenTestSupport
import Crystal
import Testing

@testable import Report

@Suite struct HeatMapTests {
  /// Two Gaussian peaks on a plane of 8 × 6 Å.
  static func sample() -> HeatMap {
    let (columns, rows) = (40, 30)
    let values = (0..<(columns * rows)).map { index in
      let (x, y) = (0.2 * (Double(index % columns) + 0.5), 0.2 * (Double(index / columns) + 0.5))
      func peak(_ a: Double, _ b: Double, _ height: Double) -> Double {
        let square = (x - a) * (x - a) + (y - b) * (y - b)
        // A rational peak has the same value on every platform.
        return height / ((1 + square) * (1 + square))
      }
      return peak(2, 2, 0.008) + peak(5.5, 4, 0.005)
    }
    var map = HeatMap(
      values: values, columns: columns, xRange: 0...8, yRange: 0...6, xTitle: RichText("/{x}, Å"),
      yTitle: RichText("/{y}, Å"), valueTitle: RichText("Density, Å^{−3}"))
    map.title = RichText("Mg, /{z} = 0.125 /{c}")
    map.levels = [0.0025]
    map.marks = [
      HeatMap.Mark(x: 2, y: 2, label: "8a"), HeatMap.Mark(x: 5.5, y: 4, label: "16c"),
      HeatMap.Mark(x: 7.95, y: 5.95, label: "48f"),
    ]
    return map
  }

  @Test func theMapIsTheStoredOne() throws {
    let svg = HeatMapTests.sample().svg()
    expectXML(svg)
    try expectGolden(svg, "heatmap.svg", in: dataFolder())
  }

  @Test("the contour of a slope is a line at the level")
  func contour() {
    // value = column + 0.5 at the centres of ten columns: the level 5 lies at x = 5.
    let values = (0..<50).map { Double($0 % 10) + 0.5 }
    let map = HeatMap(
      values: values, columns: 10, xRange: 0...10, yRange: 0...5, xTitle: RichText("x"),
      yTitle: RichText("y"), valueTitle: RichText("v"))
    let frame = PlotFrame(
      left: 0, top: 0, width: 100, height: 50, xAxis: Axis(from: 0, to: 10),
      yAxis: Axis(from: 0, to: 5))
    #expect(
      map.contour(5, frame)
        == "M50 45L50 35M50 35L50 25M50 25L50 15M50 15L50 5")
    #expect(map.contour(20, frame).isEmpty)
  }

  @Test(
    "maps of one value, of equal values, and of values that are no numbers are drawn",
    arguments: [[0.0], [.nan], [1, 1, 1, 1], [.nan, 1, .infinity, -1], [-1e300, 1e300]])
  func degenerate(values: [Double]) {
    var map = HeatMap(
      values: values, columns: values.count > 2 ? 2 : 1, xRange: 0...1, yRange: 0...100,
      xTitle: RichText("x"), yTitle: RichText("y"), valueTitle: RichText("a < b"))
    map.levels = [0.5]
    expectXML(map.svg())
  }

  @Test("a million values of few shades stay below a megabyte")
  func size() {
    let values = (0..<1_000_000).map { (index: Int) -> Double in
      let (row, column) = index.quotientAndRemainder(dividingBy: 1000)
      return Double(row / 20 + column / 20)
    }
    let map = HeatMap(
      values: values, columns: 1000, xRange: 0...1, yRange: 0...1, xTitle: RichText("x"),
      yTitle: RichText("y"), valueTitle: RichText("v"))
    #expect(map.svg().utf8.count < 2_000_000)
  }
}
