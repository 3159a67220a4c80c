/// A plane of values as colours with a colour bar, drawn to scale.
public struct HeatMap: Sendable {
  /// A point of the plane with a name, such as a site.
  public struct Mark: Hashable, Sendable {
    /// Place on the horizontal axis.
    public let x: Double
    /// Place on the vertical axis.
    public let y: Double
    /// Its name; may be empty.
    public let label: String

    /// A mark.
    public init(x: Double, y: Double, label: String) {
      self.x = x
      self.y = y
      self.label = label
    }
  }

  /// The values, rows × columns, the lowest row first; NaN stays white.
  public let values: [Double]

  /// Number of columns.
  public let columns: Int

  /// What the horizontal axis covers, from the left edge of the first column to the right edge of the
  /// last.
  public let xRange: ClosedRange<Double>

  /// What the vertical axis covers.
  public let yRange: ClosedRange<Double>

  /// Heading.
  public var title = RichText(plain: "")

  /// Title of the horizontal axis.
  public var xTitle: RichText

  /// Title of the vertical axis.
  public var yTitle: RichText

  /// Title of the colour bar.
  public var valueTitle: RichText

  /// What the colours cover; nil for the range of the values.
  public var valueRange: ClosedRange<Double>?

  /// Values with a contour line.
  public var levels: [Double] = []

  /// Points with names.
  public var marks: [Mark] = []

  /// A map of values.
  ///
  /// - Precondition: whole rows of values, and ranges with a width.
  public init(
    values: [Double], columns: Int, xRange: ClosedRange<Double>, yRange: ClosedRange<Double>,
    xTitle: RichText, yTitle: RichText, valueTitle: RichText
  ) {
    precondition(columns > 0 && values.count.isMultiple(of: columns) && !values.isEmpty)
    precondition(xRange.upperBound > xRange.lowerBound && yRange.upperBound > yRange.lowerBound)
    self.values = values
    self.columns = columns
    self.xRange = xRange
    self.yRange = yRange
    self.xTitle = xTitle
    self.yTitle = yTitle
    self.valueTitle = valueTitle
  }

  private var rows: Int { values.count / columns }

  /// Number of colours that are told apart.
  private static let shades = 64

  /// Largest sides of the map, pixels.
  private static let largest = (width: 460.0, height: 460.0)

  /// The picture.
  public func svg() -> String {
    let (spanX, spanY) = (
      xRange.upperBound - xRange.lowerBound, yRange.upperBound - yRange.lowerBound
    )
    let scale = min(HeatMap.largest.width / spanX, HeatMap.largest.height / spanY)
    // A very thin plane is widened, or its axis has no room.
    let size = (width: max(scale * spanX, 60), height: max(scale * spanY, 60))
    let xAxis = Axis(from: xRange.lowerBound, to: xRange.upperBound, ticks: 6)
    let yAxis = Axis(from: yRange.lowerBound, to: yRange.upperBound, ticks: 6)
    let range = shownRange
    let bar = Axis(from: range.lowerBound, to: range.upperBound, ticks: 6)
    let left = PlotFrame.leftMargin(yAxis)
    let top = title.plain.isEmpty ? 16.0 : 40
    let barWidth = 18.0
    let labels = 12 * (bar.ticks.map { RichText(plain: $0.text).width }.max() ?? 1)
    let width = left + size.width + 24 + barWidth + 12 + labels + 34
    let height = max(size.height, 120)
    var canvas = SVGCanvas(width: width, height: top + height + 58)
    let frame = PlotFrame(
      left: left, top: top, width: size.width, height: size.height, xAxis: xAxis, yAxis: yAxis)
    frame.clipped(&canvas) { canvas in
      drawCells(frame, range, &canvas)
      for level in levels {
        canvas.area(contour(level, frame), fill: "none", stroke: "#FFFFFF", width: 1.4)
      }
      drawMarks(frame, &canvas)
    }
    frame.drawAxes(&canvas, xTitle: xTitle, yTitle: yTitle)
    canvas.text(title, x: left, y: top - 14, size: 14, isBold: true)
    let barFrame = PlotFrame(
      left: frame.right + 24, top: top, width: barWidth, height: height,
      xAxis: Axis(from: 0, to: 1), yAxis: bar)
    drawBar(barFrame, labels: labels, &canvas)
    return canvas.text(title: "\(valueTitle.plain) over \(xTitle.plain) and \(yTitle.plain)")
  }

  /// What the colours cover.
  private var shownRange: ClosedRange<Double> {
    if let valueRange, valueRange.upperBound > valueRange.lowerBound { return valueRange }
    let finite = values.filter(\.isFinite)
    guard let least = finite.min(), let most = finite.max() else { return 0...1 }
    return most > least ? least...most : least...(least + max(least.magnitude, 1))
  }

