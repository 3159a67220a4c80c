internal import Analysis
internal import Crystal
internal import Report

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Points of a curve that a figure can show.
private let figurePoints = 200

/// Every so-manieth index, so that no more than a figure shows are left.
private func thinned(_ count: Int) -> [Int] {
  let every = max(1, (count + figurePoints - 1) / figurePoints)
  return Array(stride(from: 0, to: count, by: every))
}

extension DiffusionOfTrajectory {
  /// Figures by name.
  var figures: [(name: String, svg: String)] {
    var figures = [
      ("msd", displacementFigure), ("van_hove_self", distanceFigure),
      ("non_gaussian", nonGaussianFigure),
    ]
    if let pairFigure { figures.append(("van_hove_distinct", pairFigure)) }
    if let chargeFigure { figures.append(("charge_displacement", chargeFigure)) }
    return figures
  }

  private func time(_ lag: Int) -> Double { Double(lag) * interval / 1000 }

  /// Lags that are shown: a little more than the window, where averages are good.
  private var shownLags: Int {
    let count = curves.species.first?.meanSquare.count ?? 0
    return min(count, max(4, Int(2 * window.to / interval) + 1))
  }

  /// Mean squared displacements with the lines of the fits.
  private var displacementFigure: String {
    var series: [LineChart.Series] = []
    for (curve, result) in zip(curves.species, species) {
      series.append(
        .init(
          name: RichText(plain: curve.element.symbol),
          points: thinned(shownLags).map { .init(x: time($0), y: curve.meanSquare[$0]) },
          element: curve.element, style: .curve))
      series.append(
        .init(
          name: RichText("fits"),
          points: [window.from, window.to].map {
            .init(x: $0 / 1000, y: result.intercept + 6 * result.tracer.value * $0)
          }, style: .dashes))
    }
    return LineChart(
      panels: [.init(title: RichText(plain: ""), series: series)], xTitle: RichText("Lag, ps"),
      yTitle: RichText("MSD, Å^{2}")
    ).svg()
  }

  private var distanceFigure: String {
    let panels = zip(curves.species, curves.distances).map { species, distances in
      // The tail of rare jumps goes on far beyond what can be seen.
      let last = distances.density.compactMap { $0.lastIndex { $0 > 0.002 } }.max() ?? 0
      return LineChart.Panel(
        title: RichText(plain: species.element.symbol),
        series: zip(distances.lags, distances.density).map { lag, density in
          .init(
            name: RichText(plain: "\(fixed(time(lag), 3)) ps"),
            points: (0...last).map {
              .init(x: (Double($0) + 0.5) * distances.binWidth, y: density[$0])
            }, style: .curve)
        })
    }
    return LineChart(
      panels: panels, xTitle: RichText("Distance moved, Å"),
      yTitle: RichText("4π/{r}^{2}/{G}_{s}, Å^{−1}")
    ).svg()
  }

  private var nonGaussianFigure: String {
    let series = zip(curves.species, curves.nonGaussian).map { species, distances in
      LineChart.Series(
        name: RichText(plain: species.element.symbol),
        points: zip(distances.lags, distances.nonGaussian).compactMap { lag, value in
          value.map { .init(x: time(lag), y: $0) }
        }, element: species.element)
    }
    var chart = LineChart(
      panels: [.init(title: RichText(plain: ""), series: series)], xTitle: RichText("Lag, ps"),
      yTitle: RichText("Non-Gaussian parameter α_{2}"))
    chart.scale = .logarithmic
    chart.yInclude = [0]
    return chart.svg()
  }

  private var pairFigure: String? {
    guard !curves.distinct.isEmpty else { return nil }
    let panels = zip(curves.species, curves.distinct).map { species, pairs in
      LineChart.Panel(
        title: RichText(plain: "\(species.element)–\(species.element)"),
        series: zip(pairs.lags, pairs.values).map { lag, values in
          .init(
            name: RichText(plain: "\(fixed(time(lag), 3)) ps"),
            points: values.enumerated().map {
              .init(x: (Double($0) + 0.5) * pairs.binWidth, y: $1)
            }, style: .curve)
        })
    }
    return LineChart(
      panels: panels, xTitle: RichText("/{r}, Å"), yTitle: RichText("/{g}_{d}(/{r}, /{t})")
    ).svg()
  }

  private var chargeFigure: String? {
    guard !curves.charge.isEmpty else { return nil }
    let series = curves.charge.map { curve in
      LineChart.Series(
        name: RichText(plain: curve.name.replacing("-", with: "–")),
        points: thinned(shownLags).map { .init(x: time($0), y: curve.values[$0]) }, style: .curve)
    }
    return LineChart(
      panels: [.init(title: RichText(plain: ""), series: series)], xTitle: RichText("Lag, ps"),
      yTitle: RichText("Collective squared displacement, Å^{2} /{e}^{2}")
    ).svg()
  }
}

extension DiffusionResult {
  /// Diffusion coefficients over reciprocal temperature with the lines of the fits.
  var arrheniusFigure: String {
    var series: [LineChart.Series] = []
    for entry in arrhenius {
      let element = Element(symbol: entry.name)
      series.append(
        .init(
          name: RichText(plain: entry.name),
          points: entry.fit.points.map { point in
            .init(
              x: 1000 / point.temperature, y: log10(point.diffusivity),
              error: point.error.map { $0 / point.diffusivity / log(10) })
          }, element: element, style: .points))
      let places = entry.fit.points.map { 1000 / $0.temperature } + [1000 / specification.target]
      if let low = places.min(), let high = places.max() {
        series.append(
          .init(
            name: RichText(
              plain: "\(entry.name): \(fixed(1000 * entry.fit.activationEnergy, 0)) meV"),
            points: [low, high].map {
              .init(x: $0, y: log10(entry.fit.diffusivity(at: 1000 / $0).value))
            },
            element: element, style: .dashes))
      }
    }
    return LineChart(
      panels: [.init(title: RichText(plain: ""), series: series)],
      xTitle: RichText("1000 K / /{T}"), yTitle: RichText("log_{10} (/{D} / cm^{2} s^{−1})")
    ).svg()
  }
}
