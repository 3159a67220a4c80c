internal import Crystal

extension LineChart {
  /// Names in the order in which they first appear, with the curve of each.
  static func names(_ panels: [Panel]) -> [Series] {
    var seen: Set<RichText> = []
    return panels.flatMap(\.series).filter { seen.insert($0.name).inserted }
  }

  func colours(_ names: [Series]) -> [RichText: String] {
    let ofElements = Palette.colours(of: names.compactMap(\.element))
    var free = Palette.curves
    var colours: [RichText: String] = [:]
    for (index, series) in names.enumerated() {
      if let element = series.element {
        // The light grey of empty sites is too faint for a line.
        colours[series.name] = element.isVacancy ? Palette.grey : ofElements[element]
      } else if series.style == .hollow || series.style == .dashes {
        colours[series.name] = Palette.ink
      } else {
        colours[series.name] = free.isEmpty ? Palette.curves[index % Palette.curves.count] : free[0]
        if !free.isEmpty { free.removeFirst() }
      }
    }
    return colours
  }

  /// Where the entries of a legend stand.
  struct Legend {
    var entries: [(series: Series, x: Double, y: Double)] = []
    var height = 0.0
  }

  /// A legend in as many lines as it needs; none for one curve without a name.
  static func legend(_ names: [Series], left: Double, right: Double) -> Legend {
    var legend = Legend()
    let shown = names.filter { !$0.name.plain.isEmpty }
    if shown.isEmpty { return legend }
    var (x, y) = (left, 22.0)
    for series in shown {
      let width = 48 + 13 * series.name.width
      if x > left, x + width > right { (x, y) = (left, y + 20) }
      legend.entries.append((series, x, y))
      x += width
    }
    legend.height = y + 4
    return legend
  }

  func draw(
    _ legend: Legend, _ colours: [RichText: String], _ canvas: inout SVGCanvas
  ) {
    for (series, x, y) in legend.entries {
      let colour = colours[series.name] ?? Palette.grey
      switch series.style {
      case .line:
        canvas.line(x, y - 4, x + 22, y - 4, stroke: colour, width: 1.6)
        canvas.circle(x + 11, y - 4, radius: 2.6, fill: colour)
      case .curve: canvas.line(x, y - 4, x + 22, y - 4, stroke: colour, width: 1.6)
      case .dashes:
        canvas.line(
          x, y - 4, x + 22, y - 4, stroke: colour, width: 1.6, dashes: LineChart.dashes)
      case .points: canvas.circle(x + 11, y - 4, radius: 2.6, fill: colour)
      case .hollow:
        canvas.circle(x + 11, y - 4, radius: 4.5, fill: "none", stroke: colour, strokeWidth: 1.4)
      }
      canvas.text(series.name, x: x + 28, y: y)
    }
  }
}

extension LineChart {
  func isShown(_ point: Point) -> Bool {
    point.x.isFinite && point.y.isFinite && (scale == .linear || point.x > 0)
  }

  func onAxis(_ x: Double) -> Double { scale == .linear ? x : Axis.logarithm(x) }

  func xAxis(_ values: [Double], ticks: Int) -> Axis {
    guard let least = values.min(), let most = values.max() else { return Axis(from: 0, to: 1) }
    switch scale {
    case .linear: return Axis(around: values, margin: 0.04, ticks: ticks)
    case .logarithmic: return Axis(logarithmicFrom: least, to: most, margin: 0.04, ticks: ticks)
    }
  }

  func yAxis(_ points: [Point]) -> Axis {
    let values = points.flatMap { point in
      let error = point.error.map { $0.isFinite ? $0 : 0 } ?? 0
      return [point.y - error, point.y + error]
    }
    return Axis(around: values + yInclude, margin: 0.05)
  }
}

extension LineChart {
  /// A band of one standard error to both sides of a curve.
  func drawBand(
    of series: Series, _ colour: String, _ frame: PlotFrame, _ canvas: inout SVGCanvas
  ) {
    guard let band = series.band else { return }
    let ends = zip(series.points, band).filter { isShown($0) && $1.isFinite }
    let upper = ends.map { (x: frame.x(onAxis($0.x)), y: frame.y($0.y + $1)) }
    let lower = ends.map { (x: frame.x(onAxis($0.x)), y: frame.y($0.y - $1)) }
    canvas.polygon(upper + lower.reversed(), fill: colour, opacity: 0.2)
  }
}
