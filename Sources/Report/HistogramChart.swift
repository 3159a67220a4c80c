public import Crystal

/// How often values occur, one outline for each series, as fractions of the values of that series.
public struct HistogramChart: Sendable {
  /// The values of one kind.
  public struct Series: Sendable {
    /// What the legend says.
    public let name: RichText

    /// What the values belong to, for the colour; nil for the next free colour.
    public let element: Element?

    /// The values, in any order.
    public let values: [Double]

    /// A value that a dashed line marks; nil for none.
    public let line: Double?

    /// Values of one kind.
    public init(name: RichText, element: Element?, values: [Double], line: Double? = nil) {
      self.name = name
      self.element = element
      self.values = values
      self.line = line
    }
  }

  /// The series.
  public var series: [Series]

  /// Heading.
  public var title = RichText("")

  /// Title of the horizontal axis.
  public var xTitle: RichText

  /// Title of the vertical axis.
  public var yTitle: RichText

  /// Width of a bin; nil for a round number that makes about forty of them.
  public var binWidth: Double?

  /// A histogram of some series.
  public init(series: [Series], xTitle: RichText, yTitle: RichText) {
    self.series = series
    self.xTitle = xTitle
    self.yTitle = yTitle
  }

  /// The bins that hold all values: the lower end of the first, their width and number.
  var bins: (start: Double, width: Double, count: Int) {
    let values = series.flatMap(\.values).filter(\.isFinite)
    guard let least = values.min(), let most = values.max() else { return (0, 1, 1) }
    // Equal values, such as those of a crystal, get bins of a five-hundredth of themselves.
    let smallest = max(0.002 * max(least.magnitude, most.magnitude), 1e-6)
    let width = max(binWidth ?? HistogramChart.rounded(max((most - least) / 40, smallest)), 1e-9)
    let first = (least / width + 1e-9).rounded(.down)
    let last = (most / width + 1e-9).rounded(.down)
    return (first * width, width, min(10_000, Int(last - first) + 1))
  }

  /// The next larger number of the form 1, 2 or 5 × 10ⁿ.
  private static func rounded(_ value: Double) -> Double {
    var decade = 1.0
    while decade > value { decade /= 10 }
    while 10 * decade <= value { decade *= 10 }
    return [1, 2, 5, 10].map { $0 * decade }.first { $0 >= value * (1 - 1e-9) } ?? value
  }

  /// The fraction of the values of a series in every bin.
  func fractions(_ series: Series) -> [Double] {
    let bins = bins
    var counts = [Double](repeating: 0, count: bins.count)
    for value in series.values where value.isFinite {
      let bin = Int(((value - bins.start) / bins.width + 1e-9).rounded(.down))
      counts[max(0, min(bins.count - 1, bin))] += 1
    }
    let all = max(1, counts.reduce(0, +))
    return counts.map { $0 / all }
  }

  /// The picture.
  public func svg() -> String {
    let bins = bins
    let end = bins.start + Double(bins.count) * bins.width
    let marked = series.compactMap(\.line).filter(\.isFinite)
    let room = max(0.03 * (end - bins.start), bins.width)
    let xAxis = Axis(
      from: min(bins.start, marked.min() ?? bins.start) - room,
      to: max(end, marked.max() ?? end) + room, ticks: 7)
    let heights = series.map(fractions)
    let yAxis = Axis(from: 0, to: 1.06 * max(heights.flatMap { $0 }.max() ?? 1, 1e-6))
    let left = PlotFrame.leftMargin(yAxis)
    let legend = LineChart.legend(legendSeries, left: left, right: 616)
    let top = legend.height + 40
    let frame = PlotFrame(
      left: left, top: top, width: 616 - left, height: 300, xAxis: xAxis, yAxis: yAxis)
    var canvas = SVGCanvas(width: 640, height: top + 300 + 62)
    let chart = LineChart(panels: [], xTitle: xTitle, yTitle: yTitle)
    let colours = chart.colours(legendSeries)
    drawLegend(legend, colours, &canvas)
    frame.drawGrid(&canvas)
    frame.clipped(&canvas) { canvas in
      for (own, heights) in zip(series, heights) {
        let colour = colours[own.name] ?? Palette.grey
        drawOutline(heights, colour, frame, &canvas)
        if let line = own.line, line.isFinite {
          let x = frame.x(line)
          canvas.line(x, frame.top, x, frame.bottom, stroke: colour, width: 1.4, dashes: "5 4")
        }
      }
    }
    frame.drawAxes(&canvas, xTitle: xTitle, yTitle: yTitle)
    canvas.text(title, x: left, y: top - 14, size: 14, isBold: true)
    return canvas.text(title: "\(yTitle.plain) over \(xTitle.plain)")
  }

  private var legendSeries: [LineChart.Series] {
    series.map { LineChart.Series(name: $0.name, points: [], element: $0.element) }
  }

  private func drawLegend(
    _ legend: LineChart.Legend, _ colours: [RichText: String], _ canvas: inout SVGCanvas
  ) {
    for (series, x, y) in legend.entries {
      let colour = colours[series.name] ?? Palette.grey
      canvas.rectangle(x: x, y: y - 10, width: 22, height: 11, fill: colour, opacity: 0.35)
      canvas.line(x, y - 10, x + 22, y - 10, stroke: colour, width: 1.6)
      canvas.text(series.name, x: x + 28, y: y)
    }
  }

  /// Draws filled bars with a line along their tops.
  private func drawOutline(
    _ heights: [Double], _ colour: String, _ frame: PlotFrame, _ canvas: inout SVGCanvas
  ) {
    let bins = bins
    var top: [(x: Double, y: Double)] = [(frame.x(bins.start), frame.y(0))]
    for (bin, height) in heights.enumerated() {
      let low = frame.x(bins.start + Double(bin) * bins.width)
      let high = frame.x(bins.start + Double(bin + 1) * bins.width)
      let y = frame.y(height)
      if height > 0 {
        canvas.rectangle(
          x: low, y: y, width: high - low, height: frame.y(0) - y, fill: colour, opacity: 0.25)
      }
      top += [(low, y), (high, y)]
    }
    top.append((frame.x(bins.start + Double(heights.count) * bins.width), frame.y(0)))
    canvas.polyline(top, stroke: colour, width: 1.4)
  }
}
