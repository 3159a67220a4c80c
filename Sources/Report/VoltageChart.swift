/// Voltage plateaus over the content of ions, with the capacity along the upper axis.
public struct VoltageChart: Sendable {
  /// A plateau.
  public struct Step: Hashable, Sendable {
    /// Content of ions at the start.
    public let from: Double

    /// Content of ions at the end.
    public let to: Double

    /// Voltage, V.
    public let voltage: Double

    /// A plateau.
    public init(from: Double, to: Double, voltage: Double) {
      self.from = from
      self.to = to
      self.voltage = voltage
    }
  }

  /// The plateaus along the hull, x rising.
  public var steps: [Step]

  /// Plateaus of another path, drawn dashed, such as one through metastable phases.
  public var alternative: [Step] = []

  /// Mean voltage, V; nil for no line.
  public var mean: Double?

  /// Capacity per ion, mAh/g; nil for no upper axis.
  public var capacityPerIon: Double?

  /// Title of the horizontal axis.
  public var xTitle: RichText

  /// Title of the vertical axis.
  public var yTitle: RichText

  /// Title of the upper axis.
  public var capacityTitle = RichText("Capacity (mAh/g)")

  /// A chart of plateaus.
  public init(
    steps: [Step], xTitle: RichText, yTitle: RichText, mean: Double? = nil,
    capacityPerIon: Double? = nil
  ) {
    self.steps = steps
    self.xTitle = xTitle
    self.yTitle = yTitle
    self.mean = mean
    self.capacityPerIon = capacityPerIon
  }

  /// The picture.
  public func svg() -> String {
    let steps = steps.filter { $0.from.isFinite && $0.to.isFinite && $0.voltage.isFinite }
    let others = alternative.filter { $0.from.isFinite && $0.to.isFinite && $0.voltage.isFinite }
    let all = steps + others
    let voltages = all.map(\.voltage)
    let span = max((voltages.max() ?? 1) - (voltages.min() ?? 0), 0.4)
    let yAxis = Axis(
      from: (voltages.min() ?? 0) - 0.2 * span, to: (voltages.max() ?? 1) + 0.25 * span)
    let hasCapacity = (capacityPerIon ?? 0) > 0
    var canvas = SVGCanvas(width: 640, height: hasCapacity ? 460 : 430)
    let left = PlotFrame.leftMargin(yAxis)
    let frame = PlotFrame(
      left: left, top: hasCapacity ? 62 : 32, width: 640 - left - 24, height: 340,
      xAxis: Axis(around: all.flatMap { [$0.from, $0.to] }, margin: 0.02), yAxis: yAxis)
    frame.drawGrid(&canvas)
    frame.clipped(&canvas) { canvas in
      if yAxis.contains(0) {
        canvas.line(frame.left, frame.y(0), frame.right, frame.y(0), stroke: Palette.grey)
      }
      if let mean, mean.isFinite, yAxis.contains(mean) {
        canvas.line(
          frame.left, frame.y(mean), frame.right, frame.y(mean), stroke: Palette.red, width: 1.2,
          dashes: "7 4")
      }
      canvas.polyline(outline(others, frame), stroke: Palette.grey, width: 1.4, dashes: "3 3")
      canvas.polyline(outline(steps, frame), stroke: Palette.blue, width: 2.6)
    }
    frame.drawAxes(&canvas, xTitle: xTitle, yTitle: yTitle)
    if let capacityPerIon, hasCapacity, let start = all.map(\.from).min() {
      let end = all.map(\.to).max() ?? start
      let axis = Axis(from: 0, to: (end - start) * capacityPerIon)
      frame.drawTopAxis(&canvas, axis, title: capacityTitle) { start + $0 / capacityPerIon }
    }
    drawValues(&canvas, frame, steps)
    return canvas.text(title: "Voltage profile")
  }

  private func outline(_ steps: [Step], _ frame: PlotFrame) -> [(x: Double, y: Double)] {
    steps.flatMap { step in
      [(frame.x(step.from), frame.y(step.voltage)), (frame.x(step.to), frame.y(step.voltage))]
    }
  }

  /// Writes the voltage above each plateau, and the mean at one end, where there is room.
  private func drawValues(_ canvas: inout SVGCanvas, _ frame: PlotFrame, _ steps: [Step]) {
    let size = 12.0
    var placer = LabelPlacer(frame: frame)
    placer.avoid(line: outline(steps, frame))
    placer.avoid(line: outline(alternative, frame))
    for step in steps {
      let text = RichText(plain: numberText(step.voltage, digits: 2))
      let width = size * text.width
      let (left, right) = (frame.x(step.from), frame.x(step.to))
      let (middle, y) = ((left + right - width) / 2, frame.y(step.voltage))
      let candidates = [
        (middle, y - 8), (left + 3, y - 8), (right - width - 3, y - 8), (right + 6, y + 4),
        (left - width - 6, y + 4), (middle, y + 17),
      ]
      if let place = placer.place(width: width, size: size, candidates: candidates) {
        canvas.text(text, x: place.x, y: place.y, size: size, fill: Palette.blue)
      }
    }
    if let mean, mean.isFinite, frame.yAxis.contains(mean) {
      let text = RichText(plain: "mean \(numberText(mean, digits: 2)) V")
      let width = size * text.width
      let (left, right, y) = (frame.left + 8, frame.right - width - 8, frame.y(mean))
      let candidates = [
        (right, y - 6), (right, y + 15), (left, y + 15), (left, y - 6), (right - 120, y - 6),
        (right - 120, y + 15),
      ]
      if let place = placer.place(width: width, size: size, candidates: candidates) {
        canvas.text(text, x: place.x, y: place.y, size: size, fill: Palette.red)
      }
    }
  }
}
