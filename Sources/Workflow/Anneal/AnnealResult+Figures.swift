internal import Arrangement
internal import Crystal
internal import Report
internal import Search

extension AnnealResult {
  /// A figure with its name and the text below it.
  struct Figure {
    var name: String
    var svg: String
    var caption: RichText
  }

  /// The figures, in the order of the report.
  func figures() -> [Figure] {
    if objective != nil { return [targetFigure()] }
    return [energyFigure(), capacityFigure(), occupancyFigure()]
      + (run.specification.shells > 0 ? [orderFigure()] : [])
  }

  private func chart(_ panels: [LineChart.Panel], _ yTitle: String) -> LineChart {
    var chart = LineChart(
      panels: panels, xTitle: RichText("Temperature (K)"), yTitle: RichText(yTitle))
    let temperatures = averages.map(\.temperature)
    // Temperatures that were chosen span decades.
    if let least = temperatures.min(), let most = temperatures.max(), most > 8 * least {
      chart.scale = .logarithmic
    }
    return chart
  }

  private func points(_ value: (EquilibriumAverages) -> Estimate?) -> [LineChart.Point] {
    averages.compactMap { average in
      value(average).map { LineChart.Point(x: average.temperature, y: $0.mean, error: $0.error) }
    }
  }

  private var heading: RichText { RichText(formula: "\(run.problem.composition)") }

  private func energyFigure() -> Figure {
    let lowest = entries.first?.value ?? 0
    let scale = isOpen ? 1 : 1000 / atoms
    let series = LineChart.Series(
      name: RichText(""), points: points { $0.grandEnergy.scaled(by: scale, shift: -lowest) })
    let chart = chart(
      [LineChart.Panel(title: heading, series: [series])],
      isOpen ? "Ω above the lowest (eV per cell)" : "Energy above the lowest (meV/atom)")
    return Figure(
      name: "energy", svg: chart.svg(),
      caption: RichText(
        isOpen
          ? "Mean of Ω = E − Σ μ N above that of the best arrangement."
          : "Mean energy above that of the best arrangement found."))
  }

  private func capacityFigure() -> Figure {
    let series = LineChart.Series(name: RichText(""), points: points(heatCapacityPerAtom))
    let chart = chart(
      [LineChart.Panel(title: heading, series: [series])],
      "Heat capacity (k per atom)")
    return Figure(
      name: "heat_capacity", svg: chart.svg(),
      caption: RichText(
        "Heat capacity of the arrangement, without vibrations, in units of Boltzmann’s constant."))
  }

  private func occupancyFigure() -> Figure {
    var labels: [String] = []
    for occupancy in averages.first?.elementOccupancies ?? []
    where !labels.contains(occupancy.label) { labels.append(occupancy.label) }
    let elements = run.problem.elementsToArrange
    var chart = chart(
      labels.map { label in
        LineChart.Panel(
          title: RichText(plain: label),
          series: elements.compactMap { element in
            let points = points { average in
              average.elementOccupancies.first {
                $0.label == label && $0.species.element == element
              }?.fraction.scaled(by: 100)
            }
            if points.isEmpty { return nil }
            return LineChart.Series(
              name: RichText(plain: element.isVacancy ? "vacancy" : element.symbol),
              points: points, element: element)
          })
      }, "Occupancy (%)")
    chart.yInclude = [0, 100]
    return Figure(
      name: "occupancy", svg: chart.svg(),
      caption: RichText("Mean occupancy of the sites of each label, with standard errors."))
  }

  /// Curves per panel at most.
  private static let curveLimit = 8

