internal import Analysis
internal import Crystal
internal import Report

extension CoordinationResult {
  /// The results for programs.
  ///
  /// - Parameter folder: Where the files are; nil if none are written.
  /// - Returns: One object.
  public func json(folder: String?) -> JSONValue {
    func pair(_ name: String, _ mean: CoordinationAverages.Mean) -> [(String, JSONValue)] {
      [(name, .real(mean.value))] + (mean.error.map { [("\(name)_error", .real($0))] } ?? [])
    }
    func object(_ entries: [(String, JSONValue)]) -> JSONValue {
      .object(Dictionary(uniqueKeysWithValues: entries))
    }
    let shells = averages.shells.enumerated().map { index, shell in
      object(
        [
          ("centre", .text(shell.centre.symbol)),
          ("neighbour", .text(shell.name)),
          ("cutoff_A", .optional(cutoff(shell))),
          ("histogram", .array(trimmed(means.shares(index)).map { .real($0.value) })),
        ] + pair("mean", means.number(index)) + pair("mean_distance_A", means.distance(index)))
    }
    let angles = averages.angles.enumerated().filter { hasAngles($0.offset) }.map { index, angle in
      object(
        [
          ("angle", .text("\(angle.first)-\(angle.centre)-\(angle.second)")),
          ("density_per_degree", .array(means.density(index).map { .real($0.value) })),
        ] + pair("mean_degrees", means.angle(index))
          + pair("deviation_degrees", means.deviation(index)))
    }
    let links = averages.links.enumerated().map { index, link in
      let counts = means.links(index)
      return object(
        [("centres", .text("\(link.first)-\(link.second)"))] + pair("corners", counts[0])
          + pair("edges", counts[1]) + pair("faces", counts[2]))
    }
    let rings = averages.networks.indices.map { index in
      let network = averages.networks[index]
      return object([
        ("network", .text("\(network.centre)-\(network.ligand)")),
        ("rings_per_centre", .array(means.rings(index).map { .real($0.value) })),
        ("share_of_angles", .array(means.ringAngles(index).map { .real($0.value) })),
      ])
    }
    return object(
      [
        ("cellgen", .text(cellgenVersion)), ("command", .text("coordination")),
        ("atoms", .integer(run.frames.atomCount)), ("frames", .integer(frameCount)),
        ("composition", .text("\(run.frames.composition)")),
        ("method", .text(run.specification.method.rawValue)), ("coordination", .array(shells)),
        ("angles", .array(angles)), ("polyhedra", .array(links)), ("rings", .array(rings)),
        ("warnings", .texts(warnings)),
      ] + (folder.map { [("folder", .text($0))] } ?? []))
  }

  /// Shares without the zeros at their end.
  private func trimmed(_ shares: [CoordinationAverages.Mean]) -> [CoordinationAverages.Mean] {
    let last = shares.lastIndex { $0.value > 0 } ?? 0
    return Array(shares[...last])
  }

  /// Writes tables, figures and the manifest.
  ///
  /// - Throws: ``InputError`` if a file cannot be written.
  public func write(to folder: OutputFolder) throws {
    let manifest = Manifest(
      cellgen: cellgenVersion, command: "coordination", specification: run.specification,
      inputs: try run.frames.hashes(), started: started, finished: timestamp(), warnings: warnings)
    try folder.write(jsonText(manifest), to: OutputFolder.manifestName)
    try folder.write(jsonText(json(folder: folder.path)), to: "summary.json")
    for (name, text) in tables { try folder.write(text, to: "\(name).csv") }
    for (name, svg) in figures { try folder.write(svg, to: "figures/\(name).svg") }
  }

  private func cells(_ mean: CoordinationAverages.Mean) -> [String] {
    [fixed(mean.value, 6), mean.error.map { fixed($0, 6) } ?? ""]
  }