  /// Draws the values; neighbours of one shade in a row are one rectangle.
  private func drawCells(
    _ frame: PlotFrame, _ range: ClosedRange<Double>, _ canvas: inout SVGCanvas
  ) {
    let (dx, dy) = (frame.width / Double(columns), frame.height / Double(rows))
    var paths = Array(repeating: "", count: HeatMap.shades)
    for row in 0..<rows {
      let y = coordinate(frame.bottom - Double(row + 1) * dy)
      var column = 0
      while column < columns {
        let shade = shade(values[row * columns + column], range)
        let start = column
        while column < columns, self.shade(values[row * columns + column], range) == shade {
          column += 1
        }
        guard let shade else { continue }
        let (x, width) = (frame.left + Double(start) * dx, Double(column - start) * dx)
        paths[shade] +=
          "M\(coordinate(x)) \(y)h\(coordinate(width))v\(coordinate(dy))H\(coordinate(x))z"
      }
    }
    for (shade, path) in paths.enumerated() where !path.isEmpty {
      canvas.area(path, fill: Palette.viridis(Double(shade) / Double(HeatMap.shades - 1)))
    }
  }

  /// The shade of a value, nil for NaN.
  private func shade(_ value: Double, _ range: ClosedRange<Double>) -> Int? {
    guard !value.isNaN else { return nil }
    let fraction = (value - range.lowerBound) / (range.upperBound - range.lowerBound)
    let last = Double(HeatMap.shades - 1)
    return Int(min(last, max(0, fraction * Double(HeatMap.shades))))
  }

  /// Line segments where the values cross a level, between the centres of four neighbours each.
  ///
  /// Reference: marching squares, W. E. Lorensen and H. E. Cline, Comput. Graph. 21, 163 (1987), in two
  /// dimensions.
  func contour(_ level: Double, _ frame: PlotFrame) -> String {
    var path = ""
    let (dx, dy) = (frame.width / Double(columns), frame.height / Double(rows))
    for row in 0..<max(0, rows - 1) {
      for column in 0..<max(0, columns - 1) {
        // Around the square: lower left, lower right, upper right, upper left.
        let corners = [(0, 0), (1, 0), (1, 1), (0, 1)]
        let heights = corners.map { values[(row + $0.1) * columns + column + $0.0] - level }
        guard heights.allSatisfy(\.isFinite) else { continue }
        var crossings: [(x: Double, y: Double)] = []
        for side in 0..<4 {
          let (one, two) = (heights[side], heights[(side + 1) % 4])
          guard (one < 0) != (two < 0) else { continue }
          let t = one / (one - two)
          let (from, to) = (corners[side], corners[(side + 1) % 4])
          let x = Double(column + from.0) + t * Double(to.0 - from.0) + 0.5
          let y = Double(row + from.1) + t * Double(to.1 - from.1) + 0.5
          crossings.append((frame.left + x * dx, frame.bottom - y * dy))
        }
        for pair in stride(from: 0, to: crossings.count - 1, by: 2) {
          let (one, two) = (crossings[pair], crossings[pair + 1])
          path +=
            "M\(coordinate(one.x)) \(coordinate(one.y))L\(coordinate(two.x)) \(coordinate(two.y))"
        }
      }
    }
    return path
  }

  private func drawMarks(_ frame: PlotFrame, _ canvas: inout SVGCanvas) {
    for mark in marks {
      let (x, y) = (frame.x(mark.x), frame.y(mark.y))
      canvas.circle(x, y, radius: 4, fill: "none", stroke: "#FFFFFF", strokeWidth: 1.6)
      // Away from the edge that would cut it off.
      let isRight = x > frame.right - 40
      canvas.text(
        RichText(plain: mark.label), x: isRight ? x - 7 : x + 7,
        y: y < frame.top + 14 ? y + 13 : y - 5, anchor: isRight ? .end : .start, size: 11,
        fill: "#FFFFFF")
    }
  }

  private func drawBar(_ frame: PlotFrame, labels: Double, _ canvas: inout SVGCanvas) {
    let height = frame.height / Double(HeatMap.shades)
    for shade in 0..<HeatMap.shades {
      let y = frame.bottom - Double(shade + 1) * height
      canvas.area(
        "M\(coordinate(frame.left)) \(coordinate(y))h\(coordinate(frame.width))"
          + "v\(coordinate(height + 0.5))H\(coordinate(frame.left))z",
        fill: Palette.viridis(Double(shade) / Double(HeatMap.shades - 1)))
    }
    for level in levels where frame.yAxis.contains(level) {
      canvas.line(
        frame.left, frame.y(level), frame.right, frame.y(level), stroke: "#FFFFFF", width: 1.4)
    }
    frame.drawFrame(&canvas)
    for tick in frame.yAxis.ticks {
      canvas.line(frame.right, frame.y(tick.value), frame.right + 5, frame.y(tick.value))
      canvas.text(
        RichText(plain: tick.text), x: frame.right + 8, y: frame.y(tick.value) + 4, size: 12)
    }
    canvas.text(
      valueTitle, x: frame.right + 12 + labels + 16, y: frame.top + frame.height / 2,
      anchor: .middle, size: 14, angle: -90)
  }
}
