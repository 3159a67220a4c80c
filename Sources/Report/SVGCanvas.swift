/// Collects the elements of an SVG picture; lengths in CSS pixels, y downwards.
struct SVGCanvas {
  /// Where text is anchored.
  enum Anchor: String {
    case start, middle, end
  }

  /// Width of the picture.
  let width: Double

  /// Height of the picture.
  let height: Double

  private var body = ""

  /// A white picture.
  init(width: Double, height: Double) {
    self.width = width
    self.height = height
    rectangle(x: 0, y: 0, width: width, height: height, fill: "#FFFFFF")
  }

  /// The complete file, without an XML declaration so that it can stand inside HTML too.
  ///
  /// - Parameter title: What the picture shows, for screen readers.
  /// - Returns: One `svg` element.
  func text(title: String) -> String {
    let (width, height) = (coordinate(width), coordinate(height))
    return """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)" \
      viewBox="0 0 \(width) \(height)" role="img" \
      font-family="Helvetica, Arial, 'Liberation Sans', sans-serif" font-size="13" \
      fill="\(Palette.ink)">
      <title>\(xmlEscaped(title))</title>
      \(body)</svg>

      """
  }

  /// A filled rectangle.
  mutating func rectangle(
    x: Double, y: Double, width: Double, height: Double, fill: String, stroke: String? = nil,
    opacity: Double = 1
  ) {
    add(
      "<rect x=\"\(coordinate(x))\" y=\"\(coordinate(y))\" width=\"\(coordinate(width))\" "
        + "height=\"\(coordinate(height))\" fill=\"\(fill)\""
        + (stroke.map { " stroke=\"\($0)\"" } ?? "")
        + (opacity < 1 ? " fill-opacity=\"\(coordinate(opacity))\"" : "") + "/>")
  }

  /// A straight line.
  mutating func line(
    _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, stroke: String = Palette.ink,
    width: Double = 1, dashes: String? = nil
  ) {
    add(
      "<line x1=\"\(coordinate(x1))\" y1=\"\(coordinate(y1))\" x2=\"\(coordinate(x2))\" "
        + "y2=\"\(coordinate(y2))\"" + strokeAttributes(stroke, width, dashes) + "/>")
  }

  /// A line through points.
  mutating func polyline(
    _ points: [(x: Double, y: Double)], stroke: String, width: Double, dashes: String? = nil
  ) {
    guard points.count > 1 else { return }
    let list = points.map { "\(coordinate($0.x)),\(coordinate($0.y))" }.joined(separator: " ")
    add(
      "<polyline points=\"\(list)\" fill=\"none\" stroke-linejoin=\"round\""
        + strokeAttributes(stroke, width, dashes) + "/>")
  }

  /// A circle.
  mutating func circle(
    _ x: Double, _ y: Double, radius: Double, fill: String, stroke: String? = nil,
    strokeWidth: Double = 1
  ) {
    add(
      "<circle cx=\"\(coordinate(x))\" cy=\"\(coordinate(y))\" r=\"\(coordinate(radius))\" "
        + "fill=\"\(fill)\"" + (stroke.map { strokeAttributes($0, strokeWidth, nil) } ?? "") + "/>")
  }

  /// A filled area between points.
  mutating func polygon(_ points: [(x: Double, y: Double)], fill: String, opacity: Double) {
    guard points.count > 2 else { return }
    let list = points.map { "\(coordinate($0.x)),\(coordinate($0.y))" }.joined(separator: " ")
    add(
      "<polygon points=\"\(list)\" fill=\"\(fill)\" fill-opacity=\"\(coordinate(opacity))\"/>")
  }

  /// A path of SVG commands, filled without seams beside its neighbours or as a line.
  mutating func area(_ commands: String, fill: String, stroke: String? = nil, width: Double = 1) {
    guard !commands.isEmpty else { return }
    add(
      "<path d=\"\(commands)\" fill=\"\(fill)\""
        + (stroke.map { strokeAttributes($0, width, nil) } ?? " shape-rendering=\"crispEdges\"")
        + "/>")
  }

  /// Crosses in one path, the shortest spelling of thousands of them.
  mutating func crosses(
    _ points: [(x: Double, y: Double)], radius: Double, stroke: String, width: Double,
    opacity: Double = 1
  ) {
    guard !points.isEmpty else { return }
    let d = coordinate(2 * radius)
    let list = points.map {
      "M\(coordinate($0.x - radius)) \(coordinate($0.y - radius))l\(d) \(d)m0-\(d)l-\(d) \(d)"
    }
    add(
      "<path d=\"\(list.joined())\" fill=\"none\"" + strokeAttributes(stroke, width, nil)
        + (opacity < 1 ? " stroke-opacity=\"\(coordinate(opacity))\"" : "") + "/>")
  }

  /// A line of text.
  ///
  /// - Parameters:
  ///   - content: The text.
  ///   - x: Horizontal place of the anchor.
  ///   - y: Height of the base line.
  ///   - anchor: Which end of the text is at `x`.
  ///   - size: Font size.
  ///   - fill: Colour.
  ///   - angle: Rotation around the anchor, degrees clockwise.
  ///   - isBold: Whether the text is a heading.
  mutating func text(
    _ content: RichText, x: Double, y: Double, anchor: Anchor = .start, size: Double = 13,
    fill: String? = nil, angle: Double = 0, isBold: Bool = false
  ) {
    guard !content.runs.isEmpty else { return }
    var attributes = " x=\"\(coordinate(x))\" y=\"\(coordinate(y))\""
    if anchor != .start { attributes += " text-anchor=\"\(anchor.rawValue)\"" }
    if size != 13 { attributes += " font-size=\"\(coordinate(size))\"" }
    // Viewers may drop spaces at the ends of a piece otherwise.
    if content.runs.count > 1 { attributes += " xml:space=\"preserve\"" }
    if let fill { attributes += " fill=\"\(fill)\"" }
    if isBold { attributes += " font-weight=\"bold\"" }
    if angle != 0 {
      attributes += " transform=\"rotate(\(coordinate(angle)) \(coordinate(x)) \(coordinate(y)))\""
    }
    add("<text\(attributes)>\(content.tspans(fontSize: size))</text>")
  }

  /// Elements that are cut off at a rectangle.
  mutating func clipped(
    x: Double, y: Double, width: Double, height: Double,
    _ draw: (inout SVGCanvas) -> Void
  ) {
    // A nested picture clips by itself and needs no identifier that could occur twice in a report.
    let (left, top) = (coordinate(x), coordinate(y))
    let size = "\(coordinate(width))\" height=\"\(coordinate(height))"
    add(
      "<svg x=\"\(left)\" y=\"\(top)\" width=\"\(size)\" "
        + "viewBox=\"\(left) \(top) \(coordinate(width)) \(coordinate(height))\">")
    draw(&self)
    add("</svg>")
  }

  private mutating func add(_ element: String) { body += element + "\n" }

  private func strokeAttributes(_ stroke: String, _ width: Double, _ dashes: String?) -> String {
    " stroke=\"\(stroke)\" stroke-width=\"\(coordinate(width))\""
      + (dashes.map { " stroke-dasharray=\"\($0)\"" } ?? "")
  }
}
