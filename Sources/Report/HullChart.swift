/// Formation energies over composition with the convex hull, coloured by the energy above it.
public struct HullChart: Sendable {
  /// A composition with an energy.
  public struct Point: Hashable, Sendable {
    /// Composition, in the unit of the axis title.
    public let x: Double

    /// Formation energy, in the unit of the axis title.
    public let energy: Double

    /// Energy above the hull, in the unit of the colour bar, ≥ 0.
    public let aboveHull: Double

    /// Whether the point belongs to the hull.
    public let isStable: Bool

    /// Text beside a stable point; empty for none.
    public let label: RichText

    /// A point.
    public init(
      x: Double, energy: Double, aboveHull: Double, isStable: Bool,
      label: RichText = RichText("")
    ) {
      self.x = x
      self.energy = energy
      self.aboveHull = aboveHull
      self.isStable = isStable
      self.label = label
    }
  }

  /// All points, in any order.
  public var points: [Point]

  /// Title of the horizontal axis.
  public var xTitle: RichText

  /// Title of the vertical axis.
  public var yTitle: RichText

  /// Title of the colour bar.
  public var colourTitle = RichText("/{E}_{hull} (meV/atom)")

  /// A chart of points.
  public init(
    points: [Point], xTitle: RichText, yTitle: RichText = RichText("Formation energy (eV/atom)")
  ) {
    self.points = points
    self.xTitle = xTitle
    self.yTitle = yTitle
  }

  /// Upper end of the colour bar if all points lie on the hull, meV/atom with the usual title.
  private static let smallestScale = 1.0

  /// The picture.
  public func svg() -> String {
    let finite = points.filter { $0.x.isFinite && $0.energy.isFinite && $0.aboveHull.isFinite }
    let stable = finite.filter(\.isStable).sorted { ($0.x, $0.energy) < ($1.x, $1.energy) }
    let yAxis = energyAxis(finite)
    var canvas = SVGCanvas(width: 680, height: 440)
    let left = PlotFrame.leftMargin(yAxis)
    let frame = PlotFrame(
      left: left, top: 24, width: 680 - left - 104, height: 356,
      xAxis: Axis(around: finite.map(\.x), margin: 0.04), yAxis: yAxis)
    frame.drawGrid(&canvas)
    let shown = finite.filter { yAxis.contains($0.energy) }
    let colourAxis = Axis(
      from: 0, to: max(shown.map(\.aboveHull).max() ?? 0, Self.smallestScale), ticks: 5)
    frame.clipped(&canvas) { canvas in
      if yAxis.contains(0) {
        canvas.line(
          frame.left, frame.y(0), frame.right, frame.y(0), stroke: "#999999", dashes: "5 4")
      }
      canvas.polyline(
        stable.map { (frame.x($0.x), frame.y($0.energy)) }, stroke: Palette.ink, width: 1.8)
    }
    // The most stable of all points on the same place is kept, and drawn last.
    let unstable = shown.filter { !$0.isStable }.sorted {
      ($0.aboveHull, $0.x, $0.energy) < ($1.aboveHull, $1.x, $1.energy)
    }
    let places = unstable.map { (x: frame.x($0.x), y: frame.y($0.energy)) }
    for index in thinned(places, cell: unstable.count > 500 ? 2 : 0.5).reversed() {
      canvas.circle(
        places[index].x, places[index].y, radius: unstable.count > 500 ? 2.6 : 4.2,
        fill: Palette.viridis(colourAxis.fraction(unstable[index].aboveHull)),
        stroke: "#555555", strokeWidth: 0.6)
    }
    for point in stable where yAxis.contains(point.energy) {
      canvas.circle(
        frame.x(point.x), frame.y(point.energy), radius: 5.4, fill: Palette.viridis(0),
        stroke: "#FFFFFF", strokeWidth: 1.2)
    }
    frame.drawAxes(&canvas, xTitle: xTitle, yTitle: yTitle)
    drawLabels(&canvas, frame, stable, unstable)
    drawColourBar(&canvas, frame, colourAxis)
    if shown.count < points.count {
      canvas.text(
        RichText(plain: "\(grouped(points.count - shown.count)) entries outside the frame"),
        x: frame.right - 8, y: frame.top + 18, anchor: .end, size: 11, fill: Palette.grey)
    }
    return canvas.text(title: "Formation energies and convex hull")
  }

  /// The vertical range: down to the hull, and up to three times its depth above zero.
  private func energyAxis(_ finite: [Point]) -> Axis {
    let energies = finite.map(\.energy)
    guard let least = energies.min(), let most = energies.max() else {
      return Axis(from: -1, to: 0)
    }
    let upper = least < 0 ? min(max(most, 0), -3 * least) : most
    let room = max(upper - min(least, 0), 1e-6)
    return Axis(from: min(least, 0) - 0.14 * room, to: upper + 0.10 * room)
  }

  /// Writes the names of stable points where they hide neither points nor each other.
  private func drawLabels(
    _ canvas: inout SVGCanvas, _ frame: PlotFrame, _ stable: [Point], _ unstable: [Point]
  ) {
    let size = 12.0
    var placer = LabelPlacer(frame: frame)
    for point in (unstable + stable).prefix(2000) {
      placer.avoid(x: frame.x(point.x), y: frame.y(point.energy), radius: 5)
    }
    if frame.yAxis.contains(0) {
      placer.avoid(line: [(frame.left, frame.y(0)), (frame.right, frame.y(0))])
    }
    placer.avoid(line: stable.map { (frame.x($0.x), frame.y($0.energy)) })
    for point in stable where !point.label.runs.isEmpty {
      let (x, y) = (frame.x(point.x), frame.y(point.energy))
      let width = size * point.label.width
      // Below first: the hull bends away from there.
      let shifts: [Double] = [-width / 2, 9, -width - 9, -width / 4, -0.75 * width]
      var candidates: [(x: Double, y: Double)] = []
      for drop in [21.0, 32, 43] {
        for shift in shifts { candidates.append((x + shift, y + drop)) }
      }
      candidates.append((x + 11, y + 4))
      candidates.append((x - width - 11, y + 4))
      for shift in shifts.prefix(3) { candidates.append((x + shift, y - 11)) }
      if let place = placer.place(width: width, size: size, candidates: candidates) {
        canvas.text(point.label, x: place.x, y: place.y, size: size)
      }
    }
  }

  private func drawColourBar(_ canvas: inout SVGCanvas, _ frame: PlotFrame, _ axis: Axis) {
    let (x, width, slices) = (frame.right + 22, 14.0, 64)
    let height = frame.height / Double(slices)
    for slice in 0..<slices {
      // Half a pixel of overlap hides the seams.
      canvas.rectangle(
        x: x, y: frame.bottom - Double(slice + 1) * height, width: width,
        height: height + (slice > 0 ? 0.5 : 0),
        fill: Palette.viridis((Double(slice) + 0.5) / Double(slices)))
    }
    canvas.rectangle(
      x: x, y: frame.top, width: width, height: frame.height, fill: "none", stroke: Palette.ink)
    for tick in axis.ticks {
      let y = frame.bottom - frame.height * axis.fraction(tick.value)
      canvas.line(x + width, y, x + width + 4, y)
      canvas.text(RichText(plain: tick.text), x: x + width + 7, y: y + 4, size: 11)
    }
    let widest = axis.ticks.map { RichText(plain: $0.text).width }.max() ?? 1
    canvas.text(
      colourTitle, x: x + width + 24 + 11 * widest, y: frame.top + frame.height / 2,
      anchor: .middle, size: 13,
      angle: -90)
  }
}
