/// The rectangle of a chart with its axes, and where values lie in it.
struct PlotFrame {
  /// Left edge.
  let left: Double

  /// Upper edge.
  let top: Double

  /// Width between the vertical axes.
  let width: Double

  /// Height between the horizontal axes.
  let height: Double

  /// The horizontal axis.
  let xAxis: Axis

  /// The vertical axis.
  let yAxis: Axis

  /// Right edge.
  var right: Double { left + width }

  /// Lower edge.
  var bottom: Double { top + height }

  /// Horizontal place of a value.
  func x(_ value: Double) -> Double { left + width * xAxis.fraction(value) }

  /// Vertical place of a value.
  func y(_ value: Double) -> Double { bottom - height * yAxis.fraction(value) }

  /// Length of tick marks.
  private static let tickLength = 5.0

  /// Space that tick labels and title of a vertical axis need to its left.
  static func leftMargin(_ axis: Axis) -> Double {
    46 + 12 * (axis.ticks.map { RichText(plain: $0.text).width }.max() ?? 1)
  }

  /// Draws the grid; to be called before the data.
  func drawGrid(_ canvas: inout SVGCanvas, vertical: Bool = true) {
    for tick in yAxis.ticks {
      canvas.line(left, y(tick.value), right, y(tick.value), stroke: Palette.grid)
    }
    if vertical {
      for tick in xAxis.ticks {
        canvas.line(x(tick.value), top, x(tick.value), bottom, stroke: Palette.grid)
      }
    }
  }

  /// Draws the frame, ticks and titles; to be called after the data.
  func drawAxes(_ canvas: inout SVGCanvas, xTitle: RichText, yTitle: RichText) {
    drawFrame(&canvas)
    drawXAxis(&canvas, title: xTitle)
    drawYAxis(&canvas, title: yTitle)
  }

  /// Draws the horizontal axis.
  func drawXAxis(_ canvas: inout SVGCanvas, title: RichText) {
    for tick in xAxis.ticks {
      canvas.line(x(tick.value), bottom, x(tick.value), bottom + Self.tickLength)
      canvas.text(
        RichText(plain: tick.text), x: x(tick.value), y: bottom + 19, anchor: .middle, size: 12)
    }
    canvas.text(title, x: left + width / 2, y: bottom + 42, anchor: .middle, size: 14)
  }

  /// Draws the vertical axis.
  func drawYAxis(_ canvas: inout SVGCanvas, title: RichText) {
    for tick in yAxis.ticks {
      canvas.line(left - Self.tickLength, y(tick.value), left, y(tick.value))
      canvas.text(
        RichText(plain: tick.text), x: left - 9, y: y(tick.value) + 4, anchor: .end, size: 12)
    }
    let widest = yAxis.ticks.map { RichText(plain: $0.text).width }.max() ?? 1
    canvas.text(
      title, x: left - 20 - 12 * widest, y: top + height / 2, anchor: .middle, size: 14, angle: -90)
  }

  /// Draws the four sides.
  func drawFrame(_ canvas: inout SVGCanvas) {
    canvas.rectangle(
      x: left, y: top, width: width, height: height, fill: "none", stroke: Palette.ink)
  }

  /// Draws a second horizontal axis along the upper side.
  ///
  /// `place` turns its values into values of the lower axis.
  func drawTopAxis(
    _ canvas: inout SVGCanvas, _ axis: Axis, title: RichText, place: (Double) -> Double
  ) {
    for tick in axis.ticks where xAxis.contains(place(tick.value)) {
      let position = x(place(tick.value))
      canvas.line(position, top, position, top - Self.tickLength)
      canvas.text(
        RichText(plain: tick.text), x: position, y: top - 10, anchor: .middle, size: 12)
    }
    canvas.text(title, x: left + width / 2, y: top - 31, anchor: .middle, size: 14)
  }

  /// Runs drawing commands whose results are cut off at the frame.
  func clipped(_ canvas: inout SVGCanvas, _ draw: (inout SVGCanvas) -> Void) {
    canvas.clipped(x: left, y: top, width: width, height: height, draw)
  }
}

/// Keeps the first of all points that fall on the same small square, so that thousands of points on
/// top of each other cost nothing.
///
/// - Parameters:
///   - points: Places in pixels, the most important first.
///   - cell: Side of a square, pixels.
/// - Returns: Indices of the points to draw.
func thinned(_ points: [(x: Double, y: Double)], cell: Double) -> [Int] {
  var taken: Set<SIMD2<Int32>> = []
  return points.indices.filter { index in
    let (x, y) = (points[index].x / cell, points[index].y / cell)
    guard x.magnitude < 1e6, y.magnitude < 1e6 else { return false }
    return taken.insert(SIMD2(Int32(x.rounded(.down)), Int32(y.rounded(.down)))).inserted
  }
}