  private func orderFigure() -> Figure {
    let first = averages.first?.shortRangeOrder ?? []
    // Pairs of unlike species; all shells if they are few, else the nearest of each pair of labels.
    let unlike = first.indices.filter {
      first[$0].first != first[$0].second && first[$0].alpha != nil
    }
    var panels: [(title: String, terms: [Int])] = []
    for k in unlike {
      let title = "\(first[k].groups.first)–\(first[k].groups.second)"
      if let known = panels.firstIndex(where: { $0.title == title }) {
        panels[known].terms.append(k)
      } else {
        panels.append((title, [k]))
      }
    }
    let areFew = panels.count == 1 && unlike.count <= AnnealResult.curveLimit
    let chart = chart(
      panels.map { panel in
        let nearest = panel.terms.map { first[$0].shell }.min()
        var terms = panel.terms.filter { areFew || first[$0].shell == nearest }
        if terms.count > AnnealResult.curveLimit {
          // The strongest at the lowest temperature.
          terms.sort {
            (first[$0].alpha?.mean.magnitude ?? 0, $1) > (first[$1].alpha?.mean.magnitude ?? 0, $0)
          }
          terms = terms.prefix(AnnealResult.curveLimit).sorted()
        }
        let distance = terms.first.map { first[$0].distance } ?? 0
        return LineChart.Panel(
          title: RichText(
            plain: panel.title + (areFew ? "" : ", \(fixed(distance, 2)) Å")),
          series: terms.map { k in
            let pair = "\(name(first[k].first))–\(name(first[k].second))"
            return LineChart.Series(
              name: RichText(
                plain: areFew ? "\(pair), \(fixed(first[k].distance, 2)) Å" : pair),
              points: points { $0.shortRangeOrder[k].alpha })
          })
      }, "Short-range order α")
    return Figure(
      name: "short_range_order", svg: withZero(chart).svg(),
      caption: RichText(
        plain:
          "Warren–Cowley parameters, relative to the composition of all sites that exchange: 0 without "
          + "order, negative where a pair is preferred. The first species of a pair sits on the first "
          + "label"
          + (areFew ? "." : "; nearest shell of each pair of labels.")))
  }

  private func targetFigure() -> Figure {
    guard let objective, let best = entries.first else {
      return Figure(name: "short_range_order", svg: "", caption: RichText(""))
    }
    let order = objective.order
    let alphas = order.parameters(of: best.arrangement)
    var panels: [(title: String, series: [(name: String, points: [LineChart.Point])])] = []
    var targets: [String: [LineChart.Point]] = [:]
    for (term, alpha) in zip(order.terms, alphas) where objective.counts(term) {
      guard let alpha else { continue }
      let shell = order.table.shells[term.shell]
      let title = order.table.sites(shell)
      let pair = "\(name(order.species[term.first]))–\(name(order.species[term.second]))"
      let point = LineChart.Point(x: shell.distance, y: alpha)
      targets[title, default: []].append(
        LineChart.Point(x: shell.distance, y: objective.goals[term.shell].target))
      if !panels.contains(where: { $0.title == title }) { panels.append((title, [])) }
      let place = panels.firstIndex { $0.title == title } ?? 0
      if let known = panels[place].series.firstIndex(where: { $0.name == pair }) {
        panels[place].series[known].points.append(point)
      } else {
        panels[place].series.append((pair, [point]))
      }
    }
    let chart = LineChart(
      panels: panels.map { panel in
        LineChart.Panel(
          title: RichText(plain: panel.title),
          series: [
            LineChart.Series(
              name: RichText("target"), points: distinct(targets[panel.title] ?? []),
              style: .hollow)
          ]
            + panel.series.map {
              LineChart.Series(name: RichText(plain: $0.name), points: $0.points)
            })
      }, xTitle: RichText("Distance (Å)"), yTitle: RichText("Short-range order α"))
    return Figure(
      name: "short_range_order", svg: withZero(chart).svg(),
      caption: RichText("Short-range order of the best arrangement beside its targets."))
  }

  private func distinct(_ points: [LineChart.Point]) -> [LineChart.Point] {
    var seen: Set<LineChart.Point> = []
    return points.filter { seen.insert($0).inserted }
  }

  /// With room around 0, so that noise does not fill the frame.
  private func withZero(_ chart: LineChart) -> LineChart {
    var chart = chart
    chart.yInclude = [-0.1, 0.1]
    return chart
  }
}
