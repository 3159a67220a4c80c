internal import Analysis
internal import Crystal
internal import Report
internal import StructureIO

/// Melt-quenched models, as they are reported.
public struct AmorphousResult {
  let specification: AmorphousSpecification

  /// The models.
  public let models: [AmorphousModel]

  /// Writes the last structures, tables, figures, the summary and the report.
  func write(to folder: OutputFolder) throws {
    for model in models {
      let place = model.folder
      try place.write(ExtendedXYZ.write(model.structure), to: "final.extxyz")
      try place.write(model.distributionTable, to: "rdf.csv")
      try place.write(model.coordinationTable, to: "coordination.csv")
      for (name, svg) in model.figures { try place.write(svg, to: "figures/\(name).svg") }
    }
    try folder.write(jsonText(json(folder: folder.path)), to: "summary.json")
    try folder.write(report.html(), to: "report.html")
  }

  /// The results as they are printed on a terminal.
  public var text: String { models.map(\.text).joined(separator: "\n") }

  /// The results for programs.
  ///
  /// - Parameter folder: Where the files are.
  /// - Returns: One object.
  public func json(folder: String) -> JSONValue {
    .object([
      "cellgen": .text(cellgenVersion), "command": .text("amorphous"), "folder": .text(folder),
      "schedule": .text(specification.schedule.name),
      "seed": .integer(Int(clamping: specification.seed)),
      "models": .array(models.map(\.json)),
    ])
  }

  private var report: HTMLReport {
    var report = HTMLReport(
      title: "Amorphous models of \(specification.energy.structure)",
      subtitle: "schedule \(specification.schedule.name); model \(specification.energy.model)")
    for model in models {
      report.parts.append(.heading(model.name.isEmpty ? "Model" : model.name))
      for doubt in model.doubts { report.parts.append(.note(doubt)) }
      report.parts.append(.values(model.values))
      report.parts.append(.table(model.orderTable))
      if let scene = StructureScene(model.structure) {
        report.parts.append(
          .structure(scene, caption: RichText(formula: "\(model.structure.composition)")))
      }
      for (name, svg) in model.figures {
        let caption = RichText(plain: name.replacing("_", with: " "))
        report.parts.append(.figure(svg: svg, caption: caption))
      }
    }
    return report
  }
}

extension AmorphousModel {
  /// Keys with values for the report.
  var values: [(key: String, value: String)] {
    let l = structure.lattice.lengths
    return [
      ("composition", "\(structure.composition), \(atomCount) atoms"),
      ("cell", "\(fixed(l.x, 3)) × \(fixed(l.y, 3)) × \(fixed(l.z, 3)) Å"),
      ("density", "\(fixed(density, 4)) g/cm³"),
      ("largest void", "radius \(fixed(void, 2)) Å"),
      ("amorphous", isAmorphous ? "yes" : "no"),
      ("criteria", AmorphousModel.describe(crystallinity, atoms: atomCount)),
    ]
  }

  /// Neighbours of every pair.
  var orderTable: Table {
    var table = Table(
      columns: ["pair", "peak (Å)", "cutoff (Å)", "mean number", "numbers", "angle (°)"])
    for around in orders {
      let histogram = around.order.histogram
      let all = Double(max(1, histogram.reduce(0, +)))
      let numbers = histogram.enumerated().filter { Double($0.element) >= 0.005 * all }
        .map { "\($0.offset): \(fixed(100 * Double($0.element) / all, 1)) %" }
      let angles = around.order.angles
      table.append([
        "\(around.centre)-\(around.neighbour)", fixed(around.shell.peak, 2),
        fixed(around.shell.end, 2), fixed(around.order.meanNumber, 2),
        numbers.joined(separator: ", "),
        angles.mean.map { "\(fixed($0, 1)) ± \(fixed(angles.deviation ?? 0, 1))" } ?? "-",
      ])
    }
    return table
  }

  /// The model as it is printed on a terminal.
  var text: String {
    let width = values.map(\.key.count).max() ?? 0
    let lines = values.map { "\($0.key.padding(to: width))  \($0.value)" }
    let title = name.isEmpty ? "" : "\(name)\n"
    return title + lines.joined(separator: "\n") + "\n" + orderTable.text
  }

