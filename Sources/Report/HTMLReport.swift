/// A page with the results of a run that needs nothing but itself: no network, and no script but the one that
/// turns structures.
public struct HTMLReport: Sendable {
  /// A part of the page.
  public enum Part: Sendable {
    /// A heading.
    case heading(String)

    /// A paragraph.
    case paragraph(String)

    /// Something that the reader has to know, such as a warning.
    case note(String)

    /// Keys with values.
    case values([(key: String, value: String)])

    /// A table.
    case table(Table)

    /// A picture from one of the charts, with the text below it.
    case figure(svg: String, caption: RichText)

    /// A structure that the reader can turn, with the text below it.
    case structure(StructureScene, caption: RichText)
  }

  /// Title of the page.
  public var title: String

  /// A line below the title.
  public var subtitle: String

  /// The parts, from top to bottom.
  public var parts: [Part]

  /// A page.
  public init(title: String, subtitle: String = "", parts: [Part] = []) {
    self.title = title
    self.subtitle = subtitle
    self.parts = parts
  }

  /// The page as well-formed XHTML.
  public func html() -> String {
    """
    <!DOCTYPE html>
    <html xmlns="http://www.w3.org/1999/xhtml" lang="en">
    <head>
    <meta charset="utf-8"/>
    <meta name="viewport" content="width=device-width, initial-scale=1"/>
    <meta http-equiv="Content-Security-Policy" \
    content="default-src 'none'; style-src 'unsafe-inline'\(scriptPolicy)"/>
    <title>\(xmlEscaped(title))</title>
    <style>
    \(style)
    </style>
    </head>
    <body>
    <main>
    <h1>\(xmlEscaped(title))</h1>
    \(subtitle.isEmpty ? "" : "<p class=\"subtitle\">\(xmlEscaped(subtitle))</p>\n")\
    \(numberedParts())</main>
    \(hasStructures ? "<script>\(StructureScript.text)</script>\n" : "")</body>
    </html>

    """
  }

  private var hasStructures: Bool {
    parts.contains { part in
      if case .structure = part { true } else { false }
    }
  }

  /// Nothing but the script of the page may run, and that only where there is something to turn.
  private var scriptPolicy: String {
    hasStructures ? "; script-src '\(StructureScript.hash)'" : ""
  }

  private func numberedParts() -> String {
    var figures = 0
    var text = ""
    for part in parts {
      switch part {
      case .heading(let content): text += "<h2>\(xmlEscaped(content))</h2>\n"
      case .paragraph(let content): text += "<p>\(xmlEscaped(content))</p>\n"
      case .note(let content): text += "<p class=\"note\">\(xmlEscaped(content))</p>\n"
      case .values(let pairs):
        let rows = pairs.map {
          "<tr><th scope=\"row\">\(xmlEscaped($0.key))</th><td>\(xmlEscaped($0.value))</td></tr>\n"
        }
        text += "<table class=\"values\"><tbody>\n\(rows.joined())</tbody></table>\n"
      case .table(let table): text += html(table)
      case .figure(let svg, let caption):
        figures += 1
        text += """
          <figure>
          \(svg)<figcaption><b>Figure \(figures).</b> \(caption.html)</figcaption>
          </figure>

          """
      case .structure(let scene, let caption): text += scene.html(caption: caption)
      }
    }
    return text
  }

  private func html(_ table: Table) -> String {
    let classes = table.columns.indices.map { table.isNumeric($0) ? " class=\"number\"" : "" }
    let header = zip(table.columns, classes).map {
      "<th scope=\"col\"\($0.1)>\(xmlEscaped($0.0))</th>"
    }
    let rows = table.rows.indices.map { row in
      let cells = table.columns.indices.map {
        "<td\(classes[$0])>\(xmlEscaped(table.cell(row, $0)))</td>"
      }
      return "<tr>\(cells.joined())</tr>\n"
    }
    let caption = table.title.isEmpty ? "" : "<caption>\(xmlEscaped(table.title))</caption>\n"
    return """
      <div class="scroll"><table>
      \(caption)<thead><tr>\(header.joined())</tr></thead>
      <tbody>
      \(rows.joined())</tbody>
      </table></div>

      """
  }
}

private let style = """
  body { margin: 0; background: #fff; color: #222; line-height: 1.45;
    font-family: Helvetica, Arial, "Liberation Sans", sans-serif; font-size: 15px; }
  main { max-width: 860px; margin: 0 auto; padding: 24px; }
  h1 { font-size: 26px; margin: 0 0 4px; }
  h2 { font-size: 19px; margin: 32px 0 8px; border-bottom: 1px solid #ddd; padding-bottom: 4px; }
  .subtitle { color: #666; margin: 0 0 20px; }
  .note { border-left: 4px solid #E69F00; background: #FFF8E8; padding: 8px 12px; }
  .scroll { overflow-x: auto; margin: 12px 0; }
  table { border-collapse: collapse; font-size: 14px; font-variant-numeric: tabular-nums; }
  caption { text-align: left; color: #666; padding-bottom: 6px; }
  th, td { text-align: left; padding: 4px 14px 4px 0; border-bottom: 1px solid #e8e8e8;
    vertical-align: top; }
  thead th { border-bottom: 1.5px solid #222; }
  .values th { font-weight: normal; color: #666; white-space: nowrap; }
  .number { text-align: right; }
  figure { margin: 20px 0; }
  figure svg { max-width: 100%; height: auto; }
  figcaption { color: #444; font-size: 14px; max-width: 640px; }
  canvas.structure { max-width: 100%; height: auto; border: 1px solid #ddd; touch-action: none;
    cursor: grab; }
  canvas.structure:focus { outline: 2px solid #0072B2; }
  .legend { margin: 4px 0; font-size: 14px; }
  .kind { margin-right: 10px; white-space: nowrap; }
  .kind svg { vertical-align: -2px; }
  .hint { color: #666; }
  @media print { main { padding: 0; } figure, table { break-inside: avoid; } }
  """
