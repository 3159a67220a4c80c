internal import Analysis
internal import Crystal
internal import Report

/// Occupancies of labelled sites, as they are reported.
public struct SitesResult {
  let specification: SitesSpecification
  let structures: [LabelledStructure]
  let inputs: [String: String]
  let started: String

  /// What is doubtful, one sentence each.
  public let warnings: [String]

  /// Rows of a table that is printed.
  private static let printedRows = 40

  /// All labels in the order in which they first appear.
  private var labels: [String] {
    var seen: Set<String> = []
    return structures.flatMap(\.fillings).map(\.label).filter { seen.insert($0).inserted }
  }

  /// All species, vacancies last.
  private var species: [String] {
    let symbols = Set(structures.flatMap(\.fillings).flatMap(\.atoms).map(\.element))
    let elements = symbols.compactMap { Element(symbol: $0) }.sorted().map(\.symbol)
    let dummies = symbols.subtracting(elements).sorted()
    let hasEmpty = structures.flatMap(\.fillings).contains { $0.empty > 0 }
    return elements + dummies + (hasEmpty ? ["Va"] : [])
  }

  private func count(_ species: String, _ filling: LabelFilling) -> Int {
    species == "Va" ? filling.empty : filling.atoms.first { $0.element == species }?.count ?? 0
  }

  /// The results as they are printed on a terminal.
  public var text: String {
    var tables = [occupancyTable]
    if structures.contains(where: { $0.inversion != nil }), structures.count > 1 {
      tables.append(inversionTable)
    }
    if !orders.isEmpty { tables.append(orderTable) }
    var text = tables.map { table in
      var shown = table
      shown.rows = Array(table.rows.prefix(SitesResult.printedRows))
      let rest = table.rows.count - shown.rows.count
      return shown.text + (rest > 0 ? "… and \(rest) more rows, see the CSV files\n" : "")
    }.joined(separator: "\n")
    if structures.count == 1, let inversion = structures[0].inversion {
      text += "degree of inversion \(fixed(inversion, 4))\n"
    }
    return text
  }

  private var occupancyTable: Table {
    var table = Table(
      title: "Occupancy (%)", columns: ["structure", "label", "sites"] + species)
    for structure in structures {
      for filling in structure.fillings {
        table.append(
          [structure.title, filling.label, "\(filling.sites)"]
            + species.map {
              fixed(100 * Double(count($0, filling)) / Double(filling.sites), 2)
            })
      }
    }
    return table
  }

  private var inversionTable: Table {
    var table = Table(title: "Degree of inversion", columns: ["structure", "inversion"])
    let known = structures.compactMap { structure in
      structure.inversion.map { (structure.title, $0) }
    }
    for (title, inversion) in known { table.append([title, fixed(inversion, 4)]) }
    let (mean, error) = SitesResult.mean(known.map(\.1))
    table.append(["mean", withError(mean, error, 4)])
    return table
  }

  /// Mean and standard error of independent values; no error for one value.
  static func mean(_ values: [Double]) -> (mean: Double, error: Double?) {
    let n = Double(max(1, values.count))
    let mean = values.reduce(0, +) / n
    guard values.count > 1 else { return (mean, nil) }
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (mean, (squares / (n * (n - 1))).squareRoot())
  }

  /// Parameters of one pair of species in one shell over all structures that have it.
  private struct Order {
    var labels: String
    var shell: Int
    var distance: Double
    var neighbours: Double
    var pair: String
    var values: [Double]
    var random: Double
  }

  /// Short-range order, averaged over structures with the same species on the same labels.
  private var orders: [Order] {
    var orders: [Order] = []
    var places: [[String]: Int] = [:]
    for structure in structures {
      for group in structure.groups {
        let species = group.order.species
        for (number, shell) in group.order.shells.enumerated() {
          for i in species.indices {
            for j in i..<species.count {
              let pair = "\(species[i])-\(species[j])"
              let key = [group.labels, "\(number)", pair]
              if let place = places[key] {
                orders[place].values.append(shell.parameters[i][j])
                let n = Double(orders[place].values.count)
                orders[place].random += (shell.random[i][j] - orders[place].random) / n
              } else {
                places[key] = orders.count
                orders.append(
                  Order(
                    labels: group.labels, shell: number + 1, distance: shell.distance,
                    neighbours: shell.neighbours, pair: pair, values: [shell.parameters[i][j]],
                    random: shell.random[i][j]))
              }
            }
          }
        }
      }
    }
    return orders
  }

  private var orderTable: Table {
    var table = Table(
      title: "Short-range order (Warren–Cowley): below the random value neighbours seek each other",
      columns: ["sites", "shell", "r (Å)", "neighbours", "pair", "alpha", "random"])
    for order in orders {
      let (mean, error) = SitesResult.mean(order.values)
      table.append([
        order.labels, "\(order.shell)", fixed(order.distance, 3), fixed(order.neighbours, 2),
        order.pair, withError(mean, error, 4), fixed(order.random, 4),
      ])
    }
    return table
  }