  var json: JSONValue {
    .object([
      "name": .text(name), "structure": .text(folder.file("final.extxyz")),
      "atoms": .integer(atomCount), "density_g_cm3": .real(density),
      "volume_A3": .real(structure.lattice.volume), "largest_void_A": .real(void),
      "amorphous": .logical(isAmorphous), "strongest_wave": .real(crystallinity.largestPeak),
      "site_memory": crystallinity.siteMemory.map(JSONValue.real) ?? .null,
      "warnings": .texts(doubts),
      "coordination": .array(
        orders.map { around in
          .object([
            "centre": .text("\(around.centre)"), "neighbour": .text("\(around.neighbour)"),
            "peak_A": .real(around.shell.peak), "cutoff_A": .real(around.shell.end),
            "mean": .real(around.order.meanNumber),
            "histogram": .array(around.order.histogram.map(JSONValue.integer)),
            "angle_deg": .optional(around.order.angles.mean),
          ])
        }),
    ])
  }

  private var pairs: [(Element, Element)] {
    let elements = distribution.elements
    return elements.indices.flatMap { a in elements[a...].map { (elements[a], $0) } }
  }

  /// Partial radial distribution functions as CSV.
  var distributionTable: String {
    let columns = pairs.map { distribution.values($0.0, $0.1) }
    let header = (["r_A"] + pairs.map { "g_\($0.0)_\($0.1)" }).joined(separator: ",")
    let lines = distribution.distances.enumerated().map { bin, r in
      ([fixed(r, 4)] + columns.map { fixed($0[bin], 5) }).joined(separator: ",")
    }
    return ([header] + lines).joined(separator: "\n") + "\n"
  }

  /// Histograms of neighbours as CSV.
  var coordinationTable: String {
    var lines = ["centre,neighbour,cutoff_A,number,atoms"]
    for around in orders {
      for (number, atoms) in around.order.histogram.enumerated() {
        lines.append(
          "\(around.centre),\(around.neighbour),\(fixed(around.shell.end, 3)),\(number),\(atoms)")
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Charts by name.
  var figures: [(name: String, svg: String)] {
    let title = RichText(formula: "\(structure.composition)")
    func chart(_ series: [LineChart.Series], _ x: String, _ y: String) -> String {
      LineChart(
        panels: [LineChart.Panel(title: title, series: series)], xTitle: RichText(plain: x),
        yTitle: RichText(plain: y)
      ).svg()
    }
    func curve(_ name: String, _ points: [(Double, Double)]) -> LineChart.Series {
      LineChart.Series(
        name: RichText(plain: name), points: points.map { LineChart.Point(x: $0.0, y: $0.1) },
        style: .curve)
    }
    let distances = distribution.distances
    let functions = pairs.map { pair in
      curve(
        "\(pair.0)–\(pair.1)", Array(zip(distances, distribution.values(pair.0, pair.1))))
    }
    let angles = orders.filter { $0.order.angles.count > 0 }.map { around in
      curve(
        "\(around.neighbour)–\(around.centre)–\(around.neighbour)",
        Array(zip(AngleHistogram.middles, around.order.angles.density)))
    }
    let stride = max(1, log.count / 300)
    let shown = log.indices.filter { $0.isMultiple(of: stride) || $0 == log.count - 1 }
    let atoms = Double(max(1, atomCount))
    var figures = [
      ("radial_distribution", chart(functions, "Distance (Å)", "g(r)")),
      ("bond_angles", chart(angles, "Angle (°)", "Probability (1/°)")),
    ]
    if !log.isEmpty {
      figures += [
        (
          "temperature",
          chart(
            [curve("", shown.map { (log[$0].time / 1000, log[$0].temperature) })], "Time (ps)",
            "Temperature (K)")
        ),
        (
          "energy",
          chart(
            [curve("", shown.map { (log[$0].time / 1000, log[$0].energy / atoms) })], "Time (ps)",
            "Potential energy (eV/atom)")
        ),
        (
          "density",
          chart(
            [curve("", shown.map { (log[$0].time / 1000, log[$0].density) })], "Time (ps)",
            "Density (g/cm³)")
        ),
      ]
    }
    return figures
  }
}

extension String {
  /// The text with spaces up to a width.
  fileprivate func padding(to width: Int) -> String {
    self + String(repeating: " ", count: Swift.max(0, width - count))
  }
}
