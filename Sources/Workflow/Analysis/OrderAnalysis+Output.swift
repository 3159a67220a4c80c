internal import Analysis
internal import Crystal
internal import Report

extension OrderAnalysis {
  /// The results as they are printed on a terminal.
  public var text: String {
    var table = Table(
      columns: [
        "file", "element", "atoms", "planes", "projection", "max", "along", "min", "along", "a",
        "b",
        "c",
      ])
    for entry in entries {
      for projection in DirectionalOrder.Projection.allCases {
        let (most, least) = extremes(entry, projection)
        let n = entry.order.divisions
        table.append(
          [
            entry.path, entry.element.symbol, "\(entry.atoms)", "\(n.x)x\(n.y)x\(n.z)",
            projection.rawValue, fixed(most.disorder, 3), direction(most.direction),
            fixed(least.disorder, 3), direction(least.direction),
          ] + along(entry, projection).map { fixed($0, 3) })
      }
    }
    var parts = [
      "Mean deviation from the planes of an ideal lattice, in plane spacings: 0 for a crystal, 0.25 along "
        + "an axis without order", table.text,
    ]
    if !sublattices.isEmpty {
      var table = Table(
        columns: ["file", "label", "element", "sites", "fraction", "on average", "S", "rms (Å)"])
      for entry in sublattices {
        table.append([
          entry.path, entry.label, entry.element.symbol, "\(entry.sites)", fixed(entry.fraction, 4),
          fixed(entry.average, 4), entry.orderParameter.map { fixed($0, 4) } ?? "-",
          fixed(entry.displacement, 4),
        ])
      }
      parts += ["Sublattices of \(specification.parent ?? "")", table.text]
    }
    return parts.joined(separator: "\n")
  }

  /// Directions of the largest and the smallest disorder.
  func extremes(
    _ entry: Entry, _ projection: DirectionalOrder.Projection
  ) -> (most: DirectionalOrder.Sample, least: DirectionalOrder.Sample) {
    let samples = entry.samples(projection)
    var (most, least) = (samples[0], samples[0])
    for sample in samples {
      if sample.disorder > most.disorder { most = sample }
      if sample.disorder < least.disorder { least = sample }
    }
    return (most, least)
  }

  private func along(_ entry: Entry, _ projection: DirectionalOrder.Projection) -> [Double] {
    [SIMD3(1, 0, 0), SIMD3(0, 1, 0), SIMD3(0, 0, 1)].map {
      entry.order.disorder(along: $0, projection)
    }
  }

  /// `0.58 -0.58 0.57`, on the half whose last component is not negative.
  private func direction(_ n: SIMD3<Double>) -> String {
    let up = n.z < 0 ? -n : n
    return (0..<3).map { fixed(up[$0], 2) }.joined(separator: " ")
  }

  /// The results for programs.
  public var json: JSONValue {
    .object([
      "cellgen": .text(cellgenVersion), "command": .text("order"),
      "entries": .array(
        entries.flatMap { entry in
          DirectionalOrder.Projection.allCases.map { projection in
            let (most, least) = extremes(entry, projection)
            let along = along(entry, projection)
            return .object([
              "structure": .text(entry.path), "element": .text(entry.element.symbol),
              "atoms": .integer(entry.atoms), "projection": .text(projection.rawValue),
              "planes": .array((0..<3).map { .integer(entry.order.divisions[$0]) }),
              "atoms_per_cell": entry.order.atomsPerCell.map { .integer($0) } ?? .null,
              "plane_strengths": .vector(entry.order.planeStrengths),
              "max": .real(most.disorder), "max_direction": .vector(most.direction),
              "min": .real(least.disorder), "min_direction": .vector(least.direction),
              "a": .real(along[0]), "b": .real(along[1]), "c": .real(along[2]),
            ])
          }
        }),
      "sublattices": .array(
        sublattices.map { entry in
          .object([
            "structure": .text(entry.path), "label": .text(entry.label),
            "element": .text(entry.element.symbol), "sites": .integer(entry.sites),
            "fraction": .real(entry.fraction), "average": .real(entry.average),
            "order_parameter": .optional(entry.orderParameter),
            "rms_A": .real(entry.displacement),
          ])
        }), "warnings": .texts(warnings),
    ])
  }

  /// Writes manifest, tables and figures.
  ///
  /// - Throws: ``InputError`` if a file cannot be written.
  public func write(to folder: OutputFolder) throws {
    let manifest = Manifest(
      cellgen: cellgenVersion, command: "order", specification: specification, inputs: inputs,
      started: started, finished: timestamp())
    try folder.write(jsonText(manifest), to: OutputFolder.manifestName)
    try folder.write(jsonText(json), to: "summary.json")
    try folder.write(entriesCSV, to: "order.csv")
    if !sublattices.isEmpty { try folder.write(sublatticesCSV, to: "sublattices.csv") }
    for (number, entry) in entries.enumerated() {
      let name = entries.count > 1 ? "-\(number + 1)" : ""
      try folder.write(sphereCSV(entry), to: "sphere\(name).csv")
      try folder.write(figure(entry), to: "figures/sphere\(name).svg")
    }
  }

  private var entriesCSV: String {
    csvText(
      header: [
        "structure", "element", "atoms", "planes_a", "planes_b", "planes_c", "projection", "max",
        "max_a", "max_b", "max_c", "min", "min_a", "min_b", "min_c", "a", "b", "c",
      ],
      rows: entries.flatMap { entry in
        DirectionalOrder.Projection.allCases.map { projection in
          let (most, least) = extremes(entry, projection)
          func sample(_ sample: DirectionalOrder.Sample) -> [String] {
            [fixed(sample.disorder, 5)] + (0..<3).map { fixed(sample.direction[$0], 4) }
          }
          return [entry.path, entry.element.symbol, "\(entry.atoms)"]
            + (0..<3).map { "\(entry.order.divisions[$0])" } + [projection.rawValue] + sample(most)
            + sample(least) + along(entry, projection).map { fixed($0, 5) }
        }
      })
  }

  private var sublatticesCSV: String {
    csvText(
      header: [
        "structure", "label", "element", "sites", "fraction", "average", "order_parameter", "rms_A",
      ],
      rows: sublattices.map { entry in
        [
          entry.path, entry.label, entry.element.symbol, "\(entry.sites)", fixed(entry.fraction, 5),
          fixed(entry.average, 5), entry.orderParameter.map { fixed($0, 5) } ?? "",
          fixed(entry.displacement, 5),
        ]
      })
  }

  private func sphereCSV(_ entry: Entry) -> String {
    csvText(
      header: ["n_a", "n_b", "n_c", "signed", "absolute"],
      rows: zip(entry.signed, entry.absolute).map { signed, absolute in
        (0..<3).map { fixed(signed.direction[$0], 5) } + [
          fixed(signed.disorder, 5), fixed(absolute.disorder, 5),
        ]
      })
  }

  private func figure(_ entry: Entry) -> String {
    let projection = specification.projection
    var map = SphereMap(valueTitle: RichText("Disorder (plane spacings)")) {
      entry.order.disorder(along: $0, projection)
    }
    let (most, least) = extremes(entry, projection)
    map.marks = [
      SphereMap.Mark(direction: most.direction, label: "max \(fixed(most.disorder, 2))"),
      SphereMap.Mark(direction: least.direction, label: "min \(fixed(least.disorder, 2))"),
    ]
    let name = entry.path.split(separator: "/").last.map(String.init) ?? entry.path
    map.title = RichText(plain: "\(entry.element) in \(name), \(projection.rawValue) deviations")
    return map.svg()
  }
}
