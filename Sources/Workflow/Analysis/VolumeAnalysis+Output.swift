internal import Analysis
internal import Crystal
internal import Report

extension VolumeAnalysis {
  /// The results as they are printed on a terminal.
  public var text: String {
    let cells = specification.weighting == .plain ? "plain" : "radical"
    var lines = ["Voronoi volumes (\(cells) cells) of \(input.path), \(volumes.count) atoms"]
    lines.append(table.text)
    lines += valueLines
    return lines.joined(separator: "\n") + "\n"
  }

  /// Volumes by element.
  var table: Table {
    var table = Table(columns: ["element", "atoms", "mean (Å³)", "sd", "min", "max", "faces"])
    for entry in statistics {
      table.append([
        entry.element.symbol, "\(entry.count)", fixed(entry.mean, 3), fixed(entry.deviation, 3),
        fixed(entry.least, 3), fixed(entry.most, 3), fixed(meanFaces(entry.element), 2),
      ])
    }
    return table
  }

  private func meanFaces(_ element: Element) -> Double {
    let own = input.structure.species.indices.filter {
      input.structure.species[$0].element == element
    }
    return Double(own.reduce(0) { $0 + faceCounts[$1] }) / Double(max(1, own.count))
  }

  /// Free volume, voids and probe, a line each.
  private var valueLines: [String] {
    var lines: [String] = []
    if let free {
      let references = free.references.sorted { $0.key < $1.key }
        .map { "V(\($0.key)) = \(fixed($0.value, 3)) Å³" }.joined(separator: ", ")
      lines.append(
        "free volume f = 1 - sum(n V)/V(cell) = \(fixed(100 * free.value.fraction, 2)) % "
          + "(\(fixed(free.value.volume, 2)) Å³ of \(fixed(free.value.cellVolume, 2)) Å³)")
      lines.append("  with \(references), the other volumes from the model itself")
      if specification.weighting == .plain {
        lines.append(
          "  = sum n (<V> - V(reference))/V(cell) = \(fixed(100 * free.value.fractionByExcess, 2)) %"
        )
      }
      if let ion = free.ion {
        lines.append(
          "  as vacancies of \(ion.element): \(fixed(vacancies, 2)), "
            + "\(fixed(100 * vacancies / Double(ion.count), 1)) % of the \(ion.element) volume; "
            + formulaWithVacancies)
      }
    } else {
      lines.append("no free volume: without O, give --reference such as S=20 [Å³]")
    }
    lines.append(
      "\(voids.count) voids between atoms' centres; largest radius \(fixed(voids.last ?? 0, 3)) Å, "
        + "median \(fixed(voids.isEmpty ? 0 : voids[voids.count / 2], 3)) Å")
    if let probe {
      lines.append(
        "probe of radius \(fixed(probe.radius, 2)) Å: its centre has "
          + "\(fixed(100 * probe.accessibleFraction, 3)) % of the cell, "
          + (probe.dimensions == 0
            ? "none of it in channels through the crystal"
            : "\(fixed(100 * probe.percolatingFraction, 3)) % in channels through the crystal in "
              + "\(probe.dimensions) dimensions"))
      let radii = probe.percolationRadii.map { $0.map { fixed($0, 3) } ?? "none" }
      lines.append(
        "  largest probe: \(fixed(probe.largestIncluded, 3)) Å inside; through in 1, 2, 3 dimensions "
          + "\(radii.joined(separator: ", ")) Å; grid steps up to "
          + "\(fixed(probe.grid.spacings.max(), 3)) Å")
    }
    return lines
  }

  /// Vacancies of the ion that take as much room as the free volume.
  private var vacancies: Double {
    guard let free, let ion = free.ion else { return 0 }
    return free.value.equivalentCount(atomVolume: ion.mean)
  }

  /// Mg0.33□0.17Ti0.11Mo0.22O: per atom of the commonest anion, else per atom.
  private var formulaWithVacancies: String {
    guard let free, let ion = free.ion else { return "" }
    let anions = statistics.filter(\.element.isUsualAnion)
    let unit = Double(anions.map(\.count).max() ?? volumes.count)
    func part(_ symbol: String, _ number: Double) -> String {
      let amount = fixed(number / unit, 2)
      return symbol + (amount == "1.00" ? "" : amount)
    }
    let ordered = statistics.filter { !$0.element.isUsualAnion && $0.element != free.ion?.element }
    return part(ion.element.symbol, Double(ion.count)) + part("□", vacancies)
      + ordered.map { part($0.element.symbol, Double($0.count)) }.joined()
      + anions.map { part($0.element.symbol, Double($0.count)) }.joined()
  }

