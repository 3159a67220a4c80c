internal import Analysis
internal import Crystal
internal import Report

extension BondValenceAnalysis {
  /// The sums of the atoms of one species.
  struct Group {
    var species: Species
    var atoms: Int
    var mean: Double
    var deviation: Double
    var least: Double
    var most: Double
    var bonds: Double
  }

  /// The species with their sums.
  var groups: [Group] {
    let ions = zip(input.structure.species, charges).map { Species($0.element, oxidationState: $1) }
    return Set(ions).sorted().map { species in
      let own = ions.indices.filter { ions[$0] == species }
      let values = own.map { sums.sums[$0] }
      let mean = values.reduce(0, +) / Double(own.count)
      let square = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(own.count)
      return Group(
        species: species, atoms: own.count, mean: mean, deviation: square.squareRoot(),
        least: values.min() ?? 0, most: values.max() ?? 0,
        bonds: own.reduce(0) { $0 + Double(sums.bondCounts[$1]) } / Double(own.count))
    }
  }

  /// The results as they are printed on a terminal.
  public var text: String {
    var table = Table(columns: ["ion", "atoms", "expected", "mean sum", "sd", "min", "max"])
    for group in groups {
      table.append([
        "\(group.species)", "\(group.atoms)",
        fixed(group.species.oxidationState?.magnitude ?? 0, 2),
        fixed(group.mean, 4), fixed(group.deviation, 4), fixed(group.least, 4),
        fixed(group.most, 4),
      ])
    }
    let index = sums.globalInstability
    var lines = [
      "Bond-valence sums of \(input.path), \(charges.count) atoms, bonds up to "
        + "\(shortNumber(specification.cutoff)) Å",
      table.text,
      "global instability index \(fixed(index, 4))"
        + (index > BondValenceAnalysis.commonInstability
          ? ", above the 0.2 of relaxed crystals" : ""),
    ]
    if let map { lines += map.lines }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The results for programs.
  public var json: JSONValue {
    var values: [String: JSONValue] = [
      "cellgen": .text(cellgenVersion), "command": .text("bvs"), "structure": .text(input.path),
      "atoms": .integer(charges.count), "cutoff_A": .real(specification.cutoff),
      "global_instability_index": .real(sums.globalInstability),
      "sums": .array(
        charges.indices.map { atom in
          .object([
            "element": .text(input.structure.species[atom].element.symbol),
            "charge": .real(charges[atom]), "sum": .real(sums.sums[atom]),
            "bonds": .integer(sums.bondCounts[atom]),
          ])
        }),
      "species": .array(
        groups.map { group in
          .object([
            "species": .text("\(group.species)"), "atoms": .integer(group.atoms),
            "expected": .real(group.species.oxidationState?.magnitude ?? 0),
            "mean": .real(group.mean), "sd": .real(group.deviation), "min": .real(group.least),
            "max": .real(group.most),
          ])
        }), "warnings": .texts(warnings),
    ]
    if let map { values["map"] = map.json }
    return .object(values)
  }

  /// Writes manifest, tables, figures and, if asked for, the values of the grid.
  ///
  /// - Throws: ``InputError`` if a file cannot be written.
  public func write(to folder: OutputFolder) throws {
    let manifest = Manifest(
      cellgen: cellgenVersion, command: "bvs", specification: specification,
      inputs: input.inputs, started: started, finished: timestamp())
    try folder.write(jsonText(manifest), to: OutputFolder.manifestName)
    try folder.write(jsonText(json), to: "summary.json")
    try folder.write(atomsCSV, to: "sums.csv")
    try folder.write(histogram, to: "figures/sums.svg")
    guard let map else { return }
    try folder.write(map.clustersCSV, to: "clusters.csv")
    try folder.write(map.fractionsCSV, to: "fractions.csv")
    try folder.write(map.fractionsFigure, to: "figures/fractions.svg")
    try folder.write(map.sliceFigure, to: "figures/slice.svg")
    for file in map.settings.files {
      try folder.write(map.text(of: file, input.structure), to: "mismatch.\(file.rawValue)")
    }
  }

  private var atomsCSV: String {
    csvText(
      header: ["atom", "element", "charge", "sum", "deviation", "bonds"],
      rows: charges.indices.map { atom in
        [
          "\(atom + 1)", input.structure.species[atom].element.symbol, fixed(charges[atom], 4),
          fixed(sums.sums[atom], 5), fixed(sums.sums[atom] - sums.expected[atom], 5),
          "\(sums.bondCounts[atom])",
        ]
      })
  }

  private var histogram: String {
    let elements = input.structure.species.map(\.element)
    var chart = HistogramChart(
      series: Set(elements).sorted().map { element in
        let own = elements.indices.filter { elements[$0] == element }
        return HistogramChart.Series(
          name: RichText(element.symbol), element: element, values: own.map { sums.sums[$0] },
          line: own.first.map { sums.expected[$0] })
      }, xTitle: RichText("Bond-valence sum"), yTitle: RichText("Fraction of atoms"))
    chart.title = RichText(formula: "\(input.structure.composition)")
    return chart.svg()
  }
}
