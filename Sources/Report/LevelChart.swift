/// The energies of ranked arrangements above the lowest, one dash each.
public struct LevelChart: Sendable {
  /// Energies above the lowest, in the unit of the axis title, best first.
  public var levels: [Double]

  /// How many of them are proved to be the lowest; the others are drawn hollow.
  public var provedCount: Int

  /// Heading, such as the composition.
  public var title: RichText

  /// Title of the horizontal axis.
  public var xTitle = RichText("Rank")

  /// Title of the vertical axis.
  public var yTitle = RichText("Energy above the lowest (eV per cell)")

  /// A chart of energies.
  public init(levels: [Double], provedCount: Int, title: RichText = RichText("")) {
    self.levels = levels
    self.provedCount = provedCount
    self.title = title
  }

  /// The picture.
  public func svg() -> String {
    let highest = max(levels.max() ?? 0, 1e-3)
    let yAxis = Axis(from: -0.05 * highest, to: 1.08 * highest)
    var canvas = SVGCanvas(width: 640, height: 400)
    let left = PlotFrame.leftMargin(yAxis)
    let last = Double(max(levels.count, 2))
    let frame = PlotFrame(
      left: left, top: 40, width: 640 - left - 24, height: 300,
      xAxis: Axis(from: 0.4, to: last + 0.6), yAxis: yAxis)
    frame.drawGrid(&canvas)
    let half = min(16, 0.35 * (frame.x(2) - frame.x(1)))
    frame.clipped(&canvas) { canvas in
      for (index, level) in levels.enumerated() {
        let (x, y) = (frame.x(Double(index + 1)), frame.y(level))
        let isProved = index < provedCount
        canvas.line(
          x - half, y, x + half, y, stroke: isProved ? Palette.red : Palette.grey, width: 2.4)
      }
    }
    frame.drawAxes(&canvas, xTitle: xTitle, yTitle: yTitle)
    canvas.text(title, x: frame.left, y: 24, size: 14, isBold: true)
    return canvas.text(title: "Energies of the ranked arrangements. \(title.plain)")
  }
}