  private var tables: [(name: String, text: String)] {
    let names = averages.shells.map { [$0.centre.symbol, $0.name] }
    let means = means
    let numbers = averages.shells.indices.map { index in
      names[index] + [cutoff(averages.shells[index]).map { fixed($0, 4) } ?? ""]
        + cells(means.number(index)) + cells(means.distance(index))
    }
    let histogram = averages.shells.indices.flatMap { index in
      trimmed(means.shares(index)).enumerated().map {
        names[index] + ["\($0.offset)"] + cells($0.element)
      }
    }
    let shown = averages.angles.indices.filter(hasAngles)
    let angleNames = shown.map { index -> String in
      let angle = averages.angles[index]
      return "p_\(angle.first)_\(angle.centre)_\(angle.second)_per_degree"
    }
    let densities = shown.map(means.density)
    let angles = AngleHistogram.middles.indices.map { bin in
      [fixed(AngleHistogram.middles[bin], 1)] + densities.flatMap { cells($0[bin]) }
    }
    var tables = [
      (
        "coordination",
        csvText(
          header: [
            "centre", "neighbour", "cutoff_A", "mean", "mean_error", "mean_distance_A",
            "mean_distance_A_error",
          ], rows: numbers)
      ),
      (
        "histogram",
        csvText(
          header: ["centre", "neighbour", "number", "share", "share_error"], rows: histogram)
      ),
      (
        "angles",
        csvText(
          header: ["angle_degrees"] + angleNames.flatMap { [$0, "\($0)_error"] }, rows: angles)
      ),
    ]
    if !averages.links.isEmpty {
      let links = averages.links.enumerated().map { index, link in
        [link.first.symbol, link.second.symbol] + means.links(index).flatMap(cells)
      }
      tables.append(
        (
          "polyhedra",
          csvText(
            header: [
              "first", "second", "corners", "corners_error", "edges", "edges_error", "faces",
              "faces_error",
            ], rows: links)
        ))
    }
    if !averages.networks.isEmpty {
      let rings = averages.networks.indices.flatMap { index in
        let network = averages.networks[index]
        return (0...averages.largestRing).filter { $0 != 1 }.map { size in
          ["\(network.centre)-\(network.ligand)", size == 0 ? "none" : "\(size)"]
            + cells(means.rings(index)[size]) + cells(means.ringAngles(index)[size])
        }
      }
      tables.append(
        (
          "rings",
          csvText(
            header: [
              "network", "size", "rings_per_centre", "rings_per_centre_error", "share_of_angles",
              "share_of_angles_error",
            ], rows: rings)
        ))
    }
    return tables
  }

  private var figures: [(name: String, svg: String)] {
    let title = RichText(formula: "\(run.frames.composition)")
    let means = means
    let histogram = BarChart(
      title: title,
      series: averages.shells.enumerated().filter { means.number($0.offset).value > 0 }
        .map { index, shell in
          BarChart.Series(
            name: RichText(plain: "\(shell.name) around \(shell.centre)"),
            bars: trimmed(means.shares(index)).enumerated().map {
              BarChart.Bar(
                place: $0.offset, value: 100 * $0.element.value,
                error: $0.element.error.map { 100 * $0 })
            })
        }, xTitle: RichText("Neighbours"), yTitle: RichText("Atoms (%)"))
    var figures = [("coordination", histogram.svg())]
    let shown = averages.angles.indices.filter(hasAngles)
    if !shown.isEmpty {
      figures.append(
        (
          "angles",
          LineChart(
            panels: [
              LineChart.Panel(
                title: title,
                series: shown.map { index in
                  let angle = averages.angles[index]
                  let density = means.density(index)
                  return LineChart.Series(
                    name: RichText(plain: "\(angle.first)–\(angle.centre)–\(angle.second)"),
                    points: zip(AngleHistogram.middles, density).map {
                      LineChart.Point(x: $0, y: $1.value)
                    }, style: .curve,
                    band: frameCount > 1 ? density.map { $0.error ?? 0 } : nil)
                })
            ], xTitle: RichText("Angle (°)"), yTitle: RichText("Probability (1/°)")
          ).svg()
        ))
    }
    if !averages.networks.isEmpty {
      let rings = BarChart(
        title: title,
        series: averages.networks.indices.map { index in
          let network = averages.networks[index]
          return BarChart.Series(
            name: RichText(plain: "\(network.centre)–\(network.ligand)"),
            bars: means.rings(index).enumerated().dropFirst(2).map {
              BarChart.Bar(place: $0.offset, value: $0.element.value, error: $0.element.error)
            })
        }, xTitle: RichText("Size of the ring"), yTitle: RichText("Rings per centre"))
      figures.append(("rings", rings.svg()))
    }
    return figures
  }
}
