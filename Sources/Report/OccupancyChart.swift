public import Crystal

/// What occupies the sites of each label, as stacked bars over composition.
public struct OccupancyChart: Sendable {
  /// The occupancy of one composition.
  public struct Bar: Sendable {
    /// Text below the bar, such as `0.25`.
    public let name: String

    /// Shares of the sites, from the bottom up; the sum is at most 1.
    public let shares: [(element: Element, share: Double)]

    /// A bar.
    public init(name: String, shares: [(element: Element, share: Double)]) {
      self.name = name
      self.shares = shares
    }
  }

  /// The bars of one label of sites.
  public struct Panel: Sendable {
    /// Heading, such as `8a`.
    public let label: String

    /// The bars, from left to right.
    public let bars: [Bar]

    /// A panel.
    public init(label: String, bars: [Bar]) {
      self.label = label
      self.bars = bars
    }
  }

  /// The panels, from left to right, at most three beside each other.
  public var panels: [Panel]

  /// Title of the horizontal axes, such as the formula with x.
  public var xTitle: RichText

  /// A chart of panels.
  public init(panels: [Panel], xTitle: RichText) {
    self.panels = panels
    self.xTitle = xTitle
  }

  private static let panelWidth = 236.0
  private static let panelHeight = 220.0
  private static let rowHeight = 320.0

  /// The picture.
  public func svg() -> String {
    let elements = panels.flatMap(\.bars).flatMap { $0.shares.map(\.element) }
    let kinds = Set(elements).sorted { ($0.isVacancy ? 1 : 0, $0) < ($1.isVacancy ? 1 : 0, $1) }
    let colours = Palette.colours(of: kinds)
    let columns = max(1, min(3, panels.count))
    let rows = max(1, (panels.count + 2) / 3)
    var canvas = SVGCanvas(
      width: 84 + Double(columns) * (Self.panelWidth + 20),
      height: 46 + Double(rows) * Self.rowHeight)
    drawLegend(&canvas, kinds, colours)
    for (index, panel) in panels.enumerated() {
      let (column, row) = (Double(index % 3), Double(index / 3))
      let frame = PlotFrame(
        left: 74 + column * (Self.panelWidth + 20), top: 76 + row * Self.rowHeight,
        width: Self.panelWidth, height: Self.panelHeight,
        xAxis: Axis(from: 0, to: Double(max(1, panel.bars.count))),
        yAxis: Axis(from: 0, to: 100, ticks: 5))
      draw(panel, index, frame, colours, &canvas)
    }
    return canvas.text(
      title: "Occupancy of \(panels.map(\.label).joined(separator: ", ")) over \(xTitle.plain)")
  }

  private func draw(
    _ panel: Panel, _ index: Int, _ frame: PlotFrame, _ colours: [Element: String],
    _ canvas: inout SVGCanvas
  ) {
    frame.drawGrid(&canvas, vertical: false)
    // Where names would overlap, only every second (third, …) is written.
    let widest = panel.bars.map { 11 * RichText(plain: $0.name).width }.max() ?? 0
    let slot = frame.width / Double(max(1, panel.bars.count))
    let every = max(1, Int(((widest + 4) / slot).rounded(.up)))
    for (position, bar) in panel.bars.enumerated() {
      let middle = frame.x(Double(position) + 0.5)
      var filled = 0.0
      for (element, share) in bar.shares where share.isFinite && share > 0 {
        let shown = min(share, 1 - filled)
        guard shown > 0 else { continue }
        canvas.rectangle(
          x: middle - 0.36 * slot, y: frame.y(100 * (filled + shown)), width: 0.72 * slot,
          height: frame.height * shown, fill: colours[element] ?? Palette.grey, stroke: "#FFFFFF")
        filled += shown
      }
      if position.isMultiple(of: every) {
        canvas.text(
          RichText(plain: bar.name), x: middle, y: frame.bottom + 18, anchor: .middle, size: 11)
      }
    }
    frame.drawFrame(&canvas)
    if index % 3 == 0 {
      frame.drawYAxis(&canvas, title: RichText("Occupancy (%)"))
    }
    let letter = index < 26 ? String(UnicodeScalar(UInt8(97 + index))) : "\(index + 1)"
    canvas.text(
      RichText(plain: "(\(letter))  \(panel.label)"), x: frame.left, y: frame.top - 10,
      size: 14, isBold: true)
    canvas.text(
      xTitle, x: frame.left + frame.width / 2, y: frame.bottom + 42, anchor: .middle,
      size: 14)
  }

  private func drawLegend(
    _ canvas: inout SVGCanvas, _ kinds: [Element], _ colours: [Element: String]
  ) {
    var x = 74.0
    for kind in kinds {
      let name = RichText(plain: kind.isVacancy ? "vacancy" : kind.symbol)
      canvas.rectangle(
        x: x, y: 18, width: 16, height: 16, fill: colours[kind] ?? Palette.grey, stroke: "#999999")
      canvas.text(name, x: x + 22, y: 31)
      x += 42 + 13 * name.width
    }
  }
}
