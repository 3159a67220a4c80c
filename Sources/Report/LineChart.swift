public import Crystal

/// Curves through points with error bars, in one panel or several with common axes.
public struct LineChart: Sendable {
  /// A point of a curve.
  public struct Point: Hashable, Sendable {
    /// Place on the horizontal axis.
    public let x: Double

    /// Place on the vertical axis.
    public let y: Double

    /// Half the length of the error bar; nil for none.
    public let error: Double?

    /// A point.
    public init(x: Double, y: Double, error: Double? = nil) {
      self.x = x
      self.y = y
      self.error = error
    }
  }

  /// A curve.
  public struct Series: Sendable {
    /// What the legend says; curves of one name have one colour.
    public let name: RichText

    /// The points, from left to right.
    public let points: [Point]

    /// What it shows an amount of, for its colour; nil for the next free colour.
    public let element: Element?

    /// Whether points are joined.
    public let style: Style

    /// Standard errors of the points, drawn as a band around the curve; nil for none.
    public let band: [Double]?

    /// How points are drawn.
    public enum Style: Hashable, Sendable {
      /// Points joined by a line.
      case line
      /// Hollow points, for targets and references.
      case hollow
      /// A line without points, for functions.
      case curve
      /// A dashed line without points, for fits.
      case dashes
      /// Points without a line.
      case points
    }

    /// A curve.
    public init(
      name: RichText, points: [Point], element: Element? = nil, style: Style = .line,
      band: [Double]? = nil
    ) {
      self.name = name
      self.points = points
      self.element = element
      self.style = style
      self.band = band
    }
  }

  /// Curves in one frame.
  public struct Panel: Sendable {
    /// Heading.
    public let title: RichText

    /// The curves.
    public let series: [Series]

    /// A panel.
    public init(title: RichText, series: [Series]) {
      self.title = title
      self.series = series
    }
  }

  /// How the horizontal axis is divided.
  public enum Scale: Hashable, Sendable {
    /// Evenly.
    case linear
    /// By powers; points that are not positive are left out.
    case logarithmic
  }

  /// The panels, from left to right, at most three beside each other.
  public var panels: [Panel]

  /// Title of the horizontal axes.
  public var xTitle: RichText

  /// Title of the vertical axes.
  public var yTitle: RichText

  /// How the horizontal axis is divided.
  public var scale = Scale.linear

  /// Values that the vertical axis has to show in any case.
  public var yInclude: [Double] = []

  /// A chart of panels.
  public init(panels: [Panel], xTitle: RichText, yTitle: RichText) {
    self.panels = panels
    self.xTitle = xTitle
    self.yTitle = yTitle
  }

  /// The picture.
  public func svg() -> String {
    let points = panels.flatMap(\.series).flatMap(\.points).filter(isShown)
    let yAxis = yAxis(points)
    let isSingle = panels.count <= 1
    let xAxis = xAxis(points.map(\.x), ticks: isSingle ? 7 : 4)
    let columns = max(1, min(3, panels.count))
    let left = PlotFrame.leftMargin(yAxis)
    let size = isSingle ? (width: 616 - left, height: 320.0) : (width: 236.0, height: 220.0)
    let gap = isSingle ? 20.0 : 32
    let width = left + Double(columns) * (size.width + gap) + 4
    let names = LineChart.names(panels)
    let legend = LineChart.legend(names, left: left, right: width - 16)
    let rowHeight = size.height + 100
    let rows = Double(max(1, (panels.count + 2) / 3))
    let top = legend.height + 40
    var canvas = SVGCanvas(width: width, height: top + rows * rowHeight - 36)
    let colours = colours(names)
    draw(legend, colours, &canvas)
    for (index, panel) in panels.enumerated() {
      let frame = PlotFrame(
        left: left + Double(index % 3) * (size.width + gap),
        top: top + Double(index / 3) * rowHeight, width: size.width, height: size.height,
        xAxis: xAxis, yAxis: yAxis)
      frame.drawGrid(&canvas)
      frame.clipped(&canvas) { canvas in
        for series in panel.series {
          draw(series, colours[series.name] ?? Palette.grey, frame, &canvas)
        }
      }
      frame.drawXAxis(&canvas, title: xTitle)
      frame.drawFrame(&canvas)
      if index % 3 == 0 { frame.drawYAxis(&canvas, title: yTitle) }
      canvas.text(panel.title, x: frame.left, y: frame.top - 10, size: 14, isBold: true)
    }
    let titles = panels.map(\.title.plain).filter { !$0.isEmpty }
    return canvas.text(
      title: "\(yTitle.plain) over \(xTitle.plain)"
        + (titles.isEmpty ? "" : ": \(titles.joined(separator: ", "))"))
  }

  private func draw(
    _ series: Series, _ colour: String, _ frame: PlotFrame, _ canvas: inout SVGCanvas
  ) {
    let points = series.points.filter(isShown)
    func place(_ point: Point) -> (x: Double, y: Double) {
      (frame.x(onAxis(point.x)), frame.y(point.y))
    }
    drawBand(of: series, colour, frame, &canvas)
    switch series.style {
    case .line, .curve: canvas.polyline(points.map(place), stroke: colour, width: 1.6)
    case .dashes:
      canvas.polyline(points.map(place), stroke: colour, width: 1.6, dashes: LineChart.dashes)
    case .hollow, .points: break
    }
    for point in points {
      let (x, y) = place(point)
      // Bars that the point hides are left out.
      if let error = point.error, error.isFinite, error > 0 {
        let (low, high) = (frame.y(point.y - error), frame.y(point.y + error))
        if low - high > 6 {
          canvas.line(x, low, x, high, stroke: colour, width: 1.2)
          canvas.line(x - 3, low, x + 3, low, stroke: colour, width: 1.2)
          canvas.line(x - 3, high, x + 3, high, stroke: colour, width: 1.2)
        }
      }
      switch series.style {
      case .line, .points: canvas.circle(x, y, radius: 2.6, fill: colour)
      case .hollow:
        canvas.circle(x, y, radius: 4.5, fill: "none", stroke: colour, strokeWidth: 1.4)
      case .curve, .dashes: break
      }
    }
  }

  /// Lengths of dashes and gaps.
  static let dashes = "5 4"
}