  /// The results for programs.
  ///
  /// - Parameter folder: Where the files are; nil if none are written.
  /// - Returns: One object.
  public func json(folder: String?) -> JSONValue {
    func occupancy(_ structure: LabelledStructure) -> JSONValue {
      .object(
        Dictionary(
          uniqueKeysWithValues: structure.fillings.map { filling in
            let shares = species.map { ($0, count($0, filling)) }.filter { $0.1 > 0 }
            return (
              filling.label,
              JSONValue.object(
                Dictionary(
                  uniqueKeysWithValues: shares.map {
                    ($0.0, .real(Double($0.1) / Double(filling.sites)))
                  }))
            )
          }))
    }
    var object: [String: JSONValue] = [
      "cellgen": .text(cellgenVersion), "command": .text("sites"),
      "structures": .array(
        structures.map { structure in
          .object([
            "structure": .text(structure.title), "composition": .text("\(structure.composition)"),
            "occupancy": occupancy(structure),
            "degree_of_inversion": .optional(structure.inversion),
          ])
        }),
      "short_range_order": .array(
        orders.map { order in
          let (mean, error) = SitesResult.mean(order.values)
          return .object([
            "sites": .text(order.labels), "shell": .integer(order.shell),
            "distance_A": .real(order.distance), "neighbours": .real(order.neighbours),
            "pair": .text(order.pair), "alpha": .real(mean), "alpha_error": .optional(error),
            "alpha_random": .real(order.random),
          ])
        }),
      "warnings": .texts(warnings),
    ]
    if structures.count == 1 {
      object["occupancy"] = occupancy(structures[0])
      object["degree_of_inversion"] = .optional(structures[0].inversion)
    }
    if let folder { object["folder"] = .text(folder) }
    return .object(object)
  }

  /// Writes tables, the figure and the manifest.
  ///
  /// - Throws: ``InputError`` if a file cannot be written.
  public func write(to folder: OutputFolder) throws {
    let manifest = Manifest(
      cellgen: cellgenVersion, command: "sites", specification: specification, inputs: inputs,
      started: started, finished: timestamp(), warnings: warnings)
    try folder.write(jsonText(manifest), to: OutputFolder.manifestName)
    try folder.write(jsonText(json(folder: folder.path)), to: "summary.json")
    let rows = structures.flatMap { structure in
      structure.fillings.flatMap { filling in
        species.map { name in
          let number = count(name, filling)
          return [
            structure.title, filling.label, "\(filling.sites)", name, "\(number)",
            fixed(Double(number) / Double(filling.sites), 6),
          ]
        }
      }
    }
    try folder.write(
      csvText(
        header: ["structure", "label", "sites", "species", "count", "fraction"], rows: rows),
      to: "occupancy.csv")
    if structures.contains(where: { $0.inversion != nil }) {
      let rows = structures.map { [$0.title, $0.inversion.map { fixed($0, 6) } ?? ""] }
      try folder.write(
        csvText(header: ["structure", "degree_of_inversion"], rows: rows), to: "inversion.csv")
    }
    if !orders.isEmpty { try folder.write(orderCSV, to: "short_range_order.csv") }
    try folder.write(chart.svg(), to: "figures/occupancy.svg")
  }

  private var orderCSV: String {
    let rows = orders.map { order in
      let (mean, error) = SitesResult.mean(order.values)
      return [
        order.labels, "\(order.shell)", fixed(order.distance, 5), fixed(order.neighbours, 4),
        order.pair, fixed(mean, 6), error.map { fixed($0, 6) } ?? "", fixed(order.random, 6),
      ]
    }
    return csvText(
      header: [
        "sites", "shell", "distance_A", "neighbours", "pair", "alpha", "alpha_error",
        "alpha_random",
      ], rows: rows)
  }

  private var chart: OccupancyChart {
    OccupancyChart(
      panels: labels.map { label in
        OccupancyChart.Panel(
          label: label,
          bars: structures.map { structure in
            let filling = structure.fillings.first { $0.label == label }
            let shares =
              (filling.map { filling in
                filling.atoms.compactMap { atoms in
                  Element(symbol: atoms.element).map {
                    (element: $0, share: Double(atoms.count) / Double(filling.sites))
                  }
                } + [
                  (element: Element.vacancy, share: Double(filling.empty) / Double(filling.sites))
                ]
              } ?? []).filter { $0.share > 0 }
            return OccupancyChart.Bar(name: structure.title, shares: shares)
          })
      }, xTitle: RichText("Structure"))
  }
}
