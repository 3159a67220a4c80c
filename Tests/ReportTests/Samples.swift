import Crystal

@testable import Report

/// Charts with made-up data that looks like the real thing.
enum Samples {
  static func convergence(generations: Int = 500, individuals: Int = 24) -> ConvergenceChart {
    var random = RandomStream(seed: 1, purpose: "convergence chart")
    var points: [ConvergenceChart.Individual] = []
    var best = -7.1
    for generation in 0..<generations {
      best -= (best + 8.0531) * 0.045 * random.uniform()
      for _ in 0..<individuals {
        let noise = -0.06 * (1 + 12.0 / Double(generation + 4)) * (0.02 + random.uniform())
        points.append(
          ConvergenceChart.Individual(
            generation: generation,
            energy: best - noise + (generation < 2 ? 4 * random.uniform() : 0)))
      }
    }
    return ConvergenceChart(
      individuals: points,
      title: RichText(formula: "Mg0.5ZnMnO3") + RichText(plain: " (1584 atoms)"))
  }

  // Occupancies in the manner of published ones, made up.
  static func occupancy() throws -> OccupancyChart {
    let names = ["0", "0.16", "0.25", "0.33", "0.50", "0.68", "0.84", "1.0"]
    let kinds = try ["Mg", "Zn", "Mn"].map { symbol in
      guard let element = Element(symbol: symbol) else { throw InputError("no \(symbol)") }
      return element
    }
    func panel(_ label: String, _ table: [[Double]]) -> OccupancyChart.Panel {
      OccupancyChart.Panel(
        label: label,
        bars: zip(names, table).map { name, row in
          OccupancyChart.Bar(
            name: name,
            shares: zip(kinds + [.vacancy], row + [1 - row.reduce(0, +)]).map { ($0, $1) })
        })
    }
    return OccupancyChart(
      panels: [
        panel(
          "8a",
          [
            [0, 0.75, 0.10], [0.03, 0.85, 0.08], [0.05, 0.88, 0.07], [0.06, 0.70, 0.07],
            [0.05, 0.46, 0.08], [0.04, 0.25, 0.07], [0.03, 0.12, 0.06], [0.01, 0.04, 0.04],
          ]),
        panel(
          "16c",
          [
            [0, 0, 0], [0, 0.01, 0], [0, 0, 0], [0.05, 0.08, 0.02], [0.15, 0.20, 0.05],
            [0.28, 0.33, 0.08], [0.38, 0.40, 0.12], [0.46, 0.42, 0.12],
          ]),
        panel(
          "16d",
          [
            [0, 0.29, 0.62], [0.10, 0.25, 0.63], [0.14, 0.22, 0.64], [0.13, 0.23, 0.63],
            [0.16, 0.24, 0.60], [0.17, 0.24, 0.58], [0.19, 0.24, 0.57], [0.21, 0.23, 0.56],
          ]),
      ], xTitle: RichText("/{x} in Mg_{x}ZnMnO_{3}"))
  }

  static func hull() -> HullChart {
    let data: [(x: Double, energy: Double, above: Double, name: String)] = [
      (0, 0, 0, "ZnMnO3"), (1.0 / 6, -0.0658, 0, "Mg1/6ZnMnO3"), (0.25, -0.0895, 0, "Mg0.25ZnMnO3"),
      (1.0 / 3, -0.0544, 24.9, ""), (0.5, -0.0116, 47.9, ""), (49.0 / 72, -0.0162, 23.4, ""),
      (61.0 / 72, -0.0222, 0, "Mg61/72ZnMnO3"), (1, 0, 0, "MgZnMnO3"),
      (0.5, 0.012, 71.5, ""), (0.25, -0.061, 28.5, ""), (0, 0.018, 18, ""), (1, 0.02, 20, ""),
    ]
    return HullChart(
      points: data.map {
        HullChart.Point(
          x: $0.x, energy: $0.energy, aboveHull: $0.above, isStable: $0.above == 0,
          label: RichText(formula: $0.name))
      }, xTitle: RichText("/{x} in Mg_{x}ZnMnO_{3}"))
  }

  static func voltage() -> VoltageChart {
    VoltageChart(
      steps: [
        VoltageChart.Step(from: 0, to: 1.0 / 6, voltage: 3.22),
        VoltageChart.Step(from: 1.0 / 6, to: 0.25, voltage: 2.98),
        VoltageChart.Step(from: 0.25, to: 61.0 / 72, voltage: 1.9153),
        VoltageChart.Step(from: 61.0 / 72, to: 1, voltage: 1.7745),
      ], xTitle: RichText("/{x} in Mg_{x}ZnMnO_{3}"),
      yTitle: RichText("Voltage vs Mg/Mg^{2+} (V)"), mean: 2.2, capacityPerIon: 278.5)
  }

  // Occupancies over temperatures that span two decades, made up.
  static func lines() throws -> LineChart {
    guard let mg = Element(symbol: "Mg"), let zn = Element(symbol: "Zn") else {
      throw InputError("no such element")
    }
    let temperatures: [Double] = [300, 600, 1200, 2400, 4800, 9600, 19200]
    func series(_ name: String, _ element: Element, _ value: (Double) -> Double) -> LineChart.Series
    {
      LineChart.Series(
        name: RichText(plain: name),
        points: temperatures.map {
          LineChart.Point(x: $0, y: value($0), error: 300 / $0.squareRoot())
        },
        element: element)
    }
    var chart = LineChart(
      panels: [
        LineChart.Panel(
          title: RichText("8a"),
          series: [
            series("Mg", mg) { 50 * $0 / ($0 + 2000) },
            series("Zn", zn) { 100 - 50 * $0 / ($0 + 2000) },
          ]),
        LineChart.Panel(
          title: RichText("16d"),
          series: [
            series("Mg", mg) { 50 - 25 * $0 / ($0 + 2000) },
            series("Zn", zn) { 25 * $0 / ($0 + 2000) },
            series("vacancy", .vacancy) { _ in 50 },
          ]),
      ], xTitle: RichText("Temperature (K)"), yTitle: RichText("Occupancy (%)"))
    chart.scale = .logarithmic
    chart.yInclude = [0, 100]
    return chart
  }

  /// Large errors, one that its point hides, and one that is not known.
  static func errors() -> LineChart {
    LineChart(
      panels: [
        LineChart.Panel(
          title: RichText(formula: "Mg4Mn16O32"),
          series: [
            LineChart.Series(
              name: RichText(""),
              points: [
                .init(x: 300, y: 0.1, error: 1e-6), .init(x: 600, y: 2.6, error: 0.7),
                .init(x: 1200, y: 0.8, error: 0.2), .init(x: 2400, y: 0.1),
              ])
          ])
      ], xTitle: RichText("Temperature (K)"), yTitle: RichText("Heat capacity (k per atom)"))
  }
}
