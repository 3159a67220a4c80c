internal import Analysis
internal import Crystal
internal import Report
internal import StructureIO

extension BondValenceMapResult {
  /// The results as they are printed on a terminal.
  var lines: [String] {
    let n = map.grid.divisions
    let parameters = bonds.map {
      "\(ion)-\($0.anion) R0 = \(fixed($0.bond.r0, 3)) Å, b = \(fixed($0.bond.b, 2)) Å "
        + "(\($0.bond.source.rawValue))"
    }
    var lines = [
      "",
      "Map of \(ion) on \(n.x) x \(n.y) x \(n.z) points, steps up to "
        + "\(fixed(map.grid.spacings.max(), 4)) Å; \(parameters.joined(separator: ", "))",
      "  at least \(fixed(settings.exclusion, 2)) Å from every atom: "
        + "\(fixed(100 * allowedFraction, 3)) % of the cell"
        + (range.map { ", sums \(fixed($0.lowerBound, 4)) to \(fixed($0.upperBound, 4))" } ?? ""),
      "  |v - \(shortNumber(valence))| < \(shortNumber(settings.tolerance)): "
        + "\(selectedCount) points, \(fixed(100 * selectedFraction, 3)) % of the cell, "
        + "in \(clusters.clusters.count) regions",
    ]
    if clusters.dimensions > 0 {
      lines.append(
        "  regions go through the crystal in \(clusters.dimensions) dimensions "
          + "(\(fixed(100 * percolatingFraction, 3)) % of the cell)")
    } else {
      lines.append("  no region goes through the crystal")
    }
    guard thresholds.contains(where: { $0 != nil }) else {
      return lines + ["  no tolerance makes them go through, so far from every atom"]
    }
    let texts = thresholds.map { $0.map { fixed($0, 4) } ?? "never" }
    lines.append(
      "  they do in 1, 2, 3 dimensions from a tolerance of \(texts.joined(separator: ", "))")
    return lines
  }

  /// The results for programs.
  var json: JSONValue {
    .object([
      "ion": .text("\(ion)"), "valence": .real(valence), "tolerance": .real(settings.tolerance),
      "exclusion_A": .real(settings.exclusion),
      "grid": .array((0..<3).map { .integer(map.grid.divisions[$0]) }),
      "points": .integer(map.grid.count), "points_allowed": .integer(allowedCount),
      "points_selected": .integer(selectedCount), "fraction_allowed": .real(allowedFraction),
      "fraction_selected": .real(selectedFraction),
      "fraction_percolating": .real(percolatingFraction),
      "dimensions": .integer(clusters.dimensions), "regions": .integer(clusters.clusters.count),
      "sum_min": .optional(range?.lowerBound), "sum_max": .optional(range?.upperBound),
      "percolation_tolerances": .array(thresholds.map { .optional($0) }),
      "parameters": .array(
        bonds.map { entry in
          .object([
            "anion": .text(entry.anion.symbol), "r0_A": .real(entry.bond.r0),
            "b_A": .real(entry.bond.b), "source": .text(entry.bond.source.rawValue),
          ])
        }),
    ])
  }

  /// The regions as CSV, those that go through the crystal first, then by size.
  var clustersCSV: String {
    csvText(
      header: ["region", "points", "volume_A3", "dimensions", "directions", "x", "y", "z"],
      rows: clusters.clusters.enumerated().map { number, cluster in
        let directions = cluster.directions.map { "[\($0.x) \($0.y) \($0.z)]" }
        let place = map.grid.point(cluster.firstPoint).components
        return [
          "\(number + 1)", "\(cluster.pointCount)",
          fixed(Double(cluster.pointCount) * map.grid.pointVolume, 4), "\(cluster.dimensions)",
          directions.joined(separator: " "), fixed(place.x, 4), fixed(place.y, 4),
          fixed(place.z, 4),
        ]
      })
  }

  private var tolerances: [Double] { (1...40).map { 0.025 * Double($0) } }

  /// Part of the cell over the tolerance, as CSV.
  var fractionsCSV: String {
    csvText(
      header: ["tolerance", "fraction"],
      rows: zip(tolerances, fractions(below: tolerances)).map { [fixed($0, 3), fixed($1, 7)] })
  }

  /// Part of the cell over the tolerance.
  var fractionsFigure: String {
    let points = zip(tolerances, fractions(below: tolerances)).map {
      LineChart.Point(x: $0, y: 100 * $1)
    }
    var series = [
      LineChart.Series(
        name: RichText("suits \(ion)"), points: [.init(x: 0, y: 0)] + points, style: .curve)
    ]
    let marks = thresholds.compactMap { $0 }.filter { $0 <= 1 }
    if !marks.isEmpty {
      let heights = fractions(below: marks)
      series.append(
        LineChart.Series(
          name: RichText("begins to go through in 1, 2, 3 dimensions"),
          points: zip(marks, heights).map { LineChart.Point(x: $0, y: 100 * $1) }, style: .hollow))
    }
    return LineChart(
      panels: [LineChart.Panel(title: RichText(""), series: series)],
      xTitle: RichText(plain: "Largest |v − \(shortNumber(valence))|"),
      yTitle: RichText("Part of the cell (%)")
    ).svg()
  }

  /// |v − V| in a plane through the grid; white where an atom is too near.
  var sliceFigure: String {
    let n = map.grid.divisions
    let axis = settings.slice.axis
    let place = Int(settings.slice.fraction * Double(n[axis]) + 0.5) % n[axis]
    let (right, up) = axis == 0 ? (1, 2) : axis == 1 ? (0, 2) : (0, 1)
    var values: [Double] = []
    for v in 0..<n[up] {
      for u in 0..<n[right] {
        var point = SIMD3(repeating: place)
        (point[right], point[up]) = (u, v)
        let index = map.grid.index(point.x, point.y, point.z)
        values.append(
          map.isAllowed[index] ? (map.values[index] - valence).magnitude : .nan)
      }
    }
    let lengths = map.grid.lattice.lengths
    let names = ["a", "b", "c"]
    var chart = HeatMap(
      values: values, columns: n[right], xRange: 0...lengths[right], yRange: 0...lengths[up],
      xTitle: RichText(plain: "\(names[right]) (Å)"), yTitle: RichText(plain: "\(names[up]) (Å)"),
      valueTitle: RichText(plain: "|v − \(shortNumber(valence))|"))
    let fraction = Double(place) / Double(n[axis])
    chart.title = RichText(
      plain: "\(ion) at \(fixed(fraction, 3)) \(names[axis]); white: an atom within "
        + "\(shortNumber(settings.exclusion)) Å")
    chart.levels = [settings.tolerance]
    return chart.svg()
  }

  /// The mismatch at all points in a format that viewers read.
  func text(
    of file: BondValenceSpecification.GridFile, _ structure: Structure
  ) throws(InputError) -> String {
    let title =
      "mismatch of \(ion): regions within the isosurface at \(shortNumber(settings.tolerance))"
    let grid = VolumetricGrid(counts: map.grid.divisions, values: mismatches)
    return switch file {
    case .cube: VolumetricFile.cube(grid, structure, title: title)
    case .xsf: try VolumetricFile.xsf(grid, structure, title: title)
    }
  }
}
