import CellgenTestSupport
import Crystal
import Testing

@testable import Report

@Suite struct ChartTests {
  @Test func chartsAreTheStoredOnes() throws {
    let charts = [
      ("convergence.svg", Samples.convergence(generations: 60, individuals: 12).svg()),
      ("occupancy.svg", try Samples.occupancy().svg()), ("hull.svg", Samples.hull().svg()),
      ("voltage.svg", Samples.voltage().svg()), ("lines.svg", try Samples.lines().svg()),
      ("errors.svg", Samples.errors().svg()),
    ]
    for (name, svg) in charts {
      expectXML(svg)
      try expectGolden(svg, name, in: dataFolder())
    }
  }

  @Test func twelveThousandIndividualsStayBelowAMegabyte() {
    let chart = Samples.convergence(generations: 500, individuals: 24)
    let svg = chart.svg()
    expectXML(svg)
    #expect(chart.individuals.count == 12_000)
    #expect(svg.utf8.count < 400_000)
    #expect(svg.contains("12\u{2009}000 individuals"))
    #expect(svg == chart.svg())
    // Spread out as far as they can be.
    var random = RandomStream(seed: 2, purpose: "crosses")
    let spread = ConvergenceChart(
      individuals: (0..<12_000).map {
        ConvergenceChart.Individual(generation: $0 / 24, energy: random.uniform())
      })
    #expect(spread.svg().utf8.count < 1_000_000)
  }

  @Test func theLowestEnergySoFarNeverRises() {
    let best = Samples.convergence(generations: 40, individuals: 5).best
    #expect(best.count == 40)
    #expect(zip(best, best.dropFirst()).allSatisfy { $0.energy >= $1.energy })
  }

  @Test(
    "without points, with one, with equal ones and with ones that are no numbers",
    arguments: [
      [], [-8.0], [-8.0, -8.0, -8.0], [.nan, .infinity, -8], [.nan], [1e300, -1e300, 0], [0, 0],
    ])
  func degenerateCharts(values: [Double]) {
    expectXML(
      ConvergenceChart(
        individuals: values.map { ConvergenceChart.Individual(generation: 0, energy: $0) }
      ).svg())
    expectXML(
      HullChart(
        points: values.map {
          HullChart.Point(
            x: $0, energy: $0, aboveHull: $0, isStable: $0 == -8, label: RichText("a < b & c"))
        }, xTitle: RichText("x")
      ).svg())
    expectXML(
      VoltageChart(
        steps: values.map { VoltageChart.Step(from: 0, to: $0, voltage: $0) },
        xTitle: RichText("x"), yTitle: RichText("V"), mean: values.first,
        capacityPerIon: values.first.map(\.magnitude)
      ).svg())
    expectXML(
      OccupancyChart(
        panels: [
          OccupancyChart.Panel(
            label: "8a",
            bars: [OccupancyChart.Bar(name: "0", shares: values.map { (.vacancy, $0) })])
        ], xTitle: RichText("x")
      ).svg())
    for scale in [LineChart.Scale.linear, .logarithmic] {
      var chart = LineChart(
        panels: [
          LineChart.Panel(
            title: RichText("<8a>"),
            series: [
              LineChart.Series(
                name: RichText("a & b"),
                points: values.map { LineChart.Point(x: $0.magnitude, y: $0, error: $0) })
            ])
        ], xTitle: RichText("x"), yTitle: RichText("y"))
      chart.scale = scale
      expectXML(chart.svg())
    }
    expectXML(LineChart(panels: [], xTitle: RichText("x"), yTitle: RichText("y")).svg())
  }

  @Test("every curve has a colour and a place in the legend, every known error its bar")
  func curves() throws {
    let (elements, text) = expectXML(try Samples.lines().svg())
    for name in ["Mg", "Zn", "vacancy", "8a", "16d"] { #expect(text.contains(name)) }
    // Points of five curves and of three names in the legend.
    #expect(elements["circle"] == 5 * 7 + 3)
    let many = LineChart(
      panels: [
        LineChart.Panel(
          title: RichText(""),
          series: (0..<20).map { k in
            LineChart.Series(
              name: RichText(plain: "curve \(k)"), points: [.init(x: 1, y: Double(k))])
          })
      ], xTitle: RichText("x"), yTitle: RichText("y"))
    let (_, names) = expectXML(many.svg())
    #expect((0..<20).allSatisfy { names.contains("curve \($0)") })
    // Two points have bars of three lines; one error is hidden by its point, one is not known.
    let bars = Samples.errors().svg().matches(of: /stroke-width="1\.2"/)
    #expect(bars.count == 6)
  }

  @Test func emptyAndLargeOccupancyCharts() {
    expectXML(OccupancyChart(panels: [], xTitle: RichText("")).svg())
    expectXML(
      OccupancyChart(
        panels: [OccupancyChart.Panel(label: "<8a>", bars: [])], xTitle: RichText("")
      ).svg())
    let many = OccupancyChart(
      panels: (0..<30).map { panel in
        OccupancyChart.Panel(
          label: "\(panel)",
          bars: (0..<50).map { OccupancyChart.Bar(name: "\($0)", shares: [(.oxygen, 1.4)]) })
      }, xTitle: RichText("/{x}"))
    expectXML(many.svg())
  }

  @Test func labelsAppearWithSubscripts() {
    let svg = Samples.hull().svg()
    let (elements, text) = expectXML(svg)
    #expect(text.contains("Mg1/6ZnMnO3"))
    #expect(text.contains("Mg61/72ZnMnO3"))
    #expect(elements["circle"] == 12)
    #expect(svg.contains("ZnMnO<tspan dy=\"3\" font-size=\"8.64\">3</tspan>"))
  }

  @Test(arguments: 0..<10 as Range<UInt64>)
  func everyElementHasAColourOfItsOwn(seed: UInt64) throws {
    var random = RandomStream(seed: seed, purpose: "colours")
    var all = Array(Element.all.prefix(40))
    random.shuffle(&all)
    let elements = all.prefix(12) + [.vacancy]
    let colours = Palette.colours(of: Array(elements))
    #expect(Set(colours.values).count == elements.count)
    let magnesium = try #require(Element(symbol: "Mg"))
    #expect(Palette.colours(of: [magnesium])[magnesium] == "#E69F00")
    #expect(Palette.colours(of: Element.all)[magnesium] == "#E69F00")
    #expect(Palette.viridis(0) == "#440154")
    #expect(Palette.viridis(1) == "#FDE725")
    #expect(Palette.viridis(.nan) == "#440154")
  }
}
