/// A quantity over directions as colours, in the equal-area projection of half a sphere.
///
/// For quantities that are the same in opposite directions. The third axis points at the reader, the first to
/// the right and the second up; equal areas of the picture are equal solid angles.
public struct SphereMap: Sendable {
  /// A direction with a name.
  public struct Mark: Hashable, Sendable {
    /// Any length; shown on the half that faces the reader.
    public let direction: SIMD3<Double>
    /// Its name.
    public let label: String

    /// A mark.
    public init(direction: SIMD3<Double>, label: String) {
      self.direction = direction
      self.label = label
    }
  }

  /// Heading.
  public var title = RichText("")

  /// Title of the colour bar.
  public var valueTitle: RichText

  /// Directions with names.
  public var marks: [Mark] = []

  /// Names of the axes: right, up and towards the reader.
  public var axes = ["a", "b", "c"]

  private let rows: [[Double?]]

  private static let (resolution, shades) = (110, 48)

  /// A map of a quantity.
  ///
  /// - Parameters:
  ///   - valueTitle: Title of the colour bar.
  ///   - value: The quantity for unit vectors whose third component is not negative.
  public init(valueTitle: RichText, value: (SIMD3<Double>) -> Double) {
    self.valueTitle = valueTitle
    let n = SphereMap.resolution
    rows = (0..<n).map { row in
      (0..<n).map { column in
        let x = 2 * (Double(column) + 0.5) / Double(n) - 1
        let y = 1 - 2 * (Double(row) + 0.5) / Double(n)
        return SphereMap.direction(x, y).map(value)
      }
    }
  }

  /// The direction at a place of the unit disc; nil outside of it.
  ///
  ///     |p|² = 1 − n_z
  static func direction(_ x: Double, _ y: Double) -> SIMD3<Double>? {
    let square = x * x + y * y
    guard square <= 1 else { return nil }
    let z = 1 - square
    let scale = square > 0 ? ((1 - z * z) / square).squareRoot() : 0
    return SIMD3(scale * x, scale * y, z)
  }

  /// The place of a direction in the unit disc.
  static func place(_ direction: SIMD3<Double>) -> (x: Double, y: Double) {
    var n = direction / (direction * direction).sum().squareRoot()
    if n.z < 0 { n = -n }
    let flat = (n.x * n.x + n.y * n.y).squareRoot()
    guard flat > 0 else { return (0, 0) }
    let radius = max(0, 1 - n.z).squareRoot()
    return (radius * n.x / flat, radius * n.y / flat)
  }

  /// The picture.
  public func svg() -> String {
    let (radius, left, top) = (180.0, 40.0, title.plain.isEmpty ? 34.0 : 62.0)
    let (x, y) = (left + radius, top + radius)
    let values = rows.flatMap { $0 }.compactMap { $0 }.filter(\.isFinite)
    let (least, most) = (values.min() ?? 0, values.max() ?? 1)
    let bar = Axis(from: least, to: most, ticks: 6)
    let labels = 12 * (bar.ticks.map { RichText(plain: $0.text).width }.max() ?? 1)
    let barLeft = left + 2 * radius + 50
    var canvas = SVGCanvas(
      width: barLeft + 18 + 12 + labels + 36, height: top + 2 * radius + 44)
    draw(least, most, x - radius, y - radius, 2 * radius, &canvas)
    canvas.circle(x, y, radius: radius, fill: "none", stroke: Palette.ink)
    canvas.text(RichText(axes[0]), x: x + radius + 8, y: y + 5)
    canvas.text(RichText(axes[1]), x: x, y: y - radius - 8, anchor: .middle)
    for mark in marks + [Mark(direction: SIMD3(0, 0, 1), label: axes[2])] {
      let place = SphereMap.place(mark.direction)
      let (px, py) = (x + radius * place.x, y - radius * place.y)
      // Dark on light and light on dark: one of the two rings shows on any colour.
      canvas.circle(px, py, radius: 5, fill: "none", stroke: "#FFFFFF", strokeWidth: 3)
      canvas.circle(px, py, radius: 5, fill: "none", stroke: Palette.ink, strokeWidth: 1.2)
      drawLabel(mark.label, px, py, isRight: place.x > 0.6, &canvas)
    }
    let frame = PlotFrame(
      left: barLeft, top: top, width: 18, height: 2 * radius, xAxis: Axis(from: 0, to: 1),
      yAxis: bar)
    drawBar(frame, labels, &canvas)
    canvas.text(title, x: left, y: 24, size: 14, isBold: true)
    return canvas.text(title: "\(valueTitle.plain) over directions")
  }

  /// A name on a light ground, which is legible on any colour.
  private func drawLabel(
    _ label: String, _ x: Double, _ y: Double, isRight: Bool, _ canvas: inout SVGCanvas
  ) {
    let text = RichText(plain: label)
    guard !label.isEmpty else { return }
    let width = 12 * text.width + 6
    let start = isRight ? x - 9 - width : x + 9
    canvas.rectangle(
      x: start, y: y - 9, width: width, height: 17, fill: "#FFFFFF", opacity: 0.8)
    canvas.text(text, x: start + width / 2, y: y + 4, anchor: .middle, size: 12)
  }

  /// Draws the values; neighbours of one shade in a row are one rectangle.
  private func draw(
    _ least: Double, _ most: Double, _ left: Double, _ top: Double, _ size: Double,
    _ canvas: inout SVGCanvas
  ) {
    let step = size / Double(SphereMap.resolution)
    func shade(_ value: Double?) -> Int? {
      guard let value, value.isFinite else { return nil }
      let fraction = most > least ? (value - least) / (most - least) : 0.5
      return Int(fraction * Double(SphereMap.shades - 1) + 0.5)
    }
    var paths = [String](repeating: "", count: SphereMap.shades)
    for (number, row) in rows.enumerated() {
      let y = coordinate(top + Double(number) * step)
      var column = 0
      while column < row.count {
        let own = shade(row[column])
        let start = column
        while column < row.count, shade(row[column]) == own { column += 1 }
        guard let own else { continue }
        let (x, width) = (left + Double(start) * step, Double(column - start) * step)
        paths[own] +=
          "M\(coordinate(x)) \(y)h\(coordinate(width))v\(coordinate(step))H\(coordinate(x))z"
      }
    }
    for (shade, path) in paths.enumerated() {
      canvas.area(path, fill: Palette.viridis(Double(shade) / Double(SphereMap.shades - 1)))
    }
  }

  private func drawBar(_ frame: PlotFrame, _ labels: Double, _ canvas: inout SVGCanvas) {
    let height = frame.height / Double(SphereMap.shades)
    for shade in 0..<SphereMap.shades {
      canvas.rectangle(
        x: frame.left, y: frame.bottom - Double(shade + 1) * height, width: frame.width,
        height: height + 0.3,
        fill: Palette.viridis(Double(shade) / Double(SphereMap.shades - 1)))
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