  /// The results for programs.
  public var json: JSONValue {
    var values: [String: JSONValue] = [
      "cellgen": .text(cellgenVersion), "command": .text("volume"),
      "structure": .text(input.path), "weighting": .text(specification.weighting.rawValue),
      "atoms": .integer(volumes.count), "volume_A3": .real(input.structure.lattice.volume),
      "elements": .array(
        statistics.map { entry in
          .object([
            "element": .text(entry.element.symbol), "atoms": .integer(entry.count),
            "mean_A3": .real(entry.mean), "sd_A3": .real(entry.deviation),
            "min_A3": .real(entry.least), "max_A3": .real(entry.most),
            "faces": .real(meanFaces(entry.element)),
          ])
        }),
      "voids": .integer(voids.count), "largest_void_A": .optional(voids.last),
      "warnings": .texts(warnings),
    ]
    if let free {
      var object: [String: JSONValue] = [
        "fraction": .real(free.value.fraction), "free_A3": .real(free.value.volume),
        "fraction_by_excess": .real(free.value.fractionByExcess),
        "definition": .text("1 - sum(n V) / V(cell)"),
        "references_A3": .object(
          Dictionary(
            uniqueKeysWithValues: free.references.map { ($0.key.symbol, .real($0.value)) })),
      ]
      if let ion = free.ion {
        object["ion"] = .text(ion.element.symbol)
        object["vacancies"] = .real(vacancies)
        object["vacancies_per_ion"] = .real(vacancies / Double(ion.count))
        object["formula"] = .text(formulaWithVacancies)
      }
      values["free_volume"] = .object(object)
    }
    if let probe {
      values["probe"] = .object([
        "radius_A": .real(probe.radius), "accessible_fraction": .real(probe.accessibleFraction),
        "percolating_fraction": .real(probe.percolatingFraction),
        "dimensions": .integer(probe.dimensions),
        "percolation_radii_A": .array(probe.percolationRadii.map { .optional($0) }),
        "largest_included_A": .real(probe.largestIncluded),
        "grid": .array((0..<3).map { .integer(probe.grid.divisions[$0]) }),
      ])
    }
    return .object(values)
  }

  /// Writes manifest, tables and figures.
  ///
  /// - Throws: ``InputError`` if a file cannot be written.
  public func write(to folder: OutputFolder) throws {
    let manifest = Manifest(
      cellgen: cellgenVersion, command: "volume", specification: specification,
      inputs: input.inputs, started: started, finished: timestamp())
    try folder.write(jsonText(manifest), to: OutputFolder.manifestName)
    try folder.write(jsonText(json), to: "summary.json")
    try folder.write(atomsCSV, to: "volumes.csv")
    try folder.write(elementsCSV, to: "elements.csv")
    try folder.write(voidsCSV, to: "voids.csv")
    for (name, svg) in figures { try folder.write(svg, to: "figures/\(name).svg") }
  }

  private var atomsCSV: String {
    csvText(
      header: ["atom", "element", "volume_A3", "faces"],
      rows: volumes.indices.map { atom in
        [
          "\(atom + 1)", input.structure.species[atom].element.symbol, fixed(volumes[atom], 5),
          "\(faceCounts[atom])",
        ]
      })
  }

  private var elementsCSV: String {
    csvText(
      header: ["element", "atoms", "mean_A3", "sd_A3", "min_A3", "max_A3", "faces"],
      rows: statistics.map { entry in
        [
          entry.element.symbol, "\(entry.count)", fixed(entry.mean, 5), fixed(entry.deviation, 5),
          fixed(entry.least, 5), fixed(entry.most, 5), fixed(meanFaces(entry.element), 3),
        ]
      })
  }

  private var voidsCSV: String {
    csvText(header: ["radius_A"], rows: voids.map { [fixed($0, 5)] })
  }

  /// Histograms of volumes and of voids.
  private var figures: [(name: String, svg: String)] {
    let formula = RichText(formula: "\(input.structure.composition)")
    let elements = input.structure.species.map(\.element)
    var volumeChart = HistogramChart(
      series: statistics.map { entry in
        HistogramChart.Series(
          name: RichText(entry.element.symbol), element: entry.element,
          values: volumes.indices.filter { elements[$0] == entry.element }.map { volumes[$0] },
          line: free?.references[entry.element])
      }, xTitle: RichText("Voronoi volume (Å³)"), yTitle: RichText("Fraction of atoms"))
    volumeChart.title = formula
    var voidChart = HistogramChart(
      series: [HistogramChart.Series(name: RichText(""), element: nil, values: voids)],
      xTitle: RichText("Distance of the void from atoms’ centres (Å)"),
      yTitle: RichText("Fraction of voids"))
    voidChart.title = formula
    return [("volumes", volumeChart.svg()), ("voids", voidChart.svg())]
  }
}
