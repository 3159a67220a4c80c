/// Numbers over whole numbers, as bars beside each other.
public struct BarChart: Sendable {
  /// One bar.
  public struct Bar: Hashable, Sendable {
    /// Where it stands.
    public let place: Int

    /// Its height, not negative.
    public let value: Double

    /// Half the length of the error bar; nil for none.
    public let error: Double?

    /// A bar.
    public init(place: Int, value: Double, error: Double? = nil) {
      self.place = place
      self.value = value
      self.error = error
    }
  }

  /// Bars of one colour.
  public struct Series: Sendable {
    /// What the legend says.
    public let name: RichText

    /// The bars.
    public let bars: [Bar]

    /// Bars of one colour.
    public init(name: RichText, bars: [Bar]) {
      self.name = name
      self.bars = bars
    }
  }

  /// Heading.
  public var title: RichText

  /// The colours.
  public var series: [Series]

  /// Title of the horizontal axis.
  public var xTitle: RichText

  /// Title of the vertical axis.
  public var yTitle: RichText

  /// A chart of bars.
  public init(title: RichText, series: [Series], xTitle: RichText, yTitle: RichText) {
    self.title = title
    self.series = series
    self.xTitle = xTitle
    self.yTitle = yTitle
  }

  /// The picture; places without any bar at either end are left out.
  public func svg() -> String {
    let bars = series.flatMap(\.bars).filter { $0.value.isFinite && $0.value > 0 }
    let places = (bars.map(\.place).min() ?? 0)...(bars.map(\.place).max() ?? 0)
    let highest = bars.map { $0.value + ($0.error ?? 0) }.max() ?? 1
    let yAxis = Axis(from: 0, to: 1.05 * highest)
    let left = PlotFrame.leftMargin(yAxis)
    let panels = [
      LineChart.Panel(
        title: title, series: series.map { LineChart.Series(name: $0.name, points: []) })
    ]
    let legend = LineChart.legend(LineChart.names(panels), left: left, right: 624)
    var canvas = SVGCanvas(width: 640, height: legend.height + 404)
    let frame = PlotFrame(
      left: left, top: legend.height + 40, width: 616 - left, height: 300,
      xAxis: Axis(from: Double(places.lowerBound) - 0.5, to: Double(places.upperBound) + 0.5),
      yAxis: yAxis)
    frame.drawGrid(&canvas, vertical: false)
    let width = 0.84 / Double(max(1, series.count))
    for (index, series) in series.enumerated() {
      let colour = Palette.curves[index % Palette.curves.count]
      for bar in series.bars where bar.value.isFinite && bar.value > 0 {
        let start = Double(bar.place) - 0.42 + Double(index) * width
        let (x, end) = (frame.x(start), frame.x(start + width))
        let y = frame.y(bar.value)
        canvas.rectangle(
          x: x, y: y, width: end - x, height: frame.bottom - y, fill: colour, stroke: "#FFFFFF")
        if let error = bar.error, error.isFinite, error > 0 {
          let middle = (x + end) / 2
          let (low, high) = (frame.y(max(0, bar.value - error)), frame.y(bar.value + error))
          canvas.line(middle, low, middle, high, width: 1.2)
        }
      }
    }
    for entry in legend.entries {
      let index = series.firstIndex { $0.name == entry.series.name } ?? 0
      canvas.rectangle(
        x: entry.x + 4, y: entry.y - 11, width: 14, height: 12,
        fill: Palette.curves[index % Palette.curves.count])
      canvas.text(entry.series.name, x: entry.x + 26, y: entry.y)
    }
    // A whole number under every bar, or under each few of them.
    let every = max(1, places.count / 20)
    for place in places where (place - places.lowerBound).isMultiple(of: every) {
      canvas.text(
        RichText(plain: "\(place)"), x: frame.x(Double(place)), y: frame.bottom + 19,
        anchor: .middle, size: 12)
    }
    frame.drawFrame(&canvas)
    frame.drawYAxis(&canvas, title: yTitle)
    canvas.text(
      xTitle, x: frame.left + frame.width / 2, y: frame.bottom + 42, anchor: .middle, size: 14)
    canvas.text(title, x: frame.left, y: frame.top - 10, size: 14, isBold: true)
    return canvas.text(title: "\(yTitle.plain) over \(xTitle.plain). \(title.plain)")
  }
}
